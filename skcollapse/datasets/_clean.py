"""Checks and column types that every table goes through."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "check_column",
    "check_frame",
    "drop_columns",
    "drop_empty_columns",
    "drop_rows_without_target",
    "guess_task",
    "tidy_features",
    "tidy_target",
]

# Whole-number targets with at most this many values are classes: digits has 10.
_MAX_INTEGER_CLASSES = 10
# "object" columns that hold one of these are numbers that lost their type on the way.
_NUMERIC_OBJECTS = ("integer", "floating", "mixed-integer-float", "decimal")


def check_frame(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the frame with text column names; refuse an empty one and repeated names."""
    frame = frame.set_axis([str(column) for column in frame.columns], axis=1)
    repeated = frame.columns[frame.columns.duplicated()].unique().tolist()
    if repeated:
        raise ValueError(f"{name} has several columns named {_listed(repeated)}; rename them.")
    if frame.shape[0] == 0 or frame.shape[1] < 2:
        raise ValueError(
            f"{name} has {frame.shape[0]} rows and {frame.shape[1]} columns; it needs rows, a "
            "target column and at least one other column."
        )
    return frame


def drop_columns(frame: pd.DataFrame, drop: Iterable[str], target: str, name: str) -> pd.DataFrame:
    """Return the frame without the columns in `drop`, which must exist and not be the target."""
    drop = list(drop)
    for column in drop:
        check_column(column, frame, "drop", name)
    if target in drop:
        raise ValueError(f"drop names the target column {target!r}; keep it.")
    frame = frame.drop(columns=drop)
    if frame.shape[1] < 2:
        raise ValueError(f"drop leaves no column of {name} beside the target {target!r}.")
    return frame


def drop_empty_columns(
    frame: pd.DataFrame, target: str, name: str
) -> tuple[pd.DataFrame, list[str]]:
    """Drop the features without any value, with a warning; return the rest and their names.

    They say nothing, and scikit-learn's gradient boosting cannot be fitted to them.
    """
    empty = [column for column in frame if column != target and frame[column].isna().all()]
    if not empty:
        return frame, []
    if len(empty) == frame.shape[1] - 1:
        raise ValueError(f"{name} has missing values only in all columns but {target!r}.")
    warnings.warn(
        f"{name} has missing values only in {_listed(empty)}; left out.", UserWarning, stacklevel=5
    )
    return frame.drop(columns=empty), empty


def check_column(column: str, frame: pd.DataFrame, parameter: str, name: str) -> None:
    """Raise an error that names the nearest columns when `column` is not in the frame."""
    if column in frame.columns:
        return
    near = difflib.get_close_matches(column, frame.columns, n=3, cutoff=0.5)
    hint = f"did you mean {_listed(near)}?" if near else f"it has {_listed(frame.columns)}."
    raise ValueError(f"{parameter}: {name} has no column {column!r}; {hint}")


def tidy_features(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the features with types that estimators and synthesizers take.

    Text becomes "category" with the sorted levels of the whole table, so that a batch in
    which a level is missing still knows it. Dates become days since 1970, durations become
    days, and nullable numbers become plain ones.
    """
    return frame.apply(_tidy_column)


def _tidy_column(column: pd.Series) -> pd.Series:
    import pandas as pd
    from pandas.api import types

    dtype = column.dtype
    if types.is_datetime64_any_dtype(dtype):
        moments = column.dt.tz_localize(None) if column.dt.tz is not None else column
        return (moments - pd.Timestamp(0)) / pd.Timedelta(days=1)
    if types.is_timedelta64_dtype(dtype):
        return column / pd.Timedelta(days=1)
    if types.is_object_dtype(dtype) and types.infer_dtype(column, skipna=True) in _NUMERIC_OBJECTS:
        column = pd.to_numeric(column.astype(float))
    if types.is_bool_dtype(column.dtype) and not column.isna().any():
        return column.astype(bool)
    if types.is_numeric_dtype(column.dtype) and not types.is_bool_dtype(column.dtype):
        return _tidy_numbers(column)
    return _tidy_text(column)


def _tidy_numbers(column: pd.Series) -> pd.Series:
    if not isinstance(column.dtype, np.dtype):
        column = column.astype(float if column.isna().any() else column.dtype.numpy_dtype)
    if np.isinf(column.to_numpy(dtype=float)).any():
        raise ValueError(
            f"Column {column.name!r} contains infinity; replace it or drop the column."
        )
    return column


def _tidy_text(column: pd.Series) -> pd.Series:
    import pandas as pd

    present = column.notna()
    text = column.astype(object).where(present, None)
    text[present] = text[present].map(str)
    levels = sorted(text[present].unique())
    return text.astype(pd.CategoricalDtype(levels))


def guess_task(target: pd.Series) -> str:
    """Return "classification" for text, booleans and whole numbers with few values."""
    from pandas.api import types

    present = target.dropna()
    if types.infer_dtype(present) in _NUMERIC_OBJECTS:
        present = present.astype(float)
    if not types.is_numeric_dtype(present.dtype) or types.is_bool_dtype(present.dtype):
        return "classification"
    values = present.to_numpy(dtype=float)
    few = len(np.unique(values)) <= _MAX_INTEGER_CLASSES
    return "classification" if few and (values == np.round(values)).all() else "regression"


def tidy_target(target: pd.Series, task: str, log: bool) -> pd.Series:
    """Return the target as plain numbers, or as class labels (text, booleans or integers)."""
    target = target.copy()
    if target.nunique() < 2:
        raise ValueError(f"target: column {target.name!r} has one distinct value only.")
    if task == "classification":
        return _tidy_labels(target, log)
    try:
        target = target.astype(float)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"target: column {target.name!r} is not numeric, so task='regression' is not possible."
        ) from error
    if not np.isfinite(target.to_numpy()).all():
        raise ValueError(f"target: column {target.name!r} contains infinity.")
    if not log:
        return target
    if target.min() <= 0:
        raise ValueError(
            f"log_target: column {target.name!r} has values <= 0, which have no logarithm."
        )
    return np.log(target).rename(f"log({target.name})")


def _tidy_labels(target: pd.Series, log: bool) -> pd.Series:
    from pandas.api import types

    if log:
        raise ValueError("log_target is for regression; the task here is classification.")
    if types.is_bool_dtype(target.dtype):
        return target.astype(bool)
    if types.is_numeric_dtype(target.dtype):
        values = target.to_numpy(dtype=float)
        return target.astype(int) if (values == np.round(values)).all() else target.astype(float)
    return target.map(str).astype(object)


def drop_rows_without_target(frame: pd.DataFrame, target: str, name: str) -> pd.DataFrame:
    """Drop the rows whose target is missing, with a warning that counts them."""
    missing = frame[target].isna()
    if not missing.any():
        return frame
    if missing.all():
        raise ValueError(f"target: column {target!r} of {name} has missing values only.")
    warnings.warn(
        f"{int(missing.sum())} of {len(frame)} rows of {name} have no value in the target "
        f"column {target!r} and are left out.",
        UserWarning,
        stacklevel=5,
    )
    return frame[~missing]


def _listed(names: Iterable[str], limit: int = 12) -> str:
    names = [repr(str(name)) for name in names]
    tail = ", ..." if len(names) > limit else ""
    return ", ".join(names[:limit]) + tail
