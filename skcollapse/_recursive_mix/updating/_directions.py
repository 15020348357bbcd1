"""Directions in which the newest real rows may move the labels of the anchors."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from skcollapse._recursive_mix.fitting import (
    FoldModels,
    WeightedRows,
    fit_folds_or_none,
    join_rows,
)
from skcollapse._utils._random import Purpose
from skcollapse._utils._rows import take_rows

__all__ = ["DIRECTIONS", "View"]

# Synthetic rows, as a multiple of the newest real ones, that hold a correction at zero. Few and
# heavy ones leave real rows together in the leaves of trees; many follow details.
_FEW, _MANY = 2.0, 20.0


@dataclass(frozen=True)
class View:
    """The newest real rows and the anchors, with the scores of the reader at both.

    `size` is the effective sample size of all rows so far, the newest included. `folds` assigns
    the real rows.
    """

    here: Any
    scale: Any
    fresh: WeightedRows
    folds: np.ndarray
    X: Any
    at_real: np.ndarray
    at_anchors: np.ndarray
    size: float

    @property
    def truth(self):
        """Targets of the newest real rows."""
        return self.here.task.targets(self.fresh.y)

    def scores_of(self, model, X):
        """Return the scores that a model predicts."""
        return self.scale.scores(self.here.task.means(model, X))

    def fit_folds(self, rows, folds, purpose):
        """Fit a clone to the rows outside each fold; None if some are rejected."""
        settings = self.here.settings
        given = settings.estimator, rows.X, rows.y, rows.weights, folds
        return fit_folds_or_none(*given, self.here.seed(purpose), settings.n_jobs)

    def predictions(self, models):
        """Return scores of real rows out of fold, and mean scores of anchors."""
        real = models.out_of_fold(self.fresh.X, self.scores_of)
        return real, models.mean(self.X, self.scores_of)

    def nowhere(self):
        """Return a direction that does not move."""
        return np.zeros_like(self.at_real), np.zeros_like(self.at_anchors)


def average(view):
    """Return n/E times the difference of models of the newest rows alone to the reader.

    Coefficient 1 in every generation gives the average of all batch models.
    """
    models = view.fit_folds(view.fresh, view.folds, Purpose.AVERAGE)
    if models is None:
        return view.nowhere()
    gain = view.fresh.size / view.size
    real, anchors = view.predictions(models)
    return gain * (real - view.at_real), gain * (anchors - view.at_anchors)


def residual(view):
    """Return models of the reader's errors on the newest rows; of numbers only.

    For classes they add nothing to the anchored corrections on any table that was tried.
    """
    if view.here.task.classes is not None:
        return view.nowhere()
    errors = view.scale.real_errors(view.fresh, view.truth, view.at_real)
    models = view.fit_folds(errors, view.folds, Purpose.CORRECTION)
    return view.nowhere() if models is None else view.predictions(models)


def coarse(view):
    """Return models of these errors that few, heavy synthetic rows hold at zero."""
    return _anchored(view, _FEW, Purpose.ANCHORS)


def fine(view):
    """Return models of these errors that many, light synthetic rows hold at zero."""
    return _anchored(view, _MANY, Purpose.FINE_ANCHORS)


def _anchored(view, multiple, purpose):
    """Fit the errors on the newest rows, and zero on synthetic rows of the total weight E - n."""
    n_real, n_outputs = view.truth.shape
    n_held = min(len(view.at_anchors), max(1, round(multiple * n_real / n_outputs)))
    generator = np.random.default_rng(view.here.seed(purpose))
    held = generator.choice(len(view.at_anchors), n_held, replace=False)
    weights = np.full(n_held, (view.size - view.fresh.size) / n_held)
    zero, scores = np.zeros((n_held, n_outputs)), view.at_anchors[held]
    anchored = view.scale.anchored(take_rows(view.X, held), zero, scores, weights)
    errors = view.scale.real_errors(view.fresh, view.truth, view.at_real)
    # Synthetic rows help to fit the models of all folds and are held out of none.
    folds = np.concatenate([view.folds, np.full(anchored.X.shape[0], -1)])
    models = view.fit_folds(join_rows([errors, anchored]), folds, purpose)
    if models is None:
        return view.nowhere()
    return view.predictions(FoldModels(models.models, view.folds))


# With the coefficient that each has before any evidence. Half an average and half a coarse
# correction is a fair guess for noisy and for clean tables alike.
DIRECTIONS = ((average, 0.5), (coarse, 0.5), (residual, 0.0), (fine, 0.0))
