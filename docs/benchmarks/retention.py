"""Make the figure and the table of the README: what the weighting buys on real tables.

    python docs/benchmarks/retention.py [--data FOLDER] [--n-jobs 2] [--n-seeds 5]

Runs `skcollapse.benchmark` on diamonds and, where FOLDER holds them as Parquet files, on
California housing and Adult, once with predicted and once with jointly synthesized labels. Writes
`retention.csv`, `retention.md` (the table of the README) and the figure of the diamonds run into
`docs/_static`.
"""

import argparse
import csv
import shutil
import tempfile
from pathlib import Path

from skcollapse.benchmark import format_summary, run_benchmark

STATIC = Path(__file__).resolve().parents[1] / "_static"
TABLES = {
    "diamonds": {},
    "california_housing.parquet": {"target": "MedHouseVal"},
    "adult.parquet": {"target": "income", "drop": ("fnlwgt",)},
}
COLUMNS = (
    "table", "labels", "method", "lam", "n_seeds", "score", "score_se", "gap_recovered", "gap_se",
    "effective_sample_size", "seconds",
)  # fmt: skip


TITLES = {
    "diamonds": "diamonds, log price (R²)",
    "california_housing": "California housing (R²)",
    "adult": "Adult census (AUC)",
}
HEAD = """\
| table (score) | labels | newest batch | all rows | proportional | golden | optimal |
|---|---|---|---|---|---|---|
"""


def markdown(rows):
    """Return the table of the README: two reference scores, and gaps recovered."""
    lines = {}
    for row in rows:
        line = lines.setdefault((row["table"], row["labels"]), [])
        if row["method"] == "recursive_mix":
            line.append(f"{row['gap_recovered']:.2f} ± {row['gap_se']:.2f}")
        else:
            line.append(f"{row['score']:.3f}")
    body = (f"| {TITLES[t]} | {labels} | {' | '.join(v)} |\n" for (t, labels), v in lines.items())
    return HEAD + "".join(body)


def find(name, folder):
    if not name.endswith(".parquet"):
        return name
    path = None if folder is None else Path(folder) / name
    return path if path is not None and path.is_file() else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", help="folder with california_housing.parquet, adult.parquet")
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--n-seeds", type=int, default=5)
    args = parser.parse_args()
    rows = []
    for name, options in TABLES.items():
        table = find(name, args.data)
        if table is None:
            print(f"{name} not found, left out: give its folder as --data")
            continue
        for labels in ("predict", "joint"):
            with tempfile.TemporaryDirectory() as out:
                result = run_benchmark(
                    table,
                    labels=labels,
                    n_seeds=args.n_seeds,
                    n_jobs=args.n_jobs,
                    out=out,
                    **options,
                )
                if name == "diamonds" and labels == "predict":
                    shutil.copy(Path(out) / "score_by_generation.png", STATIC)
            print(f"\n{name}, labels={labels!r}\n{format_summary(result)}", flush=True)
            for entry in result.summary.to_dict("records"):
                rows.append({"table": Path(name).stem, "labels": labels, **entry})
    (STATIC / "retention.md").write_text(markdown(rows), encoding="utf-8")
    with (STATIC / "retention.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
        writer.writeheader()
        for row in rows:
            writer.writerow({k: f"{v:.4f}" if isinstance(v, float) else v for k, v in row.items()})


if __name__ == "__main__":
    main()
