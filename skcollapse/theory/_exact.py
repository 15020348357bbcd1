"""Risks that are exact for any number of rows."""

import numpy as np

from skcollapse._utils._validation import whole_number
from skcollapse.theory._checks import finite, size
from skcollapse.theory._mixing import check_mixing
from skcollapse.theory._risk import loadings

__all__ = ["gaussian_moments", "linear_regression_risk", "quadratic_variance_risk"]

_WORKFLOWS = ("replace", "accumulate", "accumulate_subsample")


def _check_workflow(workflow, names):
    if workflow not in names:
        raise ValueError(f"workflow must be one of {names}, got {workflow!r}.")


def _whole(value, name, minimum):
    if whole_number(value, name, 0) < minimum:
        raise ValueError(f"{name} must be >= {minimum}, got {value}.")
    return int(value)


def quadratic_variance_risk(mixing, n_samples, curvature):
    r"""Return the exact relative risk of a mean whose variance is quadratic in it.

    `relative_risk` for finite n: rows drawn at an estimated mean have another variance than rows
    drawn at the true one.

    Parameters
    ----------
    mixing : MixingMatrix
        The workflow, without subsample noise.
    n_samples : float
        Rows of the first real batch, n >= 1.
    curvature : float
        Coefficient v2 >= -1 of mu^2 in the variance function V(mu) = v0 + v1 mu + v2 mu^2:
        normal and Poisson 0, Bernoulli -1, mean of N Bernoullis -1 / N, exponential 1, gamma of
        shape a 1 / a, geometric 1.

    Returns
    -------
    risk : ndarray of shape (n_generations + 1,)
        Expected squared error of the weighted mean in units of V(mu_0) / n. `relative_risk` if
        `curvature` is 0, its limit for large n otherwise.

    Raises
    ------
    ValueError
        If `mixing` is no `MixingMatrix` or has subsample noise, `n_samples` is below 1 or
        `curvature` is below -1.

    See Also
    --------
    relative_risk : Any smooth model, large n.
    gaussian_moments : Normal law with unknown variance, which is no such family.
    skcollapse.simulation.simulate_frequencies : Monte Carlo twin for curvature -1.

    Notes
    -----
    Morris's families with quadratic variance function in their mean parameter. With C the
    `loadings`,

    .. math:: R_g = \sum_b C_{gb}^2 \nu_b, \qquad
       \nu_b = \left(1 + \frac{v_2}{n} R_{\mathrm{parent}(b)}\right) / m_b, \quad R_{-1} = 0,

    which is filled in from generation 0 on. Special cases, generations counted from 0: replace
    gives :math:`(n / v_2) ((1 + v_2 / n)^{g+1} - 1)`, accumulate
    :math:`(n / v_2) (\prod_{i \le g+1} (1 + v_2 / (n i^2)) - 1)`. Derived; the accumulate
    product for coins also appears in a note on [1]_. Subsamples of a pool are not covered, nor
    are other parameters than the mean, other families and misspecified ones: use
    `relative_risk`, for large n and with its limits. A normal law of unknown variance has
    `gaussian_moments`.

    References
    ----------
    .. [1] A. Dey, D. Donoho, "Universality of the pi^2/6 Pathway in Avoiding Model Collapse",
       arXiv:2410.22812.

    Examples
    --------
    Ten tosses of a coin, then ten of the estimated coin, and so on: the error cannot exceed that
    of a coin stuck on one side.

    >>> import numpy as np
    >>> from skcollapse.theory import MixingMatrix, quadratic_variance_risk
    >>> replace = MixingMatrix(np.eye(3), parent=[-1, 0, 1], sizes=np.ones(3))
    >>> quadratic_variance_risk(replace, n_samples=10, curvature=-1).round(2).tolist()
    [1.0, 1.9, 2.71]
    """
    check_mixing(mixing)
    n = size(n_samples, "n_samples")
    v2 = float(curvature)
    if not -1 <= v2 < np.inf:
        raise ValueError(f"curvature must be >= -1 and finite, got {curvature!r}.")
    if mixing.noise.any():
        raise ValueError(
            "mixing must have no subsample noise: the exact risk is known for fits on whole "
            "batches only. relative_risk takes it into account for large n."
        )
    squared = loadings(mixing) ** 2
    nu = 1 / mixing.sizes
    risk = np.empty(mixing.n_generations + 1)
    for g in range(len(risk)):
        risk[g] = squared[g] @ nu
        nu[mixing.children[g]] *= 1 + v2 / n * risk[g]
    return risk


