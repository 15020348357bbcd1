"""The synthesizer's own targets."""

from dataclasses import dataclass

import numpy as np
from sklearn.base import clone

from skcollapse._recursive_mix.fitting import (
    WeightedRows,
    blend_rows,
    fit_weighted,
    seed_parameters,
)
from skcollapse._recursive_mix.labelling._base import BaseLabeller, Labelled
from skcollapse._utils._random import Purpose

__all__ = ["Joint"]


@dataclass(frozen=True)
class Joint(BaseLabeller):
    """Draw rows and targets together from the synthesizer: ``labels="joint"``.

    Examples
    --------
    >>> from skcollapse.labels import Joint
    >>> Joint().draws_target
    True
    """

    noise_ratio = 1.0
    draws_target = True
    # Labels of a synthesizer do not improve with their number.
    yields_at_once = True

    def label(self, here, drawn, fresh, weight):
        X, y = drawn
        rows = WeightedRows(X, here.task.nearest_known(y))
        return Labelled(self, here.task.keep_classes(rows, here.last_means))

    def at_real(self, here, fresh, labelled, synthetic):
        # A synthesizer that draws targets adds errors of its own. They show only in an estimator
        # fitted on what it draws.
        seed = here.seed(Purpose.ADAPT)
        estimator = seed_parameters(clone(here.settings.estimator), seed)
        _, rows = blend_rows(None, synthetic, np.inf, here.task.classes)
        fit_weighted(estimator, rows.X, rows.y, rows.weights, np.random.default_rng(seed))
        return here.task.means(estimator, fresh.X)

    def sample(self, task, estimator, drawn, generator):
        X, y = drawn
        return X, task.nearest_known(y)
