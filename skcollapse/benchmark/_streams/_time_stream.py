"""Batches in the order of time, each of which scores the fit before it is learned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.utils import Bunch

from skcollapse.benchmark._streams._scoring import weighted_auc

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TimeStream", "next_metric_name", "score_on_next", "time_stream"]


@dataclass(frozen=True)
class TimeStream:
    """The batches of a table in the order of time; all methods see the same ones."""

    task: str
    classes: np.ndarray | None
    X: pd.DataFrame
    y: np.ndarray
    starts: np.ndarray

    @property
    def n_batches(self) -> int:
        """Number of batches that are learned: the last one only scores."""
        return len(self.starts) - 2

    def batch(self, t: int) -> tuple[pd.DataFrame, np.ndarray]:
        """Return ``(X, y)`` of a batch."""
        rows = slice(self.starts[t], self.starts[t + 1])
        return self.X.iloc[rows].reset_index(drop=True), self.y[rows]

    def batches(self) -> Iterator[tuple[pd.DataFrame, np.ndarray]]:
        """Yield the batches that are learned, in the order in which they arrive."""
        for t in range(self.n_batches):
            yield self.batch(t)


def time_stream(table: Bunch) -> TimeStream:
    """Return the stream of a table that :func:`skcollapse.datasets.load_stream` returned."""
    target = table.target.to_numpy()
    n_batches = int(table.batch[-1]) + 1
    return TimeStream(
        task=table.task,
        classes=np.unique(target) if table.task == "classification" else None,
        X=table.data,
        y=target,
        starts=np.searchsorted(table.batch, np.arange(n_batches + 1)),
    )


def next_metric_name(task: str) -> str:
    """Return the name of the score on the next batch."""
    return "next_r2" if task == "regression" else "next_roc_auc"


def score_on_next(predictor: Any, stream: TimeStream, t: int) -> float:
    """Score the fit after batch t on batch t + 1.

    Regression: 1 - MSE / variance of y over the whole stream, so that quiet batches count no more
    than others. Classification: the area under the ROC curve; NaN where all rows are of one
    class, since there is none.
    """
    X, y = stream.batch(t + 1)
    if stream.task == "regression":
        error = np.mean((y - predictor.predict(X)) ** 2)
        return float(1.0 - error / np.var(stream.y))
    if len(np.unique(y)) < 2:
        return float("nan")
    return weighted_auc(predictor, X, y)
