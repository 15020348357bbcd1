"""What a generation curve holds: one row for each score, and their means."""

from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["GenerationCurve", "lam_text", "record_dtype", "summarise", "workflow_text"]

_NUMBERS = (
    "score",
    "n_real",
    "n_synthetic",
    "real_weight",
    "effective_sample_size",
    "seconds",
)
_SUMMARY_NUMBERS = ("mean", "standard_error", "minimum", "maximum")


@dataclass(frozen=True, eq=False, repr=False)
class GenerationCurve:
    """Record of scores by generation, made by :func:`generation_curve`.

    Parameters
    ----------
    records : structured ndarray of shape (n_records,)
        One record for each workflow, lam, repeat, split and generation. Fields: `workflow` and
        `lam` (as text, such as "fresh" and "optimal" or "0.5"), `repeat`, `split`, `generation`,
        `score`, and from the estimator's `history_`: `n_real`, `n_synthetic`, `real_weight`,
        `effective_sample_size`, `seconds` (of the fit). A generation that was not reached, and
        a score that could not be computed, are nan.
    theory : structured ndarray of shape (n_candidates * (n_generations + 1),)
        Fields `workflow`, `lam`, `generation` and `relative_risk`, the variance of generation t
        relative to that of generation 0. nan where theory has no number.
    references : structured ndarray, default=None
        Fields `reference` ("real_only" or "all_real"), `repeat`, `split`, `generation`, `score`.
    score_name : str, default="score"
        What the scores are called.

    Examples
    --------
    >>> from sklearn.datasets import load_diabetes
    >>> from sklearn.linear_model import LinearRegression
    >>> from skcollapse import RecursiveMixRegressor
    >>> from skcollapse.inspection import generation_curve
    >>> X, y = load_diabetes(return_X_y=True)
    >>> mix = RecursiveMixRegressor(LinearRegression())
    >>> curve = generation_curve(mix, X, y, n_generations=2, cv=3, random_state=0)
    >>> curve
    GenerationCurve(candidates=[('fresh', 'optimal')], n_generations=2, n_records=9)
    >>> curve.summary()["mean"].round(1).tolist()
    [0.4, 0.5, 0.5]
    """

    records: Any
    theory: Any
    references: Any = None
    score_name: str = "score"

    @property
    def candidates(self):
        """Pairs (workflow, lam) as text, in the order in which they were asked for."""
        pairs = zip(self.records["workflow"].tolist(), self.records["lam"].tolist(), strict=True)
        return list(dict.fromkeys(pairs))

    @property
    def n_generations(self):
        """Generations after generation 0."""
        return int(self.records["generation"].max())

    def summary(self):
        """Return mean scores by generation.

        Returns
        -------
        summary : structured ndarray of shape (n_candidates * (n_generations + 1),)
            Fields `workflow`, `lam`, `generation`, `mean`, `standard_error`, `minimum`,
            `maximum` and `n`, the number of scores that are not nan. The standard error is that
            of the mean over splits, each averaged over its repeats first; with one split, that
            over repeats; nan if there is nothing to compare. Scores of overlapping training sets
            are not independent, so it is a guide and no confidence interval.
        """
        return summarise(self.records, ("workflow", "lam"))

    def reference_summary(self):
        """Return mean scores of the two references by generation.

        Returns
        -------
        summary : structured ndarray of shape (2 * (n_generations + 1),) or None
            As `summary`, with the field `reference` in place of `workflow` and `lam`. None if
            the curve was made without references.
        """
        return None if self.references is None else summarise(self.references, ("reference",))

    def to_frame(self):
        """Return the records as a pandas frame.

        Returns
        -------
        frame : pandas.DataFrame of shape (n_records, 11)
            One row for each record.

        Raises
        ------
        ImportError
            If pandas is not installed. ``records`` holds the same without it.
        """
        import pandas as pd

        return pd.DataFrame({name: self.records[name] for name in self.records.dtype.names})

    def __repr__(self):
        return (
            f"GenerationCurve(candidates={self.candidates}, n_generations={self.n_generations}, "
            f"n_records={len(self.records)})"
        )


def record_dtype(texts, numbers=_NUMBERS):
    """Return the dtype of records that start with text fields, named with their longest value."""
    fields = [(name, f"U{max(map(len, values))}") for name, values in texts.items()]
    fields += [(name, np.int64) for name in ("repeat", "split", "generation")]
    return np.dtype(fields + [(name, np.float64) for name in numbers])


def workflow_text(workflow):
    """Return a workflow's name, or what an object prints as, in one line."""
    return workflow if isinstance(workflow, str) else " ".join(repr(workflow).split())


def lam_text(lam):
    """Return lam as text; twelve digits tell any two values apart that differ in effect."""
    return lam if isinstance(lam, str) else f"{lam:.12g}"


def summarise(records, keys):
    """Average scores over repeats and splits, for each value of `keys` and each generation."""
    columns = [records[key].tolist() for key in (*keys, "generation")]
    places = {}
    for place, key in enumerate(zip(*columns, strict=True)):
        places.setdefault(key, []).append(place)
    texts = [(key, records.dtype[key]) for key in keys]
    numbers = [(name, np.float64) for name in _SUMMARY_NUMBERS]
    dtype = [*texts, ("generation", np.int64), *numbers, ("n", np.int64)]
    return np.array([(*key, *_moments(records[place])) for key, place in places.items()], dtype)


def _moments(records):
    records = records[~np.isnan(records["score"])]
    scores = records["score"]
    if not len(scores):
        return (np.nan,) * len(_SUMMARY_NUMBERS) + (0,)
    splits = np.unique(records["split"])
    units = [scores[records["split"] == split].mean() for split in splits]
    units = scores if len(splits) == 1 else np.array(units)
    error = np.std(units, ddof=1) / np.sqrt(len(units)) if len(units) > 1 else np.nan
    return scores.mean(), error, scores.min(), scores.max(), len(scores)
