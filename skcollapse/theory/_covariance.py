"""Error of a Gaussian covariance, parts centred separately or together."""

import numpy as np

from skcollapse._utils._validation import whole_number
from skcollapse.theory._checks import covariance_matrix, per_generation, size, weight

__all__ = ["covariance_error_path", "pooled_variance_path"]


def covariance_error_path(covariance, n_real, n_synthetic, real_weight, n_generations):
    r"""Return the expected squared error of a covariance matrix, parts centred separately.

    Each generation mixes the sample covariance S of `n_real` fresh real rows with that of
    `n_synthetic` Gaussian rows drawn from the last model; each part is centred at its own mean
    and divided by its number of rows less one.

    Parameters
    ----------
    covariance : float or array-like of shape (n_features, n_features)
        Covariance matrix Sigma of the real rows, symmetric and positive semidefinite; a number
        is the variance of one feature.
    n_real : float
        Real rows n of each generation, also of generation 0, at least 2.
    n_synthetic : float
        Synthetic rows m of each generation, at least 2.
    real_weight : float or array-like of shape (n_generations,)
        Weight w on the real part, between 0 and 1; one for all generations or one for each of
        the generations 1, 2, ...
    n_generations : int
        Number T of generations after the first, >= 0.

    Returns
    -------
    error : ndarray of shape (n_generations + 1,)
        Expected squared Frobenius norm of S_t - Sigma in generations 0, 1, ..., T, in the units
        of `covariance` squared.

    Raises
    ------
    ValueError
        If `covariance` is not a covariance matrix, or a size, weight or count is out of range;
        the message names it.

    See Also
    --------
    pooled_variance_path : Both parts centred at the pooled mean, as sample weights do.
    variance_path : One feature, with c = 1 + 2 / (m - 1).
    skcollapse.simulation.simulate_gaussian : Monte Carlo twin, ``centring="separate"``.

    Notes
    -----
    S_t is unbiased in every generation. With N = n - 1, M = m - 1,
    :math:`A = \mathrm{tr}(\Sigma^2)`, :math:`B = (\mathrm{tr}\,\Sigma)^2`,
    :math:`\alpha_t = E\|S_t - \Sigma\|_F^2` and :math:`\beta_t = \mathrm{Var}(\mathrm{tr}\,S_t)`,
    exactly

    .. math::
       \alpha_t &= w^2 \frac{A + B}{N} + (1 - w)^2
           \left[\alpha_{t-1} + \frac{A + B + \alpha_{t-1} + \beta_{t-1}}{M}\right], \\
       \beta_t &= w^2 \frac{2A}{N} + (1 - w)^2
           \left[\beta_{t-1} + \frac{2 (A + \alpha_{t-1})}{M}\right],

    from :math:`\alpha_0 = (A + B)/N` and :math:`\beta_0 = 2A/N`. The path has a limit if and
    only if (1 - w)^2 (1 + 2 / M) < 1. With weight 0 the expected error grows like
    (1 + 2 / M)^t although almost every path collapses to zero variance: a few rare paths carry
    the expectation, so that a simulation of moderate size stays below it
    (`gaussian_collapse_factor` describes the typical path).

    It holds for Gaussian rows; other laws have other fourth moments. It does not hold for the
    same real rows in every generation (`gaussian_lam_path`), for batches that stay in the mix
    (`gaussian_moments`, `relative_risk`) or for rows of unknown provenance, which cannot be
    centred apart. The recursion is derived for the estimator of [1]_.

    References
    ----------
    .. [1] H. He, S. Xu, G. Cheng, "Recursive Learning Without Collapse: A Weighting-Based
       Stabilization Framework", Journal of the Royal Statistical Society Series B, 2026,
       arXiv:2502.18049.

    Examples
    --------
    >>> import numpy as np
    >>> from skcollapse.theory import covariance_error_path, optimal_real_weight
    >>> w = optimal_real_weight(99, 99)
    >>> covariance_error_path(np.eye(2), 100, 100, w, 30)[[0, 1, 30]].round(4).tolist()
    [0.0606, 0.041, 0.0376]
    """
    sigma = covariance_matrix(covariance)
    N, M = size(n_real, "n_real", minimum=2) - 1, size(n_synthetic, "n_synthetic", minimum=2) - 1
    n_generations = whole_number(n_generations, "n_generations", 0)
    weights = per_generation(weight(real_weight), n_generations, "real_weight")
    A, B = np.sum(sigma**2), np.trace(sigma) ** 2
    path = np.empty(n_generations + 1)
    path[0] = alpha = (A + B) / N
    beta = 2 * A / N
    for t, w in enumerate(weights, 1):
        kept = (1 - w) ** 2
        alpha, beta = (
            w**2 * (A + B) / N + kept * (alpha + (A + B + alpha + beta) / M),
            w**2 * 2 * A / N + kept * (beta + 2 * (A + alpha) / M),
        )
        path[t] = alpha
    return path


