"""Normal law with a weighted mean and covariance: the paper's Gaussian estimation."""

import numpy as np
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.validation import check_consistent_length, column_or_1d

from skcollapse.synthesizers._columns._points import DRAWS, normal_points
from skcollapse.synthesizers._numeric import (
    NormalKernel,
    NumericSynthesizer,
    symmetric_root,
    weighted_moments,
)

__all__ = ["GaussianSynthesizer"]

# Weights that agree to so many decimals, relative to the largest, are equal but for rounding.
_WEIGHT_DIGITS = 9


class GaussianSynthesizer(NumericSynthesizer):
    r"""Normal law with the weighted mean and covariance of numeric columns.

    It keeps nothing but these moments. Columns of text, categories or booleans and missing values
    are refused. Drawn integers and dates are rounded and kept within their dtype; they are not
    kept within the range seen in `fit`, which would shrink the variance.

    Parameters
    ----------
    centring : {"pooled", "separate"}, default="pooled"
        Around which mean the covariance is taken. "pooled": the weighted mean of all rows, with
        the total weight as divisor (maximum likelihood). "separate": every group of rows, real
        and synthetic, around its own mean with an unbiased divisor, as the authors of [1]_ do.
    bias_correction : bool, default=False
        Whether `covariance_` and `score_samples` are corrected for the estimated mean; only with
        ``centring="pooled"``. Drawn rows are not (see Notes). The total weight is read as a
        number of rows.
    draws : {"random", "sobol"}, default="random"
        Rows are independent, or come from a scrambled Sobol sequence: means and covariances of
        drawn rows then vary far less than those of independent rows.

    Attributes
    ----------
    mean_ : ndarray of shape (n_columns,)
        Weighted mean of the columns, the target last.
    covariance_ : ndarray of shape (n_columns, n_columns)
        Their covariance.
    n_features_in_ : int
        Number of columns of X.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, if X has names that are all strings.

    See Also
    --------
    GaussianCopulaSynthesizer : Keeps the marginal distributions and takes columns of any kind.

    Notes
    -----
    Let :math:`W = \sum_i w_i` and :math:`\mu = \sum_i w_i x_i / W`.

    **Pooled.** The weighted maximum likelihood estimate is

    .. math:: \hat\Sigma = \frac1W \sum_i w_i (x_i - \mu)(x_i - \mu)^\top .

    Integer weights equal repeated rows. When n fresh real rows and m rows drawn from the fit
    before share the weight as :math:`w` and :math:`1 - w`, and :math:`k = n / m`, then

    .. math::

        E \hat\Sigma_t = (1 - v_t / n)\, \Sigma, \qquad
        v_t = w_t^2 + (1 - w_t)^2 \{v_{t-1} + k (1 - v_{t-1} / n)\}, \quad v_0 = 1 .

    The bias is about -1 / (effective sample size) in every generation: it does not compound,
    since rows drawn around a mean that is off by :math:`v / n` and with a covariance that is too
    small by :math:`v / n` have exactly the covariance :math:`\Sigma` around the true mean. For
    the same reason a correction must not be fed back. With `bias_correction`,

    .. math:: \text{covariance\_} = \frac{W}{W - 1} \hat\Sigma,

    and drawn rows still have the covariance :math:`\hat\Sigma`. The weights of a recursion sum to
    :math:`W = n / w`, which under the optimal schedule is the effective sample size
    :math:`n / v_t`, so the corrected estimate is unbiased up to order :math:`1 / n^2`. On rows
    of weight one it is the usual covariance with divisor n - 1.

    **Separate.** With groups g of total weight :math:`W_g` and mean :math:`\mu_g`,

    .. math::

        S = \sum_g \frac{W_g}{W} S_g, \qquad
        S_g = \frac{\sum_{i \in g} w_i (x_i - \mu_g)(x_i - \mu_g)^\top / W_g}
                   {1 - \sum_{i \in g} w_i^2 / W_g^2},

    whose divisor is the usual n - 1 for rows of equal weight. Then :math:`E S_t = \Sigma` for
    all sample sizes and weights, and only ratios of weights matter. This counts rows: a
    row of weight two is one observation, so it does *not* equal the row repeated. Groups are
    the `groups` given to `fit`; without them, rows of equal weight form a group, since a
    recursion gives one weight to the real and another to the synthetic rows. Where the two
    weights coincide (equal sizes at lam = 1), the rows are one group unless `groups` says
    otherwise, and the estimate is the usual covariance of the pool.

    References
    ----------
    .. [1] H. He, S. Xu, G. Cheng, "Recursive Learning Without Collapse: A Weighting-Based
       Stabilization Framework", 2026. :arxiv:`2502.18049`

    Examples
    --------
    >>> import numpy as np
    >>> from skcollapse.synthesizers import GaussianSynthesizer
    >>> X = np.array([[0.0], [2.0], [10.0], [16.0]])
    >>> weights = [3, 3, 1, 1]
    >>> GaussianSynthesizer().fit(X, sample_weight=weights).covariance_
    array([[30.]])
    >>> separate = GaussianSynthesizer(centring="separate").fit(X, sample_weight=weights)
    >>> separate.mean_, separate.covariance_  # the variances 2 and 18, mixed 3 to 1
    (array([4.]), array([[6.]]))
    >>> separate.sample(1000, random_state=0).shape
    (1000, 1)
    """

    _parameter_constraints: dict = {
        "centring": [StrOptions({"pooled", "separate"})],
        "bias_correction": ["boolean"],
        "draws": [StrOptions(set(DRAWS))],
    }

    def __init__(self, centring="pooled", bias_correction=False, draws="random"):
        self.centring = centring
        self.bias_correction = bias_correction
        self.draws = draws

    def fit(self, X, y=None, sample_weight=None, groups=None, previous=None):
        """Learn the mean and the covariance of weighted rows.

        Parameters
        ----------
        X : array-like, pandas.DataFrame or polars.DataFrame of shape (n_samples, n_features)
            Rows of numbers or dates.
        y : array-like of shape (n_samples,), default=None
            With a target, rows of (X, y) are learned jointly and `sample` returns both.
        sample_weight : array-like of shape (n_samples,), default=None
            Non-negative weights; None means one each. Rows of weight zero are left out. Only
            ratios matter, but for `bias_correction`.
        groups : array-like of shape (n_samples,), default=None
            Where each row comes from, for ``centring="separate"``; not used otherwise. None means
            that rows of equal weight form a group.
        previous : fitted synthesizer of the same class, default=None
            Ignored: two moments are learned anew in every fit.

        Returns
        -------
        self : object
            The fitted synthesizer.

        Raises
        ------
        ValueError
            If a column cannot be learned (the message names it); if a group holds one row only,
            which has no variance around its own mean; if `bias_correction` comes with separate
            centring or with weights that sum to at most one; if the weights are negative, all
            zero or of another length.
        """
        self._row_groups = None
        if groups is not None:
            groups = column_or_1d(groups)
            check_consistent_length(X, groups)
            if np.ndim(sample_weight) == 1:
                check_consistent_length(groups, sample_weight)
                groups = groups[np.asarray(sample_weight) > 0]
            self._row_groups = groups
        try:
            return super().fit(X, y, sample_weight, previous)
        finally:
            del self._row_groups  # one entry per row: not part of what was learned

    def _begin_fit(self, specs, target):
        super()._begin_fit(specs, target)
        if self.bias_correction and self.centring == "separate":
            raise ValueError(
                "bias_correction=True needs centring='pooled': with centring='separate' the "
                "covariance is unbiased already. Set bias_correction=False."
            )

    def _fit(self, columns, sample_weight, target):
        matrix = self._read_matrix(columns)
        correction = _count_correction(sample_weight) if self.bias_correction else 1.0
        if self.centring == "separate":
            mean, drawn = _separate(matrix, sample_weight, self._row_groups)
        else:
            mean, drawn = weighted_moments(matrix, sample_weight)
        self.mean_, self.covariance_ = mean, drawn * correction
        self._root = symmetric_root(drawn)

    def _sample(self, n_samples, generator):
        normal = normal_points(n_samples, len(self.mean_), generator, self.draws)
        return self._build_columns(self.mean_ + normal @ self._root)

    def _log_density(self, matrix):
        n_columns = matrix.shape[1]
        covariance = self.covariance_[:n_columns, :n_columns]
        kernel = NormalKernel(covariance, self._column_names[:n_columns])
        whitened = kernel.whiten(matrix - self.mean_[:n_columns])
        return kernel.log_peak - 0.5 * (whitened**2).sum(axis=1)


