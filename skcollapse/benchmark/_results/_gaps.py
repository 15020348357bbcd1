"""The gap recovered by table, and its mean over tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from skcollapse.benchmark._entrants import REFERENCES
from skcollapse.benchmark._results._summary import summarise

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["average_over_tables", "gaps_by_table", "labels_of"]

_BENCHMARK = ["table", "estimator", "n_real"]
_RECIPE = ["synthesizer", "labels", "n_synthetic"]
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
    names = _recipe_columns(rows)
    found = []
    for key, benchmark in rows.groupby(_BENCHMARK, sort=False):
        unmixed = benchmark["synthesizer"] == ""
        references = benchmark[benchmark["method"].isin(REFERENCES)]
        for recipe, mixed in benchmark.groupby(names, sort=False):
            if recipe[0]:
                summary = summarise(pd.concat([references, mixed]))
                summary = summary[summary["method"] == "recursive_mix"]
            else:
                summary = summarise(benchmark[unmixed])
            constant = dict(zip([*_BENCHMARK, *names], [*key, *recipe], strict=True))
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


def _recipe_columns(frame: pd.DataFrame) -> list[str]:
    """Name the columns of the recipes of synthetic rows; one workflow needs no column."""
    many = "workflow" in frame.columns and not set(frame["workflow"]) <= {"", "fresh"}
    return ["synthesizer", *(["workflow"] if many else []), *_RECIPE[1:]]


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
    names = ["estimator", "n_real", "method", *_recipe_columns(gaps), "lam"]
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


def labels_of(frame: pd.DataFrame) -> list[str]:
    """Name the methods by the settings in which they differ."""
    own = frame[frame["method"] == "recursive_mix"]
    varied = [name for name in _recipe_columns(frame) if own[name].nunique() > 1]
    suffixes = {"synthesizer": "{}", "workflow": "{}", "labels": "{}", "n_synthetic": "m = {} n"}
    labels = []
    for row in frame.to_dict("records"):
        varying = [suffixes[name].format(row[name]) for name in varied if row["lam"]]
        labels.append(", ".join([f"lam={row['lam']}" if row["lam"] else row["method"], *varying]))
    return labels
