"""A new fit in every generation."""

from contextlib import nullcontext
from dataclasses import dataclass

from sklearn.base import clone

from skcollapse._recursive_mix.fitting import fit_weighted, seed_parameters
from skcollapse._recursive_mix.updating._base import BaseUpdate, Updated
from skcollapse._utils._random import Purpose

__all__ = ["Refit"]


@dataclass(frozen=True)
class Refit(BaseUpdate):
    """Fit a clone to the blended rows; the last estimator acts through its labels only."""

    def fit(self, here, rows, lam, memory, progress):
        estimator = clone(here.settings.estimator)
        seed_parameters(estimator, here.seed(Purpose.ESTIMATOR))
        generator = here.generator(Purpose.RESAMPLE)
        with progress.around(estimator) if progress else nullcontext():
            resampled = fit_weighted(estimator, rows.X, rows.y, rows.weights, generator)
        return Updated(estimator, resampled)
