"""The mean of each metric, for suites that measure other things than the gap recovered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SETTING", "metric_label", "ordered_metrics", "summarise_metrics"]

SETTING = [
    *("table", "table_hash", "n_real", "n_batches"),
    *("method", "synthesizer", "estimator", "labels", "n_synthetic", "lam"),
]
_LABELS = {
    "c2st_auc": "real against drawn, AUC",
    "energy_distance": "energy distance",
    "total_variation": "total variation of a column",
    "tstr": "trained on drawn rows, score",
    "fit_seconds": "fit, seconds",
    "sample_seconds": "draw, seconds",
    "generation_seconds": "generation, seconds",
    "fit_peak_megabytes": "fit, peak MB",
    "sample_peak_megabytes": "draw, peak MB",
    "generation_peak_megabytes": "generation, peak MB",
}


def summarise_metrics(rows: pd.DataFrame) -> pd.DataFrame:
    """Average each metric over seeds, at the last generation.

    Parameters
    ----------
    rows : DataFrame
        Rows of suites such as "fidelity" or "speed".

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


def metric_label(name: str) -> str:
    """Return what a metric is called; one that has no label here is called by its name."""
    return _LABELS.get(name, name.replace("_", " "))


def ordered_metrics(names: Iterable[str]) -> list[str]:
    """Return metrics once each, those that have labels first and in the order of the labels."""
    found = dict.fromkeys(names)
    known = [name for name in _LABELS if name in found]
    return [*known, *(name for name in found if name not in _LABELS)]
