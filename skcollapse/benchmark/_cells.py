"""One cell of a benchmark: one method on one seed's stream, scored at each generation."""

from __future__ import annotations

import platform
import time
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from sklearn.exceptions import ConvergenceWarning

from ._config import BenchmarkConfig
from ._entrants import make_entrant
from ._scoring import metric_name, score_on_test
from ._stream import Stream

__all__ = ["COLUMNS", "Cell", "all_cells", "run_cell"]

COLUMNS = (
    "table",
    "task",
    "metric",
    "method",
    "lam",
    "labels",
    "seed",
    "generation",
    "n_real",
    "score",
    "seconds",
    "effective_sample_size",
    "error",
    "versions",
)


@dataclass(frozen=True)
class Cell:
    """What is run at once and never split over processes."""

    method: str
    lam: str | float | None
    seed: int

    @property
    def key(self) -> tuple[str, str, int]:
        """How the cell is found again in results.csv."""
        return self.method, "" if self.lam is None else str(self.lam), self.seed

    @property
    def label(self) -> str:
        """Name for people."""
        return self.method if self.lam is None else f"{self.method}, lam={self.lam}"


def all_cells(config: BenchmarkConfig, entrants: Iterable[str]) -> list[Cell]:
    """List the cells seed by seed, so that a stopped benchmark has whole seeds first.

    `entrants` are those of the config that its estimator allows.
    """
    methods = [(name, None) for name in entrants]
    methods += [("recursive_mix", lam) for lam in config.lam]
    return [Cell(method, lam, seed) for seed in range(config.n_seeds) for method, lam in methods]


def run_cell(
    cell: Cell, stream: Stream, table_name: str, config: BenchmarkConfig
) -> list[dict[str, Any]]:
    """Run one cell and return a row for each generation.

    An exception ends the cell: its text goes into the row of the generation that failed, and
    the other cells of the benchmark are not disturbed. ``seconds`` is the time of the fit
    alone, without scoring.
    """
    method, lam, seed = cell.key
    shared = {
        "table": table_name,
        "task": stream.task,
        "metric": metric_name(stream.task),
        "method": method,
        "lam": lam,
        "labels": "" if cell.lam is None else config.labels,
        "seed": seed,
        "n_real": stream.batch_size,
        "error": "",
        "versions": _versions(),
    }
    rows = []
    generation = 0
    try:
        with warnings.catch_warnings():
            # The number of steps of an iterative learner is part of its definition here.
            warnings.simplefilter("ignore", ConvergenceWarning)
            entrant = make_entrant(cell.method, cell.lam, stream, seed, config)
            for generation, (X, y) in enumerate(stream.batches()):
                start = time.perf_counter()
                entrant.update(X, y)
                seconds = time.perf_counter() - start
                score = score_on_test(entrant.predictor, stream)
                size = entrant.effective_sample_size
                rows.append(_row(shared, generation, score, seconds, size))
    except Exception as error:
        text = " ".join(f"{type(error).__name__}: {error}".split())
        rows.append(_row({**shared, "error": text}, generation))
    return rows


def _row(
    shared: dict[str, Any],
    generation: int,
    score: float = float("nan"),
    seconds: float = float("nan"),
    size: float = float("nan"),
) -> dict[str, Any]:
    row = {
        **shared,
        "generation": generation,
        "score": score,
        "seconds": seconds,
        "effective_sample_size": size,
    }
    return {column: row[column] for column in COLUMNS}


def _versions() -> str:
    found = [f"python={platform.python_version()}"]
    for name in ("skcollapse", "scikit-learn", "numpy", "scipy", "pandas", "sdv"):
        try:
            found.append(f"{name}={metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return " ".join(found)
