"""Measure which forests and networks keep what they know through weighted synthetic rows.

    python docs/benchmarks/estimators.py [--n-seeds 2] [--n-jobs 2] [--out FOLDER]
        [--static FOLDER]

Eight batches of 300 rows from six tables, default settings but for what a line names. Writes
`estimators.csv`: scores (R squared or area under the ROC curve) and the gap recovered, means over
the tables, beside the average of all batch models. What FOLDER (--out) holds is not run again.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from skcollapse.benchmark import run_benchmark
from skcollapse.benchmark._base._named_models import make_estimator
from skcollapse.datasets import load_table

STATIC = Path(__file__).resolve().parents[1] / "_static"
TABLES = ["diamonds", "california_housing", "HI", "adult", "credit_data", "nassCDS"]
ADAM = {"solver": "adam", "alpha": 1e-4}
ANYWHERE = {"kw_args": {"a_min": -np.inf, "a_max": np.inf}}
# Name in the table: the estimator of the benchmark, what is changed in it, and in RecursiveMix.
LINES = {
    "boosting": ("hist_gradient_boosting", {}, {}),
    "forest, leaves of 5 rows": ("random_forest", {}, {}),
    "forest, leaves of 1 row (scikit-learn's default)": (
        "random_forest",
        {"min_samples_leaf": 1},
        {},
    ),
    "network, LBFGS": ("mlp", {}, {}),
    "network, LBFGS, numbers far away as they are": ("mlp", ANYWHERE, {}),
    "network, Adam (scikit-learn's default)": ("mlp", ADAM, {}),
    "network, Adam, 5 synthetic rows a real one": ("mlp", ADAM, {"n_synthetic": 5.0}),
}


def with_parameters(estimator, changes):
    """Set parameters wherever in a pipeline they are."""
    for path in estimator.get_params():
        name = path.rpartition("__")[2]
        if name in changes:
            estimator.set_params(**{path: changes[name]})
    return estimator


def run_line(name, args):
    """Return the summary of every table."""
    base, changes, settings = LINES[name]
    found = []
    for table in TABLES:
        loaded = load_table(table)
        # No seed: each stream then sets its own.
        estimator = make_estimator(base, loaded.task, loaded.data, None)
        result = run_benchmark(
            loaded,
            out=args.out / table,
            estimator=with_parameters(estimator, changes),
            entrants=["real_only", "all_real", "average_of_models"],
            lam=["optimal"],
            batch_size=300,
            n_batches=8,
            n_seeds=args.n_seeds,
            n_jobs=args.n_jobs,
            **settings,
        )
        found.append(result.summary.assign(table=table))
        print(f"{name}, {table}", flush=True)
    return pd.concat(found)


def for_people(name, summary):
    ours, average = (
        summary[summary["method"] == m] for m in ("recursive_mix", "average_of_models")
    )
    worst = ours.sort_values("gap_recovered").iloc[0]
    return {
        "estimator": name,
        "score": f"{ours['score'].mean():.3f}",
        "all rows": f"{summary.loc[summary['method'] == 'all_real', 'score'].mean():.3f}",
        "average of all models": f"{average['score'].mean():.3f}",
        "capped": _mean_with_error(ours, "gap_capped"),
        "gap recovered": _mean_with_error(ours, "gap_recovered"),
        "worst table": f"{worst['gap_recovered']:.2f} {worst['table']}",
        "average, capped": _mean_with_error(average, "gap_capped"),
        "seconds": f"{ours['seconds'].mean():.0f}",
    }


def _mean_with_error(summary, column):
    # A table at or beyond the cap has no error to speak of.
    errors = summary["gap_se"].where((column != "gap_capped") | (summary["gap_recovered"] < 1), 0)
    return f"{summary[column].mean():.2f} ± {np.sqrt((errors**2).sum()) / len(summary):.2f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--n-seeds", type=int, default=2)
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("skcollapse-benchmark", "estimators"))
    parser.add_argument("--static", type=Path, default=STATIC)
    args = parser.parse_args()
    args.static.mkdir(exist_ok=True)
    lines = []
    for name in LINES:
        lines.append(for_people(name, run_line(name, args)))
        pd.DataFrame(lines).to_csv(args.static / "estimators.csv", index=False)


if __name__ == "__main__":
    main()
