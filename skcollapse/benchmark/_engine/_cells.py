"""Cells, the rows that they give, and the jobs that run them."""

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

# The identity of a cell: two cells that agree in all of these are the same one.
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
    """One method on one stream: it runs in one process, and its rows are written at once.

    The fields are its identity; a field that does not apply is an empty text or 0. A table is
    identified by its content (`table_hash`) and not by the path it was read from.
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
        """Hash of the fields, under which a file of results keeps the cell."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:24]

    @property
    def label(self) -> str:
        """Name of the cell for people, with method and seed."""
        name = f"{self.method}, lam={self.lam}" if self.lam else self.method
        return f"{self.place}, seed {self.seed}: {name}"

    @property
    def place(self) -> str:
        """Name of the table and the settings for people, without method and seed."""
        fields = (self.synthesizer, self.workflow, self.labels, self.n_synthetic)
        recipe = "-".join(text for text in fields if text)
        size = f"{self.estimator}-{self.n_real}" if self.estimator else str(self.n_real)
        return "/".join(text for text in (self.table, size, recipe) if text)


class Job(NamedTuple):
    """A cell, and the functions that run it as ``run(cell, record, *prepare())``.

    We call `prepare` in the calling process when the turn of the cell comes: the rows of a cell
    exist only while it runs. `metric` is the metric of the row that records an error.
    """

    cell: Cell
    run: Callable[..., None]
    prepare: Callable[[], tuple]
    metric: str


class Record:
    """Rows of one cell, added one by one.

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
    """Return the single row of a cell that ended in an error before any score."""
    record = Record(cell)
    record.fail(metric, error)
    return record.rows


def run_cell(cell: Cell, metric: str, run: Callable[..., None], arguments: tuple) -> list[Row]:
    """Run one cell and return its rows.

    An exception ends this cell and no other: its text goes into the row of the generation that
    failed.
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
