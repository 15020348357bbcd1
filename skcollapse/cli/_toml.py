"""Options of a benchmark from a TOML file."""

from __future__ import annotations

import dataclasses
import os
import tomllib
from pathlib import Path
from typing import Any

from skcollapse.benchmark import (
    SUITES,
    BenchmarkConfig,
    ConfigError,
    TableSpec,
    check_choice,
    check_known,
)

__all__ = ["read_config"]

# How a benchmark is run, and not what it runs.
_RUN = {"out": str, "n_jobs": int, "timeout": (int, float), "overwrite": bool, "quiet": bool}


def read_config(path: str | os.PathLike) -> dict[str, Any]:
    """Read the options of a run.

    Parameters
    ----------
    path : str or path-like
        A TOML file. Its keys are ``suite`` and the options of that suite, or, without a suite,
        ``table`` and the fields of :class:`BenchmarkConfig`; and ``out``, ``n_jobs``,
        ``timeout``, ``overwrite`` and ``quiet``. Paths are relative to the folder of the file.

    Returns
    -------
    options : dict
        The options as they stand there, paths completed.

    Raises
    ------
    ValueError
        If the file is not TOML or a key is not known; the error names the file, the key and the
        nearest known one.
    OSError
        If the file cannot be read.
    """
    path = Path(path)
    try:
        options = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is not a TOML file: {error}") from error
    try:
        if "suite" in options:
            check_choice("suite", options["suite"], tuple(SUITES))
        check_known(options, _known(options.get("suite")))
        for name, kind in _RUN.items():
            _check_kind(name, options.get(name), kind)
        _check_tables(options)
    except ConfigError as error:
        raise ValueError(f"{path}: {error}") from error
    return _with_paths(options, path.parent)


def _known(suite: str | None) -> list[str]:
    if suite is None:
        return ["suite", *(field.name for field in dataclasses.fields(BenchmarkConfig)), *_RUN]
    return ["suite", *SUITES[suite].config.options(), *_RUN]


def _check_kind(name: str, value: Any, kind: Any) -> None:
    # In Python a bool is an int, in TOML it is not.
    right = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    if value is not None and not right:
        kinds = kind if isinstance(kind, tuple) else (kind,)
        wanted = " or ".join(each.__name__ for each in kinds)
        raise ConfigError(name, f"must be of type {wanted}, got {value!r}.")


def _check_tables(options: dict[str, Any]) -> None:
    suite, tables = options.get("suite"), options.get("tables", [])
    spec = TableSpec if suite is None else SUITES[suite].config.spec
    known = [field.name for field in dataclasses.fields(spec)]
    for table in tables if isinstance(tables, list) else []:
        if isinstance(table, dict):
            check_known(table, known)


def _with_paths(options: dict[str, Any], folder: Path) -> dict[str, Any]:
    options = dict(options)
    if "out" in options:
        options["out"] = str(folder / options["out"])
    if isinstance(options.get("table"), str):
        options["table"] = _near(options["table"], folder)
    if isinstance(options.get("tables"), list):
        options["tables"] = [
            {**table, "table": _near(table["table"], folder)}
            if isinstance(table, dict) and isinstance(table.get("table"), str)
            else _near(table, folder)
            if isinstance(table, str)
            else table
            for table in options["tables"]
        ]
    return options


def _near(table: str, folder: Path) -> str:
    """Return the path of a file beside the configuration, and anything else as it is."""
    file = table if (folder / table).is_file() else table.rpartition(":")[0]
    return str(folder / table) if file and (folder / file).is_file() else table
