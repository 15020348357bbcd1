"""How much weight the real rows should carry."""

import numpy as np

from skcollapse.theory._checks import non_negative, positive, weight

__all__ = [
    "lam_to_real_weight",
    "optimal_real_weight",
    "real_weight_schedule",
    "real_weight_to_lam",
]

# Halvings of [0, 1] until the bracket is narrower than the spacing of floats near 1.
_BISECTIONS = 60


def lam_to_real_weight(lam):
    """Share of the total weight that real rows carry, given lam.

    Parameters
    ----------
    lam : float or array-like
        Total weight of the synthetic part relative to the real part, >= 0; `np.inf` stands for
        synthetic rows only.

    Returns
    -------
    real_weight : float or ndarray
        ``1 / (1 + lam)``, between 0 and 1.

    Raises
    ------
    ValueError
        If `lam` is negative or nan.

    See Also
    --------
    real_weight_to_lam : The inverse.
    skcollapse.simulation.simulate_location : Monte Carlo twin of `variance_path`, in `lam`.

    Examples
    --------
    >>> from skcollapse.theory import lam_to_real_weight
    >>> lam_to_real_weight([0, 1, float("inf")]).tolist()
    [1.0, 0.5, 0.0]
    """
    return (1.0 / (1.0 + non_negative(lam, "lam")))[()]


def real_weight_to_lam(real_weight):
    """Invert `lam_to_real_weight`.

    Parameters
    ----------
    real_weight : float or array-like
        Share of the real part in the total weight, between 0 and 1.

    Returns
    -------
    lam : float or ndarray
        ``(1 - real_weight) / real_weight``; `np.inf` where `real_weight` is 0.

    Raises
    ------
    ValueError
        If `real_weight` lies outside [0, 1].

    See Also
    --------
    lam_to_real_weight : The inverse, and what `lam` means.
    skcollapse.simulation.simulate_location : Monte Carlo twin of `variance_path`, in `lam`.

    Examples
    --------
    >>> from skcollapse.theory import real_weight_to_lam
    >>> float(real_weight_to_lam(0.25))
    3.0
    """
    real_weight = weight(real_weight)
    with np.errstate(divide="ignore"):
        return ((1.0 - real_weight) / real_weight)[()]


def optimal_real_weight(
    n_real,
    n_synthetic,
    *,
    noise_ratio=1.0,
    squared_bias=0.0,
    squared_drift=0.0,
    fresh_fraction=1.0,
    information_ratio=1.0,
):
    r"""Return the constant weight on the real part that minimises the long-run error.

    Each generation mixes `n_real` fresh real rows of total weight w with `n_synthetic` rows, of
    total weight 1 - w, drawn from the model of the generation before.

    Parameters
    ----------
    n_real : float or array-like
        Real rows per generation, > 0.
    n_synthetic : float or array-like
        Synthetic rows per generation, >= 0. With none, the weight is 1.
    noise_ratio : float or array-like, default=1.0
        Sampling variance of one synthetic row over that of one real row. 0 for labels that are
        conditional means: then earlier generations lose nothing and the weight tends to 0.
    squared_bias : float or array-like, default=0.0
        Squared bias that the synthesizer adds each generation, in units of sigma^2 / n_real.
    squared_drift : float or array-like, default=0.0
        Variance of the truth's random-walk step per generation, in units of sigma^2 / n_real.
    fresh_fraction : float or array-like, default=1.0
        Share of the real rows that are new in each generation. 0 (the same rows each time) gives
        weight 1: synthetic rows cannot help then.
    information_ratio : float or array-like, default=1.0
        Fisher information of a synthetic row over that of a real row, when their designs differ.

    Returns
    -------
    real_weight : float or ndarray
        The weight w*, between 0 and 1.

    Raises
    ------
    ValueError
        If an argument is negative, nan or out of range; the message names it.

    See Also
    --------
    limiting_variance : The error that the weight leads to; `biased_mse` with a bias.
    real_weight_schedule : The best weights of the first generations, which differ.
    skcollapse.simulation.simulate_location : Monte Carlo twin, at this weight and its neighbours.

    Notes
    -----
    With K = (noise_ratio n/m + squared_drift) / fresh_fraction and
    d = squared_bias / fresh_fraction, w* is the root in [0, 1] of

    .. math:: w^3 - K w (1 - w) - d (1 - w)(2 - w)^2 = 0,

    which for d = 0 is :math:`w^* = 2 / (1 + \sqrt{1 + 4/K})`; n = m gives the reciprocal golden
    ratio 0.618. With an information ratio r the root for K / r is the *effective* weight
    :math:`w_e`, reached by the nominal weight :math:`r w_e / (1 - w_e + r w_e)`. The formula for
    d = 0 is the published one; bias, drift, partial freshness and information ratio are
    extensions derived for a well-specified model and known provenance of rows.

    For a misspecified model put the ratio of the two variances into `noise_ratio`; for real rows
    that return see `gaussian_lam_path` as well. It is not the best weight where older batches
    stay in the mix (`relative_risk`), for a generator that smooths (`kde_mise`) or a fit that
    shrinks (`shrinkage_path`). Where the provenance of rows is unknown none can be given.

    References
    ----------
    .. [1] H. He, S. Xu, G. Cheng, "Recursive Learning Without Collapse: A Weighting-Based
       Stabilization Framework", Journal of the Royal Statistical Society Series B, 2026,
       arXiv:2502.18049.

    Examples
    --------
    >>> from skcollapse.theory import optimal_real_weight
    >>> round(float(optimal_real_weight(100, 100)), 3)
    0.618
    >>> float(optimal_real_weight(100, 100, fresh_fraction=0))
    1.0
    """
    n_real, m = positive(n_real, "n_real"), non_negative(n_synthetic, "n_synthetic")
    fresh = non_negative(fresh_fraction, "fresh_fraction")
    if (fresh > 1).any():
        raise ValueError(f"fresh_fraction must be <= 1, got {fresh!r}.")
    r = positive(information_ratio, "information_ratio")
    noise = non_negative(noise_ratio, "noise_ratio")
    drift = non_negative(squared_drift, "squared_drift")
    bias = non_negative(squared_bias, "squared_bias")
    with np.errstate(divide="ignore", invalid="ignore"):
        k = np.where(m == 0, np.inf, (noise * n_real / m + drift) / fresh / r)
        d = bias / fresh / r
        w = np.where(bias > 0, _cubic_root(k, d), 2.0 / (1.0 + np.sqrt(1.0 + 4.0 / k)))
        w = np.where((m == 0) | (fresh == 0), 1.0, w)
        return (r * w / (1.0 - w + r * w))[()]