def pooled_variance_path(n_real, n_synthetic, real_weight, n_generations):
    r"""Return the mean error and the expected variance of a weighted maximum likelihood fit.

    Each generation fits one Gaussian to `n_real` fresh real rows of total weight w and
    `n_synthetic` rows, of total weight 1 - w, drawn from the Gaussian before, centred at the
    pooled weighted mean and not corrected for degrees of freedom: what `sample_weight` gives.

    Parameters
    ----------
    n_real : float
        Real rows n of each generation, also of generation 0, at least 1.
    n_synthetic : float
        Synthetic rows m of each generation, > 0.
    real_weight : float or array-like of shape (n_generations,)
        Weight w on the real part, between 0 and 1; one for all generations or one for each of
        the generations 1, 2, ...
    n_generations : int
        Number T of generations after the first, >= 0.

    Returns
    -------
    mean_variance : ndarray of shape (n_generations + 1,)
        Variance v_t of the fitted mean in generations 0, 1, ..., T, in units of sigma^2 / n.
    expected_variance : ndarray of shape (n_generations + 1,)
        Expectation s_t of the fitted variance over the true one, sigma^2 = 1.

    Raises
    ------
    ValueError
        If a size, weight or count is out of range; the message names it.

    See Also
    --------
    covariance_error_path : Parts centred separately, which leaves no bias.
    gaussian_lam_path : Real rows that are the same in each generation.
    skcollapse.simulation.simulate_gaussian : Monte Carlo twin, ``centring="pooled"``.

    Notes
    -----
    With k = n / m, :math:`v_0 = 1` and :math:`s_0 = 1 - 1/n`, exactly

    .. math::
       v_t = w_t^2 + (1 - w_t)^2 (v_{t-1} + k\,s_{t-1}), \qquad s_t = 1 - v_t / n.

    The bias -v_t / n stays bounded while w > 0 and is corrected by dividing the fitted variance
    by 1 - v_t / n. The same factor multiplies every entry of a covariance matrix. It holds for
    any law of the real rows with finite variance and a generator with the fitted mean and
    variance, when real rows are fresh; for the same ones see `gaussian_lam_path`, for older
    batches in the mix `gaussian_moments`. Derived for the weighting of [1]_.

    References
    ----------
    .. [1] H. He, S. Xu, G. Cheng, "Recursive Learning Without Collapse: A Weighting-Based
       Stabilization Framework", Journal of the Royal Statistical Society Series B, 2026,
       arXiv:2502.18049.

    Examples
    --------
    >>> from skcollapse.theory import pooled_variance_path
    >>> mean_variance, expected_variance = pooled_variance_path(20, 20, 0.618, 30)
    >>> expected_variance[[0, 1, 30]].round(4).tolist()
    [0.95, 0.9667, 0.9694]
    """
    n = size(n_real, "n_real")
    m = size(n_synthetic, "n_synthetic", minimum=0)
    if m == 0:
        raise ValueError("n_synthetic must be > 0; a fit on real rows alone has weight 1.")
    n_generations = whole_number(n_generations, "n_generations", 0)
    weights = per_generation(weight(real_weight), n_generations, "real_weight")
    v, s = np.empty(n_generations + 1), np.empty(n_generations + 1)
    v[0], s[0] = 1.0, 1 - 1 / n
    for t, w in enumerate(weights, 1):
        v[t] = w**2 + (1 - w) ** 2 * (v[t - 1] + n / m * s[t - 1])
        s[t] = 1 - v[t] / n
    return v, s
