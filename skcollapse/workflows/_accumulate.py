"""Keep every batch, real and synthetic."""

import numpy as np

from skcollapse.theory import MixingMatrix, lam_to_real_weight
from skcollapse.workflows._base import BaseWorkflow, Batch

__all__ = ["Accumulate"]


class Accumulate(BaseWorkflow):
    """Train on the first real batch and on every synthetic batch so far.

    Without new real rows nothing can be gained, but with ``lam="proportional"`` (all rows weigh
    the same, the workflow of [1]_) the variance stays below pi^2/6 times that of the first fit.
    All batches are kept in memory until `fit` returns, then forgotten.

    References
    ----------
    .. [1] A. Dey, D. Donoho, "Universality of the pi^2/6 Pathway in Avoiding Model Collapse",
       arXiv:2410.22812.

    Examples
    --------
    >>> from skcollapse.workflows import Accumulate
    >>> [batch.source for batch in Accumulate().plan(2)]
    ['real', 'synthetic', 'synthetic']
    """

    def plan(self, generation):
        drawn = (Batch("synthetic", t) for t in range(1, generation + 1))
        return (Batch("real", 0), *drawn)

    def mixing_matrix(self, n_generations, n_real=1.0, n_synthetic=1.0, lam=None):
        # No matrix is stored: ten thousand generations cost no more than a few vectors.
        sizes = np.full(n_generations + 1, n_synthetic / n_real)
        sizes[0] = 1.0
        real_weight = None
        if lam is not None:
            shares = np.broadcast_to(lam_to_real_weight(lam), n_generations)
            real_weight = np.concatenate([[1.0], shares])
        parent, n_pooled = np.arange(-1, n_generations), np.arange(1, n_generations + 2)
        return MixingMatrix.pooled(parent, sizes, n_pooled, real_weight=real_weight)
