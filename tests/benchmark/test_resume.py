"""The folder of a benchmark: written as it goes, and taken up again after a stop."""

import json

import pytest

from skcollapse.benchmark import ConfigError, _run, run_benchmark
from skcollapse.benchmark._cells import COLUMNS

pd = pytest.importorskip("pandas")
pytest.importorskip("matplotlib")

WITHOUT_TIME = [column for column in COLUMNS if column != "seconds"]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "deep" / "out"


@pytest.fixture
def count_cells(monkeypatch):
    """Return a list to which every cell that is run is added."""
    run, ran = _run.run_cell, []

    def counted(cell, *arguments):
        ran.append(cell.key)
        return run(cell, *arguments)

    monkeypatch.setattr(_run, "run_cell", counted)
    return ran


def lines_without_time(folder):
    rows = pd.read_csv(folder / "results.csv", dtype=str, keep_default_na=False)
    return rows[WITHOUT_TIME]


@pytest.mark.parametrize("cut", ["in a line", "in a number", "in a cell", "in the header"])
def test_stopped_run_goes_on_to_the_same_rows(folder, table_csv, options, count_cells, cut):
    whole = run_benchmark(table_csv, out=folder, **options)
    expected = lines_without_time(folder)
    results = folder / "results.csv"
    lines = results.read_text().splitlines(keepends=True)
    kept = {
        "in a line": [*lines[:8], lines[8][:30]],
        # The last field but for its end: complete to the eye, but its line never ended.
        "in a number": [*lines[:12], lines[12][:-3]],
        "in a cell": lines[:9],
        "in the header": [lines[0][:10]],
    }[cut]
    results.write_text("".join(kept))
    count_cells.clear()
    resumed = run_benchmark(table_csv, out=folder, **options)
    finished = {"in a line": 2, "in a number": 3, "in a cell": 2, "in the header": 0}[cut]
    assert len(count_cells) == 10 - finished
    pd.testing.assert_frame_equal(lines_without_time(folder), expected)
    pd.testing.assert_frame_equal(resumed.rows[WITHOUT_TIME], whole.rows[WITHOUT_TIME])


def test_rows_are_in_the_file_before_the_next_cell_runs(folder, table_csv, options, monkeypatch):
    run = _run.run_cell

    def stopped_in_third_cell(cell, *arguments):
        if cell.key == ("recursive_mix", "proportional", 0):
            raise KeyboardInterrupt
        return run(cell, *arguments)

    monkeypatch.setattr(_run, "run_cell", stopped_in_third_cell)
    with pytest.raises(KeyboardInterrupt):
        run_benchmark(table_csv, out=folder, **options)
    assert lines_without_time(folder)["method"].tolist() == ["real_only"] * 3 + ["all_real"] * 3


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
        patch.setattr("skcollapse.benchmark._entrants.RealOnly.update", broken)
        failed = run_benchmark(table_csv, out=folder, **options)
    assert failed.n_failed == 2
    count_cells.clear()
    repaired = run_benchmark(table_csv, out=folder, **options)
    assert count_cells == [("real_only", "", 0), ("real_only", "", 1)]
    assert repaired.n_failed == 0
    assert (lines_without_time(folder)["error"] == "").all()


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("batch_size", 30, "batch_size is 40 there and 30 now"),
        ("labels", "joint", "labels is 'corrected' there and 'joint' now"),
        ("drop", ["kind", "b"], "drop is .*; table_hash is"),
    ],
)
def test_other_configuration_in_the_folder_is_refused(
    folder, table_csv, options, option, value, message
):
    run_benchmark(table_csv, out=folder, **options)
    before = (folder / "results.csv").read_bytes()
    with pytest.raises(ConfigError, match=message) as caught:
        run_benchmark(table_csv, out=folder, **{**options, option: value})
    assert caught.value.option == "out"
    assert (folder / "results.csv").read_bytes() == before
    run_benchmark(table_csv, out=folder, overwrite=True, **{**options, option: value})
    assert json.loads((folder / "config.json").read_text())["table"] == "small"


def test_other_cells_are_added_and_the_earlier_ones_kept(folder, table_csv, options, count_cells):
    first = run_benchmark(table_csv, out=folder, **options, lam=["optimal"])
    count_cells.clear()
    more = {**options, "n_seeds": 3, "lam": [0.3], "entrants": ["real_only"]}
    second = run_benchmark(table_csv, out=folder, **more)
    added = [("recursive_mix", "0.3", seed) for seed in range(3)]
    assert sorted(count_cells) == [("real_only", "", 2), *added]
    assert set(second.rows["lam"]) == {"", "0.3"}
    count_cells.clear()
    again = run_benchmark(table_csv, out=folder, **options, lam=["optimal"])
    assert count_cells == []
    pd.testing.assert_frame_equal(again.rows, first.rows)
    assert len(lines_without_time(folder)) == (6 + 4) * 3


def test_other_rows_under_the_same_name_are_refused(folder, table_csv, options, tmp_path):
    run_benchmark(table_csv, out=folder, **options)
    changed = tmp_path / table_csv.name
    frame = pd.read_csv(table_csv)
    frame.loc[3, "a"] += 1.0
    frame.to_csv(changed, index=False)
    with pytest.raises(ConfigError, match="configuration: table_hash is"):
        run_benchmark(changed, out=folder, **options)


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
    with pytest.raises(ConfigError, match=r"has a results\.csv but no config\.json"):
        run_benchmark(table_csv, out=tmp_path, **options)
    assert (tmp_path / "results.csv").read_text() == "mine"
