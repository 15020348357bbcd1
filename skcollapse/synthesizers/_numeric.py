"""What the synthesizers share that see a table as a matrix of real numbers."""

from abc import abstractmethod

import numpy as np
from scipy.linalg import LinAlgError, cholesky, solve_triangular
from sklearn.utils.validation import check_consistent_length, check_is_fitted, column_or_1d

from skcollapse._utils._rows import check_table
from skcollapse._utils._tables import Column, read_table, read_target
from skcollapse.synthesizers._base import BaseSynthesizer

__all__ = ["NormalKernel", "NumericSynthesizer", "symmetric_root", "weighted_moments"]

# The largest float below 2**63; its negative keeps clear of the integer that means "not a time".
_LARGEST = np.nextafter(2.0**63, 0)
_SHORT_INTEGERS = {"int8", "int16", "int32", "uint8", "uint16", "uint32"}
# A correlation matrix whose Cholesky factor has a smaller diagonal entry is singular but for
# rounding: a column is a linear combination of others.
_NO_SPREAD = 1e-7


class NumericSynthesizer(BaseSynthesizer):
    """Base class of synthesizers of numeric columns that have a density.

    It refuses other columns and missing values by name, turns drawn floats into the integers a
    column can hold, and checks the rows whose density is asked for.
    """

    @abstractmethod
    def _log_density(self, matrix):
        """Return the log density of the first ``matrix.shape[1]`` columns."""

    def score_samples(self, X, y=None):
        """Compute the log density of rows.

        Parameters
        ----------
        X : array-like, pandas.DataFrame or polars.DataFrame of shape (n_samples, n_features)
            Rows with the columns seen in `fit`.
        y : array-like of shape (n_samples,), default=None
            Target. With it the joint density of (X, y) is returned, without it that of X, also
            if the synthesizer was fitted with a target.

        Returns
        -------
        log_density : ndarray of shape (n_samples,)
            Natural logarithm of the density at each row.

        Raises
        ------
        ValueError
            If there is no density because a column is constant or a linear combination of
            others (the message names it), or if `y` is given and `fit` saw no target.
        """
        check_is_fitted(self)
        X = check_table(self, X, reset=False)
        columns, spec = read_table(X)
        specs = list(spec.columns)
        if y is not None:
            if self._target_spec is None:
                raise ValueError("y must be None, since the synthesizer was fitted without y.")
            y = column_or_1d(y)
            check_consistent_length(X, y)
            column, target_spec = read_target(y)
            columns, specs = [*columns, column], [*specs, target_spec]
        self._refuse_categories(specs)
        return self._log_density(self._read_matrix(columns))

    def _begin_fit(self, specs, target):
        self._refuse_categories(specs)
        self._column_names = [spec.name for spec in specs]
        self._limits = [_limits(spec) for spec in specs]

    def _refuse_categories(self, specs):
        for spec in specs:
            if spec.kind == "category":
                raise ValueError(
                    f"Column {spec.name!r} holds text, booleans or categories, which "
                    f"{type(self).__name__} cannot learn. Encode or drop it, or use "
                    "GaussianCopulaSynthesizer."
                )

    def _read_matrix(self, columns):
        """Return the columns as a float64 array of shape (n_samples, n_columns)."""
        for column in columns:
            if column.missing.any():
                raise ValueError(
                    f"Column {column.name!r} has missing values (NaN), which "
                    f"{type(self).__name__} cannot learn. Impute them, or use "
                    "GaussianCopulaSynthesizer."
                )
        return np.column_stack([np.asarray(c.values, dtype=np.float64) for c in columns])

    def _build_columns(self, matrix):
        """Turn a drawn matrix into columns; integers are rounded and kept within their dtype."""
        present = np.zeros(len(matrix), dtype=bool)
        columns = []
        for values, limits in zip(matrix.T, self._limits, strict=True):
            if limits is None:
                columns.append(Column("number", values, present))
            else:
                rounded = np.clip(np.rint(values), *limits).astype(np.int64)
                columns.append(Column("integer", rounded, present))
        return columns

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = False
        tags.input_tags.categorical = False
        tags.input_tags.string = False
        return tags


def _limits(spec):
    """Return the smallest and the largest integer of the column's dtype, None for real numbers."""
    if spec.kind == "number":
        return None
    name = str(spec.dtype).lower().split("[")[0]
    if name in _SHORT_INTEGERS:
        return np.iinfo(name).min, np.iinfo(name).max
    return (0.0 if name == "uint64" else -_LARGEST), _LARGEST


def weighted_moments(matrix, weights):
    """Return the weighted mean and the covariance around it, divided by the total weight."""
    shares = weights / weights.sum()
    mean = shares @ matrix
    centred = matrix - mean
    return mean, (centred * shares[:, None]).T @ centred


def symmetric_root(covariance):
    """Return a matrix A with A.T @ A the covariance, singular or not.

    It is the symmetric root of the correlations, scaled: unlike eigenvectors it has no sign to
    choose, so equal moments give equal draws, and columns may differ in unit by any factor.
    """
    scale, correlation = _standardize(covariance)
    values, vectors = np.linalg.eigh(correlation)
    return (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T * scale


def _standardize(covariance):
    scale = np.sqrt(np.diag(covariance))
    divisor = np.where(scale > 0, scale, 1.0)
    return scale, covariance / np.outer(divisor, divisor)


class NormalKernel:
    """Density of a centred normal law with the given covariance.

    Parameters
    ----------
    covariance : ndarray of shape (n_columns, n_columns)
    names : list
        Names of the columns, for the error raised if the covariance is singular.
    """

    def __init__(self, covariance, names):
        self.scale, correlation = _standardize(covariance)
        try:
            self.factor = cholesky(correlation, lower=True)
            spread = np.diag(self.factor)
        except LinAlgError:
            spread = np.zeros(1)
        if spread.min() < _NO_SPREAD:
            listed = ", ".join(repr(name) for name in names)
            raise ValueError(
                f"There is no density: of the columns {listed}, one is constant or a linear "
                "combination of the others. Drop it."
            )
        log_det = 2 * np.log(self.scale).sum() + 2 * np.log(spread).sum()
        self.log_peak = -0.5 * (log_det + len(names) * np.log(2 * np.pi))

    def whiten(self, matrix):
        """Return rows scaled so that the kernel is standard normal around each of them."""
        return solve_triangular(self.factor, (matrix / self.scale).T, lower=True).T
