"""Models that predict together, each with a weight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Committee", "aligned_probability"]


class Committee:
    """The weighted mean of the predictions of models.

    Parameters
    ----------
    models : sequence of estimator
        Fitted models.
    weights : array-like of shape (n_models,)
        Their weights, which we divide by their sum.
    """

    def __init__(self, models: Sequence[Any], weights: Any) -> None:
        self.models = list(models)
        self.weights = np.asarray(weights, dtype=float) / np.sum(weights)

    @property
    def classes_(self) -> np.ndarray:
        """All classes that a model has seen."""
        return np.unique(np.concatenate([model.classes_ for model in self.models]))

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """Return the weighted mean of the predictions."""
        return self.weights @ np.array([model.predict(X) for model in self.models])

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """Return the weighted mean of the probabilities of the classes."""
        classes = self.classes_
        found = [aligned_probability(model, X, classes) for model in self.models]
        return np.tensordot(self.weights, np.array(found), axes=1)


def aligned_probability(model: Any, X: pd.DataFrame, classes: np.ndarray) -> np.ndarray:
    """Return a column for each of `classes`; a class that the model has not seen has 0."""
    probability = np.zeros((len(X), len(classes)))
    probability[:, np.searchsorted(classes, model.classes_)] = model.predict_proba(X)
    return probability
