"""Two tables read side by side: the same columns, the same codes, one mass for every row."""

from dataclasses import dataclass, replace

import numpy as np

from skcollapse._utils._tables import Column, container_of, read_table

__all__ = ["Pair", "read_pair"]


@dataclass(frozen=True)
class Pair:
    """Rows of X, then rows of Y, with codes of levels that mean the same in both.

    `columns` is a list of Column. `mass_X` and `mass_Y` have an entry for every row and sum to 1
    each. Rows of weight 0 are gone.
    """

    columns: list
    mass_X: np.ndarray
    mass_Y: np.ndarray

    @property
    def mixture(self):
        """Mass of every row in the mixture that draws X or Y with even chances."""
        return (self.mass_X + self.mass_Y) / 2

    def distinct(self):
        """Return the pair with every different row once; the masses of its copies are added.

        The rows are sorted, so the result depends on the two weighted samples alone: not on the
        order of rows, and not on whether a row is there three times or has weight 3.
        """
        ids, n_distinct = self.row_ids()
        first = np.unique(ids, return_index=True)[1]
        return Pair(
            [column.take(first) for column in self.columns],
            np.bincount(ids, self.mass_X, n_distinct),
            np.bincount(ids, self.mass_Y, n_distinct),
        )

    def row_ids(self):
        """Return one integer a row, equal where the rows are, and how many there are."""
        ids = np.zeros(len(self.mass_X), dtype=np.int64)
        for column in self.columns:
            # One number for the row so far and this column; made dense again so that the product
            # of the numbers of values never overflows.
            codes, n_codes = value_codes(column)
            ids = np.unique(ids * n_codes + codes, return_inverse=True)[1]
        return ids, int(ids.max()) + 1


def value_codes(column):
    """Return one code for every different value, missing being the last, and their number."""
    if column.kind == "category":
        return np.where(column.missing, column.n_levels, column.values), column.n_levels + 1
    found, codes = np.unique(np.where(column.missing, 0, column.values), return_inverse=True)
    return np.where(column.missing, len(found), codes), len(found) + 1


def read_pair(X, Y, sample_weight_X=None, sample_weight_Y=None, names=("X", "Y")):
    """Read two tables (or single columns) and their weights.

    Parameters
    ----------
    X, Y : DataFrame, Series or array-like of shape (n_samples, n_columns) or (n_samples,)
    sample_weight_X, sample_weight_Y : array-like of shape (n_samples,) or None
    names : tuple of str
        What the two are called in error messages.

    Returns
    -------
    pair : Pair

    Raises
    ------
    ValueError
        If a table is empty, has duplicate columns or infinite values, if the columns differ in
        number, name, order or kind, or if weights are not usable.
    """
    (X, labels_X), (Y, labels_Y) = _as_table(X, names[0]), _as_table(Y, names[1])
    _check_columns((X.shape, Y.shape), (labels_X, labels_Y), names)
    weight_X = _check_weight(sample_weight_X, len(X), f"sample_weight_{names[0]}")
    weight_Y = _check_weight(sample_weight_Y, len(Y), f"sample_weight_{names[1]}")
    (columns_X, spec_X), (columns_Y, spec_Y) = read_table(X), read_table(Y)
    keep = np.concatenate([weight_X, weight_Y]) > 0
    columns = [
        _join(*parts, names).take(keep)
        for parts in zip(columns_X, spec_X.columns, columns_Y, spec_Y.columns, strict=True)
    ]
    mass_X = np.concatenate([weight_X / weight_X.sum(), np.zeros(len(Y))])
    mass_Y = np.concatenate([np.zeros(len(X)), weight_Y / weight_Y.sum()])
    return Pair(columns, mass_X[keep], mass_Y[keep])


def _as_table(X, name):
    """Return a table, and its column names where it is a frame."""
    if container_of(X) != "numpy":
        labels = list(X.columns)
    elif hasattr(X, "to_frame"):  # the name of a single series says nothing
        X, labels = X.to_frame(), None
    else:
        X, labels = np.asarray(X), None
        if X.ndim not in (1, 2):
            raise ValueError(f"{name} must have one or two dimensions, got {X.ndim}.")
        X = X[:, None] if X.ndim == 1 else X
    if 0 in X.shape:
        raise ValueError(
            f"{name} is empty (shape {tuple(X.shape)}): it needs at least one row and one column."
        )
    if labels is not None and len(set(labels)) < len(labels):
        twice = next(label for label in labels if labels.count(label) > 1)
        raise ValueError(f"{name} has more than one column named {twice!r}. Rename one.")
    return X, labels


