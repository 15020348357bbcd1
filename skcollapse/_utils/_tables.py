"""Read a table into typed numpy columns and build a table of the same kind from such columns.

Synthesizers work on three kinds of column only: real numbers, integers (dates are integers of
their time unit) and categories (integer codes of levels). What a column was before (a pandas
nullable integer, a polars Enum, a time zone) is kept in its `ColumnSpec` and restored at the end.

pandas and polars are imported inside functions: a user who never passes a frame never loads them.
"""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

__all__ = ["Column", "ColumnSpec", "TableSpec", "container_of", "read_table", "read_target"]


@dataclass(frozen=True)
class Column:
    """Values of one column.

    Parameters
    ----------
    kind : {"number", "integer", "category"}
        What the values are.
    values : ndarray of shape (n_samples,)
        For a number float64, nan where missing; for an integer int64, anything where missing;
        for a category codes from 0 to ``n_levels - 1``, -1 where missing.
    missing : ndarray of bool of shape (n_samples,)
        True where the value is missing.
    n_levels : int, default=0
        Number of levels of a category.
    name : object, default=None
        Name of the column, for error messages.

    Examples
    --------
    >>> import numpy as np
    >>> from skcollapse.synthesizers import Column
    >>> column = Column("number", np.array([1.5, np.nan]), np.array([False, True]))
    >>> column.take([1]).missing
    array([ True])
    """

    kind: str
    values: np.ndarray
    missing: np.ndarray
    n_levels: int = 0
    name: Any = None

    def take(self, rows):
        """Return the column restricted to some rows.

        Parameters
        ----------
        rows : slice or ndarray of int or bool
            Positions of the rows, or a mask.

        Returns
        -------
        column : Column
            The column with these rows.
        """
        return replace(self, values=self.values[rows], missing=self.missing[rows])


@dataclass(frozen=True)
class ColumnSpec:
    """What is needed to restore a column: its name, dtype and, for categories, its levels.

    `null` is the object that marks missing values in columns of Python objects: encoders tell
    None from nan, so a drawn column must use the one it came with.
    """

    name: Any
    kind: str
    dtype: Any
    levels: Any = None
    null: Any = None

    def keep_levels(self, kept):
        """Return the spec that holds only the levels with the indices `kept`."""
        if isinstance(self.levels, tuple):  # fixed by the dtype itself: nothing to forget
            return self
        return replace(self, levels=self.levels[kept])


@dataclass(frozen=True)
class TableSpec:
    """Container ("pandas", "polars" or "numpy") and one `ColumnSpec` per column."""

    container: str
    columns: list = field(default_factory=list)
    dtype: Any = None

    def build(self, columns):
        """Build a table of the original container, names and dtypes from `columns`."""
        if self.container == "pandas":
            return _build_pandas(self, columns)
        if self.container == "polars":
            return _build_polars(self, columns)
        parts = [_restore_numpy(spec, c) for spec, c in zip(self.columns, columns, strict=True)]
        out = np.empty((len(parts[0]), len(parts)), dtype=self.dtype)
        for j, part in enumerate(parts):
            out[:, j] = part
        return out


def container_of(X):
    """Return "pandas" or "polars" for frames of these libraries, else "numpy"."""
    root = type(X).__module__.split(".")[0]
    is_frame = hasattr(X, "columns") and hasattr(X, "dtypes")
    return root if is_frame and root in ("pandas", "polars") else "numpy"


def read_table(X):
    """Split a frame or a two-dimensional array into columns.

    Parameters
    ----------
    X : pandas.DataFrame, polars.DataFrame or ndarray of shape (n_samples, n_features)

    Returns
    -------
    columns : list of Column
    spec : TableSpec

    Raises
    ------
    ValueError
        If a column holds infinity, complex numbers or values that cannot be told apart
        (unhashable objects). The message names the column.
    """
    container = container_of(X)
    if container == "pandas":
        pairs = [_read_pandas(name, series) for name, series in X.items()]
        dtype = None
    elif container == "polars":
        pairs = [_read_polars(series) for series in X.get_columns()]
        dtype = None
    else:
        X = np.asarray(X)
        pairs = [_read_numpy(j, X[:, j]) for j in range(X.shape[1])]
        dtype = X.dtype
    columns = [replace(column, name=spec.name) for column, spec in pairs]
    return columns, TableSpec(container, [spec for _, spec in pairs], dtype)


def read_target(y):
    """Read a one-dimensional target as a single column named "y"."""
    column, spec = _read_numpy("y", np.asarray(y))
    return replace(column, name=spec.name), spec


def _number(name, values, missing=None):
    values = np.asarray(values, dtype=np.float64)
    if np.isinf(values).any():
        raise ValueError(
            f"Column {name!r} contains infinity. Replace infinite values by missing values or "
            "large finite numbers."
        )
    return Column("number", values, np.isnan(values) if missing is None else missing)


