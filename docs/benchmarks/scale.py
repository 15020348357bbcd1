"""Measure seconds and memory of five generations at growing numbers of rows.

    python docs/benchmarks/scale.py [--sizes 10000,100000,1000000] [--cases ...] [--resume]

A frame of 20 columns: 8 real numbers, 5 integers, 4 categories and 3 booleans, with missing values
in 5 of them, and a numeric target (or two classes). "table": `fit` replays the whole table as five
generations of a fifth of the rows. "batches": `partial_fit` gets five batches, each as long as the
table, one after the other. "estimator alone" is a single fit to the table without synthetic rows.
The estimator is the default one, histogram gradient boosting, and `n_synthetic` is 1.

Every case runs in a process of its own with one thread. Seconds are CPU seconds. "peak" is the
largest resident memory, less what the process had after its imports and the table; `ratio` is the
peak over the memory of the table. "growth" is the exponent p in "proportional to rows to the power
p" since the size before: 1 is linear. Writes `scale.csv` after each case, and the same in few
columns, for people, into `scale_table.csv`. `--resume` keeps what the first one holds.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

STATIC = Path(__file__).resolve().parents[1] / "_static"
N_BATCHES = 5
MEGABYTE = 1e6
# How rows come in, the task, the synthesizer and the labels.
CASES = {
    "alone": ("estimator alone", "regression", "", ""),
    "tree": ("table", "regression", "tree", "corrected"),
    "tree-classes": ("table", "classification", "tree", "corrected"),
    "tree-batches": ("batches", "regression", "tree", "corrected"),
    "copula": ("table", "regression", "copula", "corrected"),
    "copula-predict": ("table", "regression", "copula", "predict"),
    "copula-classes": ("table", "classification", "copula", "corrected"),
    "copula-batches": ("batches", "regression", "copula", "corrected"),
}
KEYS = ["rows come as", "task", "synthesizer", "labels", "rows"]


def make_table(n_rows, task, seed):
    """Return a frame of 20 mixed columns, made column by column, and a target."""
    rng = np.random.default_rng(seed)
    columns, signal = {}, np.zeros(n_rows)
    shared = rng.standard_normal(n_rows)
    for j in range(8):
        x = 0.6 * shared + 0.8 * rng.standard_normal(n_rows)
        signal += np.sin(x) if j % 2 else 0.3 * x
        columns[f"number{j}"] = np.exp(x) if j < 3 else x
        if j < 3:
            columns[f"number{j}"][rng.random(n_rows) < 0.1] = np.nan
    for j, largest in enumerate((5, 20, 100, 1_000, 100_000)):
        columns[f"integer{j}"] = rng.binomial(largest, 0.3, n_rows)
        signal += columns[f"integer{j}"] / largest
    for j, n_levels in enumerate((3, 8, 30, 100)):
        codes = np.minimum(rng.geometric(3 / (n_levels + 3), n_rows), n_levels).astype(np.int8) - 1
        signal += 0.3 * (codes % 2)
        if j < 2:
            codes[rng.random(n_rows) < 0.05] = -1
        levels = [f"level {i}" for i in range(n_levels)]
        columns[f"category{j}"] = pd.Categorical.from_codes(codes, levels)
    for j in range(3):
        columns[f"flag{j}"] = rng.random(n_rows) < (1 / (1 + np.exp(-shared)))
        signal += 0.2 * columns[f"flag{j}"]
    y = signal + rng.standard_normal(n_rows)
    if task == "classification":
        y = np.where(y > np.median(y), "high", "low")
    return pd.DataFrame(columns, copy=False), y


def make_model(case):
    from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor
    from skcollapse.synthesizers import GaussianCopulaSynthesizer, TreeSynthesizer

    _, task, synthesizer, labels = CASES[case]
    kind = RecursiveMixRegressor if task == "regression" else RecursiveMixClassifier
    parts = {"copula": GaussianCopulaSynthesizer, "tree": TreeSynthesizer}
    mix = kind(n_generations=N_BATCHES - 1, n_synthetic=1.0, labels=labels or "corrected")
    if not synthesizer:
        return mix.set_params(n_generations=0, random_state=0)
    return mix.set_params(synthesizer=parts[synthesizer](), random_state=0)


def resident():
    """Return the bytes of memory that the process has now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def measure(case, n_rows):
    """Run one case in this process, which must be fresh."""
    feed, task, _, _ = CASES[case]
    # The first fit of a process imports and compiles what the others share.
    make_model(case).fit(*make_table(500, task, 0))
    X, y = make_table(n_rows, task, 1)
    table, before, seconds = X.memory_usage(deep=True).sum() + y.nbytes, resident(), 0.0
    model = make_model(case)
    for month in range(N_BATCHES if feed == "batches" else 1):
        if month:
            del X, y
            X, y = make_table(n_rows, task, 1 + month)
        start = time.process_time()
        model.partial_fit(X, y) if feed == "batches" else model.fit(X, y)
        seconds += time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
    return {
        "CPU seconds": seconds,
        "table MB": table / MEGABYTE,
        "peak MB": peak / MEGABYTE,
        "ratio": peak / table,
    }


