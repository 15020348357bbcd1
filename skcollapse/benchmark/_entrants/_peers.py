"""Baselines that keep no rows, for comparison with RecursiveMix."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import clone
from sklearn.ensemble import (
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
)
from sklearn.linear_model import SGDClassifier, SGDRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline

from skcollapse.benchmark._base import FARTHEST, one_hot_scaled
from skcollapse.benchmark._entrants._base import Entrant, EntrantSetting, entrant

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "AverageOfModels",
    "FirstModel",
    "GrowingTrees",
    "OnlineLinear",
    "OnlineNetwork",
    "WarmGradientBoosting",
    "WarmStart",
]

_HIST_GRADIENT_BOOSTING = (HistGradientBoostingClassifier, HistGradientBoostingRegressor)
# Chosen in favour of the baselines, on six to eight tables with batches of 300 rows. One pass
# leaves stochastic gradients far from converged, and the usual 100 trees on every batch overfit.
# A step on a row that is many standard deviations away can make stochastic gradients diverge;
# averaged coefficients rank classes better.
_PASSES = 20
_TREES = 13


@entrant("first_model")
class FirstModel(Entrant):
    """Fit on the first batch and never again: keep the old model."""

    def update(self, X: pd.DataFrame, y: np.ndarray) -> None:
        """Fit on the first batch and ignore the others."""
        if self.predictor is None:
            self.predictor = self.fitted(X, y)
            self.effective_sample_size = float(len(y))


@entrant("average_of_models")
class AverageOfModels(Entrant):
    """Keep the model of every batch and average them.

    Rows are deleted, but memory and the time of a prediction grow with the number of batches.
    """

    keeps = "all models"

    def __init__(self, setting: EntrantSetting) -> None:
        super().__init__(setting)
        self.predictor = _Average()
        self.effective_sample_size = 0.0

    def update(self, X: pd.DataFrame, y: np.ndarray) -> None:
        """Take one batch and add its model."""
        self.predictor.models.append(self.fitted(X, y))
        self.effective_sample_size += float(len(y))


class _Average:
    """Mean of the predictions of models; a class that a model has not seen has probability 0."""

    def __init__(self) -> None:
        self.models: list[Any] = []

    @property
    def classes_(self) -> np.ndarray:
        return np.unique(np.concatenate([model.classes_ for model in self.models]))

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        return np.mean([model.predict(X) for model in self.models], axis=0)

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        classes = self.classes_
        total = np.zeros((len(X), len(classes)))
        for model in self.models:
            total[:, np.searchsorted(classes, model.classes_)] += model.predict_proba(X)
        return total / len(self.models)


class _Encoded:
    """A model behind an encoding of the columns that the first batch has fixed."""

    def __init__(self, encoding: Any, model: Any) -> None:
        self.encoding = encoding
        self.model = model
        self.centre, self.scale = 0.0, 1.0

    @property
    def classes_(self) -> np.ndarray:
        return self.model.classes_

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        return self.centre + self.scale * self.model.predict(self.encoding.transform(X))

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        return self.model.predict_proba(self.encoding.transform(X))


def _size_parameter(model: Any) -> str | None:
    if isinstance(model, _HIST_GRADIENT_BOOSTING):
        return "max_iter"
    return "n_estimators" if "n_estimators" in model.get_params() else None


class GrowingTrees(Entrant):
    """Grow as many trees on every batch as the first batch had, with ``warm_start=True``."""

    keeps = "all trees"

    def __init__(self, setting: EntrantSetting) -> None:
        super().__init__(setting)
        self.n_trees = 0

    @abstractmethod
    def make_ensemble(self) -> Any:
        """Return the ensemble, not fitted, alone or as the last step of a pipeline."""

    def update(self, X: pd.DataFrame, y: np.ndarray) -> None:
        """Take one batch; the first one fixes how columns are encoded."""
        if self.predictor is None:
            self.predictor = _Encoded(*_split(self.make_ensemble(), X))
            self.predictor.encoding.fit(X)
        model = self.predictor.model
        if not self.n_trees:
            self.step = model.get_params()[_size_parameter(model)]
        self.n_trees += self.step
        model.set_params(warm_start=True).set_params(**{str(_size_parameter(model)): self.n_trees})
        self.fit_model(self.predictor.encoding.transform(X), y)

    def fit_model(self, Z: np.ndarray, y: np.ndarray) -> None:
        """Fit the new trees to encoded rows."""
        self.predictor.model.fit(Z, y)


@entrant("warm_start")
class WarmStart(GrowingTrees):
    """Add trees of the newest batch to the benchmark's own estimator.

    scikit-learn's HistGradientBoosting is made for a warm start on the rows of its first fit: it
    looks up the cells of its earlier trees in the bins of the newest batch, so the errors from
    which it goes on are wrong on other rows. It is run as it is.
    """

    @classmethod
    def suits(cls, estimator: Any, task: str) -> bool:
        """Return whether a warm start adds trees to the estimator, or to a pipeline's last step.

        Elsewhere, as in LogisticRegression, ``warm_start`` sets where the solver begins and not
        where it ends: the fit is that of the newest batch.
        """
        last = estimator[-1] if isinstance(estimator, Pipeline) else estimator
        return "warm_start" in last.get_params() and _size_parameter(last) is not None

    def make_ensemble(self) -> Any:
        """Return a clone of the benchmark's estimator."""
        return clone(self.setting.estimator)