def _int64(name, values):
    values = np.asarray(values)
    if values.dtype.kind == "u" and len(values) and values.max() > np.iinfo(np.int64).max:
        raise ValueError(f"Column {name!r} holds integers of 2**63 or more. Convert it to floats.")
    return values.astype(np.int64)


def _unsupported(name, what):
    return ValueError(f"Column {name!r} holds {what}, which no synthesizer can learn. Drop it.")


# ---- numpy ------------------------------------------------------------------------------------


def _read_numpy(name, values):
    kind = values.dtype.kind
    if kind == "f":
        return _number(name, values), ColumnSpec(name, "number", values.dtype)
    if kind in "iu":
        column = Column("integer", _int64(name, values), np.zeros(len(values), bool))
        return column, ColumnSpec(name, "integer", values.dtype)
    if kind in "mM":
        column = Column("integer", values.astype(np.int64), np.isnat(values))
        return column, ColumnSpec(name, "integer", values.dtype)
    if kind in "bUS":
        levels, codes = np.unique(values, return_inverse=True)
        column = Column("category", codes, np.zeros(len(values), bool), len(levels))
        return column, ColumnSpec(name, "category", values.dtype, levels)
    if kind == "O":
        return _read_objects(name, values)
    raise _unsupported(name, f"values of type {values.dtype}")


def _read_objects(name, values):
    """Read Python objects: numbers stay numbers, all else becomes categories."""
    missing = np.array([v is None or v != v for v in values], dtype=bool)
    present = values[~missing]
    if len(present) and all(type(v) in (int, float) for v in present):
        floats = np.full(len(values), np.nan)
        floats[~missing] = present.astype(np.float64)
        return _number(name, floats), ColumnSpec(name, "number", np.dtype(object))
    try:
        found = list(dict.fromkeys(present))
    except TypeError:
        raise _unsupported(name, "unhashable objects") from None
    with suppress(TypeError):  # mixed types have no order: that of first appearance serves
        found.sort()
    index = {level: i for i, level in enumerate(found)}
    codes = np.full(len(values), -1)
    codes[~missing] = [index[v] for v in present]
    levels = np.empty(len(found), dtype=object)
    levels[:] = found
    column = Column("category", codes, missing, len(levels))
    null = values[missing.argmax()] if missing.any() else None
    return column, ColumnSpec(name, "category", values.dtype, levels, null)


def _restore_numpy(spec, column):
    if spec.kind == "category":
        if not len(spec.levels):
            return np.full(len(column.values), spec.null, dtype=object)
        out = spec.levels[np.maximum(column.values, 0)]
        if column.missing.any():
            out = out.astype(object)
            out[column.missing] = spec.null
        return out
    if spec.dtype.kind in "mM":
        out = column.values.astype(spec.dtype)
        out[column.missing] = "NaT"
        return out
    return column.values.astype(spec.dtype)


# ---- pandas -----------------------------------------------------------------------------------


def _read_pandas(name, series):
    import pandas as pd

    is_type, dtype = pd.api.types, series.dtype
    is_object = is_type.is_object_dtype(dtype)
    if dtype == "str" or (is_object and isinstance(series.iloc[0], str)):
        return _factorize_pandas(name, series)  # the common case, spared the checks below
    missing = series.isna().to_numpy(dtype=bool)
    if isinstance(dtype, pd.CategoricalDtype):
        codes = series.cat.codes.to_numpy().astype(np.int64)
        column = Column("category", codes, missing, len(dtype.categories))
        return column, ColumnSpec(name, "category", dtype, tuple(range(column.n_levels)))
    if is_object:
        inferred = is_type.infer_dtype(series, skipna=True)
        if inferred in ("floating", "integer", "mixed-integer-float"):
            values = pd.to_numeric(series).to_numpy(dtype=np.float64, na_value=np.nan)
            null = series.iloc[missing.argmax()] if missing.any() else None
            return _number(name, values), ColumnSpec(name, "number", dtype, null=null)
    if is_type.is_complex_dtype(dtype):
        raise _unsupported(name, "complex numbers")
    if is_type.is_bool_dtype(dtype):
        return _factorize_pandas(name, series)
    if is_type.is_integer_dtype(dtype):
        filled = series.fillna(0) if missing.any() else series
        values = _int64(name, filled.to_numpy())
        return Column("integer", values, missing), ColumnSpec(name, "integer", dtype)
    if is_type.is_float_dtype(dtype):
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
        return _number(name, values), ColumnSpec(name, "number", dtype)
    if is_type.is_datetime64_any_dtype(dtype) or is_type.is_timedelta64_dtype(dtype):
        ticks = series.array.asi8 if hasattr(series.array, "asi8") else None
        if ticks is not None:
            return Column("integer", ticks, missing), ColumnSpec(name, "integer", dtype)
    return _factorize_pandas(name, series)


