"""Weighted resampling of rows."""

from dataclasses import replace

import numpy as np

from skcollapse.synthesizers._base import BaseSynthesizer

__all__ = ["EmpiricalSynthesizer", "distinct_rows", "draw_positions"]


class EmpiricalSynthesizer(BaseSynthesizer):
    r"""Weighted resampling of the rows seen in `fit`.

    Drawn rows follow the weighted empirical distribution: category frequencies and, for numbers,
    the weighted empirical distribution function. Columns of any kind and missing values are
    drawn as they are.

    The fitted object keeps the distinct rows it has seen, and hands them out again. It is meant
    for studying recursions, not for forgetting data.

    Parameters
    ----------
    independent : bool, default=False
        Whether every column is drawn on its own, the target included. The columns then keep
        their distributions and lose their dependence.

    Attributes
    ----------
    probabilities_ : ndarray of shape (n_distinct,) or list of such arrays
        Probability of every distinct row; with `independent`, of every distinct value of each
        column, the target last. Rows and values are in ascending order, where categories count
        in the order of their levels and missing values come first.
    n_features_in_ : int
        Number of columns of X.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, if X has names that are all strings.

    See Also
    --------
    KernelDensitySynthesizer : Resamples rows and has a density.

    Notes
    -----
    With shares :math:`w_i / \sum_j w_j` the distribution function is

    .. math:: F(x) = \sum_i \frac{w_i}{\sum_j w_j} 1\{x_i \le x\}.

    Equal rows are merged, so integer weights equal repeated rows, draw for draw.

    **Recursion** [1]_. Let n fresh real and m synthetic rows share the weight as :math:`w` and
    :math:`1 - w`, :math:`k = n / m`. Resampling is noisier the more spread the current estimate
    is, so its variance follows the current model. In units of the error of n real rows the
    expected squared error of category probabilities, :math:`E \sum_j (p_{tj} - p_j)^2 =
    v_t (1 - \sum_j p_j^2) / n`, and that of a continuous distribution function,
    :math:`E \int (F_t - F)^2 dF = v_t / (6 n)`, obey

    .. math::

        v_t = w^2 + (1 - w)^2 (c\, v_{t-1} + k), \qquad c = 1 - 1 / m, \qquad
        v_\infty = \frac{w^2 + k (1 - w)^2}{1 - c (1 - w)^2},

    exactly for all n and m. At :math:`w = 0` one category survives.

    References
    ----------
    .. [1] H. He, S. Xu, G. Cheng, "Recursive Learning Without Collapse: A Weighting-Based
       Stabilization Framework", 2026. :arxiv:`2502.18049`

    Examples
    --------
    >>> import numpy as np
    >>> from skcollapse.synthesizers import EmpiricalSynthesizer
    >>> X = np.array([["blue", 1], ["red", 2], ["blue", 1]], dtype=object)
    >>> synthesizer = EmpiricalSynthesizer().fit(X, sample_weight=[1, 2, 1])
    >>> synthesizer.probabilities_
    array([0.5, 0.5])
    >>> synthesizer.sample(3, random_state=0).shape
    (3, 2)
    """

    stores_rows = True
    _parameter_constraints: dict = {"independent": ["boolean"]}

    def __init__(self, independent=False):
        self.independent = independent

    def _fit(self, columns, sample_weight, target):
        blocks = [[column] for column in columns] if self.independent else [columns]
        self._blocks = [distinct_rows(block, sample_weight) for block in blocks]
        shares = [masses / masses.sum() for _, masses in self._blocks]
        self.probabilities_ = shares if self.independent else shares[0]

    def _sample(self, n_samples, generator):
        drawn = []
        for columns, masses in self._blocks:
            rows = draw_positions(masses, n_samples, generator)
            drawn += [column.take(rows) for column in columns]
        return drawn


def distinct_rows(columns, weights):
    """Merge equal rows.

    Returns
    -------
    columns : list of Column
        The distinct rows in ascending order, missing values first.
    masses : ndarray of shape (n_distinct,)
        Sums of the weights of equal rows, not normalised: sums of integers are exact.
    """
    first, codes = np.zeros(1, dtype=np.intp), np.zeros(len(weights), dtype=np.intp)
    for column in columns:
        own = _value_codes(column)
        # Both factors are at most the number of rows, so the product fits 64 bits.
        _, first, codes = np.unique(
            codes * (own.max() + 1) + own, return_index=True, return_inverse=True
        )
    masses = np.bincount(codes, weights)
    # Whatever stands where a value is missing must not depend on the row that came first.
    return [_blank(column.take(first)) for column in columns], masses


def _value_codes(column):
    """Return the rank of every value among the distinct ones, 0 where it is missing."""
    codes = np.zeros(len(column.values), dtype=np.int64)
    present = ~column.missing
    _, ranks = np.unique(column.values[present], return_inverse=True)
    codes[present] = ranks + 1
    return codes


def _blank(column):
    if column.kind != "integer" or not column.missing.any():
        return column
    return replace(column, values=np.where(column.missing, 0, column.values))


def draw_positions(masses, n_samples, generator):
    """Draw positions independently, each with probability proportional to its mass."""
    edges = np.cumsum(masses)
    points = generator.random(n_samples) * edges[-1]
    # A point can round up to the last edge.
    return np.minimum(np.searchsorted(edges, points, side="right"), len(edges) - 1)