def gaussian_moments(workflow, n_samples, n_generations):
    r"""Return the exact moments of a normal law refitted to its own draws.

    Mean and variance are both estimated by maximum likelihood (divisor: the number of rows).

    Parameters
    ----------
    workflow : {"replace", "accumulate", "accumulate_subsample"}
        Fit on the last draws; on the pool of all rows; on n rows chosen from the pool anew in
        each generation, without replacement, while the pool keeps all rows.
    n_samples : int
        Rows per generation, n >= 2. Generation 0 sees n real rows.
    n_generations : int
        Generations after generation 0, >= 0.

    Returns
    -------
    mean_error : ndarray of shape (n_generations + 1,)
        E (mu_g - mu_0)^2 in units of the true variance.
    variance : ndarray of shape (n_generations + 1,)
        E of the estimated variance in the same units. In d dimensions this holds for each
        coordinate, and E of the covariance matrix is this multiple of the true one.

    Raises
    ------
    ValueError
        If `workflow` is none of the names, or a number is too small or not whole.

    See Also
    --------
    gaussian_lam_path : The same real rows kept beside the last draws, weighted by lam.
    covariance_error_path : Unbiased covariance under the fresh workflow.
    gaussian_collapse_factor : Typical paths; the expectation hides the collapse of most paths.
    skcollapse.simulation.simulate_gaussian : Monte Carlo twin, ``centring="pooled"``.

    Notes
    -----
    With i = g + 1 fits made so far,

    .. math:: \mathrm{replace:}\quad \mathrm{E}\,\sigma_g^2 = (1 - 1/n)^i, \qquad
       \mathrm{accumulate:}\quad \mathrm{E}\,\sigma_g^2 = \prod_{j \le i} (1 - 1/(n j^2)),

    and the mean error is :math:`1 - \mathrm{E}\,\sigma_g^2` in both: what the estimated law loses
    in spread it has wandered. The limit of accumulate is sin(x) / x with x = pi / sqrt(n). For
    subsamples of the pool of N = i n rows, with f = (N - n) / (N - 1) and v the expected variance
    of the pool,

    .. math:: v_0 = 1 - \tfrac1n, \qquad v_g = v_{g-1} \left(1 - \frac{1}{(g+1)^2} \left[\frac fn
       + \frac{N (n - 1)}{(N - 1) n^2}\right]\right), \quad N = g n,

    .. math:: \mathrm{E}(\mu_g - \mu_0)^2 = 1 - v_g + v_g f / n, \qquad
       \mathrm{E}\,\sigma_g^2 = v_g \frac{N (n - 1)}{(N - 1) n}, \quad N = (g + 1) n.

    It holds for normal real rows, drawn once. Fresh real rows have `pooled_variance_path`, the
    same ones in each generation `gaussian_lam_path`, any other workflow and many rows
    `relative_risk`, a smoothing generator `kde_mise`. Derived; the accumulate product is believed
    to be in [1]_ as well.

    References
    ----------
    .. [1] J. Kazdan et al., "Collapse or Thrive? Perils and Promises of Synthetic Data in a
       Self-Generating World", arXiv:2410.16713.

    Examples
    --------
    >>> from skcollapse.theory import gaussian_moments
    >>> mean_error, variance = gaussian_moments("replace", n_samples=10, n_generations=2)
    >>> variance.round(3).tolist()
    [0.9, 0.81, 0.729]
    >>> mean_error.round(3).tolist()
    [0.1, 0.19, 0.271]
    """
    _check_workflow(workflow, _WORKFLOWS)
    n = _whole(n_samples, "n_samples", 2)
    i = np.arange(1, whole_number(n_generations, "n_generations", 0) + 2)
    if workflow == "replace":
        variance = (1 - 1 / n) ** i
        return 1 - variance, variance
    if workflow == "accumulate":
        variance = np.cumprod(1 - 1 / (n * i**2.0))
        return 1 - variance, variance
    pool = i * n
    f = (pool - n) / (pool - 1)
    shrink = pool * (n - 1) / ((pool - 1) * n)
    v = np.cumprod(np.append(1 - 1 / n, 1 - ((f + shrink) / n)[:-1] / i[1:] ** 2.0))
    return 1 - v + v * f / n, v * shrink


