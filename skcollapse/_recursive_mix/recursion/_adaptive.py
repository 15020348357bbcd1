"""Estimate the weight of the newest real rows from the rows themselves.

The schedule trusts the models that made the synthetic rows. That trust is too large under a
learner's bias, a synthesizer that distorts the table, or concept drift. Only new real rows can
show this.
"""

from typing import NamedTuple

import numpy as np

from skcollapse._recursive_mix.fitting import MIN_ROWS, assign_folds, fit_folds_or_none
from skcollapse._utils._random import Purpose
from skcollapse.theory import lam_to_real_weight, real_weight_to_lam

__all__ = [
    "Evidence",
    "adapt",
    "adapted_weight",
    "lead_of_fresh",
    "no_evidence",
    "stacking_weight",
]

# Standard errors that count as clear. One would raise the weight by chance in every sixth
# generation, which costs something on each noisy table.
_CLEAR = 2.0


class Evidence(NamedTuple):
    """The estimated weight of the real rows, its standard error, and the reason of the weight."""

    estimated_weight: float
    standard_error: float
    reason: str


def no_evidence(reason):
    """Return an `Evidence` without an estimate.

    If the user set lam to a number, its reason is "given".
    """
    return Evidence(np.nan, np.nan, reason if isinstance(reason, str) else "given")


def adapt(here, lam, fresh, handed_down):
    """Return lam and the evidence of the newest real rows on its scheduled value."""
    truth = here.task.targets(fresh.y)
    seed, settings = here.seed(Purpose.ADAPT), here.settings
    folds = assign_folds(here.task.strata(fresh.y), seed)
    if len(truth) < MIN_ROWS or folds is None:
        return lam, no_evidence("too few rows")
    given = settings.estimator, fresh.X, fresh.y, fresh.weights
    models = fit_folds_or_none(*given, folds, seed, settings.n_jobs)
    if models is None:
        return lam, no_evidence("no fit to a fold")
    from_fresh = models.out_of_fold(fresh.X, here.task.means)
    compared = truth, from_fresh, handed_down, fresh.full_weights()
    estimate, error = stacking_weight(*compared)
    lead = lead_of_fresh(*compared) if here.last.labeller.yields_at_once else 0.0
    weight, reason = adapted_weight(float(lam_to_real_weight(lam)), estimate, error, lead)
    return float(real_weight_to_lam(weight)), Evidence(estimate, error, reason)


def stacking_weight(truth, from_fresh, handed_down, weights):
    r"""Return the weight of the real rows in the best mix of two predictions, and its error.

    Parameters
    ----------
    truth, from_fresh, handed_down : ndarray of shape (n_real, n_outputs)
        Targets of the newest real rows; predictions from the real rows alone, each by a model
        that has not seen the row; predictions of what labels the synthetic rows.
    weights : ndarray of shape (n_real,)
        Weights of the rows.

    Returns
    -------
    estimate, standard_error : float
        Not cut to [0, 1]. The error is infinite where both predictions agree everywhere.

    Notes
    -----
    The squared error (the Brier score, where outputs are class indicators) of
    :math:`w h + (1-w) s` is least at

    .. math:: \hat w = \sum_i v_i (y_i - s_i)^T (h_i - s_i) \Big/ \sum_i v_i |h_i - s_i|^2 .

    The standard error is the sandwich one, in which the rows may differ in noise.
    """
    news, errors = from_fresh - handed_down, truth - handed_down
    size = weights @ (news**2).sum(axis=1)
    if not size > 0:
        return np.nan, np.inf
    estimate = weights @ (news * errors).sum(axis=1) / size
    scores = weights * (news * (errors - estimate * news)).sum(axis=1)
    return float(estimate), float(np.sqrt(scores @ scores) / size)


def lead_of_fresh(truth, from_fresh, handed_down, weights):
    """Return the lead of real rows alone over the labels, in standard errors.

    Parameters are those of `stacking_weight`; the errors are squared, and compared row by row.
    """
    lead = ((truth - handed_down) ** 2 - (truth - from_fresh) ** 2).sum(axis=1)
    mean = weights @ lead / weights.sum()
    scores = weights * (lead - mean)
    error = np.sqrt(scores @ scores) / weights.sum()
    return float(mean / error) if error > 0 else 0.0


def adapted_weight(scheduled, estimate, standard_error, lead=0.0):
    """Raise the scheduled weight to two standard errors below the estimated one.

    Weights are never lowered: where real rows alone predict badly the estimate is small, but
    handing down labels ever further from real rows helped on no table that was tried.

    A clear `lead` of the real rows alone (in standard errors) gives them all the weight. The
    estimate is that for a mix of predictions. Rows with wrong labels of their own do more harm
    in the fit of a flexible learner than they would do in such a mix.

    Returns the weight, at most 1, and the reason in words.
    """
    if lead > _CLEAR:
        return 1.0, "real rows"
    if not np.isfinite(estimate):
        return scheduled, "no evidence"
    confirmed = min(estimate - _CLEAR * standard_error, 1.0)
    if confirmed > scheduled:
        return float(confirmed), "real rows"
    return scheduled, "schedule holds"
