"""Measure how much faster two workers run the workflows suite of the benchmark than one process.

    python docs/benchmarks/speedup.py [--quick] [--repeats 3] [--static FOLDER]

The same cells in one process, in two processes of loky, and in a Dask cluster of two processes
with one thread each on this machine. All have one numerical thread. Starting the workers, and the
imports that their first task makes, is not part of the seconds and has a column of its own. The
ways alternate; the speed-up is the ratio of the medians. Writes `speedup.csv`, which is of
little worth if anything else runs on the machine.
"""

import argparse
import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import joblib
import numpy as np
import pandas as pd

from skcollapse.benchmark import run_suite

STATIC = Path(__file__).resolve().parents[1] / "_static"
N_WORKERS = 2
# A part of the suite that takes minutes: every workflow and way to label, on its three tables.
PART = {"lam": ["optimal"], "n_batches": 3, "n_seeds": 1}
QUICK = {**PART, "tables": ["HI"], "estimators": ["ridge"], "workflows": ["fresh"]}
THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@contextmanager
def one_process():
    yield 1


@contextmanager
def loky():
    with joblib.parallel_config(backend="loky"):
        yield N_WORKERS


@contextmanager
def dask():
    from distributed import Client, LocalCluster

    size = {"n_workers": N_WORKERS, "threads_per_worker": 1, "processes": True}
    with (
        LocalCluster(**size, dashboard_address=":0") as cluster,
        Client(cluster),
        joblib.parallel_config(backend="dask", wait_for_workers_timeout=60),
    ):
        yield N_WORKERS


WAYS = {"one process": one_process, "loky, 2 processes": loky, "Dask, 2 processes": dask}


def first_task(seconds):
    """Import what a cell needs; long enough that every worker gets one."""
    import skcollapse.benchmark  # noqa: F401

    time.sleep(seconds)


def measure(way, part):
    """Return the seconds that workers take to start and those of the cells, and the rows."""
    start = time.perf_counter()
    with WAYS[way]() as n_jobs:
        if n_jobs > 1:
            waits = [1.0] * n_jobs
            joblib.Parallel(n_jobs, batch_size=1)(joblib.delayed(first_task)(w) for w in waits)
        begin = time.perf_counter()
        rows = run_suite("workflows", n_jobs=n_jobs, **part).rows
        return begin - start, time.perf_counter() - begin, rows


def check_same(rows, expected):
    """Raise if two ways found different things."""
    keys = ["table", "method", "workflow", "labels", "lam", "seed", "generation", "metric"]
    found, wanted = (frame.set_index(keys)["score"].sort_index() for frame in (rows, expected))
    pd.testing.assert_series_equal(found, wanted, rtol=1e-9)


def write(seconds, starts, path):
    """Write the ways that were measured so far; the first is what the others are compared with."""
    alone = np.median(seconds["one process"])
    ways = [way for way in WAYS if seconds[way]]
    table = pd.DataFrame(
        {
            "workers": ways,
            "seconds, median": [np.median(seconds[way]) for way in ways],
            "seconds, best": [min(seconds[way]) for way in ways],
            "speed-up": [alone / np.median(seconds[way]) for way in ways],
            "start, seconds": [np.median(starts[way]) for way in ways],
        }
    ).round({"seconds, median": 1, "seconds, best": 1, "speed-up": 2, "start, seconds": 1})
    print(table.to_string(index=False), flush=True)
    path.parent.mkdir(exist_ok=True)
    table.to_csv(path, index=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one small table, one repeat")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--static", type=Path, default=STATIC)
    args = parser.parse_args()
    if any(os.environ.get(name) != number for name, number in THREADS.items()):
        # Libraries count their threads when they are loaded, so this has to start again.
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **THREADS})
    part, repeats = (QUICK, 1) if args.quick else (PART, args.repeats)
    run_suite("workflows", **QUICK)  # warms up this process
    seconds, starts, expected = {way: [] for way in WAYS}, {way: [] for way in WAYS}, None
    for _ in range(repeats):
        for way in WAYS:
            started, took, rows = measure(way, part)
            expected = rows if expected is None else expected
            check_same(rows, expected)
            seconds[way].append(took)
            starts[way].append(started)
            write(seconds, starts, args.static / "speedup.csv")


if __name__ == "__main__":
    main()
