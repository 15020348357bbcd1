"""A Gaussian that is fitted again and again to its own rows."""

import numpy as np
from scipy.special import digamma, poch

from skcollapse._utils._bunch import Bunch
from skcollapse._utils._validation import whole_number
from skcollapse.theory._checks import finite, non_negative, size

__all__ = ["gaussian_collapse_factor", "gaussian_lam_path", "gaussian_location_mse"]

_KINDS = ("sd", "mle_variance", "log_variance")


def gaussian_collapse_factor(n_samples, kind="sd"):
    r"""Return how fast a Gaussian collapses that is fitted to its own rows only.

    Every generation draws `n_samples` rows from the Gaussian before and fits a new one to them.

    Parameters
    ----------
    n_samples : float or array-like
        Rows n of each generation, at least 2 and finite.
    kind : {"sd", "mle_variance", "log_variance"}, default="sd"
        What is followed: the expected standard deviation of the unbiased fit, the expected
        variance of the maximum likelihood fit, or the expected logarithm of the variance of
        the unbiased fit.

    Returns
    -------
    factor : float or ndarray
        Factor per generation, between 0 and 1, for "sd" and "mle_variance"; for "log_variance"
        the change that each generation adds to the expected logarithm, negative.

    Raises
    ------
    ValueError
        If `n_samples` is less than 2 or not finite, or `kind` is unknown.

    See Also
    --------
    gaussian_lam_path : Real rows kept in the mix, which stops the collapse.
    covariance_error_path : Expected squared error, which grows while typical paths collapse.
    skcollapse.simulation.simulate_gaussian : Monte Carlo twin, ``workflow="replace"``.

    Notes
    -----
    One feature, exactly:

    .. math::
       \text{sd:}\quad & E\sigma_t = c_4(n)^t \sigma_0, \qquad
           c_4(n) = \sqrt{\frac{2}{n - 1}}\,\frac{\Gamma(n/2)}{\Gamma((n - 1)/2)}, \\
       \text{mle\_variance:}\quad & E\sigma_t^2 = (1 - 1/n)^t \sigma_0^2, \\
       \text{log\_variance:}\quad & E\log\sigma_t^2 = \log\sigma_0^2
           + t\,[\psi((n - 1)/2) + \log(2/(n - 1))].

    The expected variance of the unbiased fit does not fall at all: it is carried by ever fewer
    paths while almost every path tends to zero. Plot medians or standard deviations. Features
    of a multivariate Gaussian collapse faster than one. It does not hold once real rows are in
    the mix (`gaussian_lam_path`, `pooled_variance_path`) or batches are kept
    (`gaussian_moments`); a kernel density spreads instead (`kde_variance_inflation`). The
    collapse is described in [1]_; the factors are standard moments of the chi-squared law.

    References
    ----------
    .. [1] Q. Bertrand, A. J. Bose, A. Duplessis, M. Jiralerspong, G. Gidel, "On the Stability
       of Iterative Retraining of Generative Models on their own Data", ICLR 2024,
       arXiv:2310.00429.

    Examples
    --------
    >>> from skcollapse.theory import gaussian_collapse_factor
    >>> round(float(gaussian_collapse_factor(20)) ** 50, 4)  # standard deviation left after 50
    0.5181
    >>> round(50 * float(gaussian_collapse_factor(20, kind="log_variance")), 4)
    -2.6777
    """
    n = finite(n_samples, "n_samples")
    if (n < 2).any():
        raise ValueError(f"n_samples must be >= 2, got {n!r}.")
    if kind not in _KINDS:
        raise ValueError(f"kind must be one of {_KINDS}, got {kind!r}.")
    if kind == "mle_variance":
        return (1 - 1 / n)[()]
    if kind == "log_variance":
        return (digamma((n - 1) / 2) + np.log(2 / (n - 1)))[()]
    # poch(x, 1/2) = Gamma(x + 1/2) / Gamma(x), accurate where the Gamma functions overflow.
    return (np.sqrt(2 / (n - 1)) * poch((n - 1) / 2, 0.5))[()]


