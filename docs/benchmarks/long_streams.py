"""Measure what is left of what was learned after many months: refitted, corrected, and both.

    python docs/benchmarks/long_streams.py [--months 24] [--n-seeds 1] [--static FOLDER] [--redraw]

Months of 300 rows of two tables whose truth is known and stays: `friedman1` (numbers, noise of
variance 1) and `hastie` (two classes, no noise). Gradient boosting of 60 trees, the same for all.
Each update of `RecursiveMixRegressor` or `RecursiveMixClassifier` sees the same rows, beside a
model of the newest month, the average of all monthly models, and a model of all rows. Scores are
R2 or AUC on 4,000 other rows, seconds are CPU seconds of all months so far. Writes
`long_streams.csv`, `long_streams_table.csv` and `long_streams.svg`.
"""

import argparse
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.datasets import make_friedman1, make_hastie_10_2
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import r2_score, roc_auc_score

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse.metrics import gap_recovered

STATIC = Path(__file__).resolve().parents[1] / "_static"
N_ROWS, N_TEST = 300, 4_000
UPDATES = ("refit", "correct", "auto")
# 64 bins: the loop over weighted quantiles in scikit-learn 1.9 would be most of the seconds.
TREES = {"max_iter": 60, "max_bins": 64, "early_stopping": False, "random_state": 0}
LOOKS = (2, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60)
NAMES = {
    "real_only": "newest month",
    "average": "average of all models",
    "all_real": "all rows",
    "refit": 'update="refit"',
    "correct": 'update="correct"',
    "auto": 'update="auto"',
}


def make_table(table, n_rows, seed):
    if table == "friedman1":
        return make_friedman1(n_rows, n_features=10, noise=1.0, random_state=seed)
    X, y = make_hastie_10_2(n_rows, random_state=seed)
    return X, (y > 0).astype(int)


def learner(table, update=None, seed=0):
    """Return the plain estimator, or the recursive one around it."""
    number = table == "friedman1"
    kind = HistGradientBoostingRegressor if number else HistGradientBoostingClassifier
    if update is None:
        return kind(**TREES)
    mix = RecursiveMixRegressor if number else RecursiveMixClassifier
    return mix(kind(**TREES), update=update, n_synthetic="auto", random_state=seed)


def predict(model, X):
    return model.predict_proba(X)[:, 1] if hasattr(model, "predict_proba") else model.predict(X)


def run(table, months, seed):
    """Yield (month, method, score) at each look."""
    X, y = make_table(table, months * N_ROWS + N_TEST, seed)
    test, truth = X[-N_TEST:], y[-N_TEST:]
    score = r2_score if table == "friedman1" else roc_auc_score
    mixes = {update: learner(table, update, seed) for update in UPDATES}
    total, seconds = np.zeros(N_TEST), dict.fromkeys(UPDATES, 0.0)
    for month in range(1, months + 1):
        rows = slice((month - 1) * N_ROWS, month * N_ROWS)
        newest = predict(clone(learner(table)).fit(X[rows], y[rows]), test)
        total += newest
        for update, mix in mixes.items():
            started = process_time()
            mix.partial_fit(X[rows], y[rows])
            seconds[update] += process_time() - started
        if month in LOOKS:
            everything = learner(table).fit(X[: rows.stop], y[: rows.stop])
            yield month, "real_only", score(truth, newest)
            yield month, "average", score(truth, total / month)
            yield month, "all_real", score(truth, predict(everything, test))
            for update, mix in mixes.items():
                yield month, update, score(truth, predict(mix, test))
                yield month, f"seconds_{update}", seconds[update]


def summarise(records):
    """Return mean scores by table, month and method, and the gap recovered."""
    wide = records.groupby(["table", "month", "method"])["score"].mean().unstack("method")
    for method in ("average", *UPDATES):
        gap = [gap_recovered(*row) for row in wide[[method, "real_only", "all_real"]].to_numpy()]
        wide[f"gap_{method}"] = gap
    wide = wide.round(dict.fromkeys(wide, 4) | {f"seconds_{update}": 1 for update in UPDATES})
    columns = ["real_only", "average", "all_real", *UPDATES]
    columns += [f"gap_{method}" for method in ("average", *UPDATES)]
    return wide[[*columns, *(f"seconds_{update}" for update in UPDATES)]].reset_index()


def write_table(summary, file):
    """Write the gaps recovered and the seconds that fit a page."""
    shown = summary[summary["month"].isin((2, 8, 16, 24, 40, 60))]
    parts = {"table": shown["table"], "month": shown["month"]}
    for method in ("average", *UPDATES):
        parts[NAMES[method]] = shown[f"gap_{method}"].map("{:.2f}".format)
    for update in UPDATES:
        parts[f"seconds, {update}"] = shown[f"seconds_{update}"].map("{:.0f}".format)
    pd.DataFrame(parts).to_csv(file, index=False)


def draw(summary, file):
    import matplotlib.pyplot as plt

    from skcollapse._plotting import REFERENCE_COLOURS, style_axes

    colours = {"refit": "#D55E00", "correct": "#009E73", "auto": "#0072B2", "average": "#CC79A7"}
    colours |= {name: REFERENCE_COLOURS[name] for name in ("real_only", "all_real")}
    figure, axes = plt.subplots(1, 2, figsize=(9, 4.2), layout="constrained")
    for ax, (table, rows) in zip(axes, summary.groupby("table"), strict=True):
        for method, name in NAMES.items():
            ax.plot(rows["month"], rows[method], color=colours[method], label=name)
        ax.set_title(table, loc="left")
        ax.set_xlabel("months of 300 rows")
        ax.set_ylabel("R2" if table == "friedman1" else "AUC")
        style_axes(ax)
    handles = axes[0].get_lines()
    figure.legend(handles=handles, frameon=False, loc="outside lower center", ncols=3)
    figure.savefig(file)
    # Without blanks at the ends of lines, which no editor would leave alone.
    lines = Path(file).read_text(encoding="utf-8").splitlines()
    Path(file).write_text("\n".join(line.rstrip() for line in lines) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--n-seeds", type=int, default=1)
    parser.add_argument("--static", type=Path, default=STATIC)
    parser.add_argument("--redraw", action="store_true", help="draw the stored numbers again")
    arguments = parser.parse_args()
    if arguments.redraw:
        summary = pd.read_csv(arguments.static / "long_streams.csv")
        write_table(summary, arguments.static / "long_streams_table.csv")
        draw(summary, arguments.static / "long_streams.svg")
        return
    records = pd.DataFrame(
        [
            (table, seed, *record)
            for seed in range(arguments.n_seeds)
            for table in ("friedman1", "hastie")
            for record in run(table, arguments.months, seed)
        ],
        columns=["table", "seed", "month", "method", "score"],
    )
    summary = summarise(records)
    arguments.static.mkdir(parents=True, exist_ok=True)
    summary.to_csv(arguments.static / "long_streams.csv", index=False)
    write_table(summary, arguments.static / "long_streams_table.csv")
    draw(summary, arguments.static / "long_streams.svg")
    print(summary.to_string(index=False))


if __name__ == "__main__":
    main()
