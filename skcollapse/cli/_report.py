"""The command ``skcollapse report``."""

from __future__ import annotations

from typing import Any

from skcollapse.benchmark import write_report

__all__ = ["add_report"]


def add_report(commands: Any) -> None:
    """Add the command to the parser."""
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
    return 0
