"""Keep every batch, train on a fixed number of rows."""

from numbers import Integral

import numpy as np

from skcollapse.theory import MixingMatrix
from skcollapse.workflows._base import BaseWorkflow, Batch, subsample_noise

__all__ = ["AccumulateSubsample"]


class AccumulateSubsample(BaseWorkflow):
    """Train on a random subset, of fixed size, of all batches so far.

    Like `Accumulate` at a fixed cost of each fit: in each generation `size` rows are drawn anew,
    without replacement and independently of earlier draws, from the first real batch and all
    synthetic ones. For that the batches are kept in memory until `fit` returns. The variance tends
    to pi^2/2 - 2 times that of the first fit if `size` is that of the first batch. Takes
    ``lam="proportional"`` (all rows count the same), or ``lam="optimal"``, which is 0.

    Parameters
    ----------
    size : int or float, default=1.0
        Rows of a fit: an int is a number of rows, a float a multiple of the first real batch.

    References
    ----------
    .. [1] A. Dey, D. Donoho, "Universality of the pi^2/6 Pathway in Avoiding Model Collapse",
       arXiv:2410.22812.

    Examples
    --------
    >>> from skcollapse.workflows import AccumulateSubsample
    >>> AccumulateSubsample(size=2.0).budget(300)
    600.0
    """

    def __init__(self, size=1.0):
        self.size = size

    def budget(self, n_real):
        return self.size if isinstance(self.size, Integral) else self.size * n_real

    def plan(self, generation):
        if not self.size > 0:
            raise ValueError(f"size must be positive, got {self.size!r}.")
        drawn = (Batch("synthetic", t) for t in range(1, generation + 1))
        return (Batch("real", 0), *drawn)

    def mixing_matrix(self, n_generations, n_real=1.0, n_synthetic=1.0, lam=None):
        # No matrix is stored: ten thousand generations cost no more than a few vectors.
        if lam is not None:
            return super().mixing_matrix(n_generations, n_real, n_synthetic, lam)
        sizes = np.full(n_generations + 1, n_synthetic / n_real)
        sizes[0] = 1.0
        parent, n_pooled = np.arange(-1, n_generations), np.arange(1, n_generations + 2)
        noise = [subsample_noise(self.budget(1.0), rows) for rows in np.cumsum(sizes)]
        return MixingMatrix.pooled(parent, sizes, n_pooled, noise if np.any(noise) else None)
