"""Tables and figures of the scores on the next batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skcollapse.benchmark._results._section import Line, LineFigure, Section
from skcollapse.benchmark._results._steps import (
    MEAN,
    label_steps,
    steps_by_method,
    summarise_steps,
    what_it_rests_on,
)
from skcollapse.benchmark._results._table import Entry, Table, value_entry

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["format_steps", "section_of_steps"]

_SCORE = (
    "Mean over batches of 1 - MSE / variance of y in the whole stream (regression), or of the "
    "area under the ROC curve (classes)."
)
_DIFFERENCE = "Score less that of all_real, which keeps every row; in brackets t."
# Lines of a figure beside the references: RecursiveMix, then these.
_RUNNING = 5
_SHOWN = ("last_batches", "average_of_models", "stacked")
_LABELS = {"next_r2": "1 - MSE / variance of y", "next_roc_auc": "ROC AUC"}


def section_of_steps(rows: pd.DataFrame) -> Section | None:
    """Return the scores by batch as figures, and their means as tables."""
    summary = summarise_steps(rows)
    if summary.empty:
        return None
    heading = "Batches in the order of time"
    note = what_it_rests_on(summary)
    tables = [
        Table(f"{heading}: score", *_wide(summary, "score"), f"{_SCORE} {note}"),
        Table(
            f"{heading}: ahead of all_real",
            *_wide(summary[summary["method"] != "all_real"], "difference"),
            f"{_DIFFERENCE} {note}",
        ),
    ]
    return Section(heading, _figures(rows), tables)


def _wide(summary: pd.DataFrame, value: str) -> tuple[list[str], list[list[Entry]]]:
    """Return a line for each method and a column for each stream."""
    streams = [name for name in summary["table"].unique() if name != MEAN]
    shown = [*streams, MEAN]
    head = ["method", *(["estimator"] if summary["estimator"].nunique() > 1 else []), *shown]
    lines = []
    labelled = summary.assign(label=label_steps(summary))
    for (estimator, label), mine in labelled.groupby(["estimator", "label"], sort=False):
        by_stream = {row["table"]: row for row in mine.to_dict("records")}
        known = {"method": Entry(label), "estimator": value_entry(estimator)}
        first = [known[name] for name in head if name in known]
        most = summary.loc[summary["estimator"] == estimator, "n_streams"].max()
        lines.append([*first, *(_entry(by_stream.get(name), value, most) for name in shown)])
    return head, lines


def _entry(row: dict | None, value: str, most: int) -> Entry:
    """Return a mean; one over fewer streams than `most` says so, and one stream has no mean."""
    if row is None:
        return Entry("")
    if row[value] != row[value]:
        return Entry("failed" if row["n_failed"] else "-")
    if row["table"] == MEAN and most == 1:
        return Entry("-")
    t = f" ({row['t']:+.1f})" if value == "difference" and row["t"] == row["t"] else ""
    text = f"{row[value]:.3f}" if value == "score" else f"{row[value]:+.3f}{t}"
    if row["table"] == MEAN and row["n_streams"] < most:
        text += f", {row['n_streams']} of {most} streams"
    return Entry(text, float(row[value]))


def format_steps(summary: pd.DataFrame) -> str:
    """Return the summary as Markdown: the scores, then the differences to all_real."""
    parts = []
    for heading, value, note, shown in (
        ("Score on the next batch", "score", _SCORE, summary),
        ("Ahead of all_real", "difference", _DIFFERENCE, summary[summary["method"] != "all_real"]),
    ):
        head, lines = _wide(shown, value)
        texts = [head, ["---"] * len(head), *([entry.text for entry in line] for line in lines)]
        table = "\n".join(f"| {' | '.join(line)} |" for line in texts)
        parts.append(f"## {heading}\n\n{note}\n\n{table}\n")
    return "\n".join([*parts, what_it_rests_on(summary)])


def _figures(rows: pd.DataFrame) -> list[LineFigure]:
    rows = rows[rows["method"] != "load_table"]
    figures = []
    for (table, _, estimator), stream in rows.groupby(
        ["table", "table_hash", "estimator"], sort=False
    ):
        lines = _lines(stream)
        if not lines:
            continue
        lowest = _lowest(lines)
        lines = {name: line for name, line in lines.items() if np.median(line.mean) > lowest}
        own = next((name for name in lines if name.startswith("lam=")), None)
        first = stream.iloc[0]
        metric = stream.loc[stream["metric"].isin(_LABELS), "metric"].iloc[0]
        figures.append(
            LineFigure(
                heading=f"{table}, {estimator}",
                caption="Score on each batch by the fit of the one before, "
                f"mean of the last {_RUNNING} batches: {first['test_size']:,} rows in "
                f"{first['n_batches'] - 1} batches of one stream. Lines far below are left out.",
                x_label="batch",
                y_label=_LABELS[metric],
                lines=lines,
                bold=own,
                lowest=lowest,
            )
        )
    return figures


def _lines(stream: pd.DataFrame) -> dict[str, Line]:
    """Return the references, RecursiveMix and a few others, by batch."""
    found: dict[str, Line] = {}
    for name, scores in steps_by_method(stream).items():
        known = scores.dropna()
        label = f"lam={name[5]}" if name[5] else name[1]
        if name[5] and name[4]:
            label += f" {name[4]}:1"
        if len(known) > 1 and (name[5] or name[1] in ("real_only", "all_real", *_SHOWN)):
            # Single batches jump up and down, for all methods alike.
            running = known.rolling(_RUNNING, min_periods=1).mean().to_numpy()
            x = known.index.to_numpy() + 2
            found.setdefault(label, Line(x, running, np.zeros(len(known))))
    own = [label for label in found if label.startswith("lam=")]
    order = ["real_only", "all_real", *own[:2], *_SHOWN]
    return {label: found[label] for label in order if label in found}


def _lowest(lines: dict[str, Line]) -> float:
    """Return where to cut the axis: below what nearly all scores of most methods reach."""
    low = sorted(float(np.quantile(line.mean, 0.05)) for line in lines.values())
    middle = low[len(low) // 2]
    high = max(float(line.mean.max()) for line in lines.values())
    smallest = min(float(line.mean.min()) for line in lines.values())
    return max(smallest, middle - 0.5 * (high - middle)) - 0.03 * (high - middle)
