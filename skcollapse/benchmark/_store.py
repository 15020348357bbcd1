"""The folder of a benchmark: rows as they come, and what is needed to go on after a stop."""

from __future__ import annotations

import csv
import json
import math
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ._cells import COLUMNS
from ._config import ConfigError

__all__ = ["ResultStore"]

_INTEGERS = ("seed", "generation", "n_real")
_FLOATS = ("score", "seconds", "effective_sample_size")

Key = tuple[str, str, int]
Row = dict[str, Any]


class ResultStore:
    """Rows of a benchmark, in memory and (with a folder) in ``results.csv``.

    A cell counts as finished when it has a row for each generation and no error; rows of other
    cells are left out and run again. ``config.json`` holds what the rows depend on.

    Parameters
    ----------
    folder : path or None
        Where the files are. None keeps the rows in memory only.
    identity : dict
        What the rows depend on, as JSON values. A folder with a different one is refused.
    keys : list of tuple
        The cells of the benchmark as ``(method, lam, seed)``, in the order of the rows. Cells of
        the file that are not among them stay in the file and are not returned.
    n_generations : int
        Rows of a finished cell.
    overwrite : bool, default=False
        Whether to start anew in a folder that has results.

    Raises
    ------
    ConfigError
        If the folder holds results of a different configuration.
    """

    def __init__(
        self,
        folder: Path | None,
        identity: dict[str, Any],
        keys: list[Key],
        n_generations: int,
        overwrite: bool = False,
    ) -> None:
        self.folder = folder
        self.keys = keys
        self.n_generations = n_generations
        self._cells: dict[Key, list[Row]] = {}
        if folder is None:
            return
        if not overwrite:
            self._check_identity(identity)
            self._cells = self._finished(_read_rows(self.results_path))
        folder.mkdir(parents=True, exist_ok=True)
        _replace(self.config_path, json.dumps(identity, indent=2) + "\n")
        self.write_sorted()

    @property
    def results_path(self) -> Path:
        """The file with the rows."""
        return self.folder / "results.csv"

    @property
    def config_path(self) -> Path:
        """The file with the configuration of the rows."""
        return self.folder / "config.json"

    def __contains__(self, key: Key) -> bool:
        return key in self._cells

    def add(self, key: Key, rows: list[Row]) -> None:
        """Take the rows of one cell and append them to the file at once."""
        self._cells[key] = rows
        if self.folder is not None:
            with self.results_path.open("a", newline="", encoding="utf-8") as file:
                _writer(file).writerows(map(_to_text, rows))

    def rows(self) -> list[Row]:
        """Return all rows in an order that does not depend on which cell was ready first."""
        return self._rows_of(self.keys)

    def _rows_of(self, keys: Iterable[Key]) -> list[Row]:
        return [row for key in keys for row in self._cells.get(key, ())]

    def write_sorted(self) -> None:
        """Rewrite ``results.csv`` in that order, cells that were not asked for last."""
        if self.folder is None:
            return
        wanted = set(self.keys)
        others = [key for key in self._cells if key not in wanted]
        partial = self.results_path.with_suffix(".csv.partial")
        with partial.open("w", newline="", encoding="utf-8") as file:
            writer = _writer(file)
            writer.writeheader()
            writer.writerows(map(_to_text, self._rows_of([*self.keys, *others])))
        partial.replace(self.results_path)

    def _check_identity(self, identity: dict[str, Any]) -> None:
        if not self.config_path.exists():
            if self.results_path.exists():
                raise ConfigError(
                    "out", f"{self.folder} has a results.csv but no config.json to compare with."
                )
            return
        try:
            stored = json.loads(self.config_path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ConfigError("out", f"{self.config_path} cannot be read: {error}.") from error
        # Through JSON and back, so that tuples and lists compare equal.
        wanted = json.loads(json.dumps(identity))
        names = [*wanted, *(name for name in stored if name not in wanted)]
        differences = [
            f"{name} is {stored.get(name)!r} there and {wanted.get(name)!r} now"
            for name in names
            if stored.get(name) != wanted.get(name)
        ]
        if differences:
            raise ConfigError(
                "out",
                f"{self.folder} holds a benchmark with a different configuration: "
                + "; ".join(differences)
                + ". Choose another folder, or overwrite this one (overwrite=True, --overwrite).",
            )

    def _finished(self, rows: Iterable[Row]) -> dict[Key, list[Row]]:
        cells: dict[Key, list[Row]] = defaultdict(list)
        for row in rows:
            cells[row["method"], row["lam"], row["seed"]].append(row)
        wanted = list(range(self.n_generations))
        return {
            key: cell
            for key, cell in cells.items()
            if [row["generation"] for row in cell] == wanted
            and not any(row["error"] for row in cell)
        }


def _writer(file: Any) -> csv.DictWriter:
    return csv.DictWriter(file, COLUMNS, lineterminator="\n")


def _to_text(row: Row) -> Row:
    # An empty field reads back as a missing number everywhere.
    return {
        name: "" if isinstance(value, float) and math.isnan(value) else value
        for name, value in row.items()
    }


def _read_rows(path: Path) -> list[Row]:
    """Read the whole rows of a file whose last line may have been cut off by a stop."""
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    lines = list(csv.reader(whole.splitlines()))
    if not lines or tuple(lines[0]) != COLUMNS:
        return []
    rows = [_from_text(dict(zip(COLUMNS, line, strict=True))) for line in lines[1:] if _ok(line)]
    return [row for row in rows if row is not None]


def _ok(line: list[str]) -> bool:
    return len(line) == len(COLUMNS)


def _from_text(row: dict[str, str]) -> Row | None:
    """Return the row with its numbers, or None when it is damaged."""
    try:
        numbers: Row = {name: int(row[name]) for name in _INTEGERS}
        numbers |= {name: float(row[name] or "nan") for name in _FLOATS}
    except ValueError:
        return None
    return {**row, **numbers}


def _replace(path: Path, text: str) -> None:
    partial = path.with_suffix(path.suffix + ".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
