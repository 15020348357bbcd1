"""Estimators that add the predictions of several fitted ones."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

__all__ = ["StagedClassifier", "StagedRegressor"]


class _Staged(BaseEstimator):
    """Weighted sum of fitted estimators."""

    @property
    def estimators_(self):
        """Fitted estimators, without their weights."""
        return [estimator for _, estimator in self.stages]

    def __sklearn_is_fitted__(self):
        return True


class StagedRegressor(RegressorMixin, _Staged):
    """Weighted sum of the predictions of fitted regressors.

    Parameters
    ----------
    stages : list of (float, regressor)
        Weights and fitted regressors.
    """

    def __init__(self, stages):
        self.stages = stages

    def predict(self, X):
        """Return the sum of the predictions."""
        return sum(weight * np.asarray(stage.predict(X)) for weight, stage in self.stages)


class StagedClassifier(ClassifierMixin, _Staged):
    """Weighted sum of the log odds of fitted classifiers.

    Parameters
    ----------
    stages : list of (float, classifier)
        Weights and fitted classifiers.
    scale : LogOddsScale
        Turns probabilities into scores and back.
    means : callable
        Maps a fitted classifier and a table to probabilities with a column for each class.
    """

    def __init__(self, stages, scale, means):
        self.stages = stages
        self.scale = scale
        self.means = means

    @property
    def classes_(self):
        """Classes, sorted."""
        return self.scale.classes

    def decision_function(self, X):
        """Return the log odds: of the second class if there are two, centred otherwise."""
        scores = self._scores(X)
        return scores[:, 1] - scores[:, 0] if scores.shape[1] == 2 else scores

    def predict_proba(self, X):
        """Return the probabilities of the summed log odds."""
        return self.scale.means(self._scores(X))

    def predict(self, X):
        """Return the most probable class."""
        return self.classes_[self._scores(X).argmax(axis=1)]

    def _scores(self, X):
        scores = (w * self.scale.scores(self.means(stage, X)) for w, stage in self.stages)
        return self.scale.bounded(sum(scores))
