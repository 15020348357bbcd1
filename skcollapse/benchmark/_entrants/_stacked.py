"""All batch models, with weights that the newest batch chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import nnls
from sklearn.model_selection import KFold

from skcollapse.benchmark._entrants._base import Entrant, EntrantSetting, entrant
from skcollapse.benchmark._entrants._committee import Committee, aligned_probability

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Stacked", "log_loss_weights", "squared_error_weights"]

_N_FOLDS = 5
# How strongly weights are pulled to equal ones, in rows.
_PULL = 10.0
# A class that no model thinks possible must not cost an infinite loss.
_SMALLEST = 1e-6
_STEPS = 500


@entrant("stacked")
class Stacked(Entrant):
    """Keep the model of every batch; weigh them by what the newest batch says.

    The weights are at least 0 and sum to 1. They make the squared error, or the log loss, on the
    newest batch small, whose own model predicts its rows out of fold, and are pulled to equal
    weights as if ten rows had said so.
    """

    keeps = "all models"

    def __init__(self, setting: EntrantSetting) -> None:
        super().__init__(setting)
        self.models: list[Any] = []

    def update(self, X: pd.DataFrame, y: np.ndarray) -> None:
        """Take one batch: add its model and choose all weights anew."""
        newest = self.fitted(X, y)
        if self.setting.task == "regression":
            weights = self._regression_weights(X, y)
        else:
            weights = self._class_weights(X, y)
        self.models.append(newest)
        self.predictor = Committee(self.models, weights)

    def _regression_weights(self, X: pd.DataFrame, y: np.ndarray) -> np.ndarray:
        own = np.empty(len(y))
        for train, test in self._folds(len(y)):
            model = self.fitted(X.iloc[train], y[train])
            own[test] = model.predict(X.iloc[test])
        predicted = np.column_stack([*(model.predict(X) for model in self.models), own])
        return squared_error_weights(predicted, y)

    def _class_weights(self, X: pd.DataFrame, y: np.ndarray) -> np.ndarray:
        classes = np.unique(np.concatenate([y, *(model.classes_ for model in self.models)]))
        own = np.empty((len(y), len(classes)))
        for train, test in self._folds(len(y)):
            model = self.fitted(X.iloc[train], y[train])
            own[test] = aligned_probability(model, X.iloc[test], classes)
        found = [*(aligned_probability(model, X, classes) for model in self.models), own]
        column = np.searchsorted(classes, y)
        rows = np.arange(len(y))
        return log_loss_weights(np.column_stack([each[rows, column] for each in found]))

    def _folds(self, n_rows: int) -> list[tuple[np.ndarray, np.ndarray]]:
        folds = KFold(min(_N_FOLDS, n_rows), shuffle=True, random_state=self.setting.seed)
        return list(folds.split(np.arange(n_rows)))


def squared_error_weights(predicted: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the weights of the columns on the simplex with the smallest squared error.

    Added to the sum of squared errors is the variance of y for each of ten rows, times the sum of
    the squared distances from equal weights.
    """
    n_models = predicted.shape[1]
    scale = float(np.std(y)) or 1.0
    pull = np.sqrt(_PULL) * np.eye(n_models)
    # Weights that sum to 1 make differences from the mean of y of the same weights. The last row
    # holds the sum at 1.
    firm = 1e4 * np.sqrt(len(y))
    A = np.vstack([(predicted - y[:, None]) / scale, pull, np.full((1, n_models), firm)])
    b = np.concatenate([np.zeros(len(y)), pull.sum(axis=1) / n_models, [firm]])
    weights = nnls(A, b)[0]
    return weights / weights.sum()


def log_loss_weights(probability: np.ndarray) -> np.ndarray:
    """Return the weights on the simplex with the smallest log loss of the weighted mean.

    `probability` holds what each model gives to the class that came. Each model has its share of
    ten rows on top, which it alone predicts; then the steps of expectation and maximisation are
    counts.
    """
    n_rows, n_models = probability.shape
    probability = np.maximum(probability, _SMALLEST)
    weights = np.full(n_models, 1.0 / n_models)
    for _ in range(_STEPS):
        joint = probability * weights
        counts = (joint / joint.sum(axis=1, keepdims=True)).sum(axis=0)
        weights = (counts + _PULL / n_models) / (n_rows + _PULL)
    return weights
