"""From the rows of a suite to the gap recovered by table and its mean over tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from skcollapse.benchmark._entrants import REFERENCES

from ._summary import summarise

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["average_over_tables", "format_gaps", "gaps_by_table", "labels_of"]

_BENCHMARK = ["table", "estimator", "n_real"]
_MADE = ["synthesizer", "labels", "n_synthetic"]
_LEVEL = 0.95


def gaps_by_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Summarise every benchmark of a suite.

    Parameters
    ----------
    rows : DataFrame
        Rows of a suite. The gaps of RecursiveMix refer to the references of the same table,
        estimator and batch size, which stand in rows of their own.

    Returns
    -------
    gaps : DataFrame
        table, estimator, n_real, task, synthesizer, labels, n_synthetic and the columns of
        :func:`summarise`, with the confidence limits gap_low and gap_high (95 percent) and
        has_gap: whether all_real is ahead of real_only by more than two standard errors.

    Notes
    -----
    The gap is a ratio of mean differences over S seeds. Its limits are gap -+ t se, with the
    standard error of :func:`summarise` (delta method) and t the 0.975 quantile of Student's t
    with S - 1 degrees of freedom. They hold the table fixed and take the streams cut from it as
    the sample.
    """
    import pandas as pd

    rows = rows[rows["method"] != "load_table"]
    names = _made(rows)
    found = []
    for key, benchmark in rows.groupby(_BENCHMARK, sort=False):
        alone = benchmark["synthesizer"] == ""
        references = benchmark[benchmark["method"].isin(REFERENCES)]
        for made, part in benchmark.groupby(names, sort=False):
            if made[0]:
                summary = summarise(pd.concat([references, part]))
                summary = summary[summary["method"] == "recursive_mix"]
            else:
                summary = summarise(benchmark[alone])
            constant = dict(zip([*_BENCHMARK, *names], [*key, *made], strict=True))
            constant |= {"task": benchmark["task"].iloc[0], "has_gap": _has_gap(references)}
            found.append(summary.assign(**constant))
    if not found:
        return pd.DataFrame()
    gaps = pd.concat(found, ignore_index=True)
    seeds = gaps["n_seeds"].to_numpy()
    half = stats.t.ppf((1 + _LEVEL) / 2, np.where(seeds > 1, seeds - 1, np.nan)) * gaps["gap_se"]
    gaps["gap_low"], gaps["gap_high"] = gaps["gap_recovered"] - half, gaps["gap_recovered"] + half
    first = [*_BENCHMARK, "task", "method", *names, "lam"]
    return gaps[[*first, *(name for name in gaps.columns if name not in first)]]


def _made(frame: pd.DataFrame) -> list[str]:
    """Name the columns that say how synthetic rows are made; one workflow needs no column."""
    many = "workflow" in frame.columns and not set(frame["workflow"]) <= {"", "fresh"}
    return ["synthesizer", *(["workflow"] if many else []), *_MADE[1:]]


def _has_gap(references: pd.DataFrame) -> bool:
    last = references[references["generation"] == references["generation"].max()]
    scores = last.pivot(index="seed", columns="method", values="score").reindex(columns=REFERENCES)
    lead = (scores["all_real"] - scores["real_only"]).dropna()
    error = lead.std() / np.sqrt(len(lead)) if len(lead) > 1 else 0.0
    return bool(lead.mean() > 2 * error)


def average_over_tables(gaps: pd.DataFrame) -> pd.DataFrame:
    """Average the gap recovered over tables.

    Parameters
    ----------
    gaps : DataFrame
        As :func:`gaps_by_table` returns them.

    Returns
    -------
    summary : DataFrame
        For each estimator, batch size and method but the references: n_tables that count (those
        with has_gap; elsewhere the gap is a ratio to noise), n_failed cells, gap_capped (mean
        with each table's gap capped at 1), gap_recovered (mean uncapped), their standard errors,
        worst and worst_table (smallest gap), n_below_half (tables with a gap under 0.5) and
        seconds (mean time of all fits of one stream).

    Notes
    -----
    The tables are a fixed list, so the standard error counts the seeds only:
    ``sqrt(sum(se ** 2)) / n_tables``. A capped table adds nothing to that of the capped mean.
    """
    import pandas as pd

    if gaps.empty:
        return gaps
    methods = gaps[~gaps["method"].isin(REFERENCES)]
    names = ["estimator", "n_real", "method", *_made(gaps), "lam"]
    found = []
    for key, tables in methods.groupby(names, sort=False):
        known = tables[tables["gap_recovered"].notna() & tables["has_gap"]]
        uncapped = known["gap_recovered"] < 1
        worst = known.loc[known["gap_recovered"].idxmin()] if len(known) else {}
        found.append(
            {
                **dict(zip(names, key, strict=True)),
                "n_tables": len(known),
                "n_failed": int(tables["n_failed"].sum()),
                "gap_capped": known["gap_capped"].mean(),
                "gap_capped_se": _error_of_mean(known["gap_se"] * uncapped),
                "gap_recovered": known["gap_recovered"].mean(),
                "gap_se": _error_of_mean(known["gap_se"]),
                "worst": worst.get("gap_recovered", np.nan),
                "worst_table": worst.get("table", ""),
                "n_below_half": int((known["gap_recovered"] < 0.5).sum()),
                "seconds": tables["seconds"].mean(),
            }
        )
    return pd.DataFrame(found)


def _error_of_mean(errors: pd.Series) -> float:
    return float(np.sqrt((errors**2).sum(skipna=False)) / len(errors)) if len(errors) else np.nan


def format_gaps(gaps: pd.DataFrame, summary: pd.DataFrame) -> str:
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


def labels_of(frame: pd.DataFrame) -> list[str]:
    """Name the methods; what all of them have in common is left out."""
    own = frame[frame["method"] == "recursive_mix"]
    varied = [name for name in _made(frame) if own[name].nunique() > 1]
    suffixes = {"synthesizer": "{}", "workflow": "{}", "labels": "{}", "n_synthetic": "m = {} n"}
    labels = []
    for row in frame.to_dict("records"):
        parts = [suffixes[name].format(row[name]) for name in varied if row["lam"]]
        labels.append(", ".join([f"lam={row['lam']}" if row["lam"] else row["method"], *parts]))
    return labels


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


def _number(value: float, digits: int = 2) -> str:
    return format(value, f".{digits}f") if value == value else "-"


def _markdown(head: tuple[str, ...], lines: list[tuple[str, ...]]) -> list[str]:
    rule = ["---"] * len(head)
    return [f"| {' | '.join(line)} |" for line in (head, rule, *lines)]
