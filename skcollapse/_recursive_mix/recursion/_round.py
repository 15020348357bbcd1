"""One generation at work."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from sklearn.base import clone
from sklearn.utils.validation import check_memory

from skcollapse._recursive_mix.fitting import (
    blend_rows,
    draw_rows,
    fit_synthesizer,
    seed_parameters,
)
from skcollapse._recursive_mix.recursion._adaptive import adapt, no_evidence
from skcollapse._recursive_mix.recursion._generation import Fitted, Generation
from skcollapse._utils._random import Purpose, make_generator, seed_for
from skcollapse.synthesizers import as_synthesizer

__all__ = ["Round"]


class Round(NamedTuple):
    """The recursion, the number of the generation, and the generation before it."""

    recursion: Any
    t: int
    last: Generation

    @property
    def settings(self):
        """Parameters."""
        return self.recursion.settings

    @property
    def task(self):
        """The kind of target."""
        return self.recursion.task

    def with_last(self, **changes):
        """Return the round as it would be after another last generation."""
        return self._replace(last=replace(self.last, **changes))

    def seed(self, purpose):
        """Return the seed of this generation for one purpose."""
        return seed_for(self.recursion.entropy, self.t, purpose)

    def generator(self, purpose):
        """Return the random number generator of this generation for one purpose."""
        return make_generator(self.seed(purpose))

    def last_means(self, X):
        """Predict by the last estimator, shape (n_rows, n_outputs)."""
        return self.task.means(self.last.estimator, X)

    def draw_rows(self, n_rows, purpose):
        """Draw from the last synthesizer."""
        draw = check_memory(self.settings.memory).cache(draw_rows)
        return draw(self.last.synthesizer, n_rows, self.seed(purpose))

    def draw(self, pool, recipe):
        """Draw and label the newest synthetic batch, if this or the next generation needs it."""
        labeller = self.last.labeller
        if not recipe.needs_rows:
            return labeller.nothing()
        finite = recipe.lam < np.inf
        # Real rows without weight must not influence the labels either.
        fresh = pool.fresh(self.t) if finite else None
        weight = pool.last_real * (1.0 + recipe.lam if finite else 1.0)
        n_rows = pool.sizes[recipe.newest]
        labelled = self.recursion.update.draw(self, n_rows, fresh, weight)
        pool.rows[recipe.newest] = labelled.rows
        return labelled.without_rows()

    def adapt(self, pool, recipe, labelled):
        """Estimate the weight from the newest real rows, if the user asks for it."""
        if self.settings.lam != "adaptive" or not recipe.needs_rows:
            return recipe, no_evidence(self.settings.lam if recipe.drawn else "real only")
        fresh = pool.fresh(self.t) if recipe.lam < np.inf else None
        at_real = self.last.labeller.at_real(self, fresh, labelled, pool.rows[recipe.newest])
        lam, evidence = adapt(self, recipe.lam, fresh, at_real)
        return pool.reweighted(recipe, self.recursion.workflow, self.t, lam), evidence

    def fit(self, parts, lam, memory, progress):
        """Fit both models on the blend of the parts, and free the parts."""
        blend, for_estimator = blend_rows(*parts, lam, self.task.classes)
        n_drawn = 0 if parts[1] is None else parts[1].X.shape[0]
        parts.clear()
        # The synthesizer goes first: it reads every column, and names one that it cannot learn.
        y = blend.y if self.last.labeller.draws_target else None
        synthesizer = self._fit_synthesizer(blend.X, y, blend.weights, n_drawn)
        del blend, y
        estimator, resampled = None, False
        if self.settings.estimator is not None:
            update = self.recursion.update
            estimator, resampled, memory = update.fit(self, for_estimator, lam, memory, progress)
        return Fitted(estimator, synthesizer, for_estimator, resampled, n_drawn, memory)

    def _fit_synthesizer(self, X, y, weights, n_drawn):
        synthesizer = as_synthesizer(clone(self.settings.synthesizer, safe=False))
        seed_parameters(synthesizer, self.seed(Purpose.SYNTHESIZER))
        # Handed over only where it is used: a cache would hash the old model for nothing.
        previous = self.last.synthesizer if synthesizer.uses_previous else None
        fit = check_memory(self.settings.memory).cache(fit_synthesizer)
        return fit(synthesizer, X, y, weights, n_drawn, previous)
