"""Make the tables behind the default settings: one choice varied at a time, on many tables.

    python docs/benchmarks/choices.py [--only lam,labels] [--n-seeds 2] [--n-jobs 2]
        [--out FOLDER] [--static FOLDER]

Runs the retention suite (eight batches of 300 rows) with the default settings of RecursiveMix and
with one setting changed: `lam`, `labels`, `synthesizer`, `n_synthetic` and `estimator`. Writes
the means over tables into `choices.csv` and each table into `choices_tables.csv`, both in
`docs/_static`. What FOLDER (--out) holds is not run again. SDV's synthesizers run if sdv is
installed.
"""

import argparse
import importlib.util
from pathlib import Path

import pandas as pd

from skcollapse.benchmark import run_suite

STATIC = Path(__file__).resolve().parents[1] / "_static"
DEFAULTS = {
    "estimators": ["hist_gradient_boosting"],
    "synthesizers": ["gaussian_copula"],
    "labels": ["corrected"],
    "n_synthetic": [20.0],
    "lam": ["optimal"],
}
# A network takes minutes a stream, and so does each fit of SDV's autoencoder.
FEW = ["diamonds", "california_housing", "HI", "adult", "credit_data", "nassCDS"]
CHOICES = {
    "lam": [{"lam": ["optimal", "adaptive", "golden", "proportional", 1.0, 3.0]}],
    "labels": [{"labels": ["corrected", "predict", "sample", "joint"]}],
    "synthesizer": [{"synthesizers": ["gaussian_copula", "tree"]}],
    "n_synthetic": [{"n_synthetic": [20.0, 5.0, 40.0]}],
    "estimator": [
        {"estimators": ["ridge", "logistic", "k_nearest_neighbors", "random_forest"]},
        {"estimators": ["mlp"], "tables": FEW},
    ],
    "sdv": [
        {"synthesizers": ["gaussian_copula", "sdv"], "tables": FEW},
        {"synthesizers": ["sdv_tvae"], "tables": FEW[:1] + FEW[3:4], "n_seeds": 1},
    ],
}
PEERS = ["average_of_models"]


def run_choice(name, changes, args):
    options = {**DEFAULTS, "entrants": PEERS, "n_seeds": args.n_seeds, **changes}
    result = run_suite(
        "retention",
        out=args.out / "suite",
        batch_sizes=[300],
        n_jobs=args.n_jobs,
        progress=True,
        **options,
    )
    return [frame.assign(choice=name) for frame in (result.summary, result.gaps)]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(CHOICES))
    parser.add_argument("--n-seeds", type=int, default=2)
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("skcollapse-benchmark", "choices"))
    parser.add_argument("--static", type=Path, default=STATIC)
    return parser.parse_args()


def main():
    args = parse_arguments()
    args.static.mkdir(exist_ok=True)
    found = []
    for name in args.only:
        if name == "sdv" and importlib.util.find_spec("sdv") is None:
            print("sdv is not installed: its synthesizers are left out")
            continue
        found += [run_choice(name, changes, args) for changes in CHOICES[name]]
        for k, file in enumerate(("choices", "choices_tables")):
            frame = pd.concat([frames[k] for frames in found], ignore_index=True)
            columns = ["choice", *(c for c in frame.columns if c != "choice")]
            frame[columns].round(4).to_csv(args.static / f"{file}.csv", index=False)


if __name__ == "__main__":
    main()
