"""The batches at hand, and how much their means vary together."""

from numbers import Integral

import numpy as np

from skcollapse._recursive_mix.fitting import join_rows, subset
from skcollapse._recursive_mix.recursion._recipe import Recipe
from skcollapse.weights import PartVariances, resolve_lam
from skcollapse.workflows import Batch, subsample_noise

__all__ = ["BatchPool", "n_rows_to_draw"]


class BatchPool:
    """Batches that a generation may use, with the covariance of their means.

    The mean of a real batch of n rows has variance 1/n and covariance 0 with the other real
    batches. The mean of a synthetic batch of m rows has the variance of its model plus r/m, and
    its covariance with another batch equals the covariance of its model with that batch. Rows
    enter the pool when they arrive or are drawn, and leave it when no later generation uses them.

    Parameters
    ----------
    model_variance : float, default=None
        Variance of the last model, if there is one from an earlier call.
    """

    def __init__(self, model_variance=None):
        self.rows = {}
        self.sizes = {}
        self._names = []
        self._covariance = np.zeros((0, 0))
        self._parents = {}  # variance of the model that made a batch; 0 for real ones
        self._model_variance = model_variance
        self._with_model = np.zeros(0)
        self.first_real = self.last_real = self.last_rows = None

    def add_real(self, batch, rows):
        """Take a real batch."""
        self.rows[batch], self.last_real = rows, rows.size
        self.last_rows = rows.X.shape[0]
        self.first_real = self.first_real or rows.X.shape[0]
        self._add(batch, rows.size, 1.0 / rows.size, np.zeros(len(self._names)), parent=0.0)
        self._with_model = np.append(self._with_model, 0.0)

    def announce(self, batch, n_rows, noise_ratio):
        """Take note of a synthetic batch that the last model can draw."""
        variance = self._model_variance + noise_ratio / n_rows
        self._add(batch, n_rows, variance, self._with_model, parent=self._model_variance)
        self._with_model = np.append(self._with_model, self._model_variance)

    def _add(self, batch, size, variance, shared, parent):
        self._names.append(batch)
        self.sizes[batch], self._parents[batch] = size, parent
        self._covariance = np.block([[self._covariance, shared[:, None]], [shared, variance]])

    def recipe(self, t, workflow, settings, noise_ratio):
        """Return the recipe of generation t, as the workflow and lam have it."""
        plan, newest = workflow.plan(t), Batch("synthetic", t)
        if newest in plan:
            n_rows = self._n_rows_to_draw(settings.n_synthetic)
            self.announce(newest, n_rows, noise_ratio)
        masses = self.shares(workflow, plan, t)
        recipe = Recipe(plan, newest, set(workflow.plan(t + 1)), 0.0, masses, None, 0.0)
        real, drawn = recipe.real, recipe.drawn
        n_real, variances = self.size(real), self.variances(real, drawn, masses)
        recipe = recipe._replace(n_real=n_real, variances=variances)
        if workflow.fixes_weights:
            share = sum(masses[batch] for batch in real)
            return recipe._replace(lam=(1.0 - share) / share if share > 0 else np.inf)
        if not drawn:
            return recipe
        sizes = {"n_real": n_real, "n_synthetic": self.size(drawn)}
        lam = resolve_lam(settings.lam, **sizes, variances=variances)
        return self.reweighted(recipe, workflow, t, lam)

    def _n_rows_to_draw(self, n_synthetic):
        if n_synthetic != "auto":
            return n_rows_to_draw(n_synthetic, self.last_real)
        # In rows: the unit of weights must not change how many are drawn.
        rows_of_weight = self.last_rows / self.last_real
        return n_rows_to_draw("auto", self.last_rows, rows_of_weight / self._model_variance)

    def reweighted(self, recipe, workflow, t, lam):
        """Return the recipe with another lam."""
        return recipe._replace(lam=lam, masses=self.shares(workflow, recipe.plan, t, lam))

    def fresh(self, t):
        """Return the real rows that came in with generation t, or None."""
        return self.rows.get(Batch("real", t))

    def parts(self, recipe):
        """Return the real and the synthetic part of a recipe, each with weights of its own."""
        real = self.stack(recipe.real, recipe.masses) if recipe.real else None
        return [real, self.stack(recipe.drawn, recipe.masses) if recipe.lam > 0 else None]

    def subsample(self, parts, workflow, generator):
        """Cut the parts down to the workflow's budget; return the variance that this adds."""
        budget = workflow.budget(self.first_real)
        counts = [0 if part is None else part.X.shape[0] for part in parts]
        budget = None if budget is None else max(1, round(budget))
        noise = subsample_noise(budget, sum(counts))
        if noise:
            chosen = np.sort(generator.choice(sum(counts), budget, replace=False))
            indices = np.split(chosen, [np.searchsorted(chosen, counts[0])])
            indices[1] = indices[1] - counts[0]
            for k, index in enumerate(indices):
                parts[k] = subset(parts[k], index) if len(index) else None
        return noise

    def size(self, batches):
        """Total size of some batches."""
        return float(sum(self.sizes[batch] for batch in batches))

    def shares(self, workflow, plan, generation, lam=None):
        """Return the share of each planned batch in the total weight, as the workflow says."""
        sizes = [self.sizes[batch] for batch in plan]
        return dict(zip(plan, workflow.masses(generation, sizes, lam), strict=True))

    def variances(self, real, synthetic, masses):
        """Return the `PartVariances` of two parts, inside which `masses` weigh the batches."""
        shares = [self._vector(part, masses) for part in (real, synthetic)]
        sums = [share.sum() for share in shares]
        r, s = (
            share / total if total else share for share, total in zip(shares, sums, strict=True)
        )
        return PartVariances(
            float(r @ self._covariance @ r) if sums[0] else np.inf,
            float(s @ self._covariance @ s) if sums[1] else np.inf,
            float(r @ self._covariance @ s),
        )

    def _vector(self, batches, masses):
        wanted = {batch: masses[batch] for batch in batches}
        return np.array([wanted.get(name, 0.0) for name in self._names])

    def model_fitted(self, masses, variance):
        """Take note of a model fitted with `masses`; return the mean variance of its parents."""
        share = self._vector(masses, masses)
        self._with_model = self._covariance @ share
        self._model_variance = variance
        return sum(mass * self._parents[batch] for batch, mass in masses.items())

    def stack(self, batches, masses):
        """Stack the rows of some batches, weighted inside the part by `masses`."""
        natural = {b: self.sizes[b] / self.size(batches) for b in batches}
        total = sum(masses[b] for b in batches)
        scales = None
        if total > 0 and any(abs(masses[b] / total - natural[b]) > 1e-12 for b in batches):
            scales = [masses[b] / total / natural[b] for b in batches]
        return join_rows([self.rows[b] for b in batches], scales)

    def keep(self, batches):
        """Forget all other batches."""
        kept = [i for i, name in enumerate(self._names) if name in batches]
        self._names = [self._names[i] for i in kept]
        self._covariance = self._covariance[np.ix_(kept, kept)]
        self._with_model = self._with_model[kept]
        for record in (self.rows, self.sizes, self._parents):
            for name in [name for name in record if name not in self._names]:
                del record[name]


def n_rows_to_draw(n_synthetic, n_real, size=0.0):
    """Return the number of synthetic rows to draw beside `n_real` real ones.

    "auto" draws 20 rows a real one up to 50,000, and 2 a real one above that. It never draws fewer
    than 4 for each row of the effective sample size `size`, up to 20,000: a small batch after a
    large one must not leave what was learned to a few rows.
    """
    if n_synthetic == "auto":
        by_batch = min(20 * n_real, max(50_000, 2 * n_real))
        return int(max(by_batch, min(round(4 * size), 20_000)))
    if isinstance(n_synthetic, Integral):
        return int(n_synthetic)
    return max(1, round(n_synthetic * n_real))
