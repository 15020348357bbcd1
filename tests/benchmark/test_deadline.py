"""A cell that is too slow, or whose process dies, is a row; the others go on."""

import os
import signal
import time

import numpy as np
import pytest
from sklearn.base import BaseEstimator, RegressorMixin

from skcollapse.benchmark import ConfigError, run_benchmark
from skcollapse.benchmark._engine._cells import COLUMNS, Cell
from skcollapse.benchmark._engine._deadline import run_with_deadline

pd = pytest.importorskip("pandas")

CELL = Cell("table", "t")


def slow_on_large_tables():
    """Return an estimator of a class that no other process could import."""

    class SlowOnLargeTables(RegressorMixin, BaseEstimator):
        def fit(self, X, y, sample_weight=None):
            while len(X) > 100:
                time.sleep(0.1)
            self.mean_ = np.average(y, weights=sample_weight)
            return self

        def predict(self, X):
            return np.full(len(X), self.mean_)

    return SlowOnLargeTables()


def test_slow_cell_is_a_row_and_the_others_go_on(table_csv, options):
    options |= {"estimator": slow_on_large_tables(), "n_seeds": 1, "lam": []}
    result = run_benchmark(table_csv, **options, timeout=1.5)
    failed = result.rows[result.rows["error"] != ""]
    assert failed["method"].tolist() == ["all_real"]
    assert failed["error"].tolist() == ["TimeoutError: not ready after 1.5 seconds"]
    assert failed["generation"].tolist() == [0]
    assert (result.rows["method"] == "real_only").sum() == 3


def test_rows_do_not_depend_on_the_process(table_csv, options):
    options |= {"n_seeds": 1, "lam": ["optimal"], "entrants": []}
    here, there = (run_benchmark(table_csv, **options, timeout=limit) for limit in (None, 60))
    same = [column for column in COLUMNS if column != "seconds"]
    pd.testing.assert_frame_equal(here.rows[same], there.rows[same])


def test_process_that_dies_is_a_row(monkeypatch):
    if not hasattr(signal, "SIGKILL"):
        pytest.skip("needs SIGKILL")

    def kill_itself(cell, record):
        os.kill(os.getpid(), signal.SIGKILL)

    (row,) = run_with_deadline(CELL, "r2", kill_itself, (), 60)
    assert row["error"] == "ProcessError: ended by signal SIGKILL"


def test_what_a_cell_prints_does_not_get_into_its_rows():
    def print_and_add(cell, record):
        os.system("echo from another program")
        print("from this one", flush=True)
        record.add("r2", 0, 0.5)

    (row,) = run_with_deadline(CELL, "r2", print_and_add, (), 60)
    assert (row["score"], row["error"]) == (0.5, "")


@pytest.mark.parametrize("timeout", [0, -1, "soon", float("inf"), True])
def test_wrong_timeout_is_said_before_any_work(timeout):
    with pytest.raises(ConfigError, match=r"^timeout must be None or a number of seconds > 0"):
        run_benchmark("no such table", timeout=timeout)
