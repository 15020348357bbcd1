"""The folder of a benchmark: written as it goes, and taken up again after a stop."""

import pytest

from skcollapse.benchmark import ConfigError, read_results, run_benchmark
from skcollapse.benchmark._engine import _engine
from skcollapse.benchmark._engine._cells import COLUMNS

pd = pytest.importorskip("pandas")
pytest.importorskip("matplotlib")

WITHOUT_TIME = [column for column in COLUMNS if column != "seconds"]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "deep" / "out"


def lines_without_time(folder):
    return read_results(folder)[WITHOUT_TIME]


def test_rows_are_in_the_file_before_the_next_cell_runs(folder, table_csv, options, monkeypatch):
    run = _engine.run_cell

    def stopped_in_third_cell(cell, *arguments):
        if cell.lam == "proportional":
            raise KeyboardInterrupt
        return run(cell, *arguments)

    monkeypatch.setattr(_engine, "run_cell", stopped_in_third_cell)
    with pytest.raises(KeyboardInterrupt):
        run_benchmark(table_csv, out=folder, **options)
    assert lines_without_time(folder)["method"].tolist() == ["all_real"] * 3 + ["real_only"] * 3


def test_finished_run_is_not_repeated_and_reads_back_equal(
    folder, table_csv, options, count_cells
):
    first = run_benchmark(table_csv, out=folder, **options)
    count_cells.clear()
    second = run_benchmark(table_csv, out=folder, **options)
    assert count_cells == []
    pd.testing.assert_frame_equal(first.rows, second.rows)


def test_failed_cells_are_run_again(folder, table_csv, options, monkeypatch, count_cells):
    def broken(*arguments):
        raise OSError("out of luck")

    with monkeypatch.context() as patch:
        patch.setattr("skcollapse.benchmark._entrants._references.RealOnly.update", broken)
        failed = run_benchmark(table_csv, out=folder, **options)
    assert failed.n_failed == 2
    count_cells.clear()
    repaired = run_benchmark(table_csv, out=folder, **options)
    assert [(cell.method, cell.seed) for cell in count_cells] == [
        ("real_only", 0),
        ("real_only", 1),
    ]
    assert repaired.n_failed == 0
    assert (lines_without_time(folder)["error"] == "").all()


def test_other_options_are_other_cells_in_the_same_file(folder, table_csv, options, count_cells):
    first = run_benchmark(table_csv, out=folder, **options)
    count_cells.clear()
    joint = run_benchmark(table_csv, out=folder, **{**options, "labels": "joint"})
    # The references do not depend on how synthetic rows are labelled.
    assert {cell.method for cell in count_cells} == {"recursive_mix"}
    assert set(joint.rows["labels"]) == {"", "joint"}
    count_cells.clear()
    smaller = run_benchmark(table_csv, out=folder, **{**options, "batch_size": 30})
    assert len(count_cells) == 10
    assert len(read_results(folder)) == len(first.rows) + 6 * 3 + len(smaller.rows)
    count_cells.clear()
    pd.testing.assert_frame_equal(run_benchmark(table_csv, out=folder, **options).rows, first.rows)
    assert count_cells == []


def test_overwrite_runs_the_cells_again_and_leaves_the_others(
    folder, table_csv, options, count_cells
):
    run_benchmark(table_csv, out=folder, **options)
    run_benchmark(table_csv, out=folder, **{**options, "labels": "joint"})
    before = len(read_results(folder))
    count_cells.clear()
    run_benchmark(table_csv, out=folder, overwrite=True, **options)
    assert len(count_cells) == 10
    assert len(read_results(folder)) == before


def test_other_cells_are_added_and_the_earlier_ones_kept(folder, table_csv, options, count_cells):
    first = run_benchmark(table_csv, out=folder, **options, lam=["optimal"])
    count_cells.clear()
    more = {**options, "n_seeds": 3, "lam": [0.3], "entrants": ["real_only"]}
    second = run_benchmark(table_csv, out=folder, **more)
    added = [("recursive_mix", "0.3", seed) for seed in range(3)]
    found = sorted((cell.method, cell.lam, cell.seed) for cell in count_cells)
    assert found == [("real_only", "", 2), *added]
    assert set(second.rows["lam"]) == {"", "0.3"}
    count_cells.clear()
    again = run_benchmark(table_csv, out=folder, **options, lam=["optimal"])
    assert count_cells == []
    pd.testing.assert_frame_equal(again.rows, first.rows)
    assert len(lines_without_time(folder)) == (6 + 4) * 3


def test_other_rows_under_the_same_name_are_other_cells(
    folder, table_csv, options, tmp_path, count_cells
):
    run_benchmark(table_csv, out=folder, **options)
    changed = tmp_path / table_csv.name
    frame = pd.read_csv(table_csv)
    frame.loc[3, "a"] += 1.0
    frame.to_csv(changed, index=False)
    count_cells.clear()
    run_benchmark(changed, out=folder, **options)
    assert len(count_cells) == 10
    assert read_results(folder)["table_hash"].nunique() == 2


def test_same_file_in_another_place_is_the_same_benchmark(
    folder, table_csv, options, tmp_path, count_cells
):
    run_benchmark(table_csv, out=folder, **options)
    moved = tmp_path / table_csv.name
    moved.write_bytes(table_csv.read_bytes())
    count_cells.clear()
    run_benchmark(moved, out=folder, **options)
    assert count_cells == []


def test_results_that_are_not_a_benchmarks_are_left_alone(tmp_path, table_csv, options):
    (tmp_path / "results.csv").write_text("mine")
    with pytest.raises(ConfigError, match=r"has a results\.csv but no results\.sqlite"):
        run_benchmark(table_csv, out=tmp_path, **options)
    assert (tmp_path / "results.csv").read_text() == "mine"
