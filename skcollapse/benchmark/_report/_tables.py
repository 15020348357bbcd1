"""The tables of a report: columns with a heading, a value to sort by and a text to show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from skcollapse.benchmark._results import (
    MEASURES,
    SETTING,
    average_over_tables,
    gaps_by_table,
    summarise_measures,
)
from skcollapse.benchmark._streams import METRIC_LABELS

from ._comparisons import Group, Setting, several

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Entry", "Table", "error_table", "learning_tables", "measure_table"]


class Entry(NamedTuple):
    """One cell: what is shown, and the number to sort by (None sorts by the text)."""

    text: str
    value: float | None = None


class Table(NamedTuple):
    """A table of a report."""

    heading: str
    columns: list[str]
    rows: list[list[Entry]]
    note: str = ""


_NAMES = {
    "n_real": "rows a batch",
    "n_synthetic": "m / n",
    "gap_recovered": "gap recovered",
    "gap_capped": "gap, capped at 1",
    "effective_sample_size": "ESS",
    "worst_table": "worst table",
    "n_below_half": "tables below 0.5",
    "n_tables": "tables",
    "n_failed": "failed",
    "n_seeds": "seeds",
}
_STREAM = ("estimator", "n_real")
_WAYS = ("synthesizer", "workflow", "labels", "n_synthetic")


def learning_tables(groups: list[Group]) -> list[Table]:
    """Return the means over tables (where there are several) and every setting of each table."""
    import pandas as pd

    gaps = []
    for group in groups:
        found = gaps_by_table(group.rows)
        if len(found):
            gaps.append(found.assign(metric=METRIC_LABELS[group.metric], target=group.key[2]))
    if not gaps:
        return []
    every = pd.concat(gaps, ignore_index=True)
    if "workflow" in every:
        # Groups of the other suites have no such column.
        own = every["method"] == "recursive_mix"
        every["workflow"] = every["workflow"].fillna(own.map({True: "fresh", False: ""}))
    tables = []
    if every["table"].nunique() > 1:
        tables.append(_means(average_over_tables(every)))
    return [*tables, _settings(every)]


def _means(summary: pd.DataFrame) -> Table:
    columns = [*_varied(summary, _STREAM), "method", *_varied(summary, _WAYS), "lam"]
    numbers = ["gap_capped", "gap_recovered", "worst"]
    counts = ["worst_table", "n_below_half", "n_tables", "n_failed", "seconds"]
    rows = [
        [
            *(_plain(row[name]) for name in columns),
            _number(row["gap_capped"], row["gap_capped_se"]),
            _number(row["gap_recovered"], row["gap_se"]),
            _number(row["worst"]),
            *(_plain(row[name]) for name in counts),
        ]
        for row in summary.to_dict("records")
    ]
    note = (
        "Gap recovered is 0 for a model of the newest batch and 1 for a model of every row ever "
        "seen; ± is one standard error over the seeds. Tables where more rows did not help by "
        "more than two standard errors do not count."
    )
    heading = "Means over tables"
    return Table(heading, [_heading(name) for name in (*columns, *numbers, *counts)], rows, note)


def _settings(gaps: pd.DataFrame) -> Table:
    columns = ["table", *_varied(gaps, _STREAM), "method", *_varied(gaps, _WAYS), "lam"]
    if gaps["metric"].nunique() > 1:
        columns.append("metric")
    rows = [
        [
            *(_plain(row[name]) for name in columns),
            _number(row["score"], row["score_se"], digits=4),
            _gap(row),
            _number(row["effective_sample_size"], digits=0),
            _plain(row["seconds"]),
            _plain(row["n_seeds"]),
            _plain(row["n_failed"]),
        ]
        for row in gaps.to_dict("records")
    ]
    score = "score" if gaps["metric"].nunique() > 1 else gaps["metric"].iloc[0]
    names = ["gap_recovered", "effective_sample_size", "seconds", "n_seeds", "n_failed"]
    note = "Scores of the last generation. In brackets: 95 percent limits of the gap."
    heads = [*(_heading(name) for name in columns), score, *(_heading(name) for name in names)]
    return Table("Every setting", heads, rows, note)


def measure_table(heading: str, rows: pd.DataFrame) -> Table | None:
    """Return a line for each setting of the fidelity or speed suite, a column for each metric."""
    summary = summarise_measures(rows)
    if summary.empty:
        return None
    metrics = [name for name in MEASURES if name in set(summary["metric"])]
    columns = ["table", *_varied(summary, SETTING[1:])]
    lines = []
    for _, setting in summary.groupby(SETTING, sort=False):
        by_metric = {row["metric"]: row for row in setting.to_dict("records")}
        first = setting.iloc[0]
        lines.append(
            [
                *(_plain(first[name]) for name in columns),
                *(_measure(by_metric.get(name)) for name in metrics),
                _plain(first["n_seeds"]),
            ]
        )
    heads = [*(_heading(name) for name in columns), *(MEASURES[name][0] for name in metrics)]
    return Table(heading, [*heads, "seeds"], lines, "At the last generation; ± standard error.")


def error_table(rows: pd.DataFrame) -> Table | None:
    """Return the cells that failed."""
    failed = rows[rows["error"] != ""]
    if failed.empty:
        return None
    columns = ["suite", "table", "estimator", "n_real", *Setting._fields, "seed", "error"]
    kept = [name for name in columns if (failed[name].astype(str) != "").any()]
    lines = [[_plain(row[name]) for name in kept] for row in failed.to_dict("records")]
    note = f"{several(len(failed), 'cell')} failed. They are run again by the same command."
    return Table("What failed", [_heading(name) for name in kept], lines, note)


def _varied(frame: pd.DataFrame, names: Any) -> list[str]:
    """Name the columns in which something differs between lines of the same method."""
    there = [name for name in names if name in frame]
    return [name for name in there if frame.loc[frame[name].astype(str) != "", name].nunique() > 1]


def _heading(name: str) -> str:
    return _NAMES.get(name, name.replace("_", " "))


def _plain(value: Any) -> Entry:
    if isinstance(value, str):
        return Entry(value, _as_number(value))
    if value != value:
        return Entry("-", None)
    text = f"{value:,}" if float(value).is_integer() else f"{value:,.3g}"
    return Entry(text, float(value))


def _as_number(text: str) -> float | None:
    try:
        return float(text.split()[0]) if text else None
    except ValueError:
        return None


def _number(value: float, error: float = float("nan"), digits: int = 2) -> Entry:
    if value != value:
        return Entry("-", None)
    text = f"{value:,.{digits}f}" + (f" ± {error:.{digits}f}" if error == error else "")
    return Entry(text, float(value))


def _gap(row: dict[str, Any]) -> Entry:
    if row["gap_recovered"] != row["gap_recovered"] or not row["has_gap"]:
        return Entry("failed" if row["n_failed"] and not row["n_seeds"] else "no gap", None)
    entry = _number(row["gap_recovered"])
    if row["gap_low"] != row["gap_low"] or row["method"] in ("real_only", "all_real"):
        return entry
    return Entry(f"{entry.text} [{row['gap_low']:.2f}, {row['gap_high']:.2f}]", entry.value)


def _measure(row: dict[str, Any] | None) -> Entry:
    if row is None:
        return Entry("", None)
    if not row["n_seeds"]:
        return Entry("failed", None)
    error = f" ± {row['score_se']:.2g}" if row["score_se"] == row["score_se"] else ""
    return Entry(f"{row['score']:.3g}{error}", float(row["score"]))
