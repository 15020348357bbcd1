"""Streams of generalised linear models."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils import Bunch

from skcollapse._utils._validation import whole_number
from skcollapse.datasets._streams._stream import (
    Generators,
    check_noise,
    check_vector,
    make_stream,
)
from skcollapse.datasets._streams._truth import FAMILIES, LinearTruth

__all__ = ["check_coef", "check_family", "draw_glm", "make_stream_glm", "noise_of", "task_of"]


def make_stream_glm(
    n_batches: int = 8,
    batch_size: Any = 300,
    n_features: int = 4,
    *,
    family: str = "linear",
    coef: Any = None,
    intercept: float = 0.0,
    noise: float | None = None,
    random_state: Any = None,
) -> Bunch:
    """Make a stream from a linear, logistic or Poisson regression with known coefficients.

    Parameters
    ----------
    n_batches : int, default=8
        Batches in the stream, >= 1.
    batch_size : int or sequence of int of length n_batches, default=300
        Rows of a batch, >= 1.
    n_features : int, default=4
        Columns of X, >= 1, independent standard normal.
    family : {"linear", "logistic", "poisson"}, default="linear"
        Law of y given X: normal, labels 0 and 1, or counts with a logarithmic link.
    coef : array-like of shape (n_features,), default=None
        True coefficients. None stands for equal ones with squares that sum to 1, so that the
        linear predictor has variance 1.
    intercept : float, default=0.0
        True intercept.
    noise : float, default=None
        Standard deviation of y around its mean, of the linear family only; None stands for 1.
    random_state : int, RandomState instance or None, default=None
        Seed of the draws. With the same int a longer stream, or one of larger batches, starts
        with the same rows, and all families have the same X.

    Returns
    -------
    stream : :class:`~sklearn.utils.Bunch`
        X : ndarray of shape (n_rows, n_features)
            Rows, batch after batch.
        y : ndarray of shape (n_rows,)
            Floats, or whole numbers of the logistic and Poisson families.
        generation : ndarray of int of shape (n_rows,)
            Number of the batch, from 0, as ``fit(X, y, generation=generation)`` takes it.
        coef : ndarray of shape (n_features,)
            True coefficients, with `intercept`.
        noise : float or None
            Standard deviation of y around its mean; None if the family has its own.
        truth : callable
            ``truth(X, generation=None)`` is the mean of y given the rows of X: the probability of
            class 1 if the family is logistic.
        n_batches, batch_size, n_features, family, task
            As given; the task is "classification" if the family is logistic.

    Raises
    ------
    ValueError
        If a parameter is out of range, or `noise` is given for a family that has its own.

    See Also
    --------
    make_stream_drift : The same with coefficients that change.

    Examples
    --------
    >>> import numpy as np
    >>> from skcollapse.datasets import make_stream_glm
    >>> stream = make_stream_glm(family="logistic", coef=[2.0, -1.0, 0.0], n_features=3)
    >>> stream.task, np.unique(stream.y).tolist()
    ('classification', [0, 1])
    >>> stream.truth(np.zeros((1, 3)))
    array([0.5])
    """
    family = check_family(family, FAMILIES)
    n_features = whole_number(n_features, "n_features", 1)
    coef = check_coef(coef, "coef", n_features)
    noise = noise_of(family, noise)
    intercept = float(check_vector([intercept], "intercept", 1)[0])
    truth = LinearTruth(coef[None], intercept, family)
    return make_stream(
        n_batches,
        batch_size,
        random_state,
        draw_glm(truth, noise),
        n_features=n_features,
        task=task_of(family),
        family=family,
        coef=coef,
        intercept=intercept,
        noise=noise,
        truth=truth,
    )


def check_family(family: Any, families: tuple[str, ...]) -> str:
    """Return the family, or raise an error that lists those there are."""
    if family not in families:
        raise ValueError(f"family must be one of {list(families)}, got {family!r}.")
    return family


def check_coef(coef: Any, name: str, n_features: int) -> np.ndarray:
    """Return the coefficients; None stands for equal ones, their squares summing to 1."""
    if coef is None:
        return np.full(n_features, n_features**-0.5)
    return check_vector(coef, name, n_features)


def task_of(family: str) -> str:
    """Return what an estimator is asked for."""
    return "classification" if family == "logistic" else "regression"


def noise_of(family: str, noise: float | None) -> float | None:
    """Return the standard deviation of y, None for a family that has its own variance."""
    if family == "linear":
        return 1.0 if noise is None else check_noise(noise)
    if noise is not None:
        raise ValueError(f"noise is for family='linear'; {family!r} has a variance of its own.")
    return None


def draw_glm(truth: LinearTruth, noise: float | None) -> Any:
    """Return the function that draws a batch around the truth."""
    deviation = 0.0 if noise is None else noise

    def draw(batch: int, n_rows: int, generators: Generators) -> tuple[np.ndarray, np.ndarray]:
        rows, targets = generators
        X = rows.standard_normal((n_rows, truth.coefs.shape[1]))
        mean = truth(X, batch)
        if truth.family == "linear":
            return X, mean + deviation * targets.standard_normal(n_rows)
        if truth.family == "logistic":
            return X, (targets.random(n_rows) < mean).astype(int)
        return X, targets.poisson(mean)

    return draw
