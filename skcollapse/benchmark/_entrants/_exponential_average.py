"""The mean of all batch models, in which older ones count less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from skcollapse.benchmark._entrants._base import Entrant, EntrantSetting, entrant
from skcollapse.benchmark._entrants._committee import Committee

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ExponentialAverage"]

_DECAY = 0.7


@entrant("exponential_average")
class ExponentialAverage(Entrant):
    """Keep the model of every batch and average them with weights 0.7 ** age."""

    keeps = "all models"

    def __init__(self, setting: EntrantSetting) -> None:
        super().__init__(setting)
        self.models: list[Any] = []
        self.n_rows: list[int] = []

    def update(self, X: pd.DataFrame, y: np.ndarray) -> None:
        """Take one batch and add its model."""
        self.models.append(self.fitted(X, y))
        self.n_rows.append(len(y))
        weights = _DECAY ** np.arange(len(self.models))[::-1]
        self.predictor = Committee(self.models, weights)
        # The variance of a weighted mean of models, each worth the rows of its batch.
        share = self.predictor.weights
        self.effective_sample_size = float(1.0 / np.sum(share**2 / np.array(self.n_rows)))
