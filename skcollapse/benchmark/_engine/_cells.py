"""What a benchmark is made of: cells, the rows they give, and the jobs that run them."""

from __future__ import annotations

import hashlib
import json
import platform
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from importlib import metadata
from typing import Any, NamedTuple

from sklearn.exceptions import ConvergenceWarning

__all__ = ["COLUMNS", "IDENTITY", "Cell", "Job", "Record", "failed_row", "run_cell", "versions"]

# What a cell is: two cells that agree in all of these are the same one.
IDENTITY = (
    *("suite", "table", "table_hash", "target", "task"),
    *("estimator", "synthesizer", "workflow", "labels", "n_synthetic", "lam", "method"),
    *("seed", "n_batches", "n_real", "test_size"),
)
_MEASURED = ("metric", "generation", "score", "seconds", "effective_sample_size")
COLUMNS = (*IDENTITY, *_MEASURED, "error", "versions")

Row = dict[str, Any]
_NAN = float("nan")


@dataclass(frozen=True)
class Cell:
    """What is run at once, never split over processes, and written as one.

    The fields are its identity; what does not apply is an empty text or 0. A table counts by its
    content (`table_hash`) and not by the path it was read from.
    """

    suite: str
    table: str
    table_hash: str = ""
    target: str = ""
    task: str = ""
    estimator: str = ""
    synthesizer: str = ""
    workflow: str = ""
    labels: str = ""
    n_synthetic: str = ""
    lam: str = ""
    method: str = ""
    seed: int = 0
    n_batches: int = 0
    n_real: int = 0
    test_size: int = 0

    @property
    def key(self) -> str:
        """How the cell is found again in a file of results."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:24]

    @property
    def label(self) -> str:
        """Name for people."""
        name = f"{self.method}, lam={self.lam}" if self.lam else self.method
        return f"{self.place}, seed {self.seed}: {name}"

    @property
    def place(self) -> str:
        """Name for people of the table and the settings, without method and seed."""
        parts = (self.synthesizer, self.workflow, self.labels, self.n_synthetic)
        made = "-".join(part for part in parts if part)
        size = f"{self.estimator}-{self.n_real}" if self.estimator else str(self.n_real)
        return "/".join(part for part in (self.table, size, made) if part)


class Job(NamedTuple):
    """How a cell is run: ``run(cell, record, *prepare())``.

    `prepare` is called in the calling process when the turn of the cell comes, so that the rows
    of a cell exist only while it runs. `metric` is what an error row is booked under.
    """

    cell: Cell
    run: Callable[..., None]
    prepare: Callable[[], tuple]
    metric: str


class Record:
    """Rows of one cell, as they come.

    Parameters
    ----------
    cell : Cell
        The cell.
    """

    def __init__(self, cell: Cell) -> None:
        self.shared = {**asdict(cell), "error": "", "versions": versions()}
        self.rows: list[Row] = []

    def add(
        self,
        metric: str,
        generation: int,
        score: float = _NAN,
        *,
        seconds: float = _NAN,
        size: float = _NAN,
        error: str = "",
    ) -> None:
        """Add a row; `seconds` are those of the fits alone, without scoring."""
        measured = (metric, generation, score, seconds, size)
        row = self.shared | dict(zip(_MEASURED, measured, strict=True)) | {"error": error}
        self.rows.append({column: row[column] for column in COLUMNS})

    def fail(self, metric: str, error: str) -> None:
        """Add the row of the generation that failed."""
        done = [row["generation"] for row in self.rows if row["metric"] == metric]
        self.add(metric, max(done, default=-1) + 1, error=error)


def failed_row(cell: Cell, metric: str, error: str) -> list[Row]:
    """Return the rows of a cell that gave nothing but an error."""
    record = Record(cell)
    record.fail(metric, error)
    return record.rows


def run_cell(cell: Cell, metric: str, run: Callable[..., None], arguments: tuple) -> list[Row]:
    """Run one cell and return its rows.

    An exception ends the cell: its text goes into the row of the generation that failed, and
    the other cells of the benchmark are not disturbed.
    """
    record = Record(cell)
    try:
        with warnings.catch_warnings():
            # The number of steps of an iterative learner is part of its definition here.
            warnings.simplefilter("ignore", ConvergenceWarning)
            run(cell, record, *arguments)
    except Exception as error:
        record.fail(metric, " ".join(f"{type(error).__name__}: {error}".split()))
    return record.rows


@cache
def versions() -> str:
    """Return the versions that the numbers depend on."""
    found = [f"python={platform.python_version()}"]
    for name in ("skcollapse", "scikit-learn", "numpy", "scipy", "pandas", "sdv"):
        try:
            found.append(f"{name}={metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return " ".join(found)
