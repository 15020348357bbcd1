"""The tables of a report: means over tables, every setting, and what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skcollapse.benchmark._report._comparisons import Comparison, Setting, count_noun
from skcollapse.benchmark._results import (
    Entry,
    Table,
    average_over_tables,
    column_heading,
    gaps_by_table,
    number_entry,
    value_entry,
    varied_columns,
)
from skcollapse.benchmark._streams import METRIC_LABELS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["comparison_tables", "error_table"]

_STREAM = ("estimator", "n_real")
_RECIPE = ("synthesizer", "workflow", "labels", "n_synthetic")


def comparison_tables(comparisons: list[Comparison]) -> list[Table]:
    """Return the means over tables (where there are several) and every setting of each table."""
    import pandas as pd

    gaps = []
    for comparison in comparisons:
        found = gaps_by_table(comparison.rows)
        if len(found):
            metric = METRIC_LABELS[comparison.metric]
            gaps.append(found.assign(metric=metric, target=comparison.key[2]))
    if not gaps:
        return []
    every = pd.concat(gaps, ignore_index=True)
    if "workflow" in every:
        # Comparisons of the other suites have no such column.
        own = every["method"] == "recursive_mix"
        every["workflow"] = every["workflow"].fillna(own.map({True: "fresh", False: ""}))
    tables = []
    if every["table"].nunique() > 1:
        tables.append(_means(average_over_tables(every)))
    return [*tables, _settings(every)]


def _means(summary: pd.DataFrame) -> Table:
    columns = [
        *varied_columns(summary, _STREAM),
        "method",
        *varied_columns(summary, _RECIPE),
        "lam",
    ]
    numbers = ["gap_capped", "gap_recovered", "worst"]
    counts = ["worst_table", "n_below_half", "n_tables", "n_failed", "seconds"]
    rows = [
        [
            *(value_entry(row[name]) for name in columns),
            number_entry(row["gap_capped"], row["gap_capped_se"]),
            number_entry(row["gap_recovered"], row["gap_se"]),
            number_entry(row["worst"]),
            *(value_entry(row[name]) for name in counts),
        ]
        for row in summary.to_dict("records")
    ]
    note = (
        "Gap recovered is 0 for a model of the newest batch and 1 for a model of every row ever "
        "seen; ± is one standard error over the seeds. Tables where more rows did not help by "
        "more than two standard errors do not count."
    )
    heads = [column_heading(name) for name in (*columns, *numbers, *counts)]
    return Table("Means over tables", heads, rows, note)


def _settings(gaps: pd.DataFrame) -> Table:
    stream, recipe = varied_columns(gaps, _STREAM), varied_columns(gaps, _RECIPE)
    columns = ["table", *stream, "method", *recipe, "lam"]
    if gaps["metric"].nunique() > 1:
        columns.append("metric")
    rows = [
        [
            *(value_entry(row[name]) for name in columns),
            number_entry(row["score"], row["score_se"], digits=4),
            _gap(row),
            number_entry(row["effective_sample_size"], digits=0),
            value_entry(row["seconds"]),
            value_entry(row["n_seeds"]),
            value_entry(row["n_failed"]),
        ]
        for row in gaps.to_dict("records")
    ]
    score = "score" if gaps["metric"].nunique() > 1 else gaps["metric"].iloc[0]
    names = ["gap_recovered", "effective_sample_size", "seconds", "n_seeds", "n_failed"]
    note = "Scores of the last generation. In brackets: 95 percent limits of the gap."
    heads = [*map(column_heading, columns), score, *map(column_heading, names)]
    return Table("Every setting", heads, rows, note)


def error_table(rows: pd.DataFrame) -> Table | None:
    """Return the cells that failed."""
    failed = rows[rows["error"] != ""]
    if failed.empty:
        return None
    columns = ["suite", "table", "estimator", "n_real", *Setting._fields, "seed", "error"]
    kept = [name for name in columns if (failed[name].astype(str) != "").any()]
    lines = [[value_entry(row[name]) for name in kept] for row in failed.to_dict("records")]
    note = f"{count_noun(len(failed), 'cell')} failed. They are run again by the same command."
    return Table("What failed", [column_heading(name) for name in kept], lines, note)


def _gap(row: dict[str, Any]) -> Entry:
    if row["gap_recovered"] != row["gap_recovered"] or not row["has_gap"]:
        return Entry("failed" if row["n_failed"] and not row["n_seeds"] else "no gap", None)
    entry = number_entry(row["gap_recovered"])
    if row["gap_low"] != row["gap_low"] or row["method"] in ("real_only", "all_real"):
        return entry
    return Entry(f"{entry.text} [{row['gap_low']:.2f}, {row['gap_high']:.2f}]", entry.value)
