"""The command ``skcollapse``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import metadata
from typing import NoReturn

from skcollapse.benchmark import ConfigError
from skcollapse.cli._benchmark import add_benchmark
from skcollapse.cli._options import UsageError, flag_text
from skcollapse.cli._report import add_report

__all__ = ["main"]

_WRONG_USAGE, _STOPPED = 2, 130


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
    except UsageError as error:
        return _complain(str(error))
    except ConfigError as error:
        return _complain(f"argument {flag_text(error.option)}: {error.problem}")
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


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see {self.prog} --help)")


def _complain(message: str) -> int:
    print(f"skcollapse: error: {' '.join(message.split())}", file=sys.stderr)
    return _WRONG_USAGE


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="skcollapse", description="Recursive learning that does not collapse.")
    parser.add_argument("--version", action="version", version=f"skcollapse {_version()}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    add_benchmark(commands)
    add_report(commands)
    return parser