def _factorize_pandas(name, series):
    import pandas as pd

    try:
        codes, levels = pd.factorize(series, use_na_sentinel=True)
    except TypeError:
        raise _unsupported(name, "unhashable objects") from None
    try:
        order = np.asarray(levels.argsort())
    except TypeError:
        order = np.arange(len(levels))  # mixed types: the order of first appearance serves
    missing = codes < 0
    null = series.iloc[missing.argmax()] if series.dtype == object and missing.any() else None
    # The last entry serves the code -1 of missing values.
    rank = np.full(len(order) + 1, -1)
    rank[order] = np.arange(len(order))
    codes = rank[codes]
    column = Column("category", codes, missing, len(levels))
    return column, ColumnSpec(name, "category", series.dtype, levels.take(order), null)


def _build_pandas(spec, columns):
    import pandas as pd

    parts = [_restore_pandas(s, c) for s, c in zip(spec.columns, columns, strict=True)]
    frame = pd.DataFrame(dict(enumerate(parts)), copy=False)
    frame.columns = pd.Index([s.name for s in spec.columns])
    return frame


def _restore_pandas(spec, column):
    import pandas as pd

    dtype, values, missing = spec.dtype, column.values, column.missing
    if spec.kind == "category":
        if isinstance(dtype, pd.CategoricalDtype):
            return pd.Series(pd.Categorical.from_codes(values, dtype=dtype))
        if not len(spec.levels):
            return pd.Series([spec.null] * len(values)).astype(dtype)
        taken = spec.levels.take(np.maximum(values, 0)).to_series(index=range(len(values)))
        return _mask_objects(spec, taken, missing).astype(dtype)
    if spec.kind == "number":
        return _mask_objects(spec, pd.Series(values).astype(dtype), missing)
    if (dtype.kind in "mM" and hasattr(dtype, "unit")) or isinstance(dtype, np.dtype):
        if dtype.kind in "mM":
            return _restore_ticks(dtype, values, missing)
        return pd.Series(values).astype(dtype)
    return pd.Series(pd.array(values, dtype="Int64")).mask(missing).astype(dtype)


def _mask_objects(spec, series, missing):
    if not missing.any():
        return series
    if spec.dtype != object:
        return series.mask(missing)
    values = series.to_numpy(dtype=object, copy=True)
    values[missing] = spec.null
    return type(series)(values, dtype=object)


def _restore_ticks(dtype, values, missing):
    import pandas as pd

    unit = dtype.unit if hasattr(dtype, "unit") else np.datetime_data(dtype)[0]
    ticks = values.astype(f"{dtype.kind}8[{unit}]")
    ticks[missing] = "NaT"
    series = pd.Series(ticks)
    if hasattr(dtype, "tz"):
        return series.dt.tz_localize("UTC").dt.tz_convert(dtype.tz)
    return series


# ---- polars -----------------------------------------------------------------------------------


def _read_polars(series):
    import polars as pl

    name, dtype = series.name, series.dtype
    missing = series.is_null().to_numpy().astype(bool)
    if dtype.is_float() or dtype.is_decimal():
        values = series.cast(pl.Float64).to_numpy().astype(np.float64)
        return _number(name, values), ColumnSpec(name, "number", dtype)
    if dtype.is_integer() or dtype.is_temporal():
        ticks = series.to_physical().cast(pl.Int64).fill_null(0).to_numpy().astype(np.int64)
        return Column("integer", ticks, missing), ColumnSpec(name, "integer", dtype)
    if dtype.is_nested() or dtype == pl.Object:
        raise _unsupported(name, f"values of type {dtype}")
    levels = series.drop_nulls().unique().sort()
    # Sorting an Enum or Categorical goes by its own order; codes come from the position there.
    lookup = pl.DataFrame({"level": levels, "code": np.arange(len(levels), dtype=np.int64)})
    joined = (
        series.alias("level")
        .to_frame()
        .join(lookup, on="level", how="left", maintain_order="left")
    )
    codes = joined["code"].fill_null(-1).to_numpy().astype(np.int64)
    column = Column("category", codes, missing, len(levels))
    return column, ColumnSpec(name, "category", dtype, levels)


def _build_polars(spec, columns):
    import polars as pl

    return pl.DataFrame(
        [_restore_polars(s, c) for s, c in zip(spec.columns, columns, strict=True)]
    )


def _restore_polars(spec, column):
    import polars as pl

    present = pl.Series((~column.missing).tolist(), dtype=pl.Boolean)
    if spec.kind == "category":
        codes = pl.Series(np.maximum(column.values, 0)) if len(spec.levels) else None
        if codes is None:
            return pl.Series(spec.name, [None] * len(column.values), dtype=spec.dtype)
        series = spec.levels.gather(codes)
    else:
        series = pl.Series(column.values)
    series = series.alias(spec.name)
    masked = series.to_frame().select(
        pl.when(present).then(pl.col(spec.name)).otherwise(None).alias(spec.name)
    )[spec.name]
    return masked.cast(spec.dtype)
