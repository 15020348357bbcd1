"""Learn the errors of the last estimator from the newest real rows.

Synthetic labels contain the last estimator's errors as well as what it learned. Noise averages
out over the generations; details that a learner cannot resolve in one batch do not. So before the
last estimator labels synthetic rows, we fit models of the same kind to its errors on the newest
real rows, and subtract the part that out-of-fold predictions confirm.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from skcollapse._recursive_mix.fitting import (
    MIN_ROWS,
    assign_folds,
    fit_folds_or_none,
    weight_parameter,
)

__all__ = ["SMALLEST_PROBABILITY", "Teacher", "add_log_odds", "correct_classes", "correct_means"]

# Log odds beyond those of this probability are not trusted: one row must not decide alone.
SMALLEST_PROBABILITY = 0.01
# A probability of zero becomes this, so that something can be added to its logarithm.
_ALMOST_ZERO = 1e-4
# Standard errors by which a step is shortened.
MARGIN = 2.0


@dataclass(frozen=True)
class Teacher:
    """A rule that labels synthetic rows.

    `predict` maps a table to conditional means, of shape (n_rows, n_outputs). `real` holds the
    means of the newest real rows, predicted by models that have not seen the row. `step` is the
    part of the correction that was made. Both are None where no real rows were used.
    """

    predict: Callable
    real: np.ndarray | None = None
    step: float | None = None


def correct_means(unfitted, predict, fresh, *, seed, n_jobs):
    r"""Subtract from a regressor's predictions its errors on the newest rows.

    Parameters
    ----------
    unfitted : regressor
        The wrapped regressor. Clones of it learn the errors, so a correction is always something
        that the regressor can express.
    predict : callable
        Maps a table to the last regressor's predictions, of shape (n_rows, 1).
    fresh : WeightedRows
        The newest real rows.
    seed : int
        Seed of folds and models.
    n_jobs : int or None
        Folds fitted in parallel.

    Returns
    -------
    teacher : Teacher
        With step 0 if there are too few rows, if the regressor rejects them (a column without a
        value in this batch) or rejects residuals as a target (one for counts does).

    Notes
    -----
    With residuals r = y - f(x), weights v and g the prediction of r by a model of the other
    folds, labels become :math:`f(x) + \eta \bar g(x)`, :math:`\bar g` being the mean over the
    folds' models. The step is the least-squares coefficient

    .. math:: \eta = \sum_i v_i r_i g_i \Big/ \sum_i v_i g_i^2,

    less two standard errors, cut to [0, 1]. Where f errs by noise only, g does not hold out of
    fold: without the margin, chance would let a well-specified model count the newest rows twice.
    """
    at_real = predict(fresh.X)
    weights, residuals = fresh.full_weights(), fresh.y - at_real[:, 0]
    unchanged = Teacher(predict, at_real, 0.0)
    if len(residuals) < MIN_ROWS:
        return unchanged
    folds = assign_folds(np.zeros(len(residuals), dtype=np.intp), seed)
    models = fit_folds_or_none(unfitted, fresh.X, residuals, fresh.weights, folds, seed, n_jobs)
    if models is None:
        return unchanged

    def error_of(model, rows):
        return np.reshape(model.predict(rows), (-1, 1))

    expected = models.out_of_fold(fresh.X, error_of)
    step = _confirmed_step(residuals, expected[:, 0], weights)
    if step == 0:
        return unchanged

    def corrected(X):
        return predict(X) + step * models.mean(X, error_of)

    return Teacher(corrected, at_real + step * expected, step)


def correct_classes(unfitted, predict, truth, fresh, *, seed, n_jobs, probabilities_of):
    r"""Correct a classifier's probabilities by its errors on the newest rows.

    Parameters are those of `correct_means`; `truth` holds class indicators of the newest rows, of
    shape (n_real, n_classes), and `probabilities_of` maps a model and a table to probabilities.

    Notes
    -----
    A row of class y weighs :math:`v \propto 1/p_y(x)`, p being the last classifier's
    probabilities. In the table so weighted class c has the probability
    :math:`q_c(x) \propto P(c \mid x) / p_c(x)`, so that

    .. math:: \log P(c \mid x) = \log p_c(x) + \eta \log q_c(x) + \mathrm{const}

    at :math:`\eta = 1`: where p is right, q is uniform and nothing changes. Weights are divided
    by :math:`\sum_c 1/p_c(x)`, which leaves q as it is and bounds them: with two classes
    :math:`v = 1 - p_y(x)`. Clones of the classifier learn q, and :math:`\log q` is averaged over
    the folds' models. The step is the :math:`\eta \in [0, 1]` that minimises the log loss out of
    fold, less two standard errors.
    """
    at_real = predict(fresh.X)
    unchanged = Teacher(predict, at_real, 0.0)
    code = truth.argmax(axis=1)
    folds = assign_folds(code, seed)
    # Without weights the odds would be those of a few resampled rows.
    if len(code) < MIN_ROWS or folds is None or weight_parameter(unfitted) is None:
        return unchanged
    of_class, weights = (np.arange(len(code)), code), fresh.full_weights()
    inverse = 1.0 / np.maximum(at_real, SMALLEST_PROBABILITY)
    share = inverse[of_class] / inverse.sum(axis=1)
    scaled = weights * share * (weights.sum() / (weights @ share))
    models = fit_folds_or_none(unfitted, fresh.X, fresh.y, scaled, folds, seed, n_jobs)
    if models is None:
        return unchanged

    def odds(model, rows):
        logarithm = _log(probabilities_of(model, rows))
        return logarithm - logarithm.mean(axis=1, keepdims=True)

    expected = models.out_of_fold(fresh.X, odds)
    step = _confirmed_log_step(_log(at_real), expected, of_class, weights)
    if step == 0:
        return unchanged

    def corrected(X):
        return add_log_odds(predict(X), step * models.mean(X, odds))

    return Teacher(corrected, add_log_odds(at_real, step * expected), step)


def add_log_odds(probabilities, change):
    """Multiply probabilities by ``exp(change)`` and scale the rows to one again."""
    return _softmax(np.log(np.maximum(probabilities, _ALMOST_ZERO)) + change)


def _confirmed_step(residuals, expected, weights):
    size = weights @ expected**2
    if not size > 0:
        return 0.0
    step = weights @ (residuals * expected) / size
    scores = weights * expected * (residuals - step * expected)
    return _confirmed(step, np.sqrt(scores @ scores) / size)


def _confirmed(step, error):
    return float(np.clip(step - MARGIN * error, 0.0, 1.0))


def _confirmed_log_step(base, direction, of_class, weights):
    def loss(step):
        return -weights @ np.log(_softmax(base + step * direction)[of_class])

    step = float(minimize_scalar(loss, bounds=(0.0, 1.0), method="bounded").x)
    # First and second derivative of each row's loss: the mean and variance of the direction.
    probabilities = _softmax(base + step * direction)
    mean = (probabilities * direction).sum(axis=1)
    curvature = (probabilities * direction**2).sum(axis=1) - mean**2
    scores, size = weights * (mean - direction[of_class]), weights @ curvature
    if not size > 0:
        return 0.0
    return _confirmed(step, np.sqrt(scores @ scores) / size)


def _log(probabilities):
    return np.log(np.maximum(probabilities, SMALLEST_PROBABILITY))


def _softmax(logarithm):
    scaled = np.exp(logarithm - logarithm.max(axis=1, keepdims=True))
    return scaled / scaled.sum(axis=1, keepdims=True)
