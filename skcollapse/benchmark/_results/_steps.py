"""Scores on the next batch: their mean over the steps of a stream, and over streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skcollapse.benchmark._entrants import ENTRANTS
from skcollapse.benchmark._results._gaps import labels_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "MEAN",
    "label_steps",
    "steps_by_method",
    "summarise_steps",
    "what_it_rests_on",
]

# What stands for a stream in the lines that average over streams.
MEAN = "mean over streams"
_METHOD = ["estimator", "method", "synthesizer", "labels", "n_synthetic", "lam"]
_STREAM = ["table", "table_hash", "estimator"]
_OTHER = "all_real"


def steps_by_method(rows: pd.DataFrame) -> dict[tuple, pd.Series]:
    """Return the scores of each method by step, means over seeds; none if a seed failed."""
    import pandas as pd

    found = {}
    for key, mine in rows.groupby(_METHOD, sort=False):
        failed = (mine["error"] != "").any()
        scores = mine.groupby("generation")["score"].mean()
        found[key] = pd.Series(dtype=float) if failed else scores
    return found


def summarise_steps(rows: pd.DataFrame) -> pd.DataFrame:
    """Average the scores on the next batch over the steps of each stream, then over streams.

    Parameters
    ----------
    rows : DataFrame
        Rows of the suite "streams".

    Returns
    -------
    summary : DataFrame
        One row for each stream, estimator and method, then one for the mean over streams: table,
        task, estimator, method, keeps, synthesizer, labels, n_synthetic, lam, n_streams,
        n_batches, n_rows (rows that were scored), n_steps, n_left_out (steps whose rows are all
        of one class), score, difference (to all_real), t, seconds and n_failed.

    Notes
    -----
    With d_s the difference to all_real in step s, or on stream s in a mean over streams, and n
    such differences, t is the mean of d divided by its standard error, the standard deviation of
    d over the square root of n. It is NaN for a single difference. Steps are neighbours in time,
    which the formula does not know.
    """
    import pandas as pd

    rows = rows[rows["method"] != "load_table"]
    found = []
    for key, stream in rows.groupby(_STREAM, sort=False):
        scores = steps_by_method(stream)
        other = next((mine for name, mine in scores.items() if name[1] == _OTHER), None)
        first = stream.iloc[0]
        shared = {"table": key[0], "task": first["task"], "n_streams": 1}
        shared |= {"n_batches": first["n_batches"], "n_rows": first["test_size"]}
        for name, mine in scores.items():
            same = (stream[_METHOD] == pd.Series(dict(zip(_METHOD, name, strict=True)))).all(
                axis=1
            )
            found.append(shared | _line(name, mine, other) | _cost(stream[same]))
    if not found:
        return pd.DataFrame()
    summary = pd.DataFrame(found)
    return pd.concat([summary, _over_streams(summary)], ignore_index=True)[_COLUMNS]


_COLUMNS = [
    *("table", "task", "estimator", "method", "keeps", "synthesizer", "labels", "n_synthetic"),
    *("lam", "n_streams", "n_batches", "n_rows", "n_steps", "n_left_out"),
    *("score", "difference", "t", "seconds", "n_failed"),
]


def _line(name: tuple, scores: pd.Series, other: pd.Series | None) -> dict:
    known = scores.dropna()
    apart = known.iloc[:0] if other is None else (known - other).dropna()
    return {
        **dict(zip(_METHOD, name, strict=True)),
        "keeps": _keeps_of(name[1]),
        "n_steps": len(known),
        "n_left_out": len(scores) - len(known),
        "score": known.mean(),
        **_difference(apart),
    }


def _difference(apart: pd.Series) -> dict[str, float]:
    n = len(apart)
    error = apart.std() / np.sqrt(n) if n > 1 else np.nan
    return {"difference": apart.mean(), "t": apart.mean() / error if error > 0 else np.nan}


def _cost(rows: pd.DataFrame) -> dict[str, float]:
    return {
        "seconds": rows["seconds"].sum() / rows["seed"].nunique(),
        "n_failed": int((rows["error"] != "").sum()),
    }


def _keeps_of(method: str) -> str:
    """Return what a method keeps of the past beside one model of fixed size, or an empty text."""
    kind = ENTRANTS.get(method)
    return "" if kind is None else kind.keeps


def _over_streams(summary: pd.DataFrame) -> pd.DataFrame:
    """Return the mean over the streams on which each method ran; a stream counts once."""
    import pandas as pd

    found = []
    for name, mine in summary.groupby(_METHOD, sort=False):
        known = mine[mine["score"].notna()]
        counts = ["n_batches", "n_rows", "n_steps", "n_left_out"]
        found.append(
            {
                "table": MEAN,
                "task": "",
                **dict(zip(_METHOD, name, strict=True)),
                "keeps": _keeps_of(name[1]),
                "n_streams": len(known),
                **known[counts].sum().to_dict(),
                "score": known["score"].mean(),
                **_difference(known["difference"].dropna()),
                "seconds": known["seconds"].sum(),
                "n_failed": int(mine["n_failed"].sum()),
            }
        )
    return pd.DataFrame(found)


def label_steps(summary: pd.DataFrame) -> list[str]:
    """Name the methods of a summary; what they keep stands in brackets."""
    return [
        f"{label} [keeps {keeps}]" if keeps else label
        for label, keeps in zip(labels_of(summary), summary["keeps"], strict=True)
    ]


def what_it_rests_on(summary: pd.DataFrame) -> str:
    """Return how many rows, batches and streams the numbers rest on, and what follows."""
    streams = summary[summary["table"] != MEAN].drop_duplicates("table")
    n_streams, n_rows = len(streams), int(streams["n_rows"].sum())
    n_steps = int(streams["n_batches"].sum()) - n_streams
    text = (
        f"Rests on {n_rows:,} rows in {n_steps:,} batches of {n_streams:,} "
        f"{'stream' if n_streams == 1 else 'streams'}. Each batch is scored by the fit of the one "
        "before, and then learned. "
    )
    left_out = int(
        summary.loc[summary["table"] != MEAN].groupby("table")["n_left_out"].max().sum()
    )
    if left_out:
        text += (
            f"{left_out:,} {'batch has' if left_out == 1 else 'batches have'} rows of one class "
            "only, so that there is no AUC: left out of the means, but learned. "
        )
    if n_streams == 1:
        return text + (
            "One stream shows what happened once: whatever t is, nothing here is called "
            "significant."
        )
    return text + (
        "t of a stream is over its batches, which are neighbours in time: no stream alone is "
        "called significant. t of the mean is over streams."
    )
