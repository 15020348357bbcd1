"""Streams with Friedman's regression function."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils import Bunch

from skcollapse._utils._validation import whole_number
from skcollapse.datasets._streams._stream import Generators, check_noise, make_stream
from skcollapse.datasets._streams._truth import friedman_truth

__all__ = ["make_stream_friedman"]

# The function looks at five columns; all others are noise to a learner.
_MIN_FEATURES = 5


def make_stream_friedman(
    n_batches: int = 8,
    batch_size: Any = 300,
    n_features: int = 10,
    *,
    noise: float = 1.0,
    random_state: Any = None,
) -> Bunch:
    r"""Make a stream with Friedman's first regression function: curved, with an interaction.

    Parameters
    ----------
    n_batches : int, default=8
        Batches in the stream, >= 1.
    batch_size : int or sequence of int of length n_batches, default=300
        Rows of a batch, >= 1.
    n_features : int, default=10
        Columns of X, >= 5, independent and uniform on [0, 1]. Only the first five matter.
    noise : float, default=1.0
        Standard deviation of y around the truth, >= 0.
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
        truth : callable
            ``truth(X, generation=None)`` is the mean of y given the rows of X.
        n_batches, batch_size, n_features, noise, task
            As given; the task is "regression".

    Raises
    ------
    ValueError
        If a parameter is out of range.

    See Also
    --------
    sklearn.datasets.make_friedman1 : The same law as a single table.

    Notes
    -----
    The truth is :math:`10 \sin(\pi x_1 x_2) + 20 (x_3 - 1/2)^2 + 10 x_4 + 5 x_5`.

    References
    ----------
    .. [1] J. Friedman, "Multivariate adaptive regression splines", The Annals of Statistics 19,
       1991, 1-67.

    Examples
    --------
    >>> from skcollapse.datasets import make_stream_friedman
    >>> stream = make_stream_friedman(n_batches=2, batch_size=[50, 30], noise=0, random_state=0)
    >>> stream.X.shape
    (80, 10)
    >>> bool((stream.y == stream.truth(stream.X)).all())
    True
    """
    n_features = whole_number(n_features, "n_features", _MIN_FEATURES)
    noise = check_noise(noise)

    def draw(batch: int, n_rows: int, generators: Generators) -> tuple[np.ndarray, np.ndarray]:
        rows, targets = generators
        X = rows.random((n_rows, n_features))
        return X, friedman_truth(X) + noise * targets.standard_normal(n_rows)

    return make_stream(
        n_batches,
        batch_size,
        random_state,
        draw,
        n_features=n_features,
        task="regression",
        noise=noise,
        truth=friedman_truth,
    )
