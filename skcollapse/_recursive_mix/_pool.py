"""The batches at hand, and how much their means vary together."""

import numpy as np

from skcollapse._recursive_mix._mixing import join_rows
from skcollapse.weights import PartVariances

__all__ = ["Pool"]


class Pool:
    """Batches that a generation may use, with the covariance of their means.

    The mean of a real batch of n rows has variance 1/n and nothing in common with the others.
    That of a synthetic batch of m rows is the model's own error plus r/m, so it has in common
    with every batch what the model has. Rows appear in the pool when they arrive or are drawn and
    leave it when no later generation uses them.

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
        self.first_real = self.last_real = None

    def add_real(self, batch, rows):
        """Take a real batch."""
        self.rows[batch], self.last_real = rows, rows.size
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

    def part(self, batches, masses):
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
