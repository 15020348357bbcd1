"""One file of results: nothing is lost, doubled or half written, whoever writes and dies."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from skcollapse.benchmark import ConfigError, read_results, run_benchmark
from skcollapse.benchmark._engine._cells import COLUMNS, IDENTITY, Cell, Job, Record, failed_row
from skcollapse.benchmark._engine._store import ResultStore

pd = pytest.importorskip("pandas")
pytest.importorskip("matplotlib")

WITHOUT_TIME = [column for column in COLUMNS if column != "seconds"]
ROOT = Path(__file__).resolve().parents[2]
# Prints the cells that this process has run, and not those that it found.
SCRIPT = """
import json, sys
from skcollapse.benchmark import run_benchmark
from skcollapse.benchmark._engine import _engine
run, count = _engine.run_cell, []
_engine.run_cell = lambda *arguments: count.append(0) or run(*arguments)
table, folder, options = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
print("ready", flush=True)
run_benchmark(table, out=folder, **options)
print(len(count))
"""
N_SEEDS = 4
N_CELLS = 5 * N_SEEDS


OPTIONS = {
    "target": "y",
    "drop": ["kind"],
    "estimator": "ridge",
    "labels": "predict",
    "n_synthetic": 2.0,
    "n_batches": 3,
    "batch_size": 40,
    "n_seeds": N_SEEDS,
}


@pytest.fixture
def start(table_csv, tmp_path):
    """Return a function that starts the benchmark in a process of its own."""
    started = []

    def start():
        arguments = [str(table_csv), str(tmp_path / "out"), json.dumps(OPTIONS)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, *arguments],
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def n_cells(folder):
    """Count the cells that another process has written so far."""
    if not (folder / "results.sqlite").exists():
        return 0
    connection = sqlite3.connect(folder / "results.sqlite", timeout=10)
    try:
        return connection.execute("SELECT count(DISTINCT cell) FROM results").fetchone()[0]
    except sqlite3.OperationalError:  # the tables are not made yet
        return 0
    finally:
        connection.close()


@pytest.fixture(scope="module")
def undisturbed(table_csv, tmp_path_factory):
    """Rows of the same benchmark that nothing came between."""
    folder = tmp_path_factory.mktemp("undisturbed")
    run_benchmark(table_csv, out=folder, **OPTIONS)
    return read_results(folder)


def check_same_rows(folder, expected):
    found = read_results(folder)
    assert not found.duplicated([*IDENTITY, "metric", "generation"]).any()
    pd.testing.assert_frame_equal(found[WITHOUT_TIME], expected[WITHOUT_TIME])


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_killed_run_goes_on_to_the_rows_of_an_undisturbed_one(start, undisturbed, tmp_path):
    folder = tmp_path / "out"
    for enough in (3, 8):
        process = start()
        while n_cells(folder) < enough:
            assert process.poll() is None, "ended before it was killed"
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait()
    killed = read_results(folder)
    assert 8 * 3 <= len(killed) < N_CELLS * 3
    assert len(killed) % 3 == 0  # no cell is there in part
    last = start()
    out, _ = last.communicate()
    assert last.returncode == 0
    # It ran what was missing, also the cells that the killed runs had begun.
    assert int(out.split()[-1]) == N_CELLS - len(killed) // 3
    check_same_rows(folder, undisturbed)


def test_two_processes_share_the_work_and_lose_nothing(start, undisturbed, tmp_path):
    processes = [start(), start()]
    counts = [int(process.communicate()[0].split()[-1]) for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    # A cell that the other has begun is run once more at the end, if it is not ready by then.
    assert N_CELLS <= sum(counts) <= N_CELLS + 2
    check_same_rows(tmp_path / "out", undisturbed)


def rows_of(cell, *scores):
    record = Record(cell)
    for generation, score in enumerate(scores):
        record.add("r2", generation, score, seconds=1.0)
    return record.rows


def test_write_that_fails_leaves_nothing(tmp_path):
    cell = Cell("table", "t")
    rows = rows_of(cell, 0.1, 0.2)
    rows[1]["generation"] = 0  # the file itself refuses a second row of a generation
    with ResultStore(tmp_path) as store:
        with pytest.raises(sqlite3.IntegrityError):
            store.write(cell, rows)
        assert store.rows([cell]) == []
        store.write(cell, rows_of(cell, 0.1, 0.2))
        assert [row["score"] for row in store.rows([cell])] == [0.1, 0.2]


def test_finished_cell_stays_and_failed_one_is_replaced(tmp_path):
    cell = Cell("table", "t")
    with ResultStore(tmp_path) as one, ResultStore(tmp_path) as other:
        one.write(cell, failed_row(cell, "r2", "OSError: first"))
        assert one.finished() == set()
        other.write(cell, rows_of(cell, 0.5))
        assert one.finished() == {cell.key}
        one.write(cell, failed_row(cell, "r2", "OSError: later"))
        assert [row["score"] for row in other.rows([cell])] == [0.5]


def test_cell_that_another_run_has_begun_comes_last(tmp_path):
    cells = [Cell("table", "t", seed=seed) for seed in range(3)]
    jobs = [Job(cell, None, None, "r2") for cell in cells]
    with ResultStore(tmp_path) as one, ResultStore(tmp_path) as other:
        first = next(one.to_do(jobs))
        assert first.cell.seed == 0
        turns = other.to_do(jobs)
        assert [next(turns).cell.seed, next(turns).cell.seed] == [1, 2]
        one.write(first.cell, rows_of(first.cell, 0.5))
        assert list(turns) == []
        # Had it not been ready, or killed, the other would have run it.
        other.forget([first.cell])
        assert [job.cell.seed for job in other.to_do(jobs)][-1] in (1, 2)


def test_identity_is_every_field_of_a_cell():
    cell = Cell("table", "t")
    others = [
        Cell(**{**vars(cell), name: 7 if isinstance(value, int) else "other"})
        for name, value in vars(cell).items()
    ]
    assert len({each.key for each in [cell, *others]}) == 1 + len(vars(cell))
    assert Cell("table", "t").key == cell.key


def test_nan_comes_back_as_nan_and_infinity_as_infinity(tmp_path):
    cell = Cell("table", "t")
    with ResultStore(tmp_path) as store:
        store.write(cell, rows_of(cell, float("nan"), float("inf")))
    scores = read_results(tmp_path)["score"]
    assert scores.isna().tolist() == [True, False]
    assert scores[1] == float("inf")


def test_several_files_are_merged_and_a_result_beats_an_error(tmp_path):
    cells = [Cell("table", "t", seed=seed) for seed in range(3)]
    with ResultStore(tmp_path / "a") as store:
        store.write(cells[0], failed_row(cells[0], "r2", "OSError: full"))
        store.write(cells[1], rows_of(cells[1], 0.1))
    with ResultStore(tmp_path / "b") as store:
        store.write(cells[0], rows_of(cells[0], 0.2))
        store.write(cells[1], rows_of(cells[1], 0.3))
        store.write(cells[2], rows_of(cells[2], 0.4))
    rows = read_results(tmp_path / "a", tmp_path / "b" / "results.sqlite")
    assert rows["score"].tolist() == [0.2, 0.1, 0.4]
    assert (rows["error"] == "").all()


def test_file_of_something_else_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="is written by skcollapse benchmark"):
        read_results(tmp_path / "none.sqlite")
    with pytest.raises(ValueError, match="at least one file"):
        read_results()
    (tmp_path / "results.sqlite").write_text("no database at all, and long enough to be read")
    with pytest.raises(ValueError, match="cannot be read"):
        read_results(tmp_path)
    with pytest.raises(ConfigError, match="cannot be used"):
        ResultStore(tmp_path)
    other = sqlite3.connect(tmp_path / "other.sqlite")
    other.execute("CREATE TABLE results (a)")
    other.close()
    with pytest.raises(ValueError, match="is not a file of results of this program"):
        read_results(tmp_path / "other.sqlite")


def test_file_of_another_version_is_refused(tmp_path):
    with ResultStore(tmp_path):
        pass
    connection = sqlite3.connect(tmp_path / "results.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(ConfigError, match="was written by another version"):
        ResultStore(tmp_path)


def test_one_file_is_all_there_is(tmp_path):
    with ResultStore(tmp_path) as store:
        store.write(Cell("table", "t"), rows_of(Cell("table", "t"), 0.5))
        assert [path.name for path in tmp_path.iterdir()] == ["results.sqlite"]
