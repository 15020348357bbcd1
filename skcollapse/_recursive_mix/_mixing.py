"""Batches of rows, and the weighted mix that a generation is fitted on."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from skcollapse._utils._rows import concat_rows, take_rows
from skcollapse.weights import mixed_sample_weight

__all__ = ["Rows", "class_copies", "join_rows", "mix", "natural_lam", "subset"]

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
    return Rows(
        concat_rows(*(rows.X for rows in batches)),
        _stack([rows.y for rows in batches]),
        None if plain else np.concatenate([rows.full_weights() for rows in batches]),
        _stack([rows.probabilities for rows in batches]),
    )


def subset(rows, index):
    """Return some rows of a batch."""
    return Rows(
        take_rows(rows.X, index),
        None if rows.y is None else rows.y[index],
        None if rows.weights is None else rows.weights[index],
        None if rows.probabilities is None else rows.probabilities[index],
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


def natural_lam(real, synthetic):
    """Return the lam at which all rows of two parts, of which either may be None, count alike."""
    if real is None or synthetic is None:
        return 0.0 if synthetic is None else np.inf
    return synthetic.size / real.size


def mix(real, synthetic, lam, classes):
    """Weight and stack the real and the synthetic part, of which either may be None.

    Returns the rows for the synthesizer and the rows for the estimator. They differ only where
    labels are class probabilities: the estimator then gets a weighted copy of a row per class.
    """
    if synthetic is None:
        return real, real
    if real is None:
        y, X = None, synthetic.X
        w_real, w_synthetic = np.zeros(0), synthetic.full_weights()
        mixed = Rows(X, synthetic.y, synthetic.weights)
    else:
        w_real, w_synthetic = mixed_sample_weight(
            real.full_weights(), synthetic.full_weights(), lam
        )
        y, X = real.y, synthetic.X
        if np.isinf(lam):
            y, w_real = real.y[:0] if y is not None else None, w_real[:0]
        else:
            X = concat_rows(real.X, synthetic.X)
        mixed = Rows(X, _stack([y, synthetic.y]), np.concatenate([w_real, w_synthetic]))
    if synthetic.probabilities is None:
        return mixed, mixed
    index, labels, share = class_copies(synthetic.probabilities, classes)
    n_real = len(w_real)
    copies = Rows(
        take_rows(X, np.concatenate([np.arange(n_real), n_real + index])),
        labels if y is None else np.concatenate([y, labels]),
        np.concatenate([w_real, w_synthetic[index] * share]),
    )
    return mixed, copies
