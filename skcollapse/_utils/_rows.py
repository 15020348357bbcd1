"""Take and join rows of arrays and frames without changing their kind, and check tables."""

import numpy as np
from sklearn.utils import _safe_indexing
from sklearn.utils.validation import _check_sample_weight, validate_data

from skcollapse._utils._tables import container_of

__all__ = [
    "check_table",
    "check_weights",
    "concat_rows",
    "copy_rows",
    "rows_in_proportion",
    "systematic_indices",
    "take_rows",
]


def check_table(estimator, X, *, reset=True):
    """Check X, record or compare its feature names, and return it.

    Frames pass through unconverted, so that text, categories and dates reach the synthesizer and
    the estimator as they are. Arrays become two-dimensional and finite up to nan; whether nan is
    welcome is left to the wrapped estimator, which says so best.
    """
    if container_of(X) != "numpy":
        if X.shape[0] == 0 or X.shape[1] == 0:
            raise ValueError(
                f"Found array with {X.shape[0]} sample(s) and {X.shape[1]} feature(s) "
                f"(shape={tuple(X.shape)}) while a minimum of 1 is required."
            )
        validate_data(estimator, X, reset=reset, skip_check_array=True)
        return X
    X = validate_data(
        estimator, X, reset=reset, dtype=None, ensure_all_finite=False, order="C", copy=False
    )
    if X.dtype.kind == "O":
        X = _numbers_if_possible(X)
    if X.dtype.kind == "c":
        raise ValueError("Complex data not supported: split X into real and imaginary columns.")
    if X.dtype.kind == "f" and np.isinf(X).any():
        raise ValueError(
            "Input X contains infinity. Replace infinite values by nan or large finite numbers."
        )
    return X


def _numbers_if_possible(X):
    """Convert an object array that holds numbers only; text columns keep it an object array."""
    try:
        return X.astype(np.float64)
    except ValueError:
        return X


def check_weights(sample_weight, X):
    """Return float64 weights of shape (n_samples,), all >= 0 and not all zero."""
    weights = _check_sample_weight(
        sample_weight, X, dtype=np.float64, ensure_non_negative=True, copy=True
    )
    if not weights.sum() > 0:
        raise ValueError("sample_weight is zero for every row: there is nothing to learn from.")
    return weights


def take_rows(X, rows):
    """Return the rows with the given indices or mask, in the container of X.

    Adjacent rows are a view where the container has views: a table cut into batches is not copied.
    """
    rows, container = np.asarray(rows), container_of(X)
    if rows.dtype == bool:
        rows = np.flatnonzero(rows)
    if container != "polars" and _are_adjacent(rows):
        rows = slice(rows[0], rows[-1] + 1)
    taken = _safe_indexing(X, rows)
    return taken.reset_index(drop=True) if container == "pandas" else taken


def _are_adjacent(rows):
    return 0 < len(rows) == rows[-1] - rows[0] + 1 and bool((np.diff(rows) == 1).all())


def copy_rows(X):
    """Return a table that may be written into: polars frames cannot be, the others are copied."""
    if isinstance(X, np.ndarray):
        return X.copy(order="K")  # the same layout gives the same last bits
    return X if container_of(X) == "polars" else X.copy()


def concat_rows(*tables):
    """Stack tables of the same kind and columns."""
    container = container_of(tables[0])
    if container == "pandas":
        return _concat_pandas(tables)
    if container == "polars":
        import polars as pl

        return pl.concat(tables, how="vertical")
    return np.concatenate([np.asarray(table) for table in tables])


def _concat_pandas(tables):
    import pandas as pd

    # Two months may know different levels of a category: all sides get the union, since pandas
    # would otherwise fall back to plain objects and the estimator would see another dtype.
    unions = {}
    for name in tables[0].columns:
        dtypes = [table[name].dtype for table in tables]
        if all(isinstance(d, pd.CategoricalDtype) for d in dtypes) and len(set(dtypes)) > 1:
            levels = dtypes[0].categories
            for dtype in dtypes[1:]:
                levels = levels.append(dtype.categories.difference(levels, sort=False))
            unions[name] = pd.CategoricalDtype(levels, ordered=dtypes[0].ordered)
    if unions:
        tables = [table.astype(unions) for table in tables]
    return pd.concat(tables, ignore_index=True)


def systematic_indices(weights, n_draws, generator):
    """Draw row indices so that every row appears floor or ceil of its expected count.

    Row i is expected ``n_draws * weights[i] / sum(weights)`` times. Systematic sampling adds
    the least noise of the usual schemes: whole expected counts are met exactly.
    """
    edges = np.cumsum(weights)
    edges *= n_draws / edges[-1]
    # Sums of weights such as 0.2 land a hair beside whole numbers; without rounding, a row whose
    # expected count is exactly one could be drawn zero times.
    edges = np.round(edges, 9)
    # The offset stays clear of 0 and 1, where a rounded edge could be missed.
    points = np.arange(n_draws) + generator.uniform(1e-6, 1 - 1e-6)
    return np.minimum(np.searchsorted(edges, points, side="left"), len(edges) - 1)


def rows_in_proportion(weights, generator, *, max_rows_factor=5):
    """Turn row weights into row indices, for learners that take no weights.

    Equal weights give every row once. Weights with a small common measure (1 and 0.4, say) give
    every row a whole number of times, exactly in proportion, as long as that takes at most
    ``max_rows_factor`` times the number of rows. All other weights give ``2 * len(weights)``
    systematically drawn rows, which adds 1 to 3 percent to the variance of a weighted mean.

    Parameters
    ----------
    weights : ndarray of shape (n_samples,)
        Non-negative weights, not all zero.
    generator : numpy.random.Generator
        Used by the systematic draw only.
    max_rows_factor : float, default=5
        Bound on the number of returned indices in the exact case, in units of `n_samples`.

    Returns
    -------
    rows : ndarray of int
        Row indices in ascending order.

    Examples
    --------
    >>> import numpy as np
    >>> from skcollapse._utils._rows import rows_in_proportion
    >>> rows_in_proportion(np.array([1.0, 1.0, 0.5]), np.random.default_rng(0))
    array([0, 0, 1, 1, 2])
    """
    weights = np.asarray(weights, dtype=np.float64)
    with np.errstate(over="ignore"):  # an infinite ratio ends in the systematic draw
        ratios = weights / weights[weights > 0].min()
    # Every positive ratio is at least one, so this also bounds the multiples worth trying.
    for multiple in range(1, int(max_rows_factor) + 1):
        counts = np.rint(multiple * ratios)
        if counts.sum() > max_rows_factor * len(weights):
            break
        if np.allclose(multiple * ratios, counts, rtol=1e-9, atol=0):
            return np.repeat(np.arange(len(weights)), counts.astype(np.int64))
    return systematic_indices(weights, 2 * len(weights), generator)
