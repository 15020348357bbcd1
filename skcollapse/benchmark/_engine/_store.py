"""The file of results: one SQLite database, which several runs may write at the same time."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from skcollapse.benchmark._base import ConfigError
from skcollapse.benchmark._engine._cells import COLUMNS, IDENTITY, Cell, Job

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DATABASE", "ResultStore", "read_results"]

DATABASE = "results.sqlite"
# Marks a file as ours ("skco" in ASCII) and says which columns it has.
_APPLICATION_ID = 0x736B636F
_SCHEMA_VERSION = 1
# Another run holds the file for milliseconds; a slow disk may take longer, but not for ever.
_BUSY_SECONDS = 120.0

_INTEGERS = ("seed", "n_batches", "n_real", "test_size", "generation")
_FLOATS = ("score", "seconds", "effective_sample_size")
_ORDER = (*IDENTITY[:8], "n_synthetic", "method", "lam", *_INTEGERS[:4], "metric", "generation")

Row = dict[str, Any]


class ResultStore:
    """Rows of benchmarks in one SQLite file, or in memory.

    All rows of a cell are written in one transaction, so a cell is there as a whole or not at
    all, whenever the process ends. Several processes may write into one file at the same time:
    a cell without an error stays as it is, a cell with an error is replaced.

    Parameters
    ----------
    folder : path or None
        Where ``results.sqlite`` is, or will be made. None keeps the rows in memory.

    Raises
    ------
    ConfigError
        If the folder holds results of something else.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.path = None if folder is None else folder / DATABASE
        if folder is not None and not (folder / DATABASE).exists():
            _refuse_foreign_results(folder)
            folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._connection = _connect(":memory:" if self.path is None else self.path)
        try:
            with self._transaction():
                _prepare(self._connection, self.path)
        except sqlite3.DatabaseError as error:
            self.close()
            raise ConfigError("out", f"{self.path} cannot be used: {error}.") from error
        except ConfigError:
            self.close()
            raise

    def __enter__(self) -> ResultStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        # joblib asks for the next cell from threads of its own. IMMEDIATE takes the write lock at
        # once: what is read inside is still true when it is written upon.
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def finished(self) -> set[str]:
        """Return the keys of the cells that are there without an error."""
        with self._lock:
            found = self._connection.execute(
                "SELECT cell FROM results GROUP BY cell HAVING max(error) = ''"
            )
            return {key for (key,) in found}

    def to_do(self, jobs: Iterable[Job]) -> Iterator[Job]:
        """Yield the jobs that are not finished when their turn comes.

        What another run has begun comes last, and is then run unless it is finished. So runs
        that work on one file share the cells between them, and the mark of a run that was
        killed delays its cell and does not block it.
        """
        left_for_last = []
        for job in jobs:
            if self._claim(job.cell.key):
                yield job
            else:
                left_for_last.append(job)
        for job in left_for_last:
            with self._lock:
                finished = _is_finished(self._connection, job.cell.key)
            if not finished:
                yield job

    def _claim(self, key: str) -> bool:
        with self._transaction() as connection:
            if _is_finished(connection, key):
                return False
            made = connection.execute("INSERT OR IGNORE INTO claims VALUES (?)", (key,))
            return made.rowcount == 1

    def write(self, cell: Cell, rows: list[Row]) -> None:
        """Write all rows of a cell, unless they are there."""
        names = ", ".join(f'"{column}"' for column in COLUMNS)
        marks = ", ".join("?" * (1 + len(COLUMNS)))
        values = [(cell.key, *(row[column] for column in COLUMNS)) for row in rows]
        with self._transaction() as connection:
            connection.execute("DELETE FROM claims WHERE cell = ?", (cell.key,))
            if not _is_finished(connection, cell.key):
                connection.execute("DELETE FROM results WHERE cell = ?", (cell.key,))
                statement = f"INSERT INTO results (cell, {names}) VALUES ({marks})"
                connection.executemany(statement, values)

    def forget(self, cells: Iterable[Cell]) -> None:
        """Remove the rows of cells."""
        keys = [(cell.key,) for cell in cells]
        with self._transaction() as connection:
            connection.executemany("DELETE FROM results WHERE cell = ?", keys)
            connection.executemany("DELETE FROM claims WHERE cell = ?", keys)

    def rows(self, cells: Iterable[Cell]) -> list[Row]:
        """Return the rows of cells in the order of `cells`, whichever was ready first."""
        with self._lock:
            return [
                row
                for cell in cells
                for _, row in _select(self._connection, "WHERE cell = ?", cell.key)
            ]


