"""Sequential trees: every column drawn from a leaf of a tree on the columns before it."""

from numbers import Integral, Real

import numpy as np
from sklearn.utils._param_validation import Interval, StrOptions

from skcollapse.synthesizers._base import BaseSynthesizer
from skcollapse.synthesizers._columns._points import DRAWS, uniform_points
from skcollapse.synthesizers._empirical import distinct_rows
from skcollapse.synthesizers._tree._column_models import Growth, fit_category, fit_number
from skcollapse.synthesizers._tree._inputs import Inputs

__all__ = ["TreeSynthesizer"]

# In a table without a column that tells rows apart, equal rows hide how many rows there were;
# there the smallest leaf never needs a larger share of the weight than this.
_LARGEST_SHARE = 0.02
# Leaves with fewer effective rows than this can single out a row.
_FEWEST_ROWS = 2
# Thresholds on sums of floats leave room for their rounding.
_SLACK = 1 - 1e-9


class TreeSynthesizer(BaseSynthesizer):
    r"""Sequential trees: each column is drawn from a leaf of a tree on the columns before it.

    Carries dependence of any form that splits can find: interactions, curves, clusters, missing
    values that depend on other columns. The default of `skcollapse.RecursiveMixRegressor`,
    `RecursiveMixClassifier` and `RecursiveMixSynthesizer`. Costs a decision tree or two a column,
    which is far more than a copula costs.

    Parameters
    ----------
    order : array-like of column names or positions, default=None
        Order in which the columns are drawn: every column of X once, by name if X has names and
        by position otherwise. The target is called ``"y"`` and goes first if left out. None
        means the target, then the columns as they stand in X.
    min_leaf_rows : float, default=10
        Smallest size of a leaf in effective rows; see the notes. 0 grows trees to purity.
    leaves : {"sketches", "values"}, default="sketches"
        What a leaf keeps of a number: the means and standard deviations of bins, or the values
        themselves, which are then drawn as they are.
    max_bins : int, default=16
        Largest number of bins in the sketch of a leaf.
    max_rows : int or None, default=5000
        Largest number of distinct rows that choose the splits of a tree. Leaves are filled with
        all rows. None means all.
    max_inputs : int or None, default=20
        Largest number of columns that a tree may split on; see the notes. None means all.
    draws : {"random", "sobol"}, default="random"
        Rows are independent, or come from a scrambled Sobol sequence, which fills the space of
        columns more evenly.

    Attributes
    ----------
    order_ : list of int
        Positions of the columns in the order in which they are drawn; the target counts as the
        column after the last of X.
    min_leaf_share_ : float
        Share of the total weight that each leaf holds at least.
    n_features_in_ : int
        Number of columns of X.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, if X has names that are all strings.

    See Also
    --------
    GaussianCopulaSynthesizer : Faster and smaller, for dependence that is monotone.

    Notes
    -----
    **Model.** In the order of the columns,

    .. math:: p(x_1, \ldots, x_d) = p(x_1) \prod_{j > 1} p(x_j \mid \ell_j(x_1, \ldots, x_{j-1})),

    where :math:`\ell_j` is the leaf of a regression tree fitted to column :math:`j` on the columns
    before it [1]_, [2]_, [3]_. A drawn row is passed down the tree and gets a value from its leaf.
    Classes are regressed as indicators, which is the Gini criterion. As inputs, levels stand in
    the order of the mean of column :math:`j` on them, or along the first principal axis of their
    class shares [4]_.

    **Order.** A column is blurred by one leaf for every column drawn before it. The target goes
    first because it then informs every other column.

    **Leaves.** A category has its shares, and missing is one more level. For a number, a first
    tree decides whether it is missing or an *atom*, a value with a mass of its own (by the rule of
    `GaussianCopulaSynthesizer`). Other values are cut into K bins of equal mass in each leaf, and
    of each bin mean and standard deviation are kept. A draw is uniform with these two moments, so
    that mean and variance of a leaf stay as they are. It is reflected at the ends of the column's
    range and rounded to its lattice. If all values of a column are atoms, the leaves of one tree
    have shares of them.

    **Weights.** Equal rows are merged first. With :math:`W_i` the weight of distinct row i, there
    are :math:`n_e = (\sum_i W_i)^2 / \sum_i W_i^2` effective rows [5]_, and a leaf holds at
    least the share `min_leaf_rows` :math:`/ n_e` of the weight. Integer weights equal repeated
    rows, draw for draw, and only ratios matter. A table of few categories has few distinct rows,
    however long it is; where no column has half as many values as there are distinct rows, the
    share is at most 1/50.

    **Large and wide tables.** A table with more distinct rows than `max_rows` is cut, in the order
    of its values, into as many runs of equal weight. One row of each, drawn by weight, chooses the
    splits, and a leaf holds `min_leaf_rows` of these at least. So the size of the fitted object is
    bounded whatever the rows, and `min_leaf_share_` holds up to the chance of the choice. A tree
    with more than `max_inputs` columns before its own gets those that explain most of it: by the
    correlation ratio of its column on 16 bins of a number or on the levels of a category, for
    classes the tau of Goodman and Kruskal [6]_, less what chance explains. A column that matters
    only together with another can then be missed.

    References
    ----------
    .. [1] J. P. Reiter, "Using CART to generate partially synthetic public use microdata",
       Journal of Official Statistics 21, 441-462, 2005.
    .. [2] J. Drechsler, J. P. Reiter, "An empirical evaluation of easily implemented,
       nonparametric methods for generating synthetic datasets", Computational Statistics & Data
       Analysis 55, 3232-3243, 2011. :doi:`10.1016/j.csda.2011.06.006`
    .. [3] B. Nowok, G. M. Raab, C. Dibben, "synthpop: Bespoke creation of synthetic data in R",
       Journal of Statistical Software 74(11), 2016. :doi:`10.18637/jss.v074.i11`
    .. [4] D. Coppersmith, S. J. Hong, J. R. M. Hosking, "Partitioning nominal attributes in
       decision trees", Data Mining and Knowledge Discovery 3, 197-217, 1999.
       :doi:`10.1023/A:1009869804967`
    .. [5] L. Kish, "Survey Sampling", Wiley, 1965.
    .. [6] L. A. Goodman, W. H. Kruskal, "Measures of association for cross classifications",
       Journal of the American Statistical Association 49, 732-764, 1954.
       :doi:`10.1080/01621459.1954.10501231`

    Examples
    --------
    The sign of a product, which no correlation can tell:

    >>> import numpy as np
    >>> from skcollapse.synthesizers import TreeSynthesizer
    >>> X = np.random.default_rng(0).uniform(-1, 1, (1000, 2))
    >>> synthesizer = TreeSynthesizer().fit(X, X[:, 0] * X[:, 1] > 0)
    >>> X_drawn, y_drawn = synthesizer.sample(1000, random_state=0)
    >>> bool(np.mean((X_drawn[:, 0] * X_drawn[:, 1] > 0) == y_drawn) > 0.9)
    True
    >>> synthesizer.order_, synthesizer.stores_rows
    ([2, 0, 1], False)
    """

    _parameter_constraints: dict = {
        "order": ["array-like", None],
        "min_leaf_rows": [Interval(Real, 0, None, closed="left")],
        "leaves": [StrOptions({"sketches", "values"})],
        "max_bins": [Interval(Integral, 1, None, closed="left")],
        "max_rows": [Interval(Integral, 1, None, closed="left"), None],
        "max_inputs": [Interval(Integral, 1, None, closed="left"), None],
        "draws": [StrOptions(set(DRAWS))],
    }

    def __init__(
        self,
        order=None,
        *,
        min_leaf_rows=10,
        leaves="sketches",
        max_bins=16,
        max_rows=5_000,
        max_inputs=20,
        draws="random",
    ):
        self.order = order
        self.min_leaf_rows = min_leaf_rows
        self.leaves = leaves
        self.max_bins = max_bins
        self.max_rows = max_rows
        self.max_inputs = max_inputs
        self.draws = draws

    @property
    def stores_rows(self):
        """Tell if the fitted object keeps training rows; see the notes of the class."""
        return self.leaves == "values" or self.min_leaf_rows < _FEWEST_ROWS

    def _begin_fit(self, specs, target):
        _resolve_order(self.order, [spec.name for spec in specs], target)

    def _fit(self, columns, sample_weight, target):
        self.order_ = _resolve_order(self.order, [column.name for column in columns], target)
        columns, masses = distinct_rows(columns, sample_weight)
        masses = _scale_free(masses)
        self.min_leaf_share_ = _smallest_share(columns, masses, self.min_leaf_rows)
        min_mass = self.min_leaf_share_ * masses.sum()
        growth = Growth(min_mass, self.min_leaf_rows * _SLACK, self.max_rows)
        max_bins = None if self.leaves == "values" else self.max_bins
        inputs = Inputs(len(masses), len(columns), self.max_inputs)
        self._models = []
        for position in self.order_:
            column = columns[position]
            if column.kind == "category":
                model = fit_category(column, inputs, masses, growth)
            else:
                model = fit_number(column, inputs, masses, growth, max_bins)
            inputs.add(column, model.scale)
            self._models.append(model)

    def _sample(self, n_samples, generator):
        inputs = Inputs(n_samples, len(self.order_))
        drawn = [None] * len(self.order_)
        ends = np.cumsum([model.n_points for model in self._models])
        points = uniform_points(n_samples, int(ends[-1]), generator, self.draws)
        for position, model, end in zip(self.order_, self._models, ends, strict=True):
            drawn[position] = model.draw(inputs, points[:, end - model.n_points : end])
            inputs.add(drawn[position], model.scale)
        return drawn


