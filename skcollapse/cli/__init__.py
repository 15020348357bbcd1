"""The command ``skcollapse``."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, NoReturn

from skcollapse.benchmark import (
    BenchmarkResult,
    ConfigError,
    SuiteResult,
    format_suite,
    format_summary,
    run_benchmark,
    run_suite,
    write_report,
)
from skcollapse.benchmark._options import DEFAULT_LAM

from ._options import add_benchmark_options
from ._toml import read_config

__all__ = ["main"]

_DONE, _SOME_FAILED, _WRONG_USAGE, _STOPPED = 0, 1, 2, 130
_FOLDER = "skcollapse-benchmark"
_SUITE_ONLY = (
    *("tables", "estimators", "synthesizers", "workflows", "entrants", "n_rows", "min_test_size"),
)
_TABLE_ONLY = (
    *("table", "target", "task", "drop", "log_target", "test_size", "estimator", "synthesizer"),
)
# Options that a suite takes several values of, and what it calls them.
_REPEATABLE = {"labels": "labels", "n_synthetic": "n_synthetic", "batch_size": "batch_sizes"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, default=None
        Arguments without the program's name; None takes those of the process.

    Returns
    -------
    code : int
        0 when all is well, 1 when some cells of a benchmark failed (the rest is reported),
        2 for wrong options or unreadable input, 130 when stopped from the keyboard. Errors are
        one line on stderr that starts with ``skcollapse: error:``.

    Examples
    --------
    >>> from skcollapse.cli import main
    >>> main(["benchmark", "wine", "--task", "guess"])
    2
    """
    try:
        options = vars(_parser().parse_args(argv))
        return options.pop("run")(options)
    except _UsageError as error:
        return _complain(str(error))
    except ConfigError as error:
        return _complain(f"argument {_flag(error.option)}: {error.problem}")
    except (ValueError, OSError, ImportError) as error:
        return _complain(str(error))
    except KeyboardInterrupt:
        print("skcollapse: stopped; the same command goes on from here.", file=sys.stderr)
        return _STOPPED


def _version() -> str:
    try:
        return metadata.version("skcollapse")
    except metadata.PackageNotFoundError:
        return "(not installed)"


class _UsageError(Exception):
    """What argparse finds wrong."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _UsageError(f"{message} (see {self.prog} --help)")


def _complain(message: str) -> int:
    print(f"skcollapse: error: {' '.join(message.split())}", file=sys.stderr)
    return _WRONG_USAGE


def _flag(option: str) -> str:
    option = {new: old for old, new in _REPEATABLE.items()}.get(option, option)
    return "--" + option.replace("_", "-") if option != "table" else "TABLE"


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="skcollapse", description="Recursive learning that does not collapse.")
    parser.add_argument("--version", action="version", version=f"skcollapse {_version()}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_benchmark(commands)
    _add_report(commands)
    return parser


def _add_benchmark(commands: Any) -> None:
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


def _add_report(commands: Any) -> None:
    command = commands.add_parser(
        "report",
        help="turn results into one HTML page that works offline",
        description="Write what benchmarks found into one HTML page without links to other files: "
        "answers in plain words, figures, and tables that sort. Several files of results are put "
        "together; a cell that is in more than one counts once.",
    )
    command.set_defaults(run=_report)
    command.add_argument(
        "results", nargs="+", metavar="RESULTS", help="results.sqlite, or the folder that has it"
    )
    command.add_argument(
        "--out", metavar="FILE", default="report.html", help="the page (default: %(default)s)"
    )


def _report(options: dict[str, Any]) -> int:
    print(write_report(options["results"], options["out"]))
    return _DONE


def _benchmark(options: dict[str, Any]) -> int:
    file = options.pop("config", None)
    given = {} if file is None else read_config(file)
    from_file = given.keys() - options.keys()
    try:
        return _run_benchmark(options, given)
    except ConfigError as error:
        if error.option in from_file:
            raise _UsageError(f"{file}: {error}") from error
        raise


def _run_benchmark(options: dict[str, Any], given: dict[str, Any]) -> int:
    suite = options.get("suite", given.get("suite"))
    for option in _SUITE_ONLY if suite is None else _TABLE_ONLY:
        if option in options:
            rule = "needs --suite" if suite is None else "is not for a suite"
            raise ConfigError(option, f"{rule}.")
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
    for option in _REPEATABLE:
        if option in options:
            options[option] = options[option][-1]
    if "lam" in options or "lam" not in given:
        options["lam"] = [*DEFAULT_LAM, *options.get("lam", ())]
    options = given | options
    table = options.pop("table", "diamonds")
    result = run_benchmark(table, **_run_options(options, table))
    return result, format_summary(result), ("database", "results", "png")


def _suite(
    options: dict[str, Any], given: dict[str, Any]
) -> tuple[SuiteResult, str, tuple[str, ...]]:
    for option, name in _REPEATABLE.items():
        if option in options:
            options[name] = options.pop(option)
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
