"""Results as text: a table for the terminal, and Markdown for a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from skcollapse.benchmark._entrants import REFERENCES
from skcollapse.benchmark._results._gaps import labels_of
from skcollapse.benchmark._results._metric_summary import SETTING, metric_label, ordered_metrics
from skcollapse.benchmark._results._result import BenchmarkResult, SuiteResult
from skcollapse.benchmark._results._step_tables import format_steps
from skcollapse.benchmark._streams import METRIC_LABELS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["format_suite", "format_summary"]


def format_summary(result: BenchmarkResult) -> str:
    """Return the summary as text for a terminal.

    Parameters
    ----------
    result : BenchmarkResult
        What :func:`run_benchmark` returned.

    Returns
    -------
    text : str
        The title and a line for each method; drawn by rich where it is installed.

    Examples
    --------
    >>> from skcollapse.benchmark import format_summary, run_benchmark  # needs pandas
    >>> result = run_benchmark("wine", estimator="logistic", n_batches=3, n_seeds=1)
    >>> "lam=optimal" in format_summary(result)
    True
    """
    metric = METRIC_LABELS[result.rows["metric"].iloc[0]]
    header = ["method", metric, "s.e.", "gap recovered", "s.e.", "capped", "ESS", "seconds"]
    cells = [_formatted(row) for row in result.summary.to_dict("records")]
    if result.summary["n_failed"].any():
        header.append("failed")
        cells = [
            [*line, str(count)]
            for line, count in zip(cells, result.summary["n_failed"], strict=True)
        ]
    try:
        return _rich_table(result.title, header, cells)
    except ImportError:
        import pandas as pd

        return f"{result.title}\n" + pd.DataFrame(cells, columns=header).to_string(index=False)


def _formatted(row: dict) -> list[str]:
    reference = row["method"] in REFERENCES
    return [
        f"lam={row['lam']}" if row["lam"] else row["method"],
        _number(row["score"], 4),
        _number(row["score_se"], 4),
        _number(row["gap_recovered"]),
        "" if reference else _number(row["gap_se"]),
        "" if reference else _number(row["gap_capped"]),
        _number(row["effective_sample_size"], 0),
        _number(row["seconds"]),
    ]


def _rich_table(title: str, header: list[str], cells: list[list[str]]) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for number, name in enumerate(header):
        table.add_column(name, justify="right" if number else "left", no_wrap=True)
    for line in cells:
        table.add_row(*line)
    console = Console(width=100, color_system=None)
    with console.capture() as capture:
        console.print(table)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def format_suite(result: SuiteResult) -> str:
    """Return a suite's summary as Markdown.

    Parameters
    ----------
    result : SuiteResult
        What :func:`run_suite` returned.

    Returns
    -------
    text : str
        A section for each estimator and batch size: the means over tables first, then the scores
        of the references and the gap of each table with its limits. "no gap" stands where
        all_real is not ahead of real_only by more than two standard errors. For "fidelity" and
        "speed" a section for each table, with a line for each setting. For "streams" the mean
        scores on the next batch, their differences to all_real, and what they rest on.

    Examples
    --------
    >>> import pandas as pd
    >>> from skcollapse.benchmark import SuiteResult, format_suite
    >>> nothing = pd.DataFrame()
    >>> format_suite(SuiteResult(None, nothing, nothing, nothing))
    'No benchmark was run.'
    """
    if not result.gaps.empty:
        return _format_gaps(result.gaps, result.summary)
    if "n_steps" in result.summary:
        return format_steps(result.summary)
    return _format_metrics(result.summary) or "No benchmark was run."


def _format_gaps(gaps: pd.DataFrame, summary: pd.DataFrame) -> str:
    """Return gaps and their means as Markdown, a section for each estimator and batch size."""
    sections = []
    for (estimator, n_real), mine in gaps.groupby(["estimator", "n_real"], sort=False):
        head = f"## {estimator}, batches of {n_real:g} rows"
        here = (summary["estimator"] == estimator) & (summary["n_real"] == n_real)
        means, tables = _mean_lines(summary[here]), _table_lines(mine)
        sections.append("\n".join([head, "", *means, "", *tables, ""]))
    return "\n".join(sections)


def _mean_lines(summary: pd.DataFrame) -> list[str]:
    head = ("method", "capped mean", "mean", "worst", "below 0.5", "tables", "failed", "seconds")
    lines = [
        (
            label,
            _with_error(row["gap_capped"], row["gap_capped_se"]),
            _with_error(row["gap_recovered"], row["gap_se"]),
            f"{_number(row['worst'])} {row['worst_table']}",
            str(row["n_below_half"]),
            str(row["n_tables"]),
            str(row["n_failed"]),
            _number(row["seconds"]),
        )
        for label, row in zip(labels_of(summary), summary.to_dict("records"), strict=True)
    ]
    return _markdown(head, lines)


def _table_lines(gaps: pd.DataFrame) -> list[str]:
    """Return a line for each table: the scores of the references, then the gaps."""
    gaps = gaps.assign(label=labels_of(gaps))
    methods = gaps.loc[~gaps["method"].isin(REFERENCES), "label"].unique().tolist()
    lines = []
    for table, mine in gaps.groupby("table", sort=False):
        by_label = {row["label"]: row for row in mine.to_dict("records")}
        scores = [_number(by_label[name]["score"], 3) for name in REFERENCES]
        lines.append((table, *scores, *(_with_limits(by_label.get(name)) for name in methods)))
    return _markdown(("table", *REFERENCES, *methods), lines)


def _with_limits(row: dict | None) -> str:
    if row is None:
        return ""
    if row["gap_recovered"] != row["gap_recovered"] and row["n_failed"]:
        return "failed"
    if not row["has_gap"]:
        return "no gap"
    limits = f" [{_number(row['gap_low'])}, {_number(row['gap_high'])}]"
    return _number(row["gap_recovered"]) + (limits if row["gap_low"] == row["gap_low"] else "")


def _with_error(value: float, error: float) -> str:
    return _number(value) + (f" ± {_number(error)}" if error == error else "")


def _markdown(head: Sequence[str], lines: Sequence[Sequence[str]]) -> list[str]:
    rule = ["---"] * len(head)
    return [f"| {' | '.join(line)} |" for line in (head, rule, *lines)]


def _format_metrics(summary: pd.DataFrame) -> str:
    """Return the summary as Markdown: a section for each table, a column for each metric."""
    if summary.empty:
        return ""
    sections = []
    for table, mine in summary.groupby("table", sort=False):
        metrics = ordered_metrics(mine["metric"])
        varied = [name for name in SETTING[1:] if mine[name].nunique() > 1]
        head = [*varied, *map(metric_label, metrics)]
        lines = []
        for key, setting in mine.groupby(varied or ["table"], sort=False):
            by_metric = setting.set_index("metric")
            lines.append(
                [*map(str, key if varied else ()), *(_value(by_metric, name) for name in metrics)]
            )
        sections.append("\n".join([f"## {table}", "", *_markdown(head, lines), ""]))
    return "\n".join(sections)


def _value(by_metric: pd.DataFrame, name: str) -> str:
    if name not in by_metric.index:
        return ""
    row = by_metric.loc[name]
    if not row["n_seeds"]:
        return "failed"
    error = f" ± {row['score_se']:.2g}" if row["score_se"] == row["score_se"] else ""
    return f"{row['score']:.3g}{error}"


def _number(value: float, digits: int = 2) -> str:
    """Return a number with so many digits, and "-" for NaN."""
    return format(value, f".{digits}f") if value == value else "-"