def gaussian_lam_path(n_real, n_synthetic, lam, n_generations):
    r"""Return mean error and variance of a Gaussian refitted to the same real rows plus its own.

    Each generation fits one Gaussian by weighted maximum likelihood to the same `n_real` real
    rows and to `n_synthetic` rows drawn from the Gaussian before, whose total weight is `lam`
    times that of the real rows.

    Parameters
    ----------
    n_real : float
        Real rows n, the same in every generation, at least 1.
    n_synthetic : float
        Synthetic rows m of each generation, > 0.
    lam : float
        Total weight of the synthetic part relative to the real part, >= 0; `np.inf` leaves
        synthetic rows only from generation 1 on.
    n_generations : int
        Number T of generations after the first, >= 0.

    Returns
    -------
    path : Bunch
        With two arrays of shape (n_generations + 1,) over generations 0, 1, ..., T, where
        sigma^2 = 1: `mean_error`, the mean squared error of the fitted mean, and `variance`,
        the expectation of the fitted variance.

    Raises
    ------
    ValueError
        If an argument is negative, out of range or, apart from `lam`, not finite; the message
        names it.

    See Also
    --------
    pooled_variance_path : The same fit with fresh real rows in each generation.
    gaussian_location_mse : Known variance and every row counted alike.
    skcollapse.simulation.simulate_gaussian : Monte Carlo twin, ``workflow="fixed"``.

    Notes
    -----
    Given the real rows, with mean :math:`\bar x` and maximum likelihood variance :math:`s^2`,
    let :math:`u_t = E(\mu_t - \bar x)^2 / s^2` and :math:`q = (\lambda / (1 + \lambda))^2`. Then
    exactly :math:`E\sigma_t^2 = s^2 (1 - u_t)` and

    .. math:: u_0 = 0, \qquad u_t = q\,[(1 - 1/m)\,u_{t-1} + 1/m].

    Averaged over the real rows, with :math:`E s^2 = 1 - 1/n`,

    .. math:: \text{mean\_error}_t = \frac1n + \left(1 - \frac1n\right) u_t, \qquad
              \text{variance}_t = \left(1 - \frac1n\right) (1 - u_t),

    which add up to 1. For m = lam n at most 1 / (2 n) of the variance is lost at any finite
    lam, nearly; with `np.inf` the variance falls by 1 - 1 / m per generation. Derived for the
    retraining objective of [1]_, whose `lam` this is.

    References
    ----------
    .. [1] Q. Bertrand, A. J. Bose, A. Duplessis, M. Jiralerspong, G. Gidel, "On the Stability
       of Iterative Retraining of Generative Models on their own Data", ICLR 2024,
       arXiv:2310.00429.

    Examples
    --------
    >>> import numpy as np
    >>> from skcollapse.theory import gaussian_lam_path
    >>> gaussian_lam_path(20, 80, 4.0, 30).variance[[0, 1, 30]].round(4).tolist()
    [0.95, 0.9424, 0.9293]
    >>> gaussian_lam_path(20, 20, np.inf, 30).variance[[0, 1, 30]].round(4).tolist()
    [0.95, 0.9025, 0.2039]
    """
    n, m = size(n_real, "n_real"), size(n_synthetic, "n_synthetic", minimum=0)
    if m == 0:
        raise ValueError("n_synthetic must be > 0; without synthetic rows nothing is refitted.")
    lam = non_negative(lam, "lam")
    if lam.ndim:
        raise ValueError(f"lam must be one number, got shape {lam.shape}.")
    q = (1 - 1 / (1 + lam)) ** 2
    u = np.zeros(whole_number(n_generations, "n_generations", 0) + 1)
    for t in range(1, len(u)):
        u[t] = q * ((1 - 1 / m) * u[t - 1] + 1 / m)
    return Bunch(mean_error=1 / n + (1 - 1 / n) * u, variance=(1 - 1 / n) * (1 - u))


def gaussian_location_mse(n_real, n_synthetic, n_generations, *, real="fixed"):
    r"""Return the error of a mean when every row counts alike and sigma is known.

    Each generation averages `n_real` real rows and `n_synthetic` rows drawn from the Gaussian
    at the last mean, with the same weight for every row.

    Parameters
    ----------
    n_real : float
        Real rows n of each generation, also of generation 0, > 0.
    n_synthetic : float
        Synthetic rows m of each generation, >= 0.
    n_generations : int
        Number T of generations after the first, >= 0.
    real : {"fixed", "fresh"}, default="fixed"
        Whether the real rows are the same in every generation or new ones.

    Returns
    -------
    mse : ndarray of shape (n_generations + 1,)
        Mean squared error in generations 0, 1, ..., T in units of sigma^2 / n.

    Raises
    ------
    ValueError
        If a size is out of range or not finite, or `real` is unknown.

    See Also
    --------
    variance_path : Fresh real rows and any weight.
    gaussian_lam_path : Fixed real rows and any weight, with the variance fitted too.
    skcollapse.simulation.simulate_location : Monte Carlo twin, under "fixed" and "fresh".

    Notes
    -----
    With r = m / n, exactly

    .. math::
       \mathrm{mse}_t = 1 \pm E(r, t), \qquad
       E(r, t) = \frac{r}{1 + 2r} \left[1 - \left(\frac{r}{1 + r}\right)^{2t}\right] < \frac{1}{2},

    plus for fixed and minus for fresh real rows: synthetic rows cost at most half of the error
    when real rows return, and save at most half when they are new. It holds for the mean of any
    law whose generator has the fitted mean and the true variance. Derived for the settings of
    [1]_ (fixed) and [2]_ (fresh).

    References
    ----------
    .. [1] Q. Bertrand, A. J. Bose, A. Duplessis, M. Jiralerspong, G. Gidel, "On the Stability
       of Iterative Retraining of Generative Models on their own Data", ICLR 2024,
       arXiv:2310.00429.
    .. [2] S. Fu, S. Zhang, Y. Wang, X. Tian, D. Tao, "Towards Theoretical Understandings of
       Self-Consuming Generative Models", ICML 2024, arXiv:2402.11778.

    Examples
    --------
    >>> from skcollapse.theory import gaussian_location_mse
    >>> gaussian_location_mse(100, 100, 2).tolist()
    [1.0, 1.25, 1.3125]
    >>> gaussian_location_mse(100, 100, 2, real="fresh").tolist()
    [1.0, 0.75, 0.6875]
    """
    n = size(n_real, "n_real", minimum=0)
    if n == 0:
        raise ValueError("n_real must be > 0; use variance_path with weight 0.")
    r = size(n_synthetic, "n_synthetic", minimum=0) / n
    if real not in ("fixed", "fresh"):
        raise ValueError(f"real must be 'fixed' or 'fresh', got {real!r}.")
    t = np.arange(whole_number(n_generations, "n_generations", 0) + 1)
    excess = r / (1 + 2 * r) * (1 - (r / (1 + r)) ** (2 * t))
    return 1 + excess if real == "fixed" else 1 - excess