def _smallest_share(columns, masses, min_leaf_rows):
    """Return the share of the weight that a leaf must hold."""
    shares = masses / masses.sum()
    share = min_leaf_rows * np.sum(shares**2) * _SLACK
    n_values = [len(np.unique(column.values[~column.missing])) for column in columns]
    if 2 * max(n_values) < len(masses):
        share = min(share, _LARGEST_SHARE)
    return float(min(share, 0.5))


def _scale_free(masses):
    """Divide by the largest mass and round to 12 digits, which wipes out the rounding of scales.

    Else the weights 0.1 and 0.3 could break a tie between two splits in another way than 1 and 3.
    """
    mantissa, exponent = np.frexp(masses / masses.max())
    return np.ldexp(np.round(mantissa, 12), exponent)


def _resolve_order(order, names, target):
    """Return the positions of the columns in the order in which they are drawn."""
    first = [] if target is None else [target]
    n_features = len(names) - len(first)
    if order is None:
        return [*first, *range(n_features)]
    # A column of X that is called like the target hides it.
    position_of = {name: j for j, name in reversed([*enumerate(names)])}
    positions = [position_of.get(name, -1) for name in order]
    if target not in positions:
        positions = [*first, *positions]
    if sorted(positions) != [*range(len(names))]:
        raise ValueError(
            f"order must hold every column once, by name for a table with names and by position "
            f"otherwise, got {[*order]!r} for the columns {names[:n_features]!r}."
        )
    return positions
