"""Measure what is kept on tables in the order of time, batch by batch.

    python docs/benchmarks/streams.py [--streams A,B] [--entrants A,B | --all] [--n-jobs 1]
        [--out FOLDER] [--static FOLDER]

Runs the suite "streams" with the default settings of RecursiveMix, beside a few entrants or, with
--all, every one. Writes `streams.csv` (score and difference to all_real by stream and method),
`streams_table.csv` (the same as a table to read), `streams_rest.txt` (how many rows and batches
they rest on, and what was run) and `streams.png` (score by batch) into `docs/_static`. What FOLDER
(--out) holds is not run again.
"""

import argparse
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from skcollapse.benchmark import run_suite
from skcollapse.datasets import stream_names

STATIC = Path(__file__).resolve().parents[1] / "_static"
FEW = ("last_batches", "average_of_models", "exponential_average")
MEAN = "mean over streams"
OWN = "RecursiveMix"
COLOURS = {
    OWN: "#0072B2",
    "last_batches": "#D55E00",
    "average_of_models": "#E69F00",
    "real_only": "#8A8A8A",
    "all_real": "#3D3D3D",
}
DASHED = ("real_only", "all_real")
RUNNING = 5


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--streams", type=lambda text: text.split(","), default=stream_names())
    parser.add_argument("--entrants", type=lambda text: text.split(","), default=list(FEW))
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--n-jobs", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("skcollapse-benchmark", "streams"))
    parser.add_argument("--static", type=Path, default=STATIC)
    return parser.parse_args()


def named(frame):
    return frame.assign(method=frame["method"].replace("recursive_mix", OWN))


def table_to_read(summary):
    """Return a line for each stream and a column for each method; in brackets t."""
    lines = []
    for stream, mine in summary.groupby("table", sort=False):
        line = {"stream": stream, "batches": int(mine["n_steps"].max())}
        for row in mine.to_dict("records"):
            t = f" ({row['t']:+.1f})" if row["t"] == row["t"] else ""
            name = row["method"] + (f" [{row['keeps']}]" if row["keeps"] else "")
            line[name] = f"{row['score']:.3f}{t}"
        lines.append(line)
    table = pd.DataFrame(lines)
    own = [OWN] if OWN in table else []
    return table[[*table.columns[:2], *own, *(c for c in table.columns[2:] if c not in own)]]


def what_was_run(summary, rows):
    """Return the sentences under the table, as text for the page."""
    streams = summary[summary["table"] != MEAN].drop_duplicates("table")
    first = rows[rows["method"] == OWN].iloc[0]
    return (
        f"{len(streams)} streams, {streams['n_rows'].sum():,} scored rows in "
        f"{int((streams['n_batches'] - 1).sum()):,} batches of at most {rows['n_real'].max():,} "
        f"rows; estimator ``{first['estimator']}``; RecursiveMix with "
        f'``synthesizer="{first["synthesizer"]}"``, ``labels="{first["labels"]}"``, '
        f'``n_synthetic={float(first["n_synthetic"]):.1f}``, ``lam="{first["lam"]}"``; one '
        f"seed. Versions: {first['versions']}.\n"
    )


def draw(rows, path):
    streams = list(dict.fromkeys(rows["table"]))
    n_rows = -(-len(streams) // 3)
    figure, axes = plt.subplots(
        n_rows, 3, figsize=(11, 2.5 * n_rows + 0.6), squeeze=False, layout="constrained"
    )
    for ax, stream in zip(axes.flat, streams, strict=False):
        draw_stream(ax, rows[rows["table"] == stream], stream)
    for ax in axes.flat[len(streams) :]:
        ax.set_axis_off()
    lines = {line.get_label(): line for ax in axes.flat for line in ax.lines}
    figure.legend(
        lines.values(), lines.keys(), loc="outside upper center", ncols=len(lines), frameon=False
    )
    figure.supxlabel("batch", fontsize=10)
    figure.supylabel(f"score on the next batch, mean of the last {RUNNING}", fontsize=10)
    figure.savefig(path, dpi=130, facecolor="white")


def draw_stream(ax, rows, name):
    """Draw the running mean of the scores; methods far below the others leave the axes."""
    curves = {
        method: mine.groupby("generation")["score"].mean().rolling(RUNNING, min_periods=1).mean()
        for method, mine in rows.groupby("method")
        if method in COLOURS
    }
    for method, curve in curves.items():
        ax.plot(
            curve.index + 2,
            curve,
            color=COLOURS[method],
            label=method,
            linestyle="--" if method in DASHED else "-",
            linewidth=1.3 if method in DASHED else 1.9,
        )
    low = sorted(curve.quantile(0.1) for curve in curves.values())
    high = max(curve.max() for curve in curves.values())
    floor = low[len(low) // 2] - 0.5 * (high - low[len(low) // 2])
    bottom = max(floor, min(curve.min() for curve in curves.values()))
    ax.set_ylim(bottom - 0.03 * (high - bottom), high + 0.05 * (high - bottom))
    metric = "AUC" if rows["metric"].iloc[0] == "next_roc_auc" else "R²"
    ax.set_title(f"{name} ({metric})", fontsize=10, loc="left")
    ax.grid(axis="y", color="#E6E6E6", linewidth=0.7)
    ax.tick_params(labelsize=8.5, length=0)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)


def main():
    args = parse_arguments()
    entrants = {} if args.all else {"entrants": args.entrants}
    result = run_suite(
        "streams",
        tables=args.streams,
        out=args.out,
        n_jobs=args.n_jobs,
        progress=True,
        **entrants,
    )
    summary, rows = named(result.summary), named(result.rows)
    args.static.mkdir(exist_ok=True)
    shown = ["table", "task", "method", "keeps", "n_streams", "n_batches", "n_rows", "n_steps"]
    shown += ["n_left_out", "score", "difference", "t", "seconds", "n_failed"]
    summary[shown].round(4).to_csv(args.static / "streams.csv", index=False)
    table_to_read(summary).to_csv(args.static / "streams_table.csv", index=False)
    (args.static / "streams_rest.txt").write_text(what_was_run(summary, rows), encoding="utf-8")
    draw(rows, args.static / "streams.png")


if __name__ == "__main__":
    main()
