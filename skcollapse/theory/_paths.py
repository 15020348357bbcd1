"""Error of an estimator, generation by generation and in the long run."""

import numpy as np

from skcollapse._utils._validation import whole_number
from skcollapse.theory._checks import finite, per_generation, size, weight

__all__ = ["biased_mse", "limiting_variance", "variance_path"]


def variance_path(real_weight, k, n_generations, *, initial=1.0, c=1.0):
    r"""Return the variance of each generation when fresh real and synthetic rows are mixed.

    Each generation mixes n fresh real rows of total weight w with m rows, of total weight
    1 - w, drawn from the model of the generation before.

    Parameters
    ----------
    real_weight : float or array-like of shape (n_generations,)
        Weight w on the real part, between 0 and 1; one for all generations or one for each of
        the generations 1, 2, ...
    k : float or array-like of shape (n_generations,)
        Real rows over synthetic rows, n / m, finite and >= 0; 0 stands for labels without noise
        or for unlimited synthetic rows. Where there are no synthetic rows the weight is 1 and
        any `k` will do.
    n_generations : int
        Number T of generations after the first, >= 0.
    initial : float, default=1.0
        Variance of generation 0 in units of sigma^2 / n; n / n_0 when it was fitted on n_0 real
        rows.
    c : float, default=1.0
        What the noise of the synthetic rows owes to the current model, >= 0; see Notes.

    Returns
    -------
    variance : ndarray of shape (n_generations + 1,)
        Variance of generations 0, 1, ..., T in units of sigma^2 / n, so that 1 is the variance
        of a fit on n real rows alone.

    Raises
    ------
    ValueError
        If an argument is negative, not finite, out of range or of the wrong length; the message
        names it.

    See Also
    --------
    limiting_variance : Where the path ends for a constant weight.
    biased_mse : The same with a synthesizer that is biased or noisier.
    gaussian_location_mse : Real rows that are the same in each generation.
    kde_mise : A generator that smooths.
    skcollapse.simulation.simulate_location : Monte Carlo twin for means.
    skcollapse.simulation.simulate_frequencies :
        Monte Carlo twin for shares and distribution functions.
    skcollapse.simulation.simulate_gaussian : Monte Carlo twin for variances.

    Notes
    -----
    .. math:: v_t = w_t^2 + (1 - w_t)^2 (c\,v_{t-1} + k), \qquad v_0 = \text{initial}.

    Exact at every n and m for these targets, each with its own unit of variance:

    ============================================  ===================  ===============  ===========
    target                                        v = 1                c                k
    ============================================  ===================  ===============  ===========
    mean of any law with finite variance          sigma^2 / n          1                n / m
    category shares, sum of squared errors        (1 - sum p^2) / n    1 - 1 / m        n / m
    distribution function, Cramer-von Mises       1 / (6 n)            1 - 1 / m        n / m
    variance of a Gaussian, ddof = 1 per part     2 sigma^4 / (n - 1)  1 + 2 / (m - 1)  (n-1)/(m-1)
    ============================================  ===================  ===============  ===========

    For correctly specified regressions and generalised linear models with c = 1 it holds to
    first order in 1 / n, in units of the inverse Fisher information over n; where synthetic
    rows carry other noise than real ones, as with a misspecified model, multiply `k` by the
    ratio of the two variances. It does not hold when earlier batches stay in the mix
    (`relative_risk`), when the same real rows return (`gaussian_location_mse`), when the
    synthesizer is biased (`biased_mse`) or smooths (`kde_mise`), when the truth drifts
    (`optimal_real_weight`) or when provenance of rows is unknown. The recursion is derived from
    the framework of [1]_.

    References
    ----------
    .. [1] H. He, S. Xu, G. Cheng, "Recursive Learning Without Collapse: A Weighting-Based
       Stabilization Framework", Journal of the Royal Statistical Society Series B, 2026,
       arXiv:2502.18049.

    Examples
    --------
    >>> from skcollapse.theory import variance_path
    >>> variance_path(0.5, 1.0, 3).tolist()
    [1.0, 0.75, 0.6875, 0.671875]
    >>> variance_path(0.0, 1.0, 3).tolist()  # synthetic rows only: the variance grows for ever
    [1.0, 2.0, 3.0, 4.0]
    """
    n_generations = whole_number(n_generations, "n_generations", 0)
    w = per_generation(weight(real_weight), n_generations, "real_weight")
    k = per_generation(finite(k, "k"), n_generations, "k")
    c = size(c, "c", minimum=0)
    v = np.empty(n_generations + 1)
    v[0] = size(initial, "initial", minimum=0)
    for t in range(1, n_generations + 1):
        v[t] = w[t - 1] ** 2 + (1 - w[t - 1]) ** 2 * (c * v[t - 1] + k[t - 1])
    return v


