"""A random forest to which each batch adds trees."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

from skcollapse.benchmark._base import one_hot_scaled
from skcollapse.benchmark._entrants._base import entrant
from skcollapse.benchmark._entrants._peers import GrowingTrees

__all__ = ["GrowingForest"]

_TREES = 25


@entrant("growing_forest")
class GrowingForest(GrowingTrees):
    """Add 25 trees of the newest batch to a random forest, with ``warm_start=True``."""

    def make_ensemble(self) -> Any:
        """Return a forest of 25 trees."""
        regression = self.setting.task == "regression"
        kind = RandomForestRegressor if regression else RandomForestClassifier
        model = kind(n_estimators=_TREES, random_state=self.setting.seed)
        return one_hot_scaled(model, self.setting.columns)

    def fit_model(self, Z: np.ndarray, y: np.ndarray) -> None:
        """Fit the new trees; a class without a row in the batch has one that weighs nothing."""
        classes = self.setting.classes
        absent = np.array([]) if classes is None else np.setdiff1d(classes, y)
        if not len(absent):
            super().fit_model(Z, y)
            return
        # A warm start takes the classes of the newest batch for those of all trees.
        weight = np.concatenate([np.ones(len(y)), np.zeros(len(absent))])
        Z = np.vstack([Z, np.repeat(Z[:1], len(absent), axis=0)])
        self.predictor.model.fit(Z, np.concatenate([y, absent]), sample_weight=weight)