def _cubic_root(k, d):
    """Bisect w^3 - k w (1 - w) - d (1 - w)(2 - w)^2, which rises through its root in [0, 1]."""
    low, high = np.zeros(np.broadcast(k, d).shape), np.ones(np.broadcast(k, d).shape)
    for _ in range(_BISECTIONS):
        w = (low + high) / 2
        above = w**3 - k * w * (1 - w) - d * (1 - w) * (2 - w) ** 2 > 0
        low, high = np.where(above, low, w), np.where(above, w, high)
    return (low + high) / 2


def real_weight_schedule(n_real, n_synthetic, *, n_initial, noise_ratio=1.0):
    r"""Return the weights that minimise the error of every generation at once.

    Parameters
    ----------
    n_real : array-like of shape (n_generations,)
        Fresh real rows of generations 1, 2, ..., each > 0.
    n_synthetic : array-like of shape (n_generations,)
        Synthetic rows of generations 1, 2, ..., each > 0.
    n_initial : float
        Real rows of generation 0, > 0.
    noise_ratio : float, default=1.0
        Sampling variance of one synthetic row over that of one real row; 0 for labels that are
        conditional means.

    Returns
    -------
    real_weight : ndarray of shape (n_generations,)
        Weight on the real part in generations 1, 2, ...
    effective_sample_size : ndarray of shape (n_generations,)
        Number of real rows that would give the same variance.

    Raises
    ------
    ValueError
        If a size is not positive or the two arrays differ in length.

    See Also
    --------
    optimal_real_weight : The constant that it tends to, and what to do about bias or drift.
    variance_path : The error of any other sequence of weights.
    skcollapse.simulation.simulate_location : Monte Carlo twin, with one `lam` a generation.

    Notes
    -----
    A Kalman gain: the last model is worth :math:`1 / (1/E_{t-1} + r/m_t)` real rows after its
    information has passed through m_t synthetic rows of noise ratio r, and

    .. math:: E_t = n_t + \frac{1}{1/E_{t-1} + r/m_t}, \qquad w_t = n_t / E_t.

    For equal sizes w_t tends to `optimal_real_weight`. Derived from the variance recursion of
    [1]_. It does not hold with a synthesizer that is biased or a truth that drifts
    (`optimal_real_weight`), where the same real rows return (`gaussian_lam_path`), for a
    generator that smooths (`kde_mise`) and for rows of unknown provenance. A misspecified model
    has its ratio of variances as `noise_ratio`.

    References
    ----------
    .. [1] H. He, S. Xu, G. Cheng, "Recursive Learning Without Collapse: A Weighting-Based
       Stabilization Framework", Journal of the Royal Statistical Society Series B, 2026,
       arXiv:2502.18049.

    Examples
    --------
    >>> from skcollapse.theory import real_weight_schedule
    >>> weight, size = real_weight_schedule([60, 60], [60, 60], n_initial=60)
    >>> weight.round(4).tolist()  # 2/3, 5/8: quotients of Fibonacci numbers
    [0.6667, 0.625]
    >>> size.round(4).tolist()
    [90.0, 96.0]
    """
    n_real, m = positive(n_real, "n_real"), positive(n_synthetic, "n_synthetic")
    if n_real.ndim != 1 or n_real.shape != m.shape:
        raise ValueError(
            "n_real and n_synthetic must be one-dimensional and of the same length, got shapes "
            f"{n_real.shape} and {m.shape}."
        )
    noise = float(non_negative(noise_ratio, "noise_ratio"))
    size = np.empty(len(m))
    previous = float(positive(n_initial, "n_initial"))
    for t in range(len(m)):
        size[t] = previous = n_real[t] + 1.0 / (1.0 / previous + noise / m[t])
    return n_real / size, size
