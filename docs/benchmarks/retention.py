"""Make the tables and the figure of the README: what the recursion buys on real tables.

    python docs/benchmarks/retention.py [--tables A,B] [--estimators A,B] [--n-seeds 5]
        [--batch-sizes 300,1000] [--n-jobs 2] [--out FOLDER] [--static FOLDER]

Runs the retention suite with the default settings of RecursiveMix beside its peers. Writes
`retention.md` (the README's table: gradient boosting, the smallest batches), `retention.csv`
(means over tables, for every estimator and batch size), `retention_tables.csv` (each table) and
the figure of the diamonds run into `docs/_static`. What FOLDER (--out) holds is not run again.
Adult and California housing are downloaded, or read as `adult.parquet` and
`california_housing.parquet` from the folder that the environment variable SKCOLLAPSE_DATA names.
"""

import argparse
import shutil
from pathlib import Path

from skcollapse.benchmark import format_suite, run_benchmark, run_suite

STATIC = Path(__file__).resolve().parents[1] / "_static"
# The defaults of RecursiveMixRegressor and RecursiveMixClassifier.
DEFAULTS = {"synthesizer": "tree", "labels": "corrected", "n_synthetic": 20.0}
LAM = "optimal"
SHOWN = {
    "recursive_mix": "RecursiveMix",
    "average_of_models": "average of all models",
    "warm_gradient_boosting": "warm-started boosting",
    "partial_fit_mlp": "online network",
    "first_model": "first model kept",
}
METRICS = {"regression": "R²", "classification": "AUC"}


def with_error(value, error):
    if value != value:
        return "-"
    return f"{value:.2f}" + (f" ± {error:.2f}" if error == error else "")


def readme_table(result):
    """Return a line for each table, two reference scores and gaps, and the two means."""
    batch = min(result.config.batch_sizes)
    gaps, summary = (
        frame[(frame["estimator"] == "hist_gradient_boosting") & (frame["n_real"] == batch)]
        for frame in (result.gaps, result.summary)
    )
    lines = [("table (score)", "newest batch", "all rows", *SHOWN.values())]
    lines.append(("---",) * len(lines[0]))
    for table, mine in gaps.groupby("table", sort=False):
        by_method = mine.set_index("method")
        scores = [f"{by_method.loc[name, 'score']:.3f}" for name in ("real_only", "all_real")]
        has_gap = mine["has_gap"].all()
        cells = [
            with_error(*by_method.loc[name, ["gap_recovered", "gap_se"]]) if has_gap else "no gap"
            for name in SHOWN
        ]
        lines.append((f"{table} ({METRICS[mine['task'].iloc[0]]})", *scores, *cells))
    means = summary.set_index("method")
    for label, name, error in (
        ("mean, each table capped at 1", "gap_capped", "gap_capped_se"),
        ("mean", "gap_recovered", "gap_se"),
    ):
        cells = [with_error(means.loc[key, name], means.loc[key, error]) for key in SHOWN]
        lines.append((f"**{label}**", "", "", *cells))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tables", type=lambda text: text.split(","))
    parser.add_argument("--estimators", type=lambda text: text.split(","))
    parser.add_argument("--batch-sizes", type=lambda text: [int(n) for n in text.split(",")])
    parser.add_argument("--n-seeds", type=int, default=5)
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("skcollapse-benchmark", "readme"))
    parser.add_argument("--static", type=Path, default=STATIC)
    return parser.parse_args()


def main():
    args = parse_arguments()
    lists = {name: getattr(args, name) for name in ("tables", "estimators", "batch_sizes")}
    run = {"n_seeds": args.n_seeds, "n_jobs": args.n_jobs, "progress": True}
    result = run_suite(
        "retention",
        out=args.out / "suite",
        synthesizers=[DEFAULTS["synthesizer"]],
        labels=[DEFAULTS["labels"]],
        n_synthetic=[DEFAULTS["n_synthetic"]],
        lam=[LAM],
        **{name: value for name, value in lists.items() if value is not None},
        **run,
    )
    print(format_suite(result))
    args.static.mkdir(exist_ok=True)
    (args.static / "retention.md").write_text(readme_table(result), encoding="utf-8")
    for name, frame in (("retention", result.summary), ("retention_tables", result.gaps)):
        frame.round(4).to_csv(args.static / f"{name}.csv", index=False)
    figure = run_benchmark("diamonds", out=args.out / "diamonds", **DEFAULTS, **run)
    shutil.copy(figure.files["png"], args.static)


if __name__ == "__main__":
    main()
