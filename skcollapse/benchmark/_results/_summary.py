"""The last generation of each method, over seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skcollapse.metrics import gap_recovered

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["summarise"]


def summarise(rows: pd.DataFrame) -> pd.DataFrame:
    """Summarise the last generation of each method over seeds.

    Parameters
    ----------
    rows : DataFrame of shape (n_rows, n_columns)
        Rows as in ``results.csv``. Seeds whose cell failed are left out and counted.

    Returns
    -------
    summary : DataFrame of shape (n_methods, 11)
        method, lam
            As in `rows`, references first.
        n_seeds, n_failed
            Seeds that went into the row, and seeds that failed.
        score, score_se
            Mean over seeds and its standard error (NaN with one seed).
        gap_recovered, gap_se, gap_capped
            :func:`skcollapse.metrics.gap_recovered` of the mean scores over the seeds that the
            method and both references have in common, its standard error, and its value
            capped at 1. NaN when all_real is no better than real_only.
        effective_sample_size
            Mean over seeds.
        seconds
            Mean time of all fits of one stream.

    Notes
    -----
    With means m, r and a of the method, real_only and all_real over the same S seeds, the gap
    g = (m - r) / (a - r) is a ratio of two noisy numbers. Its standard error is that of the
    mean of e_s = (m_s - r_s - g (a_s - r_s)) / (a - r), the linear part of g: differences between
    seeds that all methods share cancel.

    Examples
    --------
    >>> import pandas as pd
    >>> from skcollapse.benchmark import summarise
    >>> rows = pd.DataFrame(
    ...     {
    ...         "method": ["real_only", "all_real", "recursive_mix"],
    ...         "lam": ["", "", "optimal"],
    ...         "seed": 0,
    ...         "generation": 0,
    ...         "score": [0.5, 1.0, 0.75],
    ...         "seconds": 1.0,
    ...         "effective_sample_size": [100.0, 300.0, 300.0],
    ...         "error": "",
    ...     }
    ... )
    >>> summarise(rows)["gap_recovered"].tolist()
    [0.0, 1.0, 0.5]
    """
    import pandas as pd

    last = rows["generation"].max()
    failed = rows[rows["error"] != ""]
    final = rows[(rows["generation"] == last) & (rows["error"] == "")]
    scores = final.set_index("seed").groupby(["method", "lam"])["score"]
    by_method = dict(list(scores))
    seconds = rows.groupby(["method", "lam", "seed"])["seconds"].sum()
    summary = []
    for method, lam in rows[["method", "lam"]].drop_duplicates().itertuples(index=False):
        key = method, lam
        values = by_method.get(key, pd.Series(dtype=float))
        mine = final[(final["method"] == method) & (final["lam"] == lam)]
        gap, gap_se = _gap_of_means(values, by_method)
        summary.append(
            {
                "method": method,
                "lam": lam,
                "n_seeds": len(values),
                "n_failed": int(((failed["method"] == method) & (failed["lam"] == lam)).sum()),
                "score": values.mean(),
                "score_se": _standard_error(values),
                "gap_recovered": gap,
                "gap_se": gap_se,
                "gap_capped": min(gap, 1.0) if gap == gap else gap,
                "effective_sample_size": mine["effective_sample_size"].mean(),
                "seconds": seconds[method, lam].reindex(values.index).mean(),
            }
        )
    return pd.DataFrame(summary)


def _standard_error(values: pd.Series) -> float:
    return float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else np.nan


def _gap_of_means(
    values: pd.Series, by_method: dict[tuple[str, str], pd.Series]
) -> tuple[float, float]:
    import pandas as pd

    references = [by_method.get((name, "")) for name in ("real_only", "all_real")]
    if any(reference is None for reference in references):
        return np.nan, np.nan
    paired = pd.concat([values, *references], axis=1, join="inner", keys=["m", "r", "a"])
    if paired.empty:
        return np.nan, np.nan
    mean = paired.mean()
    gap = float(gap_recovered(mean["m"], mean["r"], mean["a"]))
    linear = paired["m"] - paired["r"] - gap * (paired["a"] - paired["r"])
    return gap, _standard_error(linear / (mean["a"] - mean["r"])) if gap == gap else np.nan
