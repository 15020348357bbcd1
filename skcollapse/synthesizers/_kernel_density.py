"""Gaussian kernel density of weighted rows, drawn from with or without smoothing."""

import warnings
from numbers import Integral, Real

import numpy as np
from scipy.integrate import quad
from scipy.spatial.distance import cdist
from scipy.special import gamma, logsumexp
from sklearn.utils import check_scalar
from sklearn.utils._param_validation import Interval, StrOptions

from skcollapse.synthesizers._empirical import distinct_rows, draw_positions
from skcollapse.synthesizers._numeric import (
    NormalKernel,
    NumericSynthesizer,
    symmetric_root,
    weighted_moments,
)

__all__ = ["KernelDensitySynthesizer", "bandwidth_shrink_factor"]

# Distances are computed for so many pairs of rows at a time: 32 megabytes.
_BLOCK = 2**22
# exp(-u**2) is below the rounding of one from here on.
_INTEGRAL_END = 6.5


class KernelDensitySynthesizer(NumericSynthesizer):
    r"""Kernel density of numeric columns.

    The density is a weighted mean of normal densities around the rows seen in `fit`. Rows are
    drawn from it (`smooth=True`), or resampled and smoothed only when the density is asked for
    (`smooth=False`), which is the better choice in a recursion. The fitted object keeps the
    distinct rows it has seen.

    Columns of text, categories or booleans and missing values are refused. Smoothed integers and
    dates are rounded and kept within their dtype.

    Parameters
    ----------
    bandwidth : float, array-like of shape (n_columns,) or {"scott", "silverman"}, default="scott"
        Standard deviation of the kernel: a number in the unit of the columns, or one number for
        each column, the target last. The rules give the kernel the covariance of the data times
        a factor that falls with the total weight, which they read as a number of rows.
    smooth : bool, default=False
        Whether rows are drawn from the density itself.
    shrink : float, default=None
        Factor in (0, 1] on the bandwidth; see `bandwidth_shrink_factor`. None means one, with a
        warning if `smooth` is True.

    Attributes
    ----------
    bandwidth_ : ndarray of shape (n_columns,)
        Standard deviation of the kernel on each column, the target last, after shrinking.
    kernel_covariance_ : ndarray of shape (n_columns, n_columns)
        Covariance of the kernel: diagonal unless `bandwidth` is a rule.
    n_features_in_ : int
        Number of columns of X.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, if X has names that are all strings.

    See Also
    --------
    EmpiricalSynthesizer : Resamples rows of any kind.
    bandwidth_shrink_factor : The factor for a recursion with smoothing.

    Notes
    -----
    With :math:`W = \sum_i w_i` and :math:`K_H` the normal density with covariance H,

    .. math:: \hat f(x) = \frac1W \sum_i w_i K_H(x - x_i).

    A number h gives :math:`H = h^2 I`. In d columns with weighted covariance
    :math:`\hat\Sigma W / (W - 1)` the rules are :math:`H = f^2 \hat\Sigma W / (W - 1)` with
    :math:`f = W^{-1/(d+4)}` ("scott") or :math:`f = (W (d + 2) / 4)^{-1/(d+4)}` ("silverman"), so
    that integer weights equal repeated rows. The weights of a recursion sum to n / w, the
    effective sample size under the optimal weights, and the rules then give the bandwidth that
    suits it: smaller than that of n rows by :math:`w^{1/(d+4)}`.

    **Not smoothed.** Resampling does not move the distribution, so the density has the bias of
    a single fit, and only its variance follows the recursion of `EmpiricalSynthesizer`.

    **Smoothed.** Every drawn row has the covariance :math:`\hat\Sigma + H`, and rows drawn from
    drawn rows are smoothed twice. With the weight w on n fresh real rows in each generation and a
    bandwidth h, the bias tends to that of the bandwidth :math:`h / \sqrt w`: the variance of the
    draws tends to :math:`\sigma^2 + h^2 / w`, and the integrated squared bias to about
    :math:`h^4 R(f'') / (4 w^2)`. Without real rows (w = 0) it grows without bound. A rule is
    no remedy, since it follows the growing spread. Drawing without smoothing avoids this; else
    the bandwidth must shrink. This is a derivation for densities, not a result of [1]_, which
    treats distribution functions.

    References
    ----------
    .. [1] H. He, S. Xu, G. Cheng, "Recursive Learning Without Collapse: A Weighting-Based
       Stabilization Framework", 2026. :arxiv:`2502.18049`
    .. [2] D. W. Scott, "Multivariate Density Estimation", 2nd edition, Wiley, 2015.
       :doi:`10.1002/9781118575574`

    Examples
    --------
    >>> import numpy as np
    >>> from skcollapse.synthesizers import KernelDensitySynthesizer
    >>> X = np.array([[0.0], [1.0]])
    >>> synthesizer = KernelDensitySynthesizer(bandwidth=0.1).fit(X, sample_weight=[3, 1])
    >>> np.unique(synthesizer.sample(100, random_state=0))
    array([0., 1.])
    >>> np.exp(synthesizer.score_samples(X)).round(3)
    array([2.992, 0.997])
    """

    stores_rows = True
    _parameter_constraints: dict = {
        "bandwidth": [
            StrOptions({"scott", "silverman"}),
            Interval(Real, 0, None, closed="neither"),
            "array-like",
        ],
        "smooth": ["boolean"],
        "shrink": [None, Interval(Real, 0, 1, closed="right")],
    }

    def __init__(self, bandwidth="scott", smooth=False, shrink=None):
        self.bandwidth = bandwidth
        self.smooth = smooth
        self.shrink = shrink

    def _begin_fit(self, specs, target):
        super()._begin_fit(specs, target)
        if not isinstance(self.bandwidth, str):
            _bandwidth_per_column(self.bandwidth, len(specs))
        if self.smooth and self.shrink is None:
            warnings.warn(_compounding_advice(self.bandwidth, len(specs)), stacklevel=3)

    def _fit(self, columns, sample_weight, target):
        self._read_matrix(columns)  # refuses missing values
        columns, masses = distinct_rows(columns, sample_weight)
        covariance = self._kernel_covariance(self._read_matrix(columns), masses)
        self.kernel_covariance_ = covariance * (1.0 if self.shrink is None else self.shrink) ** 2
        self.bandwidth_ = np.sqrt(np.diag(self.kernel_covariance_))
        self._columns, self._masses = columns, masses

    def _kernel_covariance(self, matrix, masses):
        n_columns = matrix.shape[1]
        if not isinstance(self.bandwidth, str):
            return np.diag(_bandwidth_per_column(self.bandwidth, n_columns) ** 2)
        total = masses.sum()
        if total <= 1:
            raise ValueError(
                f"bandwidth={self.bandwidth!r} needs more than 1 sample: it reads the total "
                f"weight as a number of rows, and sample_weight sums to {total:g}. Scale the "
                "weights to sum to the effective number of rows, or give the bandwidth as a "
                "number."
            )
        size = total if self.bandwidth == "scott" else total * (n_columns + 2) / 4
        _, covariance = weighted_moments(matrix, masses)
        return size ** (-2 / (n_columns + 4)) * total / (total - 1) * covariance

    def _sample(self, n_samples, generator):
        rows = draw_positions(self._masses, n_samples, generator)
        drawn = [column.take(rows) for column in self._columns]
        if not self.smooth:
            return drawn
        normal = generator.standard_normal((n_samples, len(drawn)))
        noise = normal @ symmetric_root(self.kernel_covariance_)
        return self._build_columns(self._read_matrix(drawn) + noise)

    def _log_density(self, matrix):
        n_columns = matrix.shape[1]
        covariance = self.kernel_covariance_[:n_columns, :n_columns]
        kernel = NormalKernel(covariance, self._column_names[:n_columns])
        centres = kernel.whiten(self._read_matrix(self._columns[:n_columns]))
        log_shares = np.log(self._masses / self._masses.sum())
        rows, length = kernel.whiten(matrix), max(_BLOCK // len(centres), 1)
        log_density = np.empty(len(rows))
        for start in range(0, len(rows), length):
            part = slice(start, start + length)
            exponents = log_shares - 0.5 * cdist(rows[part], centres, "sqeuclidean")
            log_density[part] = logsumexp(exponents, axis=1)
        return kernel.log_peak + log_density


def bandwidth_shrink_factor(real_weight, k, *, n_columns=1, rule=False):
    r"""Compute how much smaller the bandwidth must be where smoothed rows are learned again.

    The best bandwidth of a recursion that draws from its own kernel density, relative to the
    best one for the n real rows of one generation alone.

    Parameters
    ----------
    real_weight : float
        Weight w of the real rows, in (0, 1].
    k : float
        Real rows over synthetic rows, n / m, at least 0.
    n_columns : int, default=1
        Number of columns d.
    rule : bool, default=False
        Whether the factor is for a bandwidth by rule. The rules see weights that sum to n / w and
        are smaller by :math:`w^{1/(d+4)}` already, which is then divided out.

    Returns
    -------
    factor : float
        Factor on the bandwidth: below one at the optimal weights, above one only at weights so
        small that the mix is noisier than the real rows alone.

    Raises
    ------
    ValueError
        If a parameter is outside its range; the message names it.

    Notes
    -----
    For small bandwidths, in the limit of many generations and with a normal kernel, the
    integrated squared bias is that of :math:`h / \sqrt w` and the integrated variance is V times
    that of n rows,

    .. math::

        V = \{w^2 + k (1 - w)^2\}\, \mathrm{Li}_{d/2}(z) / z, \qquad z = (1 - w)^2,

    with the polylogarithm Li. The sum of :math:`a h^4 / w^2` and :math:`b V / h^d` is smallest at
    :math:`h = (V w^2)^{1/(d+4)} h_1`, where :math:`h_1` is the best bandwidth for n rows. It is
    used in the form

    .. math::

        \mathrm{Li}_{d/2}(z) / z = \frac{2}{\Gamma(d/2)}
        \int_0^\infty \frac{u^{d-1} e^{-u^2}}{1 - z e^{-u^2}}\, du .

    The case d = 1 agrees with simulations; larger d is the same algebra.

    Examples
    --------
    >>> from skcollapse.synthesizers import bandwidth_shrink_factor
    >>> round(bandwidth_shrink_factor(0.675, 1), 3)
    0.773
    >>> bandwidth_shrink_factor(1.0, 1)
    1.0
    """
    check_scalar(
        real_weight, "real_weight", Real, min_val=0, max_val=1, include_boundaries="right"
    )
    check_scalar(k, "k", Real, min_val=0)
    check_scalar(n_columns, "n_columns", Integral, min_val=1)
    z = (1 - real_weight) ** 2

    def integrand(u):
        decay = np.exp(-(u**2))
        return u ** (n_columns - 1) * decay / (1 - z * decay)

    # For small weights the integrand peaks at zero, over about the width sqrt(2 w).
    peak = min(np.sqrt(2 * real_weight), 1.0)
    area, _ = quad(integrand, 0, _INTEGRAL_END, points=[peak], limit=200, epsabs=0, epsrel=1e-12)
    variance = (real_weight**2 + k * z) * 2 / gamma(n_columns / 2) * area
    scaled = variance * real_weight ** (1 if rule else 2)
    return float(scaled ** (1 / (n_columns + 4)))


def _bandwidth_per_column(bandwidth, n_columns):
    """Return one positive number a column, or say what is wrong."""
    widths = np.asarray(bandwidth, dtype=np.float64)
    if widths.ndim == 0:
        return np.full(n_columns, widths)
    if widths.shape != (n_columns,) or not (np.isfinite(widths) & (widths > 0)).all():
        raise ValueError(
            f"bandwidth must be a rule, a positive number, or {n_columns} positive numbers, one "
            f"for each column (the target last), got {bandwidth!r}."
        )
    return widths


def _compounding_advice(bandwidth, n_columns):
    options = "" if n_columns == 1 else f", n_columns={n_columns}"
    if isinstance(bandwidth, str):
        options += ", rule=True"
    return (
        "smooth=True draws smoothed rows, which the next generation smooths again: with the "
        "weight w on real rows, the variance added by the bandwidth h grows from h**2 to "
        "h**2 / w, and the squared bias by 1 / w**2. Set smooth=False, which resamples rows and "
        "smooths in score_samples only, or "
        f"shrink=bandwidth_shrink_factor(w, n_real / n_synthetic{options}). "
        "shrink=1.0 keeps the bandwidth without this warning."
    )
