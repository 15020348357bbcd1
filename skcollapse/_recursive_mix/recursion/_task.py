"""Everything in which regression and classification differ, in one object each.

Means are conditional means: of a number, or of the indicators of the classes (probabilities).
Arrays of means have shape (n_rows, n_outputs), so the rest of the recursion need not know the
task.
"""

from dataclasses import dataclass, replace

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from skcollapse._recursive_mix.fitting import WeightedRows
from skcollapse._recursive_mix.labelling._errors import correct_classes, correct_means
from skcollapse._recursive_mix.labelling._law import (
    Residuals,
    class_probabilities,
    draw_classes,
)
from skcollapse._recursive_mix.labelling._twicing import twice_log_odds, twice_means
from skcollapse._recursive_mix.updating import (
    LogOddsScale,
    NumberScale,
    StagedClassifier,
    StagedRegressor,
)

__all__ = ["Classification", "Regression", "Task"]


class Task:
    """No target: only rows are learned."""

    classes = None


class Regression(Task):
    """The target is a number."""

    @staticmethod
    def default_estimator():
        """Return the regressor for ``estimator=None``."""
        # "auto" would stop early above 10,000 rows, and synthetic rows are most of them.
        return HistGradientBoostingRegressor(early_stopping=False)

    def targets(self, y):
        """Return what the means of rows with targets y should have been."""
        return y[:, None]

    def strata(self, y):
        """Return the stratum of each row for folds: all rows are alike."""
        return np.zeros(len(y), dtype=np.intp)

    def means(self, estimator, X):
        """Return the means that an estimator predicts."""
        return np.reshape(estimator.predict(X), (-1, 1)).astype(np.float64)

    def labelled(self, X, means):
        """Return rows that carry means for labels."""
        return WeightedRows(X, means[:, 0])

    def correct(self, unfitted, predict, fresh, *, seed, n_jobs):
        """Return the `Teacher` that knows the errors of `predict` on the newest rows."""
        return correct_means(unfitted, predict, fresh, seed=seed, n_jobs=n_jobs)

    def scale(self, size):
        """Return the scale of corrections for an effective sample size in rows."""
        return NumberScale(size)

    def staged(self, scale, stages):
        """Return fitted estimators, in pairs with their weights, as one."""
        return StagedRegressor(stages)

    def twice(self, taught, learned, share):
        """Add to labels a share of their loss in a fit."""
        return twice_means(taught, learned, share)

    def law(self, estimator, rows, shrinkage, seed, n_jobs):
        """Return the distribution of a target around its mean."""
        return Residuals.estimate(
            estimator, rows, shrinkage_per_parameter=shrinkage, seed=seed, n_jobs=n_jobs
        )

    def draw(self, means, law, generator):
        """Return targets drawn around the means; the means themselves if `law` is None."""
        y = means[:, 0]
        return y if law is None else y + law.draw(len(y), generator)

    def nearest_known(self, y):
        """Return targets drawn by a synthesizer unchanged."""
        return y

    def keep_classes(self, rows, means_of):
        """Return a drawn batch unchanged."""
        return rows

    def check_drawable(self, estimator):
        """Accept any regressor: targets can be drawn around its predictions."""


@dataclass(frozen=True)
class Classification(Task):
    """The target is one of several classes."""

    classes: np.ndarray

    @staticmethod
    def default_estimator():
        """Return the classifier for ``estimator=None``."""
        return HistGradientBoostingClassifier(early_stopping=False)

    def targets(self, y):
        """Return indicators of the classes y."""
        return (y[:, None] == self.classes).astype(np.float64)

    def strata(self, y):
        """Return the stratum of each row for folds: the code of its class."""
        return self.targets(y).argmax(axis=1)

    def means(self, estimator, X):
        """Return the probabilities that an estimator predicts."""
        return class_probabilities(estimator, X, self.classes)

    def labelled(self, X, means):
        """Return rows that carry probabilities for labels."""
        return WeightedRows(X, None, probabilities=means)

    def correct(self, unfitted, predict, fresh, *, seed, n_jobs):
        """Return the `Teacher` that knows the errors of `predict` on the newest rows."""
        truth = self.targets(fresh.y)
        return correct_classes(
            unfitted, predict, truth, fresh, seed=seed, n_jobs=n_jobs, probabilities_of=self.means
        )

    def scale(self, size):
        """Return the scale of corrections for an effective sample size in rows."""
        return LogOddsScale(size, self.classes)

    def staged(self, scale, stages):
        """Return fitted estimators, in pairs with their weights, as one."""
        return StagedClassifier(stages, scale, self.means)

    def twice(self, taught, learned, share):
        """Add to log odds a share of their loss in a fit."""
        return twice_log_odds(taught, learned, share)

    def law(self, estimator, rows, shrinkage, seed, n_jobs):
        """Return None: probabilities are the whole distribution of a class."""

    def draw(self, means, law, generator):
        """Return a class for each row, drawn from its probabilities."""
        return draw_classes(means, self.classes, generator)

    def nearest_known(self, y):
        """Return the nearest member of `classes` for each target drawn by a synthesizer."""
        if self.classes.dtype.kind not in "iuf":
            return y
        # A synthesizer of real numbers may hand out labels between two classes.
        upper = np.clip(np.searchsorted(self.classes, y), 1, len(self.classes) - 1)
        low, high = self.classes[upper - 1], self.classes[upper]
        return np.where(y - low <= high - y, low, high)

    def keep_classes(self, rows, means_of):
        """Give the rows of a batch that holds one class by chance their probabilities.

        Few classifiers can be fitted on one class; the probabilities say the same as the draws
        without forgetting a class.
        """
        if (rows.y != rows.y[0]).any():
            return rows
        return replace(rows, probabilities=means_of(rows.X))

    def check_drawable(self, estimator):
        """Raise an error for a classifier without probabilities."""
        if not hasattr(estimator, "predict_proba"):
            raise ValueError(
                "labels='sample' draws classes from predicted probabilities, but "
                f"{type(estimator).__name__} has no predict_proba. Use labels='predict' or "
                "another estimator."
            )
