"""Columns of numbers in which some cells are text, and columns without a name."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, NamedTuple

from skcollapse.datasets._csv import UNNAMED

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["check_target_cells", "warn_of_feature_cells", "warn_of_unnamed"]

# Labels like "0", "1" and "unknown" are classes. A column is taken for numbers gone wrong when it
# has more distinct numbers than any count of classes, and more of them than of other texts.
_MIN_NUMBERS = 11


class _TextCells(NamedTuple):
    """What a column of text holds: distinct texts, with the row of the first, and numbers."""

    texts: list[str]
    row: int
    n_numbers: int

    @property
    def n_distinct(self) -> int:
        return self.n_numbers + len(self.texts)

    @property
    def among_numbers(self) -> bool:
        return 0 < len(self.texts) <= self.n_numbers and self.n_numbers >= _MIN_NUMBERS

    def __str__(self) -> str:
        more = f" and {len(self.texts) - 1} more" if len(self.texts) > 1 else ""
        return f"{self.texts[0]!r} in row {self.row}{more}"


def _text_cells(column: pd.Series) -> _TextCells | None:
    """Return what a column of text holds, None for one of another type."""
    import pandas as pd
    from pandas.api import types

    if not (types.is_string_dtype(column.dtype) or types.is_object_dtype(column.dtype)):
        return None
    distinct = pd.Series(column.dropna().unique()).astype(str)
    is_text = pd.to_numeric(distinct, errors="coerce").isna()
    texts = distinct[is_text].tolist()
    # Rows count from 1, below the header.
    row = int((column.astype(str) == texts[0]).to_numpy().argmax()) + 1 if texts else 0
    return _TextCells(texts, row, int((~is_text).sum()))


def check_target_cells(target: pd.Series, task: str) -> None:
    """Refuse a target of which it is not clear that it holds numbers, or classes."""
    cells = None if task == "classification" else _text_cells(target)
    if cells is None:
        return
    name = f"target: column {target.name!r}"
    if task == "regression":
        if cells.texts:
            raise ValueError(
                f"{name} is not numeric, so task='regression' is not possible: it holds {cells}. "
                "Mend these cells or leave them empty."
            )
    elif cells.among_numbers:
        raise ValueError(
            f"{name} holds {cells.n_numbers} different numbers, and text: {cells}. Mend these "
            "cells or leave them empty; if all are names of classes, say task='classification'."
        )
    elif cells.texts and cells.n_distinct >= max(_MIN_NUMBERS, target.notna().sum() / 2):
        raise ValueError(
            f"{name} is text with {cells.n_distinct} distinct values in {len(target)} rows, such "
            f"as {cells.texts[0]!r}. Write numbers with a decimal point and without units, or "
            "choose another target; if these are names of classes, say task='classification'."
        )
    elif not cells.texts and cells.n_distinct >= _MIN_NUMBERS and _is_text(target):
        raise ValueError(
            f"{name} holds {cells.n_distinct} different numbers, written as text. Say "
            "task='regression', or task='classification' if they are names of classes."
        )


def _is_text(column: pd.Series) -> bool:
    from pandas.api import types

    return types.infer_dtype(column, skipna=True) == "string"


def warn_of_feature_cells(features: pd.DataFrame, name: str) -> None:
    """Warn of columns that are text only because some cells are."""
    for column in features:
        cells = _text_cells(features[column])
        if cells is not None and cells.among_numbers:
            warnings.warn(
                f"Column {column!r} of {name} holds {cells.n_numbers} different numbers, and "
                f"text: {cells}. It is taken as text with a level for each number; mend these "
                "cells if it should be numeric.",
                UserWarning,
                stacklevel=5,
            )


def warn_of_unnamed(frame: pd.DataFrame, name: str) -> None:
    """Warn of columns whose header is empty: most often row numbers, which predict nothing."""
    unnamed = [column for column in frame if column.startswith(UNNAMED)]
    if unnamed:
        warnings.warn(
            f"{name} has columns without a name, here called {', '.join(map(repr, unnamed))}. "
            f"Give drop={unnamed!r} if they are row numbers or empty.",
            UserWarning,
            stacklevel=5,
        )
