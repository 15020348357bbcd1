"""The contract of a synthesizer: learn weighted rows, draw rows."""

from abc import ABCMeta, abstractmethod
from inspect import signature
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

    It asks for more by naming it:

    - ``_fit(columns, sample_weight, target, previous=None)`` also gets the fitted synthesizer to
      go on from, or None; see Notes.
    - ``fit(X, y=None, sample_weight=None, groups=None)`` also gets, from a recursion, which rows
      are synthetic: `groups` is a boolean array of shape (n_samples,), True for drawn rows, and
      is left out where all rows are real. `GaussianSynthesizer` uses it to centre real and
      synthetic rows separately.
    - ``_begin_fit(specs, target)`` sees the names, dtypes and levels of the columns before any
      work, to refuse a table early. Codes of categories count in the order of the levels.

    Attributes
    ----------
    stores_rows : bool
        Class attribute: True if the fitted object keeps training rows that could be read back.
    uses_previous : bool
        True if `_fit` names `previous`. Only then does a recursion hand the last synthesizer over.

    Notes
    -----
    **Going on from the last model.** A recursion hands the synthesizer of generation t - 1 to the
    fit of generation t as `previous`. Generation 0 of a new stream gets None. A synthesizer that
    goes on from it

    - reads `previous` and does not change it: if the generation fails, the old model stays in
      use. Copy what is trained further;
    - does not keep `previous`: the fitted object would grow by a model in each generation;
    - expects other levels: a column of categories may have lost levels or have new ones. Map the
      codes by the levels, or start anew;
    - gives the same model with ``previous=None`` as without it.

    A model of another class is no start: `_fit` then gets None.

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

    def fit(self, X, y=None, sample_weight=None, previous=None):
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
        previous : fitted synthesizer of the same class, default=None
            Model to go on from, which stays as it is. Ignored by a synthesizer that starts anew
            in every fit, as all of this package do.

        Returns
        -------
        self : object
            The fitted synthesizer.

        Raises
        ------
        NotFittedError
            If the synthesizer goes on from `previous` and that is not fitted.
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
        self._fit(columns, weights, target, **self._start_from(previous))
        if y is not None:
            target_spec = specs.pop()
        self._table_spec = type(spec)(spec.container, specs, spec.dtype)
        self._target_spec = target_spec
        return self

    @property
    def uses_previous(self):
        """Whether a fit goes on from the synthesizer of the last generation."""
        return "previous" in signature(self._fit).parameters

    def _start_from(self, previous):
        """Return the keyword `previous` of `_fit` if `_fit` asks for it."""
        if "previous" not in signature(self._fit).parameters:
            return {}
        # Parameters may change in the middle of a stream, the class of the synthesizer too.
        if type(previous) is not type(self):
            return {"previous": None}
        check_is_fitted(previous)
        return {"previous": previous}

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