def limiting_variance(real_weight, k, *, c=1.0):
    r"""Return the long-run variance of a constant weight on fresh real rows.

    Parameters
    ----------
    real_weight : float or array-like
        Weight w on the real part in every generation, between 0 and 1.
    k : float or array-like
        Real rows over synthetic rows, n / m, finite and >= 0.
    c : float or array-like, default=1.0
        What the noise of the synthetic rows owes to the current model, >= 0; the table in
        `variance_path` gives it for each target.

    Returns
    -------
    variance : float or ndarray
        Limit of `variance_path` in units of sigma^2 / n, whatever its first value. `np.inf`
        where the path grows without bound, as with weight 0; nan where it stays for ever where
        it began (weight 0 and k = 0 with c = 1).

    Raises
    ------
    ValueError
        If an argument is negative, not finite or out of range; the message names it.

    See Also
    --------
    variance_path : The way to the limit, generation by generation.
    optimal_real_weight : The weight at which the limit is smallest.
    biased_mse : The limit with a synthesizer that is biased or noisier.
    skcollapse.simulation.simulate_location : Monte Carlo twin, after many generations.

    Notes
    -----
    .. math:: V(w, k) = \frac{w^2 + k (1 - w)^2}{1 - c (1 - w)^2},
       \qquad c (1 - w)^2 < 1.

    At the optimal weight the limit equals the weight, V(w*) = w*: equal sizes leave 0.618 of
    the variance of n real rows. Weighting all rows alike, w = n / (n + m), gives
    (1 + k) / (2 + k), never below one half. The formula is derived from the framework of [1]_
    and has the same limits of validity as `variance_path`.

    References
    ----------
    .. [1] H. He, S. Xu, G. Cheng, "Recursive Learning Without Collapse: A Weighting-Based
       Stabilization Framework", Journal of the Royal Statistical Society Series B, 2026,
       arXiv:2502.18049.

    Examples
    --------
    >>> from skcollapse.theory import limiting_variance, optimal_real_weight
    >>> w = optimal_real_weight(100, 100)
    >>> round(float(limiting_variance(w, k=1.0)), 3)
    0.618
    >>> float(limiting_variance(0.0, k=1.0))
    inf
    """
    w, k, c = weight(real_weight), finite(k, "k"), finite(c, "c")
    noise = w**2 + k * (1 - w) ** 2
    kept = c * (1 - w) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        v = np.where(kept < 1, noise / (1 - kept), np.inf)
    return np.where((noise == 0) & (kept == 1), np.nan, v)[()]


def biased_mse(real_weight, k, *, noise_ratio=1.0, squared_bias=0.0, retention=1.0):
    r"""Return the long-run mean squared error with a biased or noisier synthesizer.

    Parameters
    ----------
    real_weight : float or array-like
        Weight w on the real part in every generation, between 0 and 1.
    k : float or array-like
        Real rows over synthetic rows, n / m, finite and >= 0.
    noise_ratio : float or array-like, default=1.0
        Sampling variance rho of one synthetic row over that of one real row; 0 for labels that
        are conditional means.
    squared_bias : float or array-like, default=0.0
        Squared bias that the synthesizer adds each generation, in units of sigma^2 / n and
        averaged over coordinates.
    retention : float or array-like, default=1.0
        Share a of the model's error that its synthetic rows hand on, >= 0; below 1 for a
        synthesizer that pulls towards the truth.

    Returns
    -------
    mse : float or ndarray
        Mean squared error in units of sigma^2 / n: 1 is a fit on n real rows alone. `np.inf`
        where errors grow without bound; nan where nothing changes from one generation to the
        next (weight 0, retention 1, no noise and no bias).

    Raises
    ------
    ValueError
        If an argument is negative, not finite or out of range; the message names it.

    See Also
    --------
    optimal_real_weight : The weight that minimises this error at retention 1.
    limiting_variance : The same without bias, and for other laws of the synthetic noise.
    skcollapse.simulation.simulate_location : Monte Carlo twin, with `bias` and `noise_ratio`.

    Notes
    -----
    With synthetic estimates of mean :math:`\theta^* + a(\theta - \theta^*) + b` given the model
    at :math:`\theta`, variance :math:`\rho\sigma^2/m` and :math:`\delta^2 = n b^2/\sigma^2`,

    .. math:: M(w) = \frac{w^2 + \rho k (1 - w)^2}{1 - a^2 (1 - w)^2}
              + \frac{\delta^2 (1 - w)^2}{[1 - a (1 - w)]^2},
              \qquad a (1 - w) < 1.

    The bias is the same in every generation; where it is drawn anew, or the truth drifts, add
    its variance to `k` instead. An extension, derived here, of the framework of [1]_; real rows
    are fresh in each generation.

    References
    ----------
    .. [1] H. He, S. Xu, G. Cheng, "Recursive Learning Without Collapse: A Weighting-Based
       Stabilization Framework", Journal of the Royal Statistical Society Series B, 2026,
       arXiv:2502.18049.

    Examples
    --------
    The weight that is best without bias is no better than real rows alone once the squared bias
    reaches k:

    >>> from skcollapse.theory import biased_mse, optimal_real_weight
    >>> golden = optimal_real_weight(100, 100)
    >>> round(float(biased_mse(golden, k=1.0, squared_bias=1.0)), 3)
    1.0
    >>> aware = optimal_real_weight(100, 100, squared_bias=1.0)
    >>> round(float(biased_mse(aware, k=1.0, squared_bias=1.0)), 3)
    0.77
    """
    w, k, a = weight(real_weight), finite(k, "k"), finite(retention, "retention")
    rho, delta2 = finite(noise_ratio, "noise_ratio"), finite(squared_bias, "squared_bias")
    noise = w**2 + rho * k * (1 - w) ** 2
    kept = a * (1 - w)
    with np.errstate(divide="ignore", invalid="ignore"):
        mse = noise / (1 - kept**2) + delta2 * (1 - w) ** 2 / (1 - kept) ** 2
    mse = np.where(kept < 1, mse, np.inf)
    return np.where((noise == 0) & (kept == 1) & (delta2 == 0), np.nan, mse)[()]
