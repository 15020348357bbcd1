"""Which batch a row belongs to, by its time."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from skcollapse._utils._validation import is_whole_number

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MIN_ROWS", "check_every", "kept_rows", "numbers_by_time"]

# A batch with fewer rows says little and is left out.
MIN_ROWS = 20
_LEAST_BATCHES = 3
_CALENDAR = {"month": "M", "week": "W", "day": "D"}


def check_every(every: Any) -> None:
    """Raise a ValueError unless `every` is None, a unit of the calendar or a number of rows."""
    known = every is None or (isinstance(every, str) and every in _CALENDAR)
    if not known and not is_whole_number(every, MIN_ROWS):
        raise ValueError(
            f"every: must be month, week, day, or a whole number of rows >= {MIN_ROWS}, "
            f"got {every!r}."
        )


def numbers_by_time(time: pd.Series, every: str | int | None, name: str) -> pd.Series:
    """Return the number of the batch of each row that has a time, in the order of time."""
    import pandas as pd

    check_every(every)
    moments = _moments(time, name, dates=isinstance(every, str))
    missing = int(moments.isna().sum())
    if missing:
        warnings.warn(
            f"{missing} of {len(time)} rows of {name} have no value in the time column "
            f"{time.name!r} and are left out.",
            UserWarning,
            stacklevel=5,
        )
    # Rows of the same time stay in the order of the table.
    moments = moments.dropna().sort_values(kind="stable")
    if every is None:
        return moments.rank(method="dense")
    if isinstance(every, str):
        return moments.dt.to_period(_CALENDAR[every]).rank(method="dense")
    return pd.Series(np.arange(len(moments)) // int(every), moments.index)


def _moments(time: pd.Series, name: str, *, dates: bool) -> pd.Series:
    """Return what can be put in order: dates without a time zone, or numbers."""
    from pandas.api import types

    if types.is_numeric_dtype(time.dtype) and not types.is_bool_dtype(time.dtype):
        if dates:
            raise ValueError(
                f"time: column {time.name!r} of {name} holds numbers, not dates. Leave out every "
                "to make each number a batch, or give every=N to make N rows a batch."
            )
        return time
    if not types.is_datetime64_any_dtype(time.dtype):
        time = _parsed(time, name)
    return time.dt.tz_convert(None) if time.dt.tz is not None else time


def _parsed(time: pd.Series, name: str) -> pd.Series:
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        text = time.astype(object).where(time.notna(), None)
        moments = pd.to_datetime(text.map(str, na_action="ignore"), errors="coerce", utc=True)
    wrong = moments.isna() & time.notna()
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise ValueError(
            f"time: column {time.name!r} of {name} holds {str(time.iloc[row])!r} in row "
            f"{row + 1}, which cannot be read as a date like the others. Mend it or leave it "
            "empty; write all dates as 2024-01-31."
        )
    return moments


def kept_rows(numbers: pd.Series, max_rows: int | None, name: str) -> tuple[np.ndarray, list[int]]:
    """Return the labels of the rows of all batches in the order of time, and the batches' sizes.

    Long batches are thinned at random with a fixed seed; short ones are left out.
    """
    generator = np.random.default_rng(0)
    kept, sizes = [], []
    for _, rows in numbers.groupby(numbers, sort=True):
        labels = rows.index.to_numpy()
        if len(labels) < MIN_ROWS:
            continue
        if max_rows is not None and len(labels) > max_rows:
            labels = labels[np.sort(generator.choice(len(labels), max_rows, replace=False))]
        kept.append(labels)
        sizes.append(len(labels))
    if len(sizes) < _LEAST_BATCHES:
        raise ValueError(
            f"every: leaves {len(sizes)} batches of at least {MIN_ROWS} rows of {name}, which has "
            f"{len(numbers)} rows; at least {_LEAST_BATCHES} are needed. Choose longer batches "
            "where they are too small, shorter ones where they are too few."
        )
    return np.concatenate(kept), sizes
