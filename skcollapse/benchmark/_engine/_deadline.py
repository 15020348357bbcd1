"""Run a cell in a process of its own, which can be ended when its time is up."""

from __future__ import annotations

import faulthandler
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from joblib import wrap_non_picklable_objects

from skcollapse.benchmark._engine._cells import Cell, failed_row, run_cell

__all__ = ["run_with_deadline"]

# Seconds that a process may take to start, to import and to read its rows, before the cell.
_START_SECONDS = 120.0
# A plain subprocess and not multiprocessing: it does not import the caller's script again, and it
# may be started from a worker of any joblib backend.
_COMMAND = "import sys; sys.path[:] = {path!r}; from {module} import _serve; _serve()"


def run_with_deadline(
    cell: Cell, metric: str, run: Callable[..., None], arguments: tuple, timeout: float
) -> list[dict[str, Any]]:
    """Run one cell as :func:`run_cell` does, for at most `timeout` seconds.

    A cell that takes longer has one row, with the error. So has a cell whose process died, for
    instance because memory ran out.
    """
    command = _COMMAND.format(path=sys.path, module=__name__)
    task = (cell, metric, run, arguments, timeout)
    # An estimator may be of a class that is defined in the caller's script.
    payload = pickle.dumps(wrap_non_picklable_objects(task, keep_wrapper=False))
    try:
        done = subprocess.run(
            [sys.executable, "-c", command],
            input=payload,
            capture_output=True,
            timeout=timeout + _START_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return failed_row(cell, metric, _too_late(timeout))
    try:
        rows: list[dict[str, Any]] = pickle.loads(done.stdout)
    except (EOFError, pickle.UnpicklingError):
        return failed_row(cell, metric, _why_it_died(done, timeout))
    return rows


def _too_late(timeout: float) -> str:
    return f"TimeoutError: not ready after {timeout:g} seconds"


def _why_it_died(done: subprocess.CompletedProcess, timeout: float) -> str:
    said = done.stderr.decode(errors="replace")
    if "Timeout (" in said:  # faulthandler's word, see below
        return _too_late(timeout)
    if done.returncode < 0:
        return f"ProcessError: ended by signal {signal.Signals(-done.returncode).name}"
    last = " ".join(said.strip().splitlines()[-1:])
    return f"ProcessError: ended with code {done.returncode}: {last}"


def _serve() -> None:
    """Read a cell from stdin, run it and write its rows to stdout."""
    # What a library prints must not get into the rows.
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    cell, metric, run, arguments, timeout = pickle.loads(sys.stdin.buffer.read())
    # A watchdog in C: it ends the process also while compiled code holds the interpreter, and
    # also after the caller has been killed.
    faulthandler.dump_traceback_later(timeout, exit=True)
    rows = run_cell(cell, metric, run, arguments)
    faulthandler.cancel_dump_traceback_later()
    with answer:
        answer.write(pickle.dumps(rows))
