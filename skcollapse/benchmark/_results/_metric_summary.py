"""Summaries of suites that measure other things than the gap: fidelity and speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MEASURES", "SETTING", "format_measures", "summarise_measures"]

SETTING = [
    *("table", "table_hash", "n_real", "n_batches"),
    *("method", "synthesizer", "estimator", "labels", "n_synthetic", "lam"),
]
# What a metric is called, and whether less of it is better.
MEASURES = {
    "c2st_auc": ("real against drawn, AUC", True),
    "energy_distance": ("energy distance", True),
    "total_variation": ("total variation of a column", True),
    "tstr": ("trained on drawn rows, score", False),
    "fit_seconds": ("fit, seconds", True),
    "sample_seconds": ("draw, seconds", True),
    "generation_seconds": ("generation, seconds", True),
    "fit_peak_megabytes": ("fit, peak MB", True),
    "sample_peak_megabytes": ("draw, peak MB", True),
    "generation_peak_megabytes": ("generation, peak MB", True),
}


def summarise_measures(rows: pd.DataFrame) -> pd.DataFrame:
    """Average each metric over seeds, at the last generation.

    Parameters
    ----------
    rows : DataFrame
        Rows of the suites "fidelity" or "speed".

    Returns
    -------
    summary : DataFrame
        table, table_hash, n_real, n_batches, method, synthesizer, estimator, labels, n_synthetic,
        lam, metric, generation, n_seeds, n_failed, score, score_se and seconds.
    """
    import pandas as pd

    rows = rows[rows["method"] != "load_table"]
    found = []
    for key, mine in rows.groupby([*SETTING, "metric"], sort=False):
        good = mine[mine["error"] == ""]
        # The speed suite has no batches, and its only generation is 0.
        generation = max(0, int(mine["n_batches"].iloc[0]) - 1)
        last = good[good["generation"] == generation]
        deviation = last["score"].std() if len(last) > 1 else np.nan
        found.append(
            {
                **dict(zip([*SETTING, "metric"], key, strict=True)),
                "generation": generation,
                "n_seeds": len(last),
                "n_failed": int((mine["error"] != "").sum()),
                "score": last["score"].mean(),
                "score_se": deviation / np.sqrt(len(last)) if len(last) else np.nan,
                "seconds": good["seconds"].sum() / max(1, good["seed"].nunique()),
            }
        )
    return pd.DataFrame(found)


def format_measures(summary: pd.DataFrame) -> str:
    """Return the summary as Markdown: a section for each table, a column for each metric."""
    if summary.empty:
        return ""
    sections = []
    for table, mine in summary.groupby("table", sort=False):
        metrics = [name for name in MEASURES if name in set(mine["metric"])]
        varied = [name for name in SETTING[1:] if mine[name].nunique() > 1]
        head = [*varied, *(MEASURES[name][0] for name in metrics)]
        lines = [head, ["---"] * len(head)]
        for key, setting in mine.groupby(varied or ["table"], sort=False):
            by_metric = setting.set_index("metric")
            lines.append(
                [*map(str, key if varied else ()), *(_value(by_metric, name) for name in metrics)]
            )
        sections.append("\n".join([f"## {table}", "", *map(_line, lines), ""]))
    return "\n".join(sections)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _value(by_metric: pd.DataFrame, name: str) -> str:
    if name not in by_metric.index:
        return ""
    row = by_metric.loc[name]
    if not row["n_seeds"]:
        return "failed"
    error = f" ± {row['score_se']:.2g}" if row["score_se"] == row["score_se"] else ""
    return f"{row['score']:.3g}{error}"
