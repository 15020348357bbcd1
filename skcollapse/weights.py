"""From lam and batch sizes to the weight of every row.

The real rows keep their own weights, whose sum is n. The synthetic rows share the total weight
lam * n. Nothing here knows where rows come from or what is fitted on them.
"""

from typing import NamedTuple

import numpy as np

from skcollapse.theory import lam_to_real_weight, optimal_real_weight, real_weight_to_lam

__all__ = [
    "LAM_NAMES",
    "PartVariances",
    "check_lam",
    "effective_sample_size",
    "mixed_sample_weight",
    "resolve_lam",
]

LAM_NAMES = ("adaptive", "golden", "optimal", "proportional")


# A covariance equal to the variance up to rounding: the synthetic rows know nothing new.
_ROUNDING = 1e-9


class PartVariances(NamedTuple):
    """Variances of the mean of the real part and of the synthetic part, and their covariance.

    All in units in which a single real row has variance 1.

    Parameters
    ----------
    real : float
        Variance of the real part: 1 / n for n rows. `np.inf` if there is none.
    synthetic : float
        Variance of the synthetic part: that of the model behind it plus r / m for m rows of
        relative noise r. `np.inf` if there is none.
    shared : float, default=0.0
        Covariance of the two: 1 / n if the model behind the synthetic rows has seen the same n
        real rows, 0 if the real rows are new.

    Examples
    --------
    >>> from skcollapse.weights import PartVariances
    >>> PartVariances(real=0.01, synthetic=0.02)
    PartVariances(real=0.01, synthetic=0.02, shared=0.0)
    """

    real: float
    synthetic: float
    shared: float = 0.0


def check_lam(lam, *, n_synthetic, fresh=True):
    """Raise an error if lam cannot be used, before anything is fitted.

    Parameters
    ----------
    lam : float or str
        A number >= 0 (`np.inf` allowed), "adaptive", "golden", "optimal" or "proportional".
    n_synthetic : float
        Requested synthetic rows; only whether it is zero matters.
    fresh : bool, default=True
        Whether each generation sees new real rows.

    Raises
    ------
    ValueError
        If `lam` is unknown, negative or nan, needs synthetic rows that are not drawn, or needs
        fresh real rows that the workflow does not have.

    Examples
    --------
    >>> from skcollapse.weights import check_lam
    >>> check_lam("golden", n_synthetic=100)
    >>> check_lam("golden", n_synthetic=100, fresh=False)
    Traceback (most recent call last):
    ...
    ValueError: lam='golden' needs fresh real rows in every generation, which ...
    """
    if isinstance(lam, str):
        if lam not in LAM_NAMES:
            raise ValueError(f"lam must be a number >= 0 or one of {LAM_NAMES}, got {lam!r}.")
        if lam == "adaptive" and not fresh:
            raise ValueError(
                "lam='adaptive' needs fresh real rows in every generation to judge by, which this "
                "workflow does not have. Use workflow='fresh', lam='optimal', 'proportional' or a "
                "number."
            )
        if lam == "golden" and not fresh:
            raise ValueError(
                "lam='golden' needs fresh real rows in every generation, which this workflow "
                "does not have: when the same real rows come back, the best lam is 0. Use "
                "workflow='fresh', lam='optimal', 'proportional' or a number."
            )
    elif not lam >= 0:
        raise ValueError(f"lam must be a number >= 0 or one of {LAM_NAMES}, got {lam!r}.")
    if n_synthetic == 0 and lam != 0:
        raise ValueError(
            f"n_synthetic=0 leaves nothing to carry the weight lam={lam!r}. Set lam=0 or draw "
            "synthetic rows."
        )


