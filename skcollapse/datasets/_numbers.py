"""Columns of numbers in which some cells are text, and columns without a name."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, NamedTuple

from ._csv import UNNAMED

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["check_target_cells", "warn_of_feature_cells", "warn_of_unnamed"]

# Labels like "0", "1" and "unknown" are classes. A column is taken for numbers gone wrong when it
# has more distinct numbers than any count of classes, and more of them than of other texts.
_MIN_NUMBERS = 11


class _TextCells(NamedTuple):
    """The texts in a column that are no numbers, and how many distinct values are numbers."""

    texts: list[str]
    first: str
    row: int
    n_numbers: int

    @property
    def among_numbers(self) -> bool:
        return self.n_numbers >= max(_MIN_NUMBERS, len(self.texts))

    def __str__(self) -> str:
        more = f" and {len(self.texts) - 1} more" if len(self.texts) > 1 else ""
        return f"{self.first!r} in row {self.row}{more}"


def _text_cells(column: pd.Series) -> _TextCells | None:
    """Return what is not a number in a column of text, None if there is nothing."""
    import pandas as pd
    from pandas.api import types

    if not (types.is_string_dtype(column.dtype) or types.is_object_dtype(column.dtype)):
        return None
    distinct = pd.Series(column.dropna().unique()).astype(str)
    is_text = pd.to_numeric(distinct, errors="coerce").isna()
    if not is_text.any():
        return None
    texts = distinct[is_text].tolist()
    # Rows count from 1, below the header.
    row = int((column.astype(str) == texts[0]).to_numpy().argmax()) + 1
    return _TextCells(texts, texts[0], row, int((~is_text).sum()))


def check_target_cells(target: pd.Series, task: str) -> None:
    """Refuse a target of which it is not clear that it holds numbers, or classes."""
    if task == "classification":
        return
    cells = _text_cells(target)
    if cells is None:
        return
    if task == "regression":
        raise ValueError(
            f"target: column {target.name!r} is not numeric, so task='regression' is not "
            f"possible: it holds {cells}. Mend these cells or leave them empty."
        )
    n_distinct = cells.n_numbers + len(cells.texts)
    if cells.among_numbers:
        raise ValueError(
            f"target: column {target.name!r} holds {cells.n_numbers} different numbers, and text: "
            f"{cells}. Mend these cells or leave them empty; if all are names of classes, say "
            "task='classification'."
        )
    if n_distinct >= max(_MIN_NUMBERS, target.notna().sum() / 2):
        raise ValueError(
            f"target: column {target.name!r} is text with {n_distinct} distinct values in "
            f"{len(target)} rows, such as {cells.first!r}. Write numbers with a decimal point and "
            "without units, or choose another target; if these are names of classes, say "
            "task='classification'."
        )


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
                stacklevel=4,
            )


def warn_of_unnamed(frame: pd.DataFrame, name: str) -> None:
    """Warn of columns whose header is empty: most often row numbers, which predict nothing."""
    unnamed = [column for column in frame if column.startswith(UNNAMED)]
    if unnamed:
        warnings.warn(
            f"{name} has columns without a name, here called {', '.join(map(repr, unnamed))}. "
            f"Give drop={unnamed!r} if they are row numbers or empty.",
            UserWarning,
            stacklevel=4,
        )
