"""Newton's method for linear, logistic and Poisson regression, many data sets at once."""

from typing import NamedTuple

import numpy as np

__all__ = ["FAMILIES", "RegressionFits", "fit_regressions"]

FAMILIES = ("linear", "logistic", "poisson")

# A Newton step squares the error, so the step after one this small (relative) is rounding.
_STEP_TOLERANCE = 1e-7

# Without a maximum each step adds about one to the linear predictor. Thirty leave it below 37,
# from where 1 - mean is 0 in floating point and the gradient would vanish as at a maximum.
_MAX_STEPS = 30
_MAX_HALVINGS = 40

# |A'''| <= A'' in all families. So a full step that changes no linear predictor by more than t
# lowers the loss if exp(t) - t - 1 < t^2, which holds below 1.79: no need to evaluate the loss.
_SAFE_CHANGE = 1.0

# Smallest eigenvalue, after scaling the diagonal to one, below which columns are collinear.
_MIN_EIGENVALUE = 1e-12


class RegressionFits(NamedTuple):
    """Result of `fit_regressions`.

    Parameters
    ----------
    coef : ndarray of shape (n_replications, n_features) or (n_replications, n_features + 1)
        Coefficients; the intercept is the last one. Finite also where no maximum was found.
    converged : ndarray of bool of shape (n_replications,)
        False where the likelihood has no unique maximum (separated labels, collinear columns)
        or thirty steps did not reach it.
    """

    coef: np.ndarray
    converged: np.ndarray


def fit_regressions(X, y, weights, family, *, intercept=False, start=None):
    r"""Maximise the weighted likelihood of each replication, without a penalty.

    Parameters
    ----------
    X : ndarray of shape (n_replications, n_rows, n_features)
        Covariates.
    y : ndarray of shape (n_replications, n_rows)
        Responses: numbers, labels 0 and 1, or counts.
    weights : ndarray of shape (n_rows,) or (n_replications, n_rows)
        Non-negative weights of the rows; their scale does not matter.
    family : {"linear", "logistic", "poisson"}
        The model, with its canonical link.
    intercept : bool, default=False
        Whether to add a column of ones, as the last one.
    start : ndarray of shape (n_replications, n_coefficients) or None, default=None
        Where to start; None starts from zero.

    Returns
    -------
    fits : RegressionFits
        Coefficients and convergence of each replication.

    Notes
    -----
    With the cumulant A of the family, the loss and the step of a replication are

    .. math:: L(\beta) = \sum_i w_i (A(x_i^T \beta) - y_i x_i^T \beta), \qquad
       \beta \leftarrow \beta - s H^{-1} \nabla L, \quad s = 1, 1/2, 1/4, \ldots,

    s being the first for which the loss does not grow (a step known to be safe is not asked).
    Replications that are done wait for the others without being computed again.
    """
    if intercept:
        X = np.concatenate([X, np.ones((*y.shape, 1))], axis=2)
    weights = np.broadcast_to(weights / weights.sum(axis=-1, keepdims=True), y.shape)
    coef = np.zeros((len(X), X.shape[2])) if start is None else np.array(start, dtype=np.float64)
    converged = np.zeros(len(X), dtype=bool)
    active = np.arange(len(X))
    for _ in range(_MAX_STEPS):
        # Indexing by an array copies the data, which the first steps can do without.
        part = slice(None) if len(active) == len(X) else active
        data = X[part], y[part], weights[part], family
        eta = _linear_predictor(X[part], coef[part])
        step, identified = _newton_step(*data, eta)
        # Judged before halving: a step that is short because nothing helped has not arrived.
        close = np.abs(step).max(axis=1) <= _STEP_TOLERANCE * (1 + np.abs(coef[part]).max(axis=1))
        change = _linear_predictor(X[part], step)
        factor = _step_factor(*data[1:], eta, change)
        coef[part] += factor[:, None] * step
        separated = _separates(*data[1:], eta + factor[:, None] * change)
        converged[active] = close & identified & ~separated
        active = active[~close & ~separated]
        if not len(active):
            break
    return RegressionFits(coef, converged)


def _linear_predictor(X, coef):
    return (X @ coef[:, :, None])[:, :, 0]


def _mean_and_variance(eta, family):
    """Return the first and second derivative of the cumulant."""
    if family == "linear":
        return eta, np.ones_like(eta)
    if family == "logistic":
        small = np.exp(-np.abs(eta))  # mean * (1 - mean) would lose the digits of a large eta
        return np.where(eta > 0, 1.0, small) / (1 + small), small / (1 + small) ** 2
    mean = np.exp(eta)
    return mean, mean


def _loss(y, weights, family, eta):
    cumulant = np.logaddexp(0, eta) if family == "logistic" else np.exp(eta)
    return (weights * (cumulant - y * eta)).sum(axis=1)


def _newton_step(X, y, weights, family, eta):
    """Return the full step of each replication and whether its Hessian has full rank."""
    mean, variance = _mean_and_variance(eta, family)
    transposed = X.transpose(0, 2, 1)
    gradient = (transposed @ (weights * (mean - y))[:, :, None])[:, :, 0]
    hessian = transposed @ (X * (weights * variance)[:, :, None])
    # With ones on the diagonal, one threshold of rank serves all units of the columns.
    scale = np.sqrt(np.einsum("rpp->rp", hessian))
    scale[scale == 0] = 1.0
    hessian /= scale[:, :, None] * scale[:, None, :]
    identified = np.linalg.eigvalsh(hessian)[:, 0] > _MIN_EIGENVALUE
    # Keeps a singular system solvable; changes the way to a maximum, never the maximum.
    hessian += _MIN_EIGENVALUE / 10 * np.eye(X.shape[2])
    step = np.linalg.solve(hessian, -(gradient / scale)[:, :, None])[:, :, 0] / scale
    return step, identified


def _step_factor(y, weights, family, eta, change):
    """Return the largest of 1, 1/2, 1/4, ... that does not raise the loss, or 0 if none does."""
    factor = np.ones(len(eta))
    if family == "linear":  # a full step is the minimum
        return factor
    doubtful = np.flatnonzero(np.abs(change).max(axis=1) > _SAFE_CHANGE)
    before = _loss(y[doubtful], weights[doubtful], family, eta[doubtful])
    for _ in range(_MAX_HALVINGS):
        if not len(doubtful):
            return factor
        moved = eta[doubtful] + factor[doubtful, None] * change[doubtful]
        with np.errstate(over="ignore", invalid="ignore"):  # an infinite loss is a worse one
            worse = ~(_loss(y[doubtful], weights[doubtful], family, moved) <= before)
        doubtful, before = doubtful[worse], before[worse]
        factor[doubtful] *= 0.5
    factor[doubtful] = 0.0
    return factor


def _separates(y, weights, family, eta):
    """Tell whether a plane has all labels on their side: then no maximum exists."""
    if family != "logistic":
        return np.zeros(len(eta), dtype=bool)
    right_side = (2 * y - 1) * eta > 0
    return (right_side | (weights == 0)).all(axis=1)
