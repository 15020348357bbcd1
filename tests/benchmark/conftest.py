"""A small table with a text column, and options that make a benchmark of it fast."""

import numpy as np
import pytest

from skcollapse.benchmark._engine import _engine


@pytest.fixture(scope="session")
def table_csv(tmp_path_factory):
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(0)
    n_rows = 240
    frame = pd.DataFrame(
        {
            "a": rng.normal(size=n_rows),
            "b": rng.exponential(size=n_rows),
            "colour": rng.choice(["red", "green", "blue"], size=n_rows),
        }
    )
    frame["y"] = frame["a"] + 2.0 * (frame["colour"] == "red") + rng.normal(size=n_rows)
    frame["kind"] = np.where(frame["y"] > 0.5, "high", "low")
    frame.loc[::40, "b"] = np.nan
    path = tmp_path_factory.mktemp("tables") / "small.csv"
    frame.to_csv(path, index=False)
    return path


@pytest.fixture
def options():
    return {
        "target": "y",
        "drop": ["kind"],
        "estimator": "ridge",
        "n_batches": 3,
        "batch_size": 40,
        "n_seeds": 2,
        # The defaults draw many rows and refit on five folds, for which these tests need not wait.
        "labels": "predict",
        "n_synthetic": 2.0,
    }


@pytest.fixture
def class_options(options):
    return {**options, "target": "kind", "drop": ["y"], "estimator": "logistic"}


@pytest.fixture
def count_cells(monkeypatch):
    """Return a list to which every cell that is run is added."""
    run, ran = _engine.run_cell, []

    def counted(cell, *arguments):
        ran.append(cell)
        return run(cell, *arguments)

    monkeypatch.setattr(_engine, "run_cell", counted)
    return ran