def _count_correction(weights):
    """Return W / (W - 1) for the total weight W."""
    total = weights.sum()
    if total <= 1:
        raise ValueError(
            "bias_correction=True needs more than 1 sample: it reads the total weight as a "
            f"number of rows, and sample_weight sums to {total:g}. Scale the weights to sum to "
            "the effective number of rows, or set bias_correction=False."
        )
    return total / (total - 1)


def _separate(matrix, weights, groups):
    """Return the weighted mean and the mean of the groups' unbiased covariances."""
    keys = np.round(weights / weights.max(), _WEIGHT_DIGITS) if groups is None else groups
    codes = np.unique(keys, return_inverse=True)[1]
    sizes = np.bincount(codes)
    if sizes.min() < 2:
        raise ValueError(_lonely_row(groups, np.argmax(codes == sizes.argmin()), len(weights)))
    total, covariance = weights.sum(), np.zeros((matrix.shape[1],) * 2)
    for code in range(len(sizes)):
        rows = codes == code
        own = weights[rows]
        _, spread = weighted_moments(matrix[rows], own)
        covariance += own.sum() / total * spread / (1 - (own**2).sum() / own.sum() ** 2)
    return weights @ matrix / total, covariance


def _lonely_row(groups, row, n_rows):
    """Say what to do about a group of one row."""
    if n_rows == 1:
        what = "it was given 1 sample."
    elif groups is None:
        what = (
            "some row shares its weight with no other one, and rows of equal weight form a group "
            "unless groups are given. Pass groups to fit, or set centring='pooled'."
        )
    else:
        what = f"group {groups[row]} has one. Merge it with another group."
    return f"centring='separate' needs two rows in every group: {what}"
