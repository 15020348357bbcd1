"""Tables of a report: columns with a heading, a value to sort by and a text to show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from skcollapse.benchmark._results._metric_summary import (
    SETTING,
    metric_label,
    ordered_metrics,
    summarise_metrics,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Entry",
    "Table",
    "column_heading",
    "metric_table",
    "number_entry",
    "value_entry",
    "varied_columns",
]

_HEADINGS = {
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


def metric_table(heading: str, rows: pd.DataFrame) -> Table | None:
    """Return a line for each setting and a column for each metric; None if there are none."""
    summary = summarise_metrics(rows)
    if summary.empty:
        return None
    metrics = ordered_metrics(summary["metric"])
    columns = ["table", *varied_columns(summary, SETTING[1:])]
    lines = []
    for _, setting in summary.groupby(SETTING, sort=False):
        by_metric = {row["metric"]: row for row in setting.to_dict("records")}
        first = setting.iloc[0]
        lines.append(
            [
                *(value_entry(first[name]) for name in columns),
                *(_metric_entry(by_metric.get(name)) for name in metrics),
                value_entry(first["n_seeds"]),
            ]
        )
    heads = [*map(column_heading, columns), *map(metric_label, metrics)]
    return Table(heading, [*heads, "seeds"], lines, "At the last generation; ± standard error.")


def varied_columns(frame: pd.DataFrame, names: Any) -> list[str]:
    """Name the columns in which something differs between lines of the same method."""
    there = [name for name in names if name in frame]
    return [name for name in there if frame.loc[frame[name].astype(str) != "", name].nunique() > 1]


def column_heading(name: str) -> str:
    """Return the heading of a column."""
    return _HEADINGS.get(name, name.replace("_", " "))


def value_entry(value: Any) -> Entry:
    """Return the entry of a text or a number as it stands in a frame."""
    if isinstance(value, str):
        return Entry(value, _leading_number(value))
    if value != value:
        return Entry("-", None)
    text = f"{value:,}" if float(value).is_integer() else f"{value:,.3g}"
    return Entry(text, float(value))


def _leading_number(text: str) -> float | None:
    try:
        return float(text.split()[0]) if text else None
    except ValueError:
        return None


def number_entry(value: float, error: float = float("nan"), digits: int = 2) -> Entry:
    """Return the entry of a number with its standard error, if that is known."""
    if value != value:
        return Entry("-", None)
    text = f"{value:,.{digits}f}" + (f" ± {error:.{digits}f}" if error == error else "")
    return Entry(text, float(value))


def _metric_entry(row: dict[str, Any] | None) -> Entry:
    if row is None:
        return Entry("", None)
    if not row["n_seeds"]:
        return Entry("failed", None)
    error = f" ± {row['score_se']:.2g}" if row["score_se"] == row["score_se"] else ""
    return Entry(f"{row['score']:.3g}{error}", float(row["score"]))