@entrant("warm_gradient_boosting")
class WarmGradientBoosting(GrowingTrees):
    """Go on with scikit-learn's plain gradient boosting, whose warm start is right on new rows.

    Each batch adds a few trees; eight batches come to about the usual hundred.
    """

    def make_ensemble(self) -> Any:
        """Return gradient boosting of few trees."""
        regression = self.setting.task == "regression"
        kind = GradientBoostingRegressor if regression else GradientBoostingClassifier
        model = kind(n_estimators=_TREES, random_state=self.setting.seed)
        return one_hot_scaled(model, self.setting.columns)


def _split(estimator: Any, X: pd.DataFrame) -> tuple[Any, Any]:
    """Return how the estimator encodes the columns, and the estimator behind it."""
    if isinstance(estimator, _HIST_GRADIENT_BOOSTING):
        # Its own encoding of text is that of the newest batch, which earlier trees do not know.
        estimator = one_hot_scaled(estimator.set_params(categorical_features=None), X)
    if isinstance(estimator, Pipeline):
        return estimator[:-1], estimator[-1]
    return one_hot_scaled("passthrough", X)[:-1], estimator


class _PartialFit(Entrant):
    """Go on with ``partial_fit``, several passes over the newest batch.

    The first batch fixes the encoding of the columns and the scale of a numeric target. Numbers
    count as at most five standard deviations from the mean.
    """

    def __init__(self, setting: EntrantSetting) -> None:
        super().__init__(setting)
        encoded = one_hot_scaled(self.make_learner(), setting.columns, farthest=FARTHEST)
        self.predictor = _Encoded(*_split(encoded, setting.columns))
        self.started = False

    @abstractmethod
    def make_learner(self) -> Any:
        """Return an estimator with ``partial_fit``, not fitted."""

    def update(self, X: pd.DataFrame, y: np.ndarray) -> None:
        """Take one batch and forget it."""
        predictor, classes = self.predictor, self.setting.classes
        if not self.started:
            predictor.encoding.fit(X)
            if classes is None:
                predictor.centre, predictor.scale = y.mean(), y.std() or 1.0
            self.started = True
        Z = predictor.encoding.transform(X)
        known = {} if classes is None else {"classes": classes}
        target = y if known else (y - predictor.centre) / predictor.scale
        for _ in range(_PASSES):
            predictor.model.partial_fit(Z, target, **known)


@entrant("partial_fit_linear")
class OnlineLinear(_PartialFit):
    """Learn linear or logistic regression by stochastic gradients."""

    def make_learner(self) -> Any:
        """Return the linear model."""
        regression = self.setting.task == "regression"
        model = SGDRegressor() if regression else SGDClassifier(loss="log_loss", average=True)
        return model.set_params(random_state=self.setting.seed)


@entrant("partial_fit_mlp")
class OnlineNetwork(_PartialFit):
    """Go on with a small neural network from its weights."""

    def make_learner(self) -> Any:
        """Return the network."""
        kind = MLPRegressor if self.setting.task == "regression" else MLPClassifier
        return kind(hidden_layer_sizes=(64,), random_state=self.setting.seed)
