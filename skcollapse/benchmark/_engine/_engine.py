"""Run cells through joblib and write their rows as they come."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from joblib import Parallel, delayed, effective_n_jobs

from skcollapse._recursive_mix import stay_in_process
from skcollapse.benchmark._engine._cells import Cell, Job, run_cell
from skcollapse.benchmark._engine._deadline import run_with_deadline
from skcollapse.benchmark._engine._progress import Progress
from skcollapse.benchmark._engine._store import ResultStore

__all__ = ["run_jobs"]

# Where results come as a list, so many cells for each worker are run before rows are written: few
# enough to lose little when a run is stopped, enough that workers seldom wait for each other.
_CELLS_A_WORKER = 4


def run_jobs(
    jobs: list[Job],
    store: ResultStore,
    *,
    overwrite: bool = False,
    n_jobs: int | None = None,
    timeout: float | None = None,
    progress: bool = False,
) -> None:
    """Run the jobs that the store does not hold yet.

    Parameters
    ----------
    jobs : list of Job
        In the order in which they are wanted.
    store : ResultStore
        Where the rows go, a cell at a time.
    overwrite : bool, default=False
        Whether to run all of them, whatever the store holds.
    n_jobs : int or None, default=None
        Jobs at the same time.
    timeout : float or None, default=None
        Seconds after which a cell is given up.
    progress : bool, default=False
        Whether to show progress on stderr.
    """
    if overwrite:
        store.forget(job.cell for job in jobs)
    finished = store.finished()
    missing = [job for job in jobs if job.cell.key not in finished]
    # joblib draws from this generator only when a worker is nearly free, so a worker gets the
    # rows of its cell and not the table, and the claim of a cell is made when it is about to run.
    tasks = (
        delayed(_run_one)(job.cell, job.metric, job.run, job.prepare(), timeout)
        for job in store.to_do(missing)
    )
    with Progress(len(missing), progress) as bar:
        for cell, rows in _results(tasks, n_jobs):
            store.write(cell, rows)
            bar.advance(cell.label, rows[-1]["error"])


def _results(tasks: Iterator[Any], n_jobs: int | None) -> Iterator[Any]:
    """Run tasks through joblib and yield their results, as they come if the backend can do so."""
    try:
        as_they_come = Parallel(n_jobs=n_jobs, return_as="generator_unordered")
    except ValueError:  # Ray's backend gives lists only
        with Parallel(n_jobs=n_jobs) as parallel:
            while some := list(islice(tasks, _CELLS_A_WORKER * effective_n_jobs(n_jobs))):
                yield from parallel(some)
    else:
        yield from as_they_come(tasks)


@stay_in_process
def _run_one(
    cell: Cell, metric: str, run: Any, arguments: tuple, timeout: float | None
) -> tuple[Cell, list[dict[str, Any]]]:
    if timeout is None:
        return cell, run_cell(cell, metric, run, arguments)
    return cell, run_with_deadline(cell, metric, run, arguments, timeout)
