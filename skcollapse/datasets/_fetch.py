"""Tables that scikit-learn downloads, checks and caches."""

from __future__ import annotations

import os
from typing import Any

from sklearn.utils import Bunch

from skcollapse.datasets._load import load
from skcollapse.datasets._sources import Download

__all__ = ["fetch_adult", "fetch_california_housing"]


def fetch_adult(
    *,
    data_home: str | os.PathLike | None = None,
    n_retries: int = 3,
    delay: float = 1.0,
    return_X_y: bool = False,
) -> Any:
    """Fetch the Adult table (classification).

    Does a person earn more than 50,000 dollars? 48,842 rows of the United States census of 1994,
    5 numeric columns and 8 of text, UCI's Adult as OpenML holds it (data set 1590).

    Parameters
    ----------
    data_home : str or path-like, default=None
        Folder of the cache; None takes scikit-learn's, see
        :func:`sklearn.datasets.get_data_home`. A file ``adult.parquet`` in the folder that the
        environment variable SKCOLLAPSE_DATA names goes before it.
    n_retries : int, default=3
        How often to try again when the network fails, at least 1.
    delay : float, default=1.0
        Seconds between two trials, above 0.
    return_X_y : bool, default=False
        Whether to return ``(data, target)`` instead of a Bunch.

    Returns
    -------
    bunch : :class:`~sklearn.utils.Bunch`
        data : DataFrame of shape (48842, 13)
            Text columns have dtype "category". Unknown cells are the level "?", as UCI writes
            them. The survey weight ``fnlwgt`` is left out.
        target : Series of shape (48842,)
            "<=50K" or ">50K", named "income".
        frame : DataFrame of shape (48842, 14)
            Both, the target last.
        task, name, target_name, target_transform, n_rows, source, licence, dropped, DESCR
            As :func:`load_table` returns them.

    Raises
    ------
    OSError
        If the table is not in the cache and cannot be downloaded; the message says what else can
        be done.
    ValueError
        If the file that was downloaded does not have the checksum that OpenML states.
    ImportError
        If pandas is not installed.

    See Also
    --------
    load_table : Any other table of OpenML, as ``"openml:ID"``.

    Examples
    --------
    >>> from skcollapse.datasets import fetch_adult
    >>> adult = fetch_adult()  # doctest: +SKIP
    >>> adult.n_rows, adult.target_name  # doctest: +SKIP
    (48842, 'income')
    """
    return _fetch("adult", Download(data_home, n_retries, delay), return_X_y)


def fetch_california_housing(
    *,
    data_home: str | os.PathLike | None = None,
    n_retries: int = 3,
    delay: float = 1.0,
    return_X_y: bool = False,
) -> Any:
    """Fetch the California housing table (regression).

    Median house values of 20,640 districts in the census of 1990, by 8 numeric columns: the table
    of :func:`sklearn.datasets.fetch_california_housing`.

    Parameters
    ----------
    data_home : str or path-like, default=None
        Folder of the cache; None takes scikit-learn's, see
        :func:`sklearn.datasets.get_data_home`. A file ``california_housing.parquet`` in the
        folder that the environment variable SKCOLLAPSE_DATA names goes before it.
    n_retries : int, default=3
        How often to try again when the network fails, at least 1.
    delay : float, default=1.0
        Seconds between two trials, above 0.
    return_X_y : bool, default=False
        Whether to return ``(data, target)`` instead of a Bunch.

    Returns
    -------
    bunch : :class:`~sklearn.utils.Bunch`
        data : DataFrame of shape (20640, 8)
            Float columns.
        target : Series of shape (20640,)
            Median house value in 100,000 dollars, named "MedHouseVal".
        frame : DataFrame of shape (20640, 9)
            Both, the target last.
        task, name, target_name, target_transform, n_rows, source, licence, dropped, DESCR
            As :func:`load_table` returns them.

    Raises
    ------
    OSError
        If the table is not in the cache and cannot be downloaded, or does not have the checksum
        that scikit-learn knows.
    ImportError
        If pandas is not installed.

    See Also
    --------
    load_table : Any named table, with a choice of target and columns.

    Examples
    --------
    >>> from skcollapse.datasets import fetch_california_housing
    >>> X, y = fetch_california_housing(return_X_y=True)  # doctest: +SKIP
    >>> X.shape  # doctest: +SKIP
    (20640, 8)
    """
    return _fetch("california_housing", Download(data_home, n_retries, delay), return_X_y)


def _fetch(name: str, download: Download, return_X_y: bool) -> Any:
    table = load(name, download=download)
    if return_X_y:
        return table.data, table.target
    frame = table.data.assign(**{table.target_name: table.target})
    return Bunch(frame=frame, **table)
