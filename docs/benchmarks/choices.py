"""Make the tables behind the default settings: one choice varied at a time, on many tables.

    python docs/benchmarks/choices.py [--only lam,labels] [--tables A,B] [--n-seeds 2] [--n-jobs 2]
        [--out FOLDER] [--static FOLDER]

Runs the retention suite (eight batches of 300 rows) with the default settings of RecursiveMix and
with one setting changed: `lam`, `labels`, `synthesizer`, `n_synthetic` and `estimator`. Writes
the means over tables into `choices.csv`, the same for people into `choices_table.csv`, and each
table into `choices_tables.csv`, all in `docs/_static`. What FOLDER (--out) holds is not run again.
SDV's synthesizers run if sdv is installed; lines of choices that are not run (--only) stay.
"""

import argparse
import importlib.util
from pathlib import Path

import pandas as pd

from skcollapse.benchmark import run_suite

STATIC = Path(__file__).resolve().parents[1] / "_static"
DEFAULTS = {
    "estimators": ["hist_gradient_boosting"],
    "synthesizers": ["tree"],
    "labels": ["corrected"],
    "n_synthetic": [20.0],
    "lam": ["optimal"],
}
# SDV's autoencoder takes a minute a fit.
FEW = ["diamonds", "california_housing", "HI", "adult", "credit_data", "nassCDS"]
CHOICES = {
    "lam": [{"lam": ["optimal", "adaptive", "golden", "proportional", 1.0]}],
    "labels": [{"labels": ["corrected", "predict", "sample", "joint"]}],
    "synthesizer": [{"synthesizers": ["gaussian_copula", "tree"]}],
    "n_synthetic": [{"n_synthetic": [20.0, 5.0, 40.0]}],
    "estimator": [
        {"estimators": ["ridge", "logistic", "k_nearest_neighbors", "random_forest", "mlp"]}
    ],
    "sdv": [
        {"synthesizers": ["tree", "sdv"], "tables": FEW},
        {"synthesizers": ["sdv_tvae"], "tables": ["diamonds", "adult"], "n_seeds": 1},
    ],
}
PEERS = ["average_of_models"]


SHOWN = {"lam": "lam", "labels": "labels", "n_synthetic": "n_synthetic"}
SHOWN |= {"synthesizer": "synthesizer", "sdv": "synthesizer", "estimator": "estimator"}


def for_people(summary):
    """Return a line for each value that was tried, and for the average of all models."""
    lines = []
    for row in summary.to_dict("records"):
        if row["method"] not in ("recursive_mix", *PEERS):
            continue
        ours = row["method"] == "recursive_mix"
        value = row[SHOWN[row["choice"]]] if ours or row["choice"] == "estimator" else ""
        value = f"{value:g}" if isinstance(value, float) else value
        lines.append(
            {
                "varied": row["choice"] if row["choice"] != "sdv" else "synthesizer, few tables",
                "value": value if ours else f"{value} (average of all models)".strip(),
                "capped": _with_error(row["gap_capped"], row["gap_capped_se"]),
                "gap recovered": _with_error(row["gap_recovered"], row["gap_se"]),
                "worst table": f"{row['worst']:.2f} {row['worst_table']}",
                "tables": row["n_tables"],
                "seconds": f"{row['seconds']:.1f}",
            }
        )
    return pd.DataFrame(lines)


def _with_error(value, error):
    return f"{value:.2f}" + (f" ± {error:.2f}" if error == error else "")


def with_kept(frame, path, only):
    """Put the lines of choices that were not run now before the new ones."""
    if not path.is_file():
        return frame
    kept = pd.read_csv(path)
    return pd.concat([kept[~kept["choice"].isin(only)], frame], ignore_index=True)


def run_choice(name, changes, args):
    options = {**DEFAULTS, "entrants": PEERS, "n_seeds": args.n_seeds, **changes}
    if args.tables:
        options["tables"] = args.tables
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
    parser.add_argument("--tables", type=lambda text: text.split(","))
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
            path = args.static / f"{file}.csv"
            frame = with_kept(frame[columns].round(4), path, args.only)
            frame.to_csv(path, index=False)
            if k == 0:
                for_people(frame).to_csv(args.static / "choices_table.csv", index=False)


if __name__ == "__main__":
    main()
