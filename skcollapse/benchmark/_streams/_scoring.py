"""Scores on the held-out rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.metrics import r2_score, roc_auc_score

from skcollapse.benchmark._streams._stream import TableStream

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["METRIC_LABELS", "metric_name", "score_on_test", "weighted_auc"]

METRIC_LABELS = {"r2": "R²", "roc_auc": "ROC AUC"}


def metric_name(task: str) -> str:
    """Return the name of the score used for a task."""
    return "r2" if task == "regression" else "roc_auc"


def score_on_test(predictor: Any, stream: TableStream) -> float:
    """Return R2, or the area under the ROC curve of each class against the rest.

    Classes are weighted by their share of the test rows, as ``average="weighted"`` does in
    scikit-learn. A class that the predictor has never seen has probability 0 everywhere and so
    an area of one half; classes without test rows do not count.
    """
    if stream.task == "regression":
        return float(r2_score(stream.y_test, predictor.predict(stream.X_test)))
    if len(np.unique(stream.y_test)) < 2:
        raise ValueError("The test rows are all of one class; use a larger test_size.")
    return weighted_auc(predictor, stream.X_test, stream.y_test)


def weighted_auc(predictor: Any, X: pd.DataFrame, y: np.ndarray) -> float:
    """Return the area of each class against the rest, weighted by the share of the class."""
    probability = predictor.predict_proba(X)
    column_of = {label: column for column, label in enumerate(predictor.classes_)}
    classes, counts = np.unique(y, return_counts=True)
    areas = []
    for label in classes:
        column = column_of.get(label)
        scores = np.zeros(len(probability)) if column is None else probability[:, column]
        areas.append(roc_auc_score(y == label, scores))
    return float(np.average(areas, weights=counts))
