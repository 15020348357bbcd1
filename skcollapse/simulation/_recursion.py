"""What all twins share: the batches that a workflow asks for, drawn, used and forgotten."""

import numpy as np

from skcollapse.simulation._checks import check_budget, check_plan


class Recursion:
    """The batches and masses of all generations, for as many replications at once as asked.

    Subclasses draw and fit. Generations are to be fitted one by one, each before the next one is
    asked for, since batches are drawn from earlier fits.

    Parameters
    ----------
    workflow : BaseWorkflow instance
        Which batches train a generation, and with what mass.
    rows : tuple of int
        Rows of a real and of a synthetic batch.
    lams : list of float or None
        As `check_lams` returns them, one for each generation.
    generator : numpy.random.Generator
        Source of all draws.
    least_rows : int
        Rows that a fit needs, which a subsample must have.
    """

    def __init__(self, workflow, rows, lams, generator, *, least_rows=1):
        self.rows = dict(zip(("real", "synthetic"), rows, strict=True))
        self.generator = generator
        self.plans = [check_plan(workflow, t) for t in range(len(lams))]
        self.last_use = {batch: t for t, plan in enumerate(self.plans) for batch in plan}
        self.masses = [
            workflow.masses(t, [self.rows[batch.source] for batch in self.plans[t]], lam)
            for t, lam in enumerate(lams)
        ]
        self.budget = check_budget(workflow.budget(rows[0]), least_rows)

    def used_batches(self, draw):
        """Yield, for each generation, the name, content and mass of batches that carry weight.

        ``draw(batch)`` makes a new one. None is kept after its last use.
        """
        batches = {}
        for t, plan in enumerate(self.plans):
            for batch in plan:
                if batch not in batches:
                    batches[batch] = draw(batch)
            shares = zip(plan, self.masses[t], strict=True)
            yield [(batch, batches[batch], mass) for batch, mass in shares if mass > 0]
            batches = {name: drawn for name, drawn in batches.items() if self.last_use[name] > t}

    def training_sets(self, draw):
        """Yield the arrays and the row weights that each generation is fitted to.

        ``draw(batch)`` returns a tuple of arrays of shape (n_replications, n_rows, ...). Weights
        have the shape (n_rows,), or (n_replications, n_rows) for a subsample.
        """
        for used in self.used_batches(draw):
            parts = zip(*(arrays for _, arrays, _ in used), strict=True)
            stacked = [np.concatenate(part, axis=1) for part in parts]
            counts = [arrays[0].shape[1] for _, arrays, _ in used]
            row_weights = [mass / n for n, (_, _, mass) in zip(counts, used, strict=True)]
            yield self._within_budget(stacked, np.repeat(row_weights, counts))

    def _within_budget(self, arrays, weights):
        """Return all rows, or a random subset of the budget's size in each replication."""
        if self.budget is None or self.budget >= len(weights):
            return *arrays, weights
        keys = self.generator.random(arrays[0].shape[:2])
        drawn = np.argpartition(keys, self.budget, axis=1)[:, : self.budget]
        rows = np.arange(len(keys))[:, None]
        return *(array[rows, drawn] for array in arrays), weights[drawn]
