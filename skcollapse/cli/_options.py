"""Options of ``skcollapse benchmark``: the fields of the configs, and how a benchmark is run."""

from __future__ import annotations

import argparse
from typing import Any

from skcollapse.benchmark import SUITES, BenchmarkConfig, ConfigError, Flag, flags_of

__all__ = ["UsageError", "add_benchmark_options", "check_kind_of_run", "flag_names", "flag_text"]


class UsageError(Exception):
    """Error in a command line or in a file of options."""


def add_benchmark_options(command: argparse.ArgumentParser) -> None:
    """Add all options to the command's parser."""
    flags = {**flags_of(BenchmarkConfig), **_suite_flags()}
    for name in ("table", "methods", "suite", "run"):
        group = command.add_argument_group(name)
        if name == "suite":
            _add_suite(group)
        if name == "run":
            _add_config(group)
        for option, flag in flags.items():
            if flag.group == name:
                _add_flag(group, option, flag)
        if name == "run":
            _add_run_options(group)


def _suite_flags() -> dict[str, Flag]:
    """Return the flags that only suites have, by name."""
    shared = flags_of(BenchmarkConfig)
    found: dict[str, Flag] = {}
    for suite in SUITES.values():
        for option, flag in flags_of(suite.config).items():
            if (flag.name or option) not in shared:
                found.setdefault(flag.name or option, flag)
    return found


def flag_names() -> dict[str, str]:
    """Return flags by the option of a suite, where the two have different names."""
    return {
        option: flag.name
        for suite in SUITES.values()
        for option, flag in flags_of(suite.config).items()
        if flag.name
    }


def flag_text(option: str) -> str:
    """Return what a user writes for an option."""
    option = flag_names().get(option, option)
    return "--" + option.replace("_", "-") if option != "table" else "TABLE"


def check_kind_of_run(options: dict[str, Any], suite: str | None) -> None:
    """Raise a ConfigError for an option that a suite, or a run of one table, does not have."""
    if suite is None:
        wrong, rule = list(_suite_flags()), "needs --suite."
    else:
        wrong, rule = _table_only(), "is not for a suite."
    for option in wrong:
        if option in options:
            raise ConfigError(option, rule)


def _table_only() -> list[str]:
    names = flag_names()
    of_suites = {
        names.get(option, option) for suite in SUITES.values() for option in suite.config.options()
    }
    return [option for option in flags_of(BenchmarkConfig) if option not in of_suites]


def _add_suite(group: Any) -> None:
    # Said here once for the options of the other groups.
    group.description = (
        "--labels, --n-synthetic, --batch-size and --lam may be repeated for a suite."
    )
    group.add_argument(
        "--suite", metavar="NAME", help=f"one of {', '.join(SUITES)}; the others restrict it"
    )


def _add_config(group: Any) -> None:
    group.add_argument(
        "--config", metavar="FILE", help="TOML file with options; those given here come first"
    )


def _add_flag(group: Any, name: str, flag: Flag) -> None:
    if name == "table":
        group.add_argument(name, nargs="?", metavar=flag.metavar, help=flag.help)
    elif flag.read is bool:
        action = argparse.BooleanOptionalAction
        group.add_argument(flag_text(name), action=action, help=flag.help)
    else:
        group.add_argument(
            flag_text(name),
            action="append" if flag.repeated else "store",
            type=flag.read,
            metavar=flag.metavar,
            help=flag.help,
        )


def _add_run_options(group: Any) -> None:
    add = group.add_argument
    add("--n-jobs", type=int, metavar="N", help="cells run at the same time (default: 1)")
    add(
        "--timeout",
        type=float,
        metavar="SECONDS",
        help="give up a cell after this time; the error is its row (default: no limit)",
    )
    add(
        "--out",
        metavar="DIR",
        help="folder for the files (default: skcollapse-benchmark/TABLE or /SUITE)",
    )
    add("--overwrite", action="store_true", help="run again what the folder holds")
    add("--quiet", action="store_true", help="no progress on stderr")
