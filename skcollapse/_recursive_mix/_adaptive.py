"""How much the newest real rows should weigh, judged by the rows themselves.

The schedule trusts the models that made the synthetic rows. A learner's bias, a synthesizer that
distorts the table or a truth that moves make that trust too large, and only fresh rows can tell.
"""

from typing import NamedTuple

import numpy as np

__all__ = ["Evidence", "adapted_weight", "lead_of_alone", "no_evidence", "stacking_weight"]

# Standard errors that count as clear. One would raise the weight by chance in every sixth
# generation, which costs something on each noisy table.
_CLEAR = 2.0


class Evidence(NamedTuple):
    """The estimated weight of the real rows, its standard error, and what was made of it."""

    estimated_weight: float
    standard_error: float
    reason: str


def no_evidence(reason):
    """Return the record of a weight that was not estimated; numbers count as "given"."""
    return Evidence(np.nan, np.nan, reason if isinstance(reason, str) else "given")


def stacking_weight(truth, alone, inherited, weights):
    r"""Return the weight of the real rows in the best mix of two predictions, and its error.

    Parameters
    ----------
    truth, alone, inherited : ndarray of shape (n_real, n_outputs)
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
    news, errors = alone - inherited, truth - inherited
    size = weights @ (news**2).sum(axis=1)
    if not size > 0:
        return np.nan, np.inf
    estimate = weights @ (news * errors).sum(axis=1) / size
    scores = weights * (news * (errors - estimate * news)).sum(axis=1)
    return float(estimate), float(np.sqrt(scores @ scores) / size)


def lead_of_alone(truth, alone, inherited, weights):
    """Return by how many standard errors real rows alone predict better than what is inherited.

    Parameters are those of `stacking_weight`; the errors are squared, and compared row by row.
    """
    lead = ((truth - inherited) ** 2 - (truth - alone) ** 2).sum(axis=1)
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
