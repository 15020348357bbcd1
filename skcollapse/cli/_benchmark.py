"""The command ``skcollapse benchmark``."""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path
from typing import Any

from skcollapse.benchmark import (
    BenchmarkConfig,
    BenchmarkResult,
    ConfigError,
    SuiteResult,
    flags_of,
    format_suite,
    format_summary,
    run_benchmark,
    run_suite,
)
from skcollapse.cli._options import (
    UsageError,
    add_benchmark_options,
    check_kind_of_run,
    flag_names,
)
from skcollapse.cli._toml import read_config

__all__ = ["add_benchmark"]

_DONE, _SOME_FAILED = 0, 1
_FOLDER = "skcollapse-benchmark"


def add_benchmark(commands: Any) -> None:
    """Add the command to the parser."""
    command = commands.add_parser(
        "benchmark",
        help="compare RecursiveMix with its reference points on a real table",
        description="Cut a table into a stream of batches, delete each after use, and compare "
        "RecursiveMix with a model of the newest batch (real_only) and of every row ever seen "
        "(all_real). Prints a table and writes the rows as they come into results.sqlite, then "
        "results.csv and a figure. With --suite, do so for many tables and settings. A benchmark "
        "that was stopped goes on when the same command is given again.",
        argument_default=argparse.SUPPRESS,
    )
    command.set_defaults(run=_benchmark)
    add_benchmark_options(command)


def _benchmark(options: dict[str, Any]) -> int:
    file = options.pop("config", None)
    given = {} if file is None else read_config(file)
    from_file = given.keys() - options.keys()
    try:
        return _run_benchmark(options, given)
    except ConfigError as error:
        if error.option in from_file:
            raise UsageError(f"{file}: {error}") from error
        raise


def _run_benchmark(options: dict[str, Any], given: dict[str, Any]) -> int:
    suite = options.get("suite", given.get("suite"))
    check_kind_of_run(options, suite)
    with warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter("always")
        run = _one_table if suite is None else _suite
        result, text, shown = run(options, given)
    for note in dict.fromkeys(str(note.message) for note in notes):
        print(f"skcollapse: note: {note}", file=sys.stderr)
    print(text)
    print(*("", *(result.files[name] for name in shown if name in result.files)), sep="\n")
    if result.n_failed:
        print(
            f"skcollapse: {result.n_failed} cells failed; their errors are in "
            f"{result.files['results']}",
            file=sys.stderr,
        )
        return _SOME_FAILED
    return _DONE


def _one_table(
    options: dict[str, Any], given: dict[str, Any]
) -> tuple[BenchmarkResult, str, tuple[str, ...]]:
    for option, flag in flags_of(BenchmarkConfig).items():
        takes_one = not isinstance(getattr(BenchmarkConfig, option), tuple)
        if flag.repeated and takes_one and option in options:
            options[option] = options[option][-1]
    if "lam" in options or "lam" not in given:
        options["lam"] = [*BenchmarkConfig.lam, *options.get("lam", ())]
    options = given | options
    table = options.pop("table", "diamonds")
    result = run_benchmark(table, **_run_options(options, table))
    return result, format_summary(result), ("database", "results", "png")


def _suite(
    options: dict[str, Any], given: dict[str, Any]
) -> tuple[SuiteResult, str, tuple[str, ...]]:
    for option, name in flag_names().items():
        if name in options:
            options[option] = options.pop(name)
    options = given | options
    suite = options.pop("suite")
    result = run_suite(suite, **_run_options(options, suite))
    return result, format_suite(result), ("database", "results", "gaps", "summary", "markdown")


def _run_options(options: dict[str, Any], name: str) -> dict[str, Any]:
    """Complete the options that say how and where, and not what."""
    folder = Path(name.replace(":", "-")).name.split(".")[0] or "table"
    progress = not options.pop("quiet", False)
    out = options.get("out") or str(Path(_FOLDER) / folder)
    return {**options, "out": out, "progress": progress}
