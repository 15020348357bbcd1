"""From lam and batch sizes to the weight of every row.

The real rows keep their own weights, whose sum is n. The synthetic rows share the total weight
lam * n. Nothing here knows where rows come from or what is fitted on them.
"""

import numpy as np

from skcollapse.theory import lam_to_real_weight, optimal_real_weight, real_weight_to_lam

__all__ = ["LAM_NAMES", "check_lam", "effective_sample_size", "mixed_sample_weight", "resolve_lam"]

LAM_NAMES = ("golden", "optimal", "proportional")


def check_lam(lam, *, n_synthetic, fresh=True):
    """Raise an error if lam cannot be used, before anything is fitted.

    Parameters
    ----------
    lam : float or str
        A number >= 0 (`np.inf` allowed), "golden", "optimal" or "proportional".
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
        if lam == "golden" and not fresh:
            raise ValueError(
                "lam='golden' needs fresh real rows in every generation, which this workflow "
                "does not have: when the same real rows come back, the best lam is 0. Use "
                "workflow='fresh', lam='optimal' (0 here) or a number."
            )
    elif not lam >= 0:
        raise ValueError(f"lam must be a number >= 0 or one of {LAM_NAMES}, got {lam!r}.")
    if n_synthetic == 0 and lam != 0:
        raise ValueError(
            f"n_synthetic=0 leaves nothing to carry the weight lam={lam!r}. Set lam=0 or draw "
            "synthetic rows."
        )


def resolve_lam(lam, *, n_real, n_synthetic, previous_size, noise_ratio=1.0, fresh=True):
    """Turn any form of lam into a number for one generation.

    Parameters
    ----------
    lam : float or {"golden", "optimal", "proportional"}
        A number is returned as it is. "golden" is the constant weight of the paper at
        k = n_real / n_synthetic (0.618 on the real part at k = 1), "optimal" the finite-time
        schedule, "proportional" the unweighted pool.
    n_real : float
        Total weight of the real rows, > 0.
    n_synthetic : int
        Number of synthetic rows, > 0 unless `lam` is 0.
    previous_size : float
        Effective sample size of the generation before.
    noise_ratio : float, default=1.0
        Sampling variance of a synthetic row relative to a real one; 0 if synthetic labels are
        conditional means.
    fresh : bool, default=True
        Whether the real rows are new in this generation. If not, "optimal" is 0: synthetic rows
        cannot add what the same real rows do not hold.

    Returns
    -------
    lam : float
        Total weight of the synthetic part relative to the real part.

    Notes
    -----
    "optimal" gives the synthetic part the weight of the rows it is worth,
    :math:`1/(1/E_{t-1} + r/m)`, so that the total weight equals the effective sample size; see
    `skcollapse.theory.real_weight_schedule`.

    Examples
    --------
    >>> from skcollapse.weights import resolve_lam
    >>> resolve_lam("optimal", n_real=100, n_synthetic=100, previous_size=100)
    0.5
    >>> resolve_lam("proportional", n_real=100, n_synthetic=500, previous_size=100)
    5.0
    """
    if lam == "proportional":
        return n_synthetic / n_real
    if lam == "golden":
        return float(real_weight_to_lam(optimal_real_weight(n_real, n_synthetic)))
    if lam == "optimal":
        if not fresh:
            return 0.0
        return 1.0 / (1.0 / previous_size + noise_ratio / n_synthetic) / n_real
    return float(lam)


def effective_sample_size(lam, *, n_real, n_synthetic, previous_size, noise_ratio=1.0, fresh=True):
    """Return how many real rows a fit with the given weights is worth.

    Parameters
    ----------
    lam : float
        Total weight of the synthetic part relative to the real part, >= 0.
    n_real : float
        Total weight of the real rows, > 0.
    n_synthetic : int
        Number of synthetic rows; unused at ``lam=0``.
    previous_size : float
        Effective sample size of the generation that made the synthetic rows.
    noise_ratio : float, default=1.0
        Sampling variance of a synthetic row relative to a real one.
    fresh : bool, default=True
        Whether the real rows are new. If not, they are those of generation 0.

    Returns
    -------
    size : float
        1 / variance, in units in which one real row has variance 1.

    Notes
    -----
    With w = 1/(1 + lam), fresh rows give
    :math:`1/E_t = w^2/n + (1-w)^2 (1/E_{t-1} + r/m)`. Rows that come back share their noise with
    the last model, so that :math:`1/E_t = 1/n + (1-w)^2 (1/E_{t-1} - 1/n + r/m)`, never above n.
    The value is exact for means and asymptotic for well-specified likelihood fits; it knows
    nothing of a synthesizer's bias.

    Examples
    --------
    >>> from skcollapse.weights import effective_sample_size
    >>> round(effective_sample_size(0.5, n_real=100, n_synthetic=100, previous_size=100), 6)
    150.0
    >>> round(
    ...     effective_sample_size(
    ...         1.0, n_real=100, n_synthetic=100, previous_size=100, fresh=False
    ...     ),
    ...     6,
    ... )
    80.0
    """
    if lam == 0:
        return float(n_real)
    w = float(lam_to_real_weight(lam))
    drawn = 1.0 / previous_size + noise_ratio / n_synthetic
    if fresh:
        return 1.0 / (w**2 / n_real + (1.0 - w) ** 2 * drawn)
    return 1.0 / (1.0 / n_real + (1.0 - w) ** 2 * (drawn - 1.0 / n_real))


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