def resolve_lam(lam, *, n_real, n_synthetic, variances):
    r"""Turn any form of lam into a number for one generation.

    Parameters
    ----------
    lam : float or {"adaptive", "golden", "optimal", "proportional"}
        A number is returned as it is. "golden" is the constant weight of the paper at
        k = n_real / n_synthetic (0.618 on the real part at k = 1), "optimal" minimises the
        variance of this generation, "proportional" is the unweighted pool. "adaptive" gives the
        value of "optimal", from which the newest rows then depart.
    n_real : float
        Total weight of the real rows. Without real rows the result is `np.inf`.
    n_synthetic : int
        Number of synthetic rows, > 0 unless `lam` is 0.
    variances : PartVariances
        What is known about the two parts; used by "optimal" only.

    Returns
    -------
    lam : float
        Total weight of the synthetic part relative to the real part.

    Notes
    -----
    With variances R and S of the parts and covariance C, w R + (1 - w) S has its least variance
    at :math:`\lambda = (1-w)/w = (R - C)/(S - C)`. For fresh real rows C = 0, R = 1/n and
    S = 1/E + r/m, the schedule of `skcollapse.theory.real_weight_schedule`; the total weight
    then equals the effective sample size. For real rows that come back C = R and lam is 0:
    synthetic rows cannot add what the same real rows do not hold.

    Examples
    --------
    >>> from skcollapse.weights import PartVariances, resolve_lam
    >>> fresh = PartVariances(real=1 / 100, synthetic=1 / 100 + 1 / 100)
    >>> resolve_lam("optimal", n_real=100, n_synthetic=100, variances=fresh)
    0.5
    >>> resolve_lam("proportional", n_real=100, n_synthetic=500, variances=fresh)
    5.0
    """
    if n_real == 0:
        return np.inf
    if lam == "proportional":
        return n_synthetic / n_real
    if lam == "golden":
        return float(real_weight_to_lam(optimal_real_weight(n_real, n_synthetic)))
    if lam in ("optimal", "adaptive"):
        news = variances.real - variances.shared
        if news <= _ROUNDING * variances.real:
            return 0.0
        return news / (variances.synthetic - variances.shared)
    return float(lam)


def effective_sample_size(lam, variances, subsample_noise=0.0):
    r"""Return how many real rows a fit with the given weights is worth.

    Parameters
    ----------
    lam : float
        Total weight of the synthetic part relative to the real part, >= 0.
    variances : PartVariances
        Variances of the parts.
    subsample_noise : float, default=0.0
        Variance added by fitting on a random subset of the rows.

    Returns
    -------
    size : float
        1 / variance, in units in which one real row has variance 1.

    Notes
    -----
    With w = 1/(1 + lam), :math:`1/E = w^2 R + 2 w (1-w) C + (1-w)^2 S + \eta`. The value is exact
    for means and asymptotic for well-specified likelihood fits; it knows nothing of a
    synthesizer's bias.

    Examples
    --------
    >>> from skcollapse.weights import PartVariances, effective_sample_size
    >>> fresh = PartVariances(real=1 / 100, synthetic=1 / 100 + 1 / 100)
    >>> round(effective_sample_size(0.5, fresh), 6)
    150.0
    >>> same = PartVariances(real=1 / 100, synthetic=1 / 100 + 1 / 100, shared=1 / 100)
    >>> round(effective_sample_size(1.0, same), 6)
    80.0
    """
    w = float(lam_to_real_weight(lam))
    variance = subsample_noise
    if w > 0:
        variance += w**2 * variances.real
    if w < 1:
        variance += (1.0 - w) ** 2 * variances.synthetic
    if 0 < w < 1:
        variance += 2.0 * w * (1.0 - w) * variances.shared
    return 1.0 / variance


def mixed_sample_weight(real, synthetic, lam):
    """Weight real and synthetic rows so that their totals stand in the ratio 1 : lam.

    Parameters
    ----------
    real : array-like of shape (n_real_rows,)
        Weights of the real rows; all one unless the user weights them.
    synthetic : array-like of shape (n_synthetic_rows,)
        Weights of the synthetic rows relative to each other.
    lam : float
        Total synthetic weight over total real weight; `np.inf` drops the real rows.

    Returns
    -------
    real : ndarray of shape (n_real_rows,)
        The real weights as given; zero at ``lam=inf``.
    synthetic : ndarray of shape (n_synthetic_rows,)
        Weights of total ``lam * sum(real)``; of total ``sum(real)`` at ``lam=inf``, so that a
        penalised estimator sees as much data as before.

    Examples
    --------
    >>> from skcollapse.weights import mixed_sample_weight
    >>> real, synthetic = mixed_sample_weight([1.0, 1.0], [1.0, 1.0, 1.0, 1.0], lam=0.5)
    >>> real.tolist(), synthetic.tolist()
    ([1.0, 1.0], [0.25, 0.25, 0.25, 0.25])
    """
    real = np.asarray(real, dtype=np.float64)
    synthetic = np.asarray(synthetic, dtype=np.float64)
    n_real = real.sum()
    if np.isinf(lam):
        return np.zeros_like(real), synthetic * (n_real / synthetic.sum())
    if lam == 0:
        return real, np.zeros_like(synthetic)
    return real, synthetic * (lam * n_real / synthetic.sum())