def linear_regression_risk(
    workflow, n_samples, n_features, noise_variance, n_generations, *, redraw=False
):
    r"""Return the exact risk of least squares refitted to its own labels.

    Parameters
    ----------
    workflow : {"replace", "accumulate"}
        Fit on the last labels, or on all rows so far. For "accumulate_subsample" no exact form
        is known: use `relative_risk` for many rows per feature.
    n_samples : int
        Rows per generation, T > n_features + 1. Generation 0 sees T real rows.
    n_features : int
        Independent standard normal features, d >= 1, without intercept.
    noise_variance : float
        Variance sigma^2 >= 0 of the labels about the regression, known to who draws labels.
    n_generations : int
        Generations after generation 0, >= 0.
    redraw : bool, default=False
        If True, features are drawn anew for each generation; if False, the real features get
        new labels each time.

    Returns
    -------
    risk : ndarray of shape (n_generations + 1,)
        Expected squared distance of the coefficients from the true ones, which is also the
        excess squared error of a prediction.

    Raises
    ------
    ValueError
        If `workflow` is none of the names, T is not larger than d + 1 or a number is negative.

    See Also
    --------
    relative_risk : Any workflow, for T much larger than d.
    skcollapse.simulation.simulate_regression : Monte Carlo twin, ``family="linear"``.

    Notes
    -----
    With i = g + 1 fits made so far,

    ============================ =====================================================
    replace                      i sigma^2 d / (T - d - 1)
    accumulate, same features    sigma^2 d / (T - d - 1) sum_{j <= i} 1 / j^2
    accumulate, redrawn          sigma^2 d sum_{j <= i} 1 / (j (j T - d - 1))
    ============================ =====================================================

    The first two are published [1]_, the third is derived. A noise variance estimated by
    RSS / T shrinks from generation to generation: then these formulas are too large; RSS / (T -
    d) keeps them. Features of another law, a regression that is not linear, other workflows and
    weights have `relative_risk`, for many rows and a correct model; fresh real rows
    `variance_path`; penalised fits `shrinkage_path`.

    References
    ----------
    .. [1] M. Gerstgrasser et al., "Is Model Collapse Inevitable? Breaking the Curse of Recursion
       by Accumulating Real and Synthetic Data", arXiv:2404.01413.

    Examples
    --------
    >>> from skcollapse.theory import linear_regression_risk
    >>> linear_regression_risk("replace", 20, 9, 1.0, 2).tolist()
    [0.9, 1.8, 2.7]
    >>> linear_regression_risk("accumulate", 20, 9, 1.0, 2).round(3).tolist()
    [0.9, 1.125, 1.225]
    """
    _check_workflow(workflow, _WORKFLOWS[:2])
    d = _whole(n_features, "n_features", 1)
    n = _whole(n_samples, "n_samples", d + 2)
    variance = finite(noise_variance, "noise_variance")
    i = np.arange(1, whole_number(n_generations, "n_generations", 0) + 2, dtype=np.float64)
    if workflow == "replace":
        return variance * d / (n - d - 1) * i
    if redraw:
        return variance * d * np.cumsum(1 / (i * (i * n - d - 1)))
    return variance * d / (n - d - 1) * np.cumsum(1 / i**2)
