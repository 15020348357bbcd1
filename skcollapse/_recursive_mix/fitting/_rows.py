"""Batches of rows with labels and weights."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from skcollapse._utils._rows import concat_rows, take_rows

__all__ = ["WeightedRows", "join_rows", "stack_arrays", "subset"]


@dataclass(frozen=True)
class WeightedRows:
    """Rows, their labels, and weights relative to each other.

    `weights` is None where every row counts one. `probabilities`, of shape (n_rows, n_classes),
    takes the place of `y` for the estimator where labels are not certain.
    """

    X: Any
    y: np.ndarray | None
    weights: np.ndarray | None = None
    probabilities: np.ndarray | None = None

    @property
    def size(self):
        """Number of rows n; the sum of the weights where the user gave some."""
        return float(self.X.shape[0] if self.weights is None else self.weights.sum())

    def full_weights(self):
        """Return the weights as an array."""
        return np.ones(self.X.shape[0]) if self.weights is None else self.weights


def join_rows(batches, scales=None):
    """Stack batches of one source into one, or return None if there are none.

    `scales` multiply the weights of the batches; None leaves them as they are.
    """
    if not batches:
        return None
    if scales is not None:
        batches = [
            replace(rows, weights=scale * rows.full_weights())
            for rows, scale in zip(batches, scales, strict=True)
        ]
    if len(batches) == 1:
        return batches[0]
    plain = all(rows.weights is None for rows in batches)
    return WeightedRows(
        concat_rows(*(rows.X for rows in batches)),
        stack_arrays([rows.y for rows in batches]),
        None if plain else np.concatenate([rows.full_weights() for rows in batches]),
        stack_arrays([rows.probabilities for rows in batches]),
    )


def subset(rows, index):
    """Return some rows of a batch."""
    return WeightedRows(
        take_rows(rows.X, index),
        None if rows.y is None else rows.y[index],
        None if rows.weights is None else rows.weights[index],
        None if rows.probabilities is None else rows.probabilities[index],
    )


def stack_arrays(parts):
    """Stack arrays, or return None if one of them is None."""
    return None if any(part is None for part in parts) else np.concatenate(parts)
