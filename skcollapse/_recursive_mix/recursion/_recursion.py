"""The recursion: draw, label, weigh, fit, and leave only models behind."""

from dataclasses import dataclass
from time import perf_counter

from skcollapse._recursive_mix.fitting import proportional_lam
from skcollapse._recursive_mix.recursion._generation import Generation
from skcollapse._recursive_mix.recursion._history import new_record
from skcollapse._recursive_mix.recursion._round import Round
from skcollapse._recursive_mix.recursion._settings import Settings
from skcollapse._recursive_mix.recursion._task import Task
from skcollapse._recursive_mix.updating import BaseUpdate, Refit
from skcollapse._utils._random import Purpose
from skcollapse.weights import effective_sample_size
from skcollapse.workflows import BaseWorkflow

__all__ = ["Recursion"]

_REFIT = Refit()


@dataclass(frozen=True)
class Recursion:
    """What all generations of a stream have in common; it keeps no state."""

    settings: Settings
    task: Task
    workflow: BaseWorkflow
    entropy: int
    update: BaseUpdate = _REFIT

    def run(self, t, pool, last, progress=None):
        """Return generation t, given the batches in `pool` and generation t - 1."""
        started, here = perf_counter(), Round(self, t, last)
        recipe = pool.recipe(t, self.workflow, self.settings, last.labeller.noise_ratio)
        labelled = here.draw(pool, recipe)
        recipe, evidence = here.adapt(pool, recipe, labelled)
        parts = pool.parts(recipe)
        noise = pool.subsample(parts, self.workflow, here.generator(Purpose.SUBSAMPLE))
        size = effective_sample_size(recipe.lam, recipe.variances, noise)
        parents = pool.model_fitted(recipe.masses, 1.0 / size)
        # Blending copies the rows. Batches that are done with would double the memory.
        pool.keep(recipe.upcoming)
        # In a random subset rows count alike, so chance has set the shares of the parts.
        lam = proportional_lam(*parts) if noise else recipe.lam
        fitted = here.fit(parts, lam, labelled.memory, progress)
        # Synthetic labels scatter around the models that made them instead of the truth.
        labeller = labelled.labeller.after_fit(here, fitted, 1.0 / size - parents)
        record = new_record(t, recipe, fitted, size, labelled.measured, evidence, started)
        models = fitted.estimator, fitted.synthesizer
        return Generation(labeller, t, *models, size, record, fitted.memory)