def measure_apart(case, n_rows):
    """Run one case in a process of its own."""
    command = [sys.executable, __file__, "--measure", case, "--sizes", str(n_rows)]
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    done = subprocess.run(
        command, env={**os.environ, **threads}, stdout=subprocess.PIPE, check=True, text=True
    )
    return dict(zip(KEYS, (*CASES[case], n_rows), strict=True)) | json.loads(done.stdout)


def with_growth(records):
    """Add the exponents of growth from one size to the next."""
    frame = pd.DataFrame(records).sort_values("rows", kind="stable")
    order = {case: i for i, case in enumerate(CASES.values())}
    place = [order[tuple(row)] for row in frame[KEYS[:-1]].to_numpy()]
    frame = frame.iloc[np.argsort(place, kind="stable")].reset_index(drop=True)
    groups = frame.groupby(KEYS[:-1], sort=False)
    steps = np.log(frame["rows"] / groups["rows"].shift())
    for name, growth in (("CPU seconds", "growth of seconds"), ("peak MB", "growth of peak")):
        frame[growth] = (np.log(frame[name] / groups[name].shift()) / steps).round(2)
    return frame


def write(records, path):
    frame = with_growth(records)
    shown = frame.round({"CPU seconds": 1, "table MB": 1, "peak MB": 0, "ratio": 1})
    path.parent.mkdir(exist_ok=True)
    shown.to_csv(path, index=False)
    for_people(shown).to_csv(path.with_name("scale_table.csv"), index=False)
    return shown


def for_people(frame):
    """Return one column that says what was run, and the figures without those they follow from."""
    parts = frame[["rows come as", "task", "synthesizer", "labels"]].replace(
        {"regression": "", "classification": "two classes"}
    )
    run = [", ".join(filter(None, row)) for row in parts.to_numpy()]
    figures = frame[["CPU seconds", "peak MB", "ratio", "growth of seconds", "growth of peak"]]
    rows = [f"{n:,}" for n in frame["rows"]]
    return pd.concat([pd.DataFrame({"run": run, "rows": rows}), figures], axis=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--cases", default=",".join(CASES))
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--static", type=Path, default=STATIC)
    parser.add_argument("--measure", metavar="CASE", help="run one case in this process")
    args = parser.parse_args()
    sizes = [int(size) for size in args.sizes.split(",")]
    if args.measure:
        print(json.dumps(measure(args.measure, sizes[0])))
        return
    path, records = args.static / "scale.csv", []
    if args.resume and path.exists():
        kept = pd.read_csv(path, keep_default_na=False, dtype={"rows": int})
        records = kept.drop(columns=[name for name in kept if "growth" in name]).to_dict("records")
    for n_rows in sizes:
        for case in args.cases.split(","):
            key = (*CASES[case], n_rows)
            if key in [tuple(record[name] for name in KEYS) for record in records]:
                continue
            records.append(measure_apart(case, n_rows))
            print(records[-1], flush=True)
            write(records, path)
    print(write(records, path).to_string(index=False))


if __name__ == "__main__":
    main()
