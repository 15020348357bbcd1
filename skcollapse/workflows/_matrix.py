"""Any weights, given as a matrix."""

import numpy as np

from skcollapse.workflows._base import BaseWorkflow, Batch

__all__ = ["MatrixWorkflow"]


class MatrixWorkflow(BaseWorkflow):
    """Train generation t on all batches so far with the weights in row t of a matrix.

    Batch 0 is real, batch t is drawn from the models of generation t - 1. All weights are given,
    so `lam` has nothing to decide. Beyond the last row the workflow ends.

    Parameters
    ----------
    mass : array-like of shape (n_generations + 1, n_generations + 1)
        Lower triangular, non-negative; rows sum to one.

    References
    ----------
    .. [1] A. Dey, D. Donoho, "Universality of the pi^2/6 Pathway in Avoiding Model Collapse",
       arXiv:2410.22812.

    Examples
    --------
    >>> from skcollapse.workflows import MatrixWorkflow
    >>> workflow = MatrixWorkflow([[1, 0, 0], [0.5, 0.5, 0], [0.4, 0.2, 0.4]])
    >>> workflow.plan(1)
    (Batch(source='real', generation=0), Batch(source='synthetic', generation=1))
    >>> workflow.masses(2, [1, 1, 1]).tolist()
    [0.4, 0.2, 0.4]
    """

    fixes_weights = True

    def __init__(self, mass):
        self.mass = mass

    def masses(self, generation, sizes, lam=None):
        """Return the weights of the planned batches: their entries in the matrix.

        Parameters
        ----------
        generation : int
            The generation.
        sizes : array-like of shape (n_planned,)
            Not used: the matrix holds whole batches' weights.
        lam : float or None, default=None
            Not used.

        Returns
        -------
        masses : ndarray of shape (n_planned,)
            Shares that sum to one.
        """
        return self._checked()[generation, : generation + 1]

    def _checked(self):
        mass = np.asarray(self.mass, dtype=np.float64)
        if mass.ndim != 2 or mass.shape[0] != mass.shape[1]:
            raise ValueError(f"mass must be a square matrix, got shape {mass.shape}.")
        for t, row in enumerate(mass):
            if not (row >= 0).all() or abs(row.sum() - 1) > 1e-9 or row[t + 1 :].any():
                raise ValueError(
                    f"Row {t} of mass must be non-negative, sum to 1 and be zero after column "
                    f"{t}; got {row.tolist()}."
                )
        return mass

    def plan(self, generation):
        mass = self._checked()
        if generation >= len(mass):
            return ()
        return tuple(Batch("synthetic" if b else "real", b) for b in range(generation + 1))
