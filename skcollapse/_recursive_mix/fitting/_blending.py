"""The weighted mix of a real and a synthetic part that a generation is fitted on."""

import numpy as np

from skcollapse._recursive_mix.fitting._rows import WeightedRows, stack_arrays
from skcollapse._utils._rows import concat_rows, take_rows
from skcollapse.weights import mixed_sample_weight

__all__ = ["blend_rows", "class_copies", "proportional_lam"]

# A copy of a synthetic row is left out when its class probability is below this fraction of the
# class's average over the batch. At most a thousandth of any class, however rare, is lost.
NEGLIGIBLE = 1e-3


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


def proportional_lam(real, synthetic):
    """Return the lam at which all rows of two parts, of which either may be None, count alike."""
    if real is None or synthetic is None:
        return 0.0 if synthetic is None else np.inf
    return synthetic.size / real.size


def blend_rows(real, synthetic, lam, classes):
    """Weight and stack the real and the synthetic part, of which either may be None.

    Returns the rows for the synthesizer and the rows for the estimator. They differ only where
    labels are class probabilities: the estimator then gets a weighted copy of a row per class.
    """
    if synthetic is None:
        return real, real
    if real is None:
        y, X = None, synthetic.X
        w_real, w_synthetic = np.zeros(0), synthetic.full_weights()
        mixed = WeightedRows(X, synthetic.y, synthetic.weights)
    else:
        w_real, w_synthetic = mixed_sample_weight(
            real.full_weights(), synthetic.full_weights(), lam
        )
        y, X = real.y, synthetic.X
        if np.isinf(lam):
            y, w_real = real.y[:0] if y is not None else None, w_real[:0]
        else:
            X = concat_rows(real.X, synthetic.X)
        mixed = WeightedRows(
            X, stack_arrays([y, synthetic.y]), np.concatenate([w_real, w_synthetic])
        )
    if synthetic.probabilities is None:
        return mixed, mixed
    index, labels, share = class_copies(synthetic.probabilities, classes)
    n_real = len(w_real)
    copies = WeightedRows(
        take_rows(X, np.concatenate([np.arange(n_real), n_real + index])),
        labels if y is None else np.concatenate([y, labels]),
        np.concatenate([w_real, w_synthetic[index] * share]),
    )
    return mixed, copies
