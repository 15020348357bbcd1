"""Batches of rows, and the weighted mix that a generation is fitted on."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from skcollapse._utils._rows import concat_rows, take_rows
from skcollapse.weights import mixed_sample_weight

__all__ = ["Rows", "class_copies", "join_rows", "mix"]

# A copy of a synthetic row is left out when its class probability is below this fraction of the
# class's average over the batch. At most a thousandth of any class, however rare, is lost.
NEGLIGIBLE = 1e-3


@dataclass(frozen=True)
class Rows:
    """A batch: rows, their labels, and weights relative to each other.

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


def join_rows(batches):
    """Stack batches of one source into one, or return None if there are none."""
    batches = list(batches)
    if len(batches) < 2:
        return batches[0] if batches else None
    X = batches[0].X
    for rows in batches[1:]:
        X = concat_rows(X, rows.X)
    plain = all(rows.weights is None for rows in batches)
    return Rows(
        X,
        _stack([rows.y for rows in batches]),
        None if plain else np.concatenate([rows.full_weights() for rows in batches]),
        _stack([rows.probabilities for rows in batches]),
    )


def _stack(parts):
    return None if any(part is None for part in parts) else np.concatenate(parts)


def class_copies(probabilities, classes):
    """Turn class probabilities into copies of rows, one per class that is not negligible.

    Returns the row index, the label and the share of the row's weight of every copy; the shares
    of a row sum to one.
    """
    keep = probabilities > NEGLIGIBLE * probabilities.mean(axis=0)
    index, code = np.nonzero(keep)
    # What a row loses with its negligible classes goes to its other classes: rows weigh the same.
    kept = np.where(keep, probabilities, 0.0)
    share = (kept / kept.sum(axis=1, keepdims=True))[index, code]
    return index, classes[code], share


def mix(real, synthetic, lam, classes):
    """Weight and stack the real and the synthetic part.

    Returns the rows for the synthesizer and the rows for the estimator. They differ only where
    labels are class probabilities: the estimator then gets a weighted copy of a row per class.
    """
    if synthetic is None:
        return real, real
    w_real, w_synthetic = mixed_sample_weight(real.full_weights(), synthetic.full_weights(), lam)
    if np.isinf(lam):
        real, X, w_real = Rows(None, real.y[:0]), synthetic.X, w_real[:0]
    else:
        X = concat_rows(real.X, synthetic.X)
    weights = np.concatenate([w_real, w_synthetic])
    mixed = Rows(X, _stack([real.y, synthetic.y]), weights)
    if synthetic.probabilities is None:
        return mixed, mixed
    index, labels, share = class_copies(synthetic.probabilities, classes)
    n_real = len(w_real)
    copies = Rows(
        take_rows(X, np.concatenate([np.arange(n_real), n_real + index])),
        np.concatenate([real.y, labels]),
        np.concatenate([w_real, w_synthetic[index] * share]),
    )
    return mixed, copies
