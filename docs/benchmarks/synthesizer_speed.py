"""Fit + sample time of the native Gaussian copula against SDV's, on mixed tables.

    OMP_NUM_THREADS=1 python docs/benchmarks/synthesizer_speed.py --output speed.csv

Half of the columns are numeric (normal, skewed, whole numbers), half are text with 2 to 30
levels, all correlated. Times are medians over the repeats; "cpu" is the time of the process.
Every entrant is warmed up on a small table first.
"""

import argparse
import time

import numpy as np
import pandas as pd
from _entrants import make_entrants

SIZES = [(1_000, 10), (10_000, 20), (100_000, 20)]


def make_mixed_table(n_rows, n_columns, seed=0):
    rng = np.random.default_rng(seed)
    latent = rng.standard_normal((n_rows, n_columns)) @ rng.standard_normal((n_columns,) * 2)
    latent /= latent.std(axis=0)
    columns = {}
    for j in range(n_columns):
        z = latent[:, j]
        if j % 2:
            n_levels = (2, 5, 12, 30)[j // 2 % 4]
            cuts = np.quantile(z, np.linspace(0, 1, n_levels + 1)[1:-1])
            names = np.array([f"level {k}" for k in range(n_levels)])
            columns[f"text{j}"] = names[np.digitize(z, cuts)]
        else:
            columns[f"number{j}"] = (z, np.exp(z), np.rint(100 * z).astype(int))[j // 2 % 3]
    return pd.DataFrame(columns)


def measure(entrant, frame, n_repeats):
    """Return medians of wall and cpu seconds of fit and of sampling as many rows."""
    rows = []
    for repeat in range(n_repeats):
        marks = [(time.perf_counter(), time.process_time())]
        entrant.fit(frame)
        marks.append((time.perf_counter(), time.process_time()))
        entrant.sample(len(frame), seed=repeat)
        marks.append((time.perf_counter(), time.process_time()))
        rows.append(np.diff(marks, axis=0).ravel())
    names = ["fit_wall", "fit_cpu", "sample_wall", "sample_cpu"]
    return dict(zip(names, np.median(rows, axis=0), strict=True))


def run(sizes, n_repeats):
    entrants = make_entrants()
    for entrant in entrants:
        entrant.fit(make_mixed_table(200, 4)).sample(10, seed=0)
    records = []
    for n_rows, n_columns in sizes:
        frame = make_mixed_table(n_rows, n_columns)
        for entrant in entrants:
            # A slow entrant needs fewer repeats for the same relative precision.
            repeats = n_repeats if entrant.name == "native" else max(1, n_repeats // 3)
            record = {"rows": n_rows, "columns": n_columns, "synthesizer": entrant.name}
            record.update(measure(entrant, frame, repeats), repeats=repeats)
            for clock in ("wall", "cpu"):
                record[f"total_{clock}"] = record[f"fit_{clock}"] + record[f"sample_{clock}"]
            records.append(record)
            print(
                f"  {n_rows} x {n_columns} {entrant.name}: {record['total_cpu']:.3f} s", flush=True
            )
    table = pd.DataFrame(records)
    native = table["synthesizer"] == "native"
    for clock in ("wall", "cpu"):
        reference = table[native].set_index(["rows", "columns"])[f"total_{clock}"]
        keys = pd.MultiIndex.from_frame(table[["rows", "columns"]])
        table[f"ratio_{clock}"] = table[f"total_{clock}"] / reference.loc[keys].to_numpy()
    return table


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=9, help="repeats of the native entrant")
    parser.add_argument("--max-rows", type=int, default=100_000)
    parser.add_argument("--output", help="CSV file to write")
    arguments = parser.parse_args()
    table = run([s for s in SIZES if s[0] <= arguments.max_rows], arguments.repeats)
    print(table.to_string(index=False, float_format=lambda value: f"{value:.4g}"))
    if arguments.output:
        table.to_csv(arguments.output, index=False)


if __name__ == "__main__":
    main()
