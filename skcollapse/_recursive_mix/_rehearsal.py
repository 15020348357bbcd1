"""What an estimator does not learn from the labels of synthetic rows, and how to make up for it.

A penalty, a bandwidth, a number of leaves: whatever smooths the labels once smooths them again in
every generation. Synthetic rows can be drawn at will and their labels carry no noise, so this loss
can be measured without real rows: rehearse the fit on synthetic rows alone, and look at others.
"""

from typing import NamedTuple

import numpy as np
from sklearn.base import clone

from skcollapse._recursive_mix._correction import (
    SMALLEST_PROBABILITY,
    add_log_odds,
)
from skcollapse._recursive_mix._fitting import (
    fit_weighted,
    seed_parameters,
    weight_parameter,
)
from skcollapse._recursive_mix._mixing import mix
from skcollapse._recursive_mix._roughness import ROUNDING

__all__ = ["Rehearsed", "fit_rehearsal", "raise_log_odds", "raise_means"]


# A regressor that loses as much of the labels' variance says nothing that could be added: the
# difference is its own error then, and adding it month after month would let labels run away.
_LARGEST_ERROR = 0.5


class Rehearsed(NamedTuple):
    """Labels with what was not learned added once more, and how much that was.

    `error` is the squared difference between labels and what was learned of them, over the
    variance of the labels; nan where labels do not vary. Means with an error of one half or more
    are left as they are.
    """

    mean: np.ndarray
    error: float


def fit_rehearsal(unfitted, rows, classes, total_weight, seed):
    """Fit a clone to synthetic rows alone, as heavy as the mix that comes after.

    Raises ValueError if the estimator takes no weights: classes are then drawn with the rows, so
    that labels carry noise, and what is lost of noise must not be added again.
    """
    if weight_parameter(unfitted) is None:
        raise ValueError("The estimator takes no sample_weight.")
    estimator = seed_parameters(clone(unfitted), seed)
    _, rows = mix(None, rows, np.inf, classes)
    weights = rows.full_weights()
    weights = weights * (total_weight / weights.sum())
    fit_weighted(estimator, rows.X, rows.y, weights, np.random.default_rng(seed))
    return estimator


def raise_means(taught, learned, share=1.0):
    r"""Add to labels what a fit to such labels lost (twicing).

    Parameters
    ----------
    taught : ndarray of shape (n_rows, 1)
        Labels of rows that the fit has not seen.
    learned : ndarray of shape (n_rows, 1)
        Its predictions.
    share : float, default=1.0
        Share of the loss that is added.

    Returns
    -------
    rehearsed : Rehearsed

    Notes
    -----
    With a linear smoother S the next fit to labels f + (f - S f) predicts
    :math:`(2 S - S^2) f`: where S keeps the share s of a component, 1 - (1 - s)^2 is kept. A model
    that can express f loses nothing and nothing changes. This is Tukey's twicing [1]_, out of
    sample. Where all labels are positive they stay so, for estimators that need it.

    References
    ----------
    .. [1] J. W. Tukey, "Exploratory Data Analysis", Addison-Wesley, 1977, chapter 16.
    """
    error = _relative_error(taught, learned)
    if not error < _LARGEST_ERROR:
        return Rehearsed(taught, error)
    raised, lowest = taught + share * (taught - learned), taught.min()
    if lowest >= 0:
        raised = np.maximum(raised, lowest / 2)
    return Rehearsed(raised, error)


def raise_log_odds(taught, learned, share=1.0):
    """Do the same with class probabilities, of shape (n_rows, n_classes), in log odds.

    Log odds cannot run away, since no probability counts as less than 0.01.
    """
    lost = np.log(np.maximum(taught, SMALLEST_PROBABILITY))
    lost -= np.log(np.maximum(learned, SMALLEST_PROBABILITY))
    return Rehearsed(add_log_odds(taught, share * lost), _relative_error(taught, learned))


def _relative_error(taught, learned):
    spread = np.sum((taught - taught.mean(axis=0)) ** 2)
    if not spread > ROUNDING * np.sum(taught**2):
        return np.nan
    return float(np.sum((taught - learned) ** 2) / spread)