def _check_columns(shapes, labels, names):
    if shapes[0][1] != shapes[1][1]:
        raise ValueError(
            f"{names[0]} has {shapes[0][1]} columns and {names[1]} has {shapes[1][1]}: both need "
            "the same ones."
        )
    if None in labels or labels[0] == labels[1]:
        return
    odd = [label for label in labels[0] if label not in labels[1]]
    if odd:
        raise ValueError(
            f"{names[0]} and {names[1]} must have the same columns; {odd[0]!r} is in {names[0]} "
            "only."
        )
    raise ValueError(
        f"{names[0]} and {names[1]} have the same columns in different order. Select the columns "
        f"of {names[1]} in the order of {names[0]}."
    )


def _check_weight(weight, n_rows, name):
    if weight is None:
        return np.ones(n_rows)
    try:
        weight = np.asarray(weight, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must hold numbers.") from error
    if weight.shape != (n_rows,):
        raise ValueError(
            f"{name} must have one entry for each of the {n_rows} rows, got shape {weight.shape}."
        )
    if not np.isfinite(weight).all():
        raise ValueError(f"{name} must be finite.")
    if (weight < 0).any():
        raise ValueError(f"{name} must not be negative.")
    if not weight.sum() > 0:
        raise ValueError(f"{name} is zero for every row: there is nothing to compare.")
    return weight


def _join(first, first_spec, second, second_spec, names):
    """Stack a column of X and one of Y."""
    # A column without a value fits any other: it has no kind of its own.
    if first.missing.all() and first.kind != second.kind:
        first, first_spec = _no_values(first, second), second_spec
    elif second.missing.all() and first.kind != second.kind:
        second, second_spec = _no_values(second, first), first_spec
    if _nature(first, first_spec) != _nature(second, second_spec):
        raise ValueError(
            f"Column {first.name!r} holds {_nature(first, first_spec)} in {names[0]} and "
            f"{_nature(second, second_spec)} in {names[1]}. Convert one of them."
        )
    missing = np.concatenate([first.missing, second.missing])
    if first.kind == "category":
        values, n_levels = _joint_codes(first, first_spec, second, second_spec)
        return Column("category", values, missing, n_levels, first.name)
    # Integers and floats stack to floats, as they do in numpy.
    values = np.concatenate([first.values, second.values])
    kind = "number" if values.dtype.kind == "f" else "integer"
    return Column(kind, values, missing, name=first.name)


def _no_values(column, like):
    fill = -1 if like.kind == "category" else 0
    values = np.full(len(column.values), fill, dtype=like.values.dtype)
    return replace(column, kind=like.kind, values=values, n_levels=like.n_levels)


def _nature(column, spec):
    """Say what a column holds; columns of different nature cannot be compared."""
    if column.kind == "category":
        return "categories"
    is_temporal = getattr(spec.dtype, "is_temporal", None)
    if is_temporal() if is_temporal else getattr(spec.dtype, "kind", "") in ("m", "M"):
        return f"dates or durations of type {spec.dtype}"
    return "numbers"


def _joint_codes(first, first_spec, second, second_spec):
    levels = [_levels(first_spec), _levels(second_spec)]
    # Sorted, so that exchanging the two tables changes nothing.
    union = sorted(dict.fromkeys(levels[0] + levels[1]), key=str)
    index = {level: code for code, level in enumerate(union)}
    codes = []
    for column, own in zip((first, second), levels, strict=True):
        # The last entry serves the code -1 of missing values.
        lookup = np.array([*(index[level] for level in own), -1])
        codes.append(np.where(column.missing, -1, lookup[column.values]))
    return np.concatenate(codes), len(union)


def _levels(spec):
    if isinstance(spec.levels, tuple):  # positions in the categories of a pandas dtype
        return list(spec.dtype.categories)
    return list(spec.levels)
