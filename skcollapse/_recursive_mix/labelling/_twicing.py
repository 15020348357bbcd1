"""Twicing: add to synthetic labels what a fit to such labels loses.

A penalty, a bandwidth or a number of leaves smooths the labels again in every generation. We can
draw as many synthetic rows as we like and their labels carry no noise. So we measure this loss
without real rows: we fit a clone to some synthetic rows and compare its predictions with the
labels of others.
"""

from typing import NamedTuple

import numpy as np
from sklearn.base import clone

from skcollapse._recursive_mix.fitting import (
    blend_rows,
    fit_weighted,
    seed_parameters,
    weight_parameter,
)
from skcollapse._recursive_mix.labelling._errors import SMALLEST_PROBABILITY, add_log_odds
from skcollapse._recursive_mix.labelling._evidence import ROUNDING

__all__ = ["Twiced", "fit_to_labels", "twice_log_odds", "twice_means"]

# Where a fit loses half of the labels' variance or more, the difference is mostly its own error.
# Adding it in every generation would let the labels run away.
_LARGEST_LOSS = 0.5


class Twiced(NamedTuple):
    """Labels after twicing, and the loss.

    `loss` is the mean squared difference between labels and the predictions of a fit to such
    labels, over the variance of the labels; nan where labels do not vary. Labels of numbers with
    a loss of one half or more stay as they are.
    """

    means: np.ndarray
    loss: float


def fit_to_labels(unfitted, rows, classes, total_weight, seed):
    """Fit a clone to synthetic rows alone, with the total weight of the mix that comes after.

    Raises ValueError if the estimator takes no weights. Classes are then drawn with the rows, so
    labels carry noise, and the loss of noise must not be added.
    """
    if weight_parameter(unfitted) is None:
        raise ValueError("The estimator takes no sample_weight.")
    estimator = seed_parameters(clone(unfitted), seed)
    _, rows = blend_rows(None, rows, np.inf, classes)
    weights = rows.full_weights()
    weights = weights * (total_weight / weights.sum())
    fit_weighted(estimator, rows.X, rows.y, weights, np.random.default_rng(seed))
    return estimator


def twice_means(taught, learned, share=1.0):
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
    twiced : Twiced

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
    loss = _relative_loss(taught, learned)
    if not loss < _LARGEST_LOSS:
        return Twiced(taught, loss)
    twiced, lowest = taught + share * (taught - learned), taught.min()
    if lowest >= 0:
        twiced = np.maximum(twiced, lowest / 2)
    return Twiced(twiced, loss)


def twice_log_odds(taught, learned, share=1.0):
    """Do the same with class probabilities, of shape (n_rows, n_classes), on the log-odds scale.

    Log odds cannot run away, since no probability counts as less than 0.01.
    """
    lost = np.log(np.maximum(taught, SMALLEST_PROBABILITY))
    lost -= np.log(np.maximum(learned, SMALLEST_PROBABILITY))
    return Twiced(add_log_odds(taught, share * lost), _relative_loss(taught, learned))


def _relative_loss(taught, learned):
    spread = np.sum((taught - taught.mean(axis=0)) ** 2)
    if not spread > ROUNDING * np.sum(taught**2):
        return np.nan
    return float(np.sum((taught - learned) ** 2) / spread)
