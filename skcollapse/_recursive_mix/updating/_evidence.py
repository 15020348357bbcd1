"""Coefficients of corrections, estimated from all real rows so far."""

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import nnls

from skcollapse._recursive_mix.updating._directions import DIRECTIONS

__all__ = ["Coefficients", "Share"]

# What a generation says counts .9 times as much in the next one, .35 times ten generations later:
# a few hundred rows decide badly, and a truth that moves must be able to change the answer.
_MEMORY = 0.9
_LARGEST = 2.0
_NEWTON_STEPS = 2


def _prior():
    return np.array([prior for _, prior in DIRECTIONS])


@dataclass(frozen=True)
class Coefficients:
    r"""Non-negative coefficients of the directions, and the sums that they come from.

    Notes
    -----
    With A and b the normal equations of the newest rows, out of fold, and D the diagonal of A,
    the coefficients minimise

    .. math:: \beta^T (\gamma M + A + D) \beta - 2 (\gamma v + b + D \beta_0)^T \beta, \quad
              0 \le \beta \le 2,

    where M and v are the discounted sums of earlier generations, :math:`\gamma = 0.9`, and
    :math:`\beta_0` is the prior: as strong as the newest rows, so that it matters in the first
    generations only.
    """

    values: np.ndarray = field(default_factory=_prior)
    matrix: np.ndarray = field(default_factory=lambda: np.zeros((len(DIRECTIONS),) * 2))
    vector: np.ndarray = field(default_factory=lambda: np.zeros(len(DIRECTIONS)))

    def after(self, equations):
        """Return the coefficients after one more batch; ``equations(values)`` are its sums."""
        values = self.values
        for _ in range(_NEWTON_STEPS):
            matrix, vector = equations(values)
            ridge = np.diag(np.diag(matrix)) + 1e-9 * np.eye(len(values))
            pooled = _MEMORY * self.matrix + matrix + ridge
            target = _MEMORY * self.vector + vector + ridge @ _prior()
            root = np.linalg.cholesky(pooled)
            values = np.minimum(nnls(root.T, np.linalg.solve(root, target))[0], _LARGEST)
        sums = _MEMORY * self.matrix + matrix, _MEMORY * self.vector + vector
        return Coefficients(values, *sums)


@dataclass(frozen=True)
class Share:
    """A coefficient from 0 to 1 of a single direction, with its value before any evidence."""

    value: float = 1.0
    curvature: float = 0.0
    score: float = 0.0
    prior: float = 1.0

    def after(self, equations):
        """Return the share after one more batch of rows that no model has seen."""
        matrix, vector = equations(np.array([self.value]))
        curvature = _MEMORY * self.curvature + float(matrix[0, 0])
        score = _MEMORY * self.score + float(vector[0])
        ridge = float(matrix[0, 0])
        if not curvature + ridge > 0:
            return self
        value = (score + self.prior * ridge) / (curvature + ridge)
        return Share(float(np.clip(value, 0.0, 1.0)), curvature, score, self.prior)
