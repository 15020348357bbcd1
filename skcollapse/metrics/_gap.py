"""How much of the loss from deleting rows is won back."""

import numpy as np

from skcollapse._utils._validation import boolean, numbers

__all__ = ["gap_recovered"]


def gap_recovered(score, real_only, all_real, capped=False, *, greater_is_better=True):
    """Compute the share of the gap between two reference scores that a method closes.

    0 means no better than a model of the newest real batch, 1 as good as a model of every
    real row ever seen. The value is negative for a method that does harm and can exceed 1,
    since recursion also regularises.

    Parameters
    ----------
    score : float or array-like
        Score of the method. The three arguments are broadcast against each other.
    real_only : float or array-like
        Score of the estimator fitted on the newest real batch only.
    all_real : float or array-like
        Score of the estimator fitted on all real rows ever seen.
    capped : bool, default=False
        Whether values above 1 are set to 1, as is right before averaging over tables: one
        noisy table with a gap of 3 must not pay for two tables where nothing is won. Negative
        values are never changed.
    greater_is_better : bool, default=True
        False for losses, where `all_real` is the smaller number.

    Returns
    -------
    gap : float or ndarray of the broadcast shape
        ``(score - real_only) / (all_real - real_only)``. NaN where there is no gap to recover
        (`all_real` no better than `real_only`: at generation 0 both are the same fit) and
        where an argument is NaN. This is a value and not an error, so that one such cell does
        not cost the rest of a table.

    Raises
    ------
    ValueError
        If an argument is not numeric or infinite, if the shapes do not fit each other, or if
        `capped` or `greater_is_better` is not a bool.

    Notes
    -----
    The ratio of two noisy differences has no finite mean: average the scores over seeds first
    and take the gap of the means.

    Examples
    --------
    >>> from skcollapse.metrics import gap_recovered
    >>> gap_recovered(0.75, real_only=0.5, all_real=1.0)
    0.5
    >>> gap_recovered([0.25, 0.75, 1.25], 0.5, 1.0, capped=True)
    array([-0.5,  0.5,  1. ])
    >>> gap_recovered(0.75, real_only=1.0, all_real=0.5, greater_is_better=False)
    0.5
    """
    boolean(capped, "capped")
    boolean(greater_is_better, "greater_is_better")
    score = _as_floats(score, "score")
    real_only = _as_floats(real_only, "real_only")
    all_real = _as_floats(all_real, "all_real")
    try:
        score, real_only, all_real = np.broadcast_arrays(score, real_only, all_real)
    except ValueError as error:
        raise ValueError(
            f"score, real_only and all_real have shapes {score.shape}, {real_only.shape} and "
            f"{all_real.shape}, which do not fit each other."
        ) from error
    gap = all_real - real_only
    no_gap = ~(gap > 0) if greater_is_better else ~(gap < 0)
    recovered = (score - real_only) / np.where(no_gap, np.nan, gap)
    if capped:
        recovered = np.minimum(recovered, 1.0)
    return recovered if recovered.ndim else float(recovered)


def _as_floats(values, name):
    values = numbers(values, name)
    if np.isinf(values).any():
        raise ValueError(f"{name} must not be infinite.")
    return values
