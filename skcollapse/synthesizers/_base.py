"""The contract of a synthesizer: learn weighted rows, draw rows."""

from abc import ABCMeta, abstractmethod
from numbers import Integral

from sklearn.base import BaseEstimator
from sklearn.utils import check_scalar
from sklearn.utils.validation import check_consistent_length, check_is_fitted, column_or_1d

from skcollapse._utils._random import make_generator
from skcollapse._utils._rows import check_table, check_weights
from skcollapse._utils._tables import read_table, read_target
from skcollapse.synthesizers._columns._levels import limit_levels

__all__ = ["BaseSynthesizer"]


class BaseSynthesizer(BaseEstimator, metaclass=ABCMeta):
    """Base class of all synthesizers.

    The public methods check their input, take a table of any kind apart into typed columns, and
    put drawn columns together again as they came in. A subclass writes two private methods:

    - ``_fit(columns, sample_weight, target)`` learns from a list of columns (`target` is the
      position of the target among them, or None) and sets fitted attributes;
    - ``_sample(n_samples, generator)`` returns a list of columns of length `n_samples`, using no
      randomness but the given `numpy.random.Generator`.

    Attributes
    ----------
    stores_rows : bool
        Class attribute: True if the fitted object keeps training rows that could be read back.

    Examples
    --------
    A synthesizer that draws the rows it has seen, in proportion to their weights:

    >>> import numpy as np
    >>> from skcollapse.synthesizers import BaseSynthesizer
    >>> class Resampler(BaseSynthesizer):
    ...     stores_rows = True
    ...
    ...     def _fit(self, columns, sample_weight, target):
    ...         self.columns_, self.shares_ = columns, sample_weight / sample_weight.sum()
    ...
    ...     def _sample(self, n_samples, generator):
    ...         rows = generator.choice(len(self.shares_), n_samples, p=self.shares_)
    ...         return [column.take(rows) for column in self.columns_]
    >>> X, y = np.array([[1.5], [2.5]]), np.array(["no", "yes"])
    >>> X_drawn, y_drawn = Resampler().fit(X, y, sample_weight=[0, 1]).sample(3)
    >>> y_drawn.tolist()
    ['yes', 'yes', 'yes']
    """

    stores_rows = False
    # Parameters without a constraint are not checked: a subclass may go without any.
    _parameter_constraints: dict = {}

    @abstractmethod
    def _fit(self, columns, sample_weight, target):
        """Learn from weighted columns; weights are positive."""

    def _begin_fit(self, specs, target):
        """Look at names, dtypes and levels before any work, to refuse early; optional."""

    @abstractmethod
    def _sample(self, n_samples, generator):
        """Draw columns."""

    def fit(self, X, y=None, sample_weight=None):
        """Learn the distribution of weighted rows.

        Parameters
        ----------
        X : array-like, pandas.DataFrame or polars.DataFrame of shape (n_samples, n_features)
            Rows to learn. Numbers, text, categories, booleans, dates and missing values.
        y : array-like of shape (n_samples,), default=None
            With a target, rows of (X, y) are learned jointly and `sample` returns both.
        sample_weight : array-like of shape (n_samples,), default=None
            Non-negative weights; None means one each. Rows of weight zero are left out. Only
            ratios matter.

        Returns
        -------
        self : object
            The fitted synthesizer.

        Raises
        ------
        ValueError
            If a column cannot be learned (the message names it), or the weights are negative,
            all zero or of another length.
        """
        self._validate_params()
        X = check_table(self, X)
        weights = check_weights(sample_weight, X)
        columns, spec = read_table(X)
        specs = list(spec.columns)
        target_spec = None
        if y is not None:
            y = column_or_1d(y)
            check_consistent_length(X, y)
            column, target_spec = read_target(y)
            columns, specs = [*columns, column], [*specs, target_spec]
        positive = weights > 0
        if not positive.all():
            columns, weights = [c.take(positive) for c in columns], weights[positive]
        columns, specs = limit_levels(columns, specs, weights)
        target = None if y is None else len(columns) - 1
        self._begin_fit(specs, target)
        self._fit(columns, weights, target)
        if y is not None:
            target_spec = specs.pop()
        self._table_spec = type(spec)(spec.container, specs, spec.dtype)
        self._target_spec = target_spec
        return self

    def sample(self, n_samples=1, random_state=None):
        """Draw rows.

        Parameters
        ----------
        n_samples : int, default=1
            Number of rows to draw, at least 1.
        random_state : int, RandomState instance, numpy.random.Generator or None, default=None
            The same integer gives the same rows from the same fitted synthesizer.

        Returns
        -------
        X : ndarray or DataFrame of shape (n_samples, n_features)
            Rows with the container, column names and dtypes seen in `fit`.
        y : ndarray of shape (n_samples,)
            Only if the synthesizer was fitted with a target.
        """
        check_is_fitted(self)
        check_scalar(n_samples, "n_samples", Integral, min_val=1)
        columns = self._sample(int(n_samples), make_generator(random_state))
        if self._target_spec is None:
            return self._table_spec.build(columns)
        *columns, target = columns
        # The target is a table of one column, so that one builder serves both.
        single = type(self._table_spec)("numpy", [self._target_spec], self._target_spec.dtype)
        return self._table_spec.build(columns), single.build([target])[:, 0]

    def __sklearn_is_fitted__(self):
        return hasattr(self, "_table_spec")

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags
