"""Measure what the benchmark costs beside the fits: seconds a cell, and the report of its results.

    python docs/benchmarks/harness.py [--n-cells 200] [--report RESULTS_FOLDER]

A cell that fits nothing and writes eight rows goes through everything that a real one does: it is
claimed in the SQLite file, run by joblib and written. In one process, and in two of loky once
these are up. With --report, the page of a folder of results is written; its size and the seconds
to write it are printed.
"""

import argparse
import tempfile
import time
from functools import partial
from pathlib import Path

from joblib import Parallel, delayed

from skcollapse.benchmark import write_report
from skcollapse.benchmark._engine._cells import Cell, Job
from skcollapse.benchmark._engine._engine import run_jobs
from skcollapse.benchmark._engine._store import ResultStore

N_GENERATIONS = 8


def nothing(cell, record):
    for generation in range(N_GENERATIONS):
        record.add("score", generation, 1.0, seconds=0.0)


def no_arguments():
    return ()


def seconds_a_cell(n_cells, n_jobs):
    with tempfile.TemporaryDirectory() as folder:
        store = ResultStore(Path(folder, "results"))
        cells = [Cell(suite="harness", table="none", seed=seed) for seed in range(n_cells)]
        jobs = [Job(cell, nothing, no_arguments, "score") for cell in cells]
        start, used = time.perf_counter(), time.process_time()
        run_jobs(jobs, store, n_jobs=n_jobs)
        wall, used = time.perf_counter() - start, time.process_time() - used
        assert len(store.rows(cells)) == n_cells * N_GENERATIONS
        store.close()
        return wall / n_cells, used / n_cells


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--n-cells", type=int, default=200)
    parser.add_argument("--report", type=Path)
    args = parser.parse_args()
    for n_jobs in (1, 2):
        Parallel(n_jobs)(delayed(time.sleep)(0.5) for _ in range(n_jobs))
        measure = partial(seconds_a_cell, args.n_cells, n_jobs)
        wall, used = min(measure() for _ in range(3))
        print(
            f"{n_jobs} processes: {1000 * wall:.1f} ms a cell, {1000 * used:.1f} ms of them CPU "
            "in the process that asks"
        )
    if args.report:
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "report.html"
            start = time.perf_counter()
            write_report(args.report, page)
            took = time.perf_counter() - start
            print(f"report: {page.stat().st_size / 1000:.0f} kB, written in {took:.2f} s")


if __name__ == "__main__":
    main()