def read_results(*paths: str | os.PathLike) -> pd.DataFrame:
    """Read the rows of one or more files of results.

    Parameters
    ----------
    *paths : str or path-like
        ``results.sqlite`` files, or the folders that hold them. A cell that is in several files
        is taken from the first in which it has no error.

    Returns
    -------
    rows : DataFrame of shape (n_rows, 23)
        One row for each cell, metric and generation. The columns are those that say what was run
        (suite, table, table_hash, target, task, estimator, synthesizer, workflow, labels,
        n_synthetic, lam, method, seed, n_batches, n_real, test_size), the measured ones (metric,
        generation, score, seconds, effective_sample_size), the text of an error ("" if there was
        none) and versions. What does not apply is "" or NaN.

    Raises
    ------
    FileNotFoundError
        If a file does not exist.
    ValueError
        If no file is given, or one is not a file of results.

    Examples
    --------
    >>> import tempfile
    >>> from skcollapse.benchmark import read_results, run_benchmark
    >>> with tempfile.TemporaryDirectory() as folder:  # needs pandas and matplotlib
    ...     result = run_benchmark(
    ...         "wine", out=folder, estimator="logistic", n_batches=2, n_seeds=1, lam=[]
    ...     )
    ...     rows = read_results(folder)
    >>> rows.groupby("method").size().to_dict()
    {'all_real': 2, 'real_only': 2}
    """
    import pandas as pd

    if not paths:
        raise ValueError("read_results needs the path of at least one file.")
    cells: dict[str, list[Row]] = {}
    for path in paths:
        found: dict[str, list[Row]] = {}
        for key, row in _read(Path(path)):
            found.setdefault(key, []).append(row)
        for key, rows in found.items():
            if key not in cells or any(row["error"] for row in cells[key]):
                cells[key] = rows
    rows = [row for rows in cells.values() for row in rows]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame[list(_FLOATS)] = frame[list(_FLOATS)].astype(float)
    return frame.sort_values(list(_ORDER), ignore_index=True, kind="stable")


def _read(path: Path) -> list[tuple[str, Row]]:
    path = path / DATABASE if path.is_dir() else path
    if not path.is_file():
        raise FileNotFoundError(f"{path} does not exist; it is written by skcollapse benchmark.")
    connection = _connect(path)
    try:
        _check_ours(connection, path)
        return list(_select(connection))
    except ConfigError as error:
        raise ValueError(error.problem) from error
    except sqlite3.DatabaseError as error:
        raise ValueError(f"{path} cannot be read: {error}.") from error
    finally:
        connection.close()


def _select(
    connection: sqlite3.Connection, which: str = "", *values: str
) -> Iterator[tuple[str, Row]]:
    names = ", ".join(f'"{column}"' for column in COLUMNS)
    found = connection.execute(f"SELECT cell, {names} FROM results {which} ORDER BY rowid", values)
    for key, *fields in found:
        row = dict(zip(COLUMNS, fields, strict=True))
        # SQLite has no NaN and stores it as a missing value.
        row |= {name: float("nan") for name in _FLOATS if row[name] is None}
        yield key, row


def _connect(path: Path | str) -> sqlite3.Connection:
    # No write-ahead log: it would leave two more files beside this one while it is in use.
    return sqlite3.connect(
        path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )


def _prepare(connection: sqlite3.Connection, path: Path | None) -> None:
    if _has_tables(connection):
        _check_ours(connection, path)
        return
    kinds = dict.fromkeys(_INTEGERS, "INTEGER") | dict.fromkeys(_FLOATS, "REAL")
    columns = ", ".join(f'"{name}" {kinds.get(name, "TEXT")}' for name in COLUMNS)
    connection.execute(
        f"CREATE TABLE results (cell TEXT NOT NULL, {columns}, "
        "UNIQUE (cell, metric, generation) ON CONFLICT FAIL)"
    )
    connection.execute("CREATE TABLE claims (cell TEXT PRIMARY KEY)")
    connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")


def _has_tables(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,)


def _check_ours(connection: sqlite3.Connection, path: Path | None) -> None:
    marks = [
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("application_id", "user_version")
    ]
    if marks[0] != _APPLICATION_ID:
        raise ConfigError("out", f"{path} is not a file of results of this program.")
    if marks[1] != _SCHEMA_VERSION:
        raise ConfigError(
            "out", f"{path} was written by another version of skcollapse. Choose another folder."
        )


def _is_finished(connection: sqlite3.Connection, key: str) -> bool:
    found = connection.execute("SELECT max(error) FROM results WHERE cell = ?", (key,))
    return found.fetchone() == ("",)


def _refuse_foreign_results(folder: Path) -> None:
    if (folder / "results.csv").exists():
        raise ConfigError(
            "out",
            f"{folder} has a results.csv but no {DATABASE}: it is not ours to write over. Choose "
            "another folder.",
        )
