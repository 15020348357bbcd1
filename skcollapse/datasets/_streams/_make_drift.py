"""Streams whose truth moves."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils import Bunch

from skcollapse._utils._validation import whole_number
from skcollapse.datasets._streams._make_glm import (
    check_coef,
    check_family,
    draw_glm,
    noise_of,
    task_of,
)
from skcollapse.datasets._streams._stream import check_vector, make_stream
from skcollapse.datasets._streams._truth import LinearTruth

__all__ = ["make_stream_drift"]

_KINDS = ("shift", "gradual", "label_flip")


def make_stream_drift(
    n_batches: int = 8,
    batch_size: Any = 300,
    n_features: int = 4,
    *,
    kind: str = "shift",
    drift_at: int = 4,
    drift_length: int | None = None,
    family: str | None = None,
    coef: Any = None,
    coef_after: Any = None,
    noise: float | None = None,
    random_state: Any = None,
) -> Bunch:
    r"""Make a stream of a linear or logistic regression whose coefficients change.

    Parameters
    ----------
    n_batches : int, default=8
        Batches in the stream, >= 2.
    batch_size : int or sequence of int of length n_batches, default=300
        Rows of a batch, >= 1.
    n_features : int, default=4
        Columns of X, >= 1, independent standard normal. Their law does not change.
    kind : {"shift", "gradual", "label_flip"}, default="shift"
        How the law of y given X changes. "shift": from `coef` to `coef_after` at once. "gradual":
        in `drift_length` equal steps, one a batch. "label_flip": the two classes change places,
        that is, all coefficients change their sign.
    drift_at : int, default=4
        The first batch that is not like batch 0, from 1 to ``n_batches - 1``.
    drift_length : int, default=None
        Batches that a gradual change takes, >= 1; None stands for 4. It may reach beyond the
        end of the stream. The length 1 is the same as "shift".
    family : {"linear", "logistic"}, default=None
        Law of y given X: normal, or labels 0 and 1. None stands for "linear", and for
        "logistic" if the labels flip.
    coef : array-like of shape (n_features,), default=None
        Coefficients before the change. None stands for equal ones with squares that sum to 1.
    coef_after : array-like of shape (n_features,), default=None
        Coefficients after the change. None changes the sign of the first, third, fifth, ...
        coefficient. "label_flip" has its own.
    noise : float, default=None
        Standard deviation of y around its mean, of the linear family only; None stands for 1.
    random_state : int, RandomState instance or None, default=None
        Seed of the draws. With the same int a longer stream, or one of larger batches, starts
        with the same rows; all kinds have the same X, and before the change the same y, which
        are those of :func:`make_stream_glm`.

    Returns
    -------
    stream : :class:`~sklearn.utils.Bunch`
        X : ndarray of shape (n_rows, n_features)
            Rows, batch after batch.
        y : ndarray of shape (n_rows,)
            Floats, or classes 0 and 1.
        generation : ndarray of int of shape (n_rows,)
            Number of the batch, from 0, as ``fit(X, y, generation=generation)`` takes it.
        coefs : ndarray of shape (n_batches, n_features)
            True coefficients of each batch. There is no intercept.
        noise : float or None
            Standard deviation of y around its mean; None if the family is logistic.
        truth : callable
            ``truth(X, generation)`` is the mean of y given the rows of X in that batch; the
            generation may be a number, or one for each row.
        n_batches, batch_size, n_features, kind, drift_at, drift_length, family, task
            As used; the task is "classification" if the family is logistic.

    Raises
    ------
    ValueError
        If a parameter is out of range, or does not belong to the kind of change.

    See Also
    --------
    make_stream_glm : The same without a change.

    Examples
    --------
    >>> from skcollapse.datasets import make_stream_drift
    >>> stream = make_stream_drift(
    ...     n_batches=5, n_features=2, kind="gradual", drift_at=2, drift_length=2, coef=[1.0, 1.0]
    ... )
    >>> stream.coefs.tolist()
    [[1.0, 1.0], [1.0, 1.0], [0.0, 1.0], [-1.0, 1.0], [-1.0, 1.0]]
    >>> stream.truth([[3.0, 0.0]], generation=4).tolist()
    [-3.0]
    """
    n_batches = whole_number(n_batches, "n_batches", 2)
    n_features = whole_number(n_features, "n_features", 1)
    family = _check_kind(kind, family, coef_after)
    drift_length = _check_drift(kind, n_batches, drift_at, drift_length)
    noise = noise_of(family, noise)
    before = check_coef(coef, "coef", n_features)
    after = _after(kind, before, coef_after)
    steps = np.clip((np.arange(n_batches) - drift_at + 1) / drift_length, 0.0, 1.0)
    truth = LinearTruth((1.0 - steps)[:, None] * before + steps[:, None] * after, family=family)
    return make_stream(
        n_batches,
        batch_size,
        random_state,
        draw_glm(truth, noise),
        n_features=n_features,
        task=task_of(family),
        kind=kind,
        drift_at=drift_at,
        drift_length=drift_length,
        family=family,
        coefs=truth.coefs,
        noise=noise,
        truth=truth,
    )


def _check_kind(kind: str, family: str | None, coef_after: Any) -> str:
    """Return the family that goes with the kind."""
    if kind not in _KINDS:
        raise ValueError(f"kind must be one of {list(_KINDS)}, got {kind!r}.")
    if kind != "label_flip":
        return check_family("linear" if family is None else family, ("linear", "logistic"))
    if coef_after is not None:
        raise ValueError("coef_after does not belong to kind='label_flip', which negates coef.")
    return check_family("logistic" if family is None else family, ("logistic",))


def _check_drift(kind: str, n_batches: int, drift_at: Any, drift_length: Any) -> int:
    """Return how many batches the change takes."""
    if whole_number(drift_at, "drift_at", 1) >= n_batches:
        raise ValueError(
            f"drift_at must be a batch from 1 to {n_batches - 1} (n_batches - 1), got {drift_at}."
        )
    if kind == "gradual":
        return 4 if drift_length is None else whole_number(drift_length, "drift_length", 1)
    if drift_length is not None:
        raise ValueError(f"drift_length belongs to kind='gradual'; {kind!r} takes one batch.")
    return 1


def _after(kind: str, before: np.ndarray, coef_after: Any) -> np.ndarray:
    if kind == "label_flip":
        return -before
    if coef_after is not None:
        return check_vector(coef_after, "coef_after", len(before))
    return before * np.where(np.arange(len(before)) % 2 == 0, -1.0, 1.0)
