"""Streams of jointly Gaussian rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils import Bunch

from skcollapse._utils._validation import whole_number
from skcollapse.datasets._streams._stream import Generators, check_vector, make_stream
from skcollapse.datasets._streams._truth import LinearTruth

__all__ = ["make_stream_gaussian"]

# Neighbouring coordinates correlate by this much unless a covariance is given.
_CORRELATION = 0.5


def make_stream_gaussian(
    n_batches: int = 8,
    batch_size: Any = 300,
    n_features: int = 4,
    *,
    mean: Any = None,
    covariance: Any = None,
    random_state: Any = None,
) -> Bunch:
    r"""Make a stream of rows (X, y) that are jointly Gaussian, y being the last coordinate.

    Parameters
    ----------
    n_batches : int, default=8
        Batches in the stream, >= 1.
    batch_size : int or sequence of int of length n_batches, default=300
        Rows of a batch, >= 1.
    n_features : int, default=4
        Columns of X, >= 1.
    mean : array-like of shape (n_features + 1,), default=None
        Mean of (X, y); None stands for zeros.
    covariance : array-like of shape (n_features + 1, n_features + 1), default=None
        Positive definite covariance of (X, y). None stands for ``0.5 ** abs(i - j)``: unit
        variances, and y depends on the last column of X alone.
    random_state : int, RandomState instance or None, default=None
        Seed of the draws. With the same int a longer stream, or one of larger batches, starts
        with the same rows.

    Returns
    -------
    stream : :class:`~sklearn.utils.Bunch`
        X : ndarray of shape (n_rows, n_features)
            Rows, batch after batch.
        y : ndarray of shape (n_rows,)
            Targets.
        generation : ndarray of int of shape (n_rows,)
            Number of the batch, from 0, as ``fit(X, y, generation=generation)`` takes it.
        mean : ndarray of shape (n_features + 1,)
            Mean of (X, y).
        covariance : ndarray of shape (n_features + 1, n_features + 1)
            Covariance of (X, y).
        coef : ndarray of shape (n_features,)
            Coefficients of the regression of y on X, with `intercept`.
        noise : float
            Standard deviation of y around the regression.
        truth : callable
            ``truth(X, generation=None)`` is the mean of y given the rows of X.
        n_batches, batch_size, n_features, task
            As given; the task is "regression".

    Raises
    ------
    ValueError
        If a parameter is out of range, or `covariance` is not symmetric and positive definite.

    Notes
    -----
    With the blocks of the covariance :math:`\Sigma`, the coefficients are
    :math:`\Sigma_{xx}^{-1} \sigma_{xy}` and the noise has the variance
    :math:`\sigma_{yy} - \sigma_{xy}^T \Sigma_{xx}^{-1} \sigma_{xy}`.

    Examples
    --------
    >>> from skcollapse.datasets import make_stream_gaussian
    >>> stream = make_stream_gaussian(n_batches=3, batch_size=100, n_features=2, random_state=0)
    >>> stream.X.shape, stream.generation[[0, 100, 200]].tolist()
    ((300, 2), [0, 1, 2])
    >>> stream.coef.round(3).tolist(), round(stream.noise**2, 3)
    ([0.0, 0.5], 0.75)
    """
    n_features = whole_number(n_features, "n_features", 1)
    size = n_features + 1
    mean = np.zeros(size) if mean is None else check_vector(mean, "mean", size)
    covariance, root = _check_covariance(covariance, size)
    coef = np.linalg.solve(covariance[:-1, :-1], covariance[:-1, -1])
    intercept = float(mean[-1] - mean[:-1] @ coef)
    noise = float(root[-1, -1])
    truth = LinearTruth(coef[None], intercept)

    def draw(batch: int, n_rows: int, generators: Generators) -> tuple[np.ndarray, np.ndarray]:
        rows, targets = generators
        X = mean[:-1] + rows.standard_normal((n_rows, n_features)) @ root[:-1, :-1].T
        return X, truth(X) + noise * targets.standard_normal(n_rows)

    return make_stream(
        n_batches,
        batch_size,
        random_state,
        draw,
        n_features=n_features,
        task="regression",
        mean=mean,
        covariance=covariance,
        coef=coef,
        intercept=intercept,
        noise=noise,
        truth=truth,
    )


def _check_covariance(covariance: Any, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the covariance and its Cholesky factor, whose last entry is the noise of y."""
    if covariance is None:
        order = np.arange(size)
        covariance = _CORRELATION ** np.abs(order[:, None] - order)
    covariance = np.asarray(covariance, dtype=np.float64)
    if covariance.shape != (size, size):
        raise ValueError(
            f"covariance must have the shape {(size, size)}, that of X and y together; got "
            f"{covariance.shape}."
        )
    if not np.allclose(covariance, covariance.T):
        raise ValueError("covariance must be symmetric.")
    try:
        return covariance, np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError as error:
        raise ValueError("covariance must be positive definite.") from error
