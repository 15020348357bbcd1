"""Efficiency of an estimator relative to one that has seen every real row."""

import numpy as np

from skcollapse._utils._bunch import Bunch
from skcollapse._utils._validation import all_finite

__all__ = ["relative_efficiency"]


def relative_efficiency(losses, all_real, *, irreducible=0.0, sample_weight=None):
    r"""Compute the efficiency of a method relative to keeping every real row ever seen.

    Where the excess loss of a fit falls like one over the number of its rows, an efficiency of 0.8
    means that the method does as well as a fit on 80 percent of the rows.

    Parameters
    ----------
    losses : array-like of shape (n_units,) or (n_units, n_generations)
        Losses of the method, by seed (or by test row): smaller is better. Columns are treated one
        by one.
    all_real : array-like of the same shape, or of shape (n_units,)
        Losses of the estimator fitted on all real rows, for the same seeds (or test rows).
    irreducible : float, default=0.0
        The loss that no fit can avoid, such as the noise variance for squared errors of
        predictions. It is 0 for squared errors of parameters.
    sample_weight : array-like of shape (n_units,), default=None
        Non-negative weights of the seeds or rows; None means equal ones.

    Returns
    -------
    result : Bunch
        `efficiency` : float or ndarray of shape (n_generations,), 1 where the method is as good as
        keeping all rows and above 1 where it is better; nan where a mean loss is not above
        `irreducible`. `standard_error` : the same shape; nan for a single seed or row.

    Raises
    ------
    ValueError
        If losses are empty, not numeric or not finite, if shapes do not fit, if `irreducible` is
        not a finite number, or if weights are negative, not finite or all zero.

    See Also
    --------
    gap_recovered : The same comparison on the scale between two reference scores.
    skcollapse.theory.relative_risk : The reciprocal, with generation 0 in place of all real rows.

    Notes
    -----
    With weighted means of the losses L and L0 = `irreducible`,

    .. math:: e = \frac{\bar L_{\mathrm{all\ real}} - L_0}{\bar L - L_0},

    a ratio of means and not a mean of ratios, which has no variance. The standard error
    is that of the paired ratio, with d the residuals of L_all_real - L0 on e (L - L0) and v the
    weights divided by their sum:

    .. math:: \mathrm{se} = \frac{\sqrt{n / (n - 1) \sum_i v_i^2 d_i^2}}{\bar L - L_0}.

    A unit of weight 2 moves the efficiency as much as two units, but remains one unit in the
    standard error. Test rows say nothing about the spread over training sets: for that, units must
    be seeds.

    Examples
    --------
    >>> from skcollapse.metrics import relative_efficiency
    >>> result = relative_efficiency([2.0, 3.0, 3.0], all_real=[1.0, 2.0, 1.0])
    >>> result.efficiency, round(result.standard_error, 3)
    (0.5, 0.108)
    """
    losses, all_real, weight = _check(losses, all_real, irreducible, sample_weight)
    share = (weight / weight.sum()).reshape(-1, *[1] * (losses.ndim - 1))
    own, reference = losses - irreducible, all_real - irreducible
    mean_own, mean_reference = (share * own).sum(axis=0), (share * reference).sum(axis=0)
    defined = (mean_own > 0) & (mean_reference > 0)
    mean_own = np.where(defined, mean_own, np.nan)
    efficiency = mean_reference / mean_own
    n_units = np.count_nonzero(weight)
    factor = n_units / (n_units - 1) if n_units > 1 else np.nan
    spread = ((share * (reference - efficiency * own)) ** 2).sum(axis=0)
    error = np.sqrt(factor * spread) / mean_own
    if losses.ndim == 1:
        efficiency, error = float(efficiency), float(error)
    return Bunch(efficiency=efficiency, standard_error=error)


def _check(losses, all_real, irreducible, sample_weight):
    losses, all_real = all_finite(losses, "losses"), all_finite(all_real, "all_real")
    if losses.ndim not in (1, 2) or losses.size == 0:
        raise ValueError(
            "losses must have shape (n_units,) or (n_units, n_generations) and not be empty, got "
            f"shape {losses.shape}."
        )
    if all_real.shape == losses.shape[:1] and losses.ndim == 2:
        all_real = all_real[:, None]
    elif all_real.shape != losses.shape:
        raise ValueError(
            f"all_real must have the shape of losses, {losses.shape}, or one entry for each of "
            f"its rows, got shape {all_real.shape}."
        )
    if all_finite(irreducible, "irreducible").ndim:
        raise ValueError("irreducible must be a single number.")
    weight = np.ones(len(losses))
    if sample_weight is not None:
        weight = all_finite(sample_weight, "sample_weight")
    if weight.shape != losses.shape[:1]:
        raise ValueError(
            f"sample_weight must have one entry for each of the {len(losses)} rows of losses, got "
            f"shape {weight.shape}."
        )
    if (weight < 0).any() or not weight.sum() > 0:
        raise ValueError("sample_weight must not be negative, and not zero everywhere.")
    return losses, all_real, weight
