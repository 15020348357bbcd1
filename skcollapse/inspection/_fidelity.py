"""Real rows beside synthetic ones, column by column and pair by pair, as numbers."""

from functools import partial
from itertools import combinations

import numpy as np
from sklearn.utils import Bunch

from skcollapse._utils._rows import concat_rows
from skcollapse._utils._tables import container_of, read_table
from skcollapse.metrics import read_pair

__all__ = ["compare_rows", "dependence"]

_N_BINS = 20  # of a numeric column's histogram
_TAIL = 0.005  # on each side of a histogram, counted in its outer bins
_N_LEVELS = 8  # shown of a category; the others are one
_N_CLASSES = 8  # of equal mass, into which numbers are cut to measure dependence


def compare_rows(real, synthetic, real_y=None, synthetic_y=None, y_name="target"):
    """Compare real rows with those of several generations.

    Parameters
    ----------
    real : table
        Real rows; one dimension is one column.
    synthetic : list of tables
        Rows of each generation, with the columns of `real`.
    real_y, synthetic_y : array and list of arrays, default=None
        Targets, compared as one more column.
    y_name : str
        Name of that column.

    Returns
    -------
    fidelity : Bunch
        `columns`, `marginals`, `dependence_real` and `dependence`, as in `FidelityDisplay`.
    """
    real, synthetic = _table(real), [_table(rows) for rows in synthetic]
    columns = read_pair(real, concat_rows(*synthetic), names=("real", "synthetic")).columns
    specs = read_table(real)[1].columns
    names, units = [_name(spec) for spec in specs], [_date_unit(spec.dtype) for spec in specs]
    values = [partial(_value, real, j) for j in range(len(columns))]
    if real_y is not None:
        real_y = np.asarray(real_y)
        columns = columns + read_pair(real_y, np.concatenate(synthetic_y)).columns
        names, units = [*names, y_name], [*units, None]
        values.append(real_y.__getitem__)
    sizes = [len(real), *map(len, synthetic)]
    parts = np.split(np.arange(sum(sizes)), np.cumsum(sizes)[:-1])
    measured = dependence(columns, parts)
    described = zip(columns, units, values, strict=True)
    return Bunch(
        columns=names,
        marginals=[_marginal(column, parts, unit, value) for column, unit, value in described],
        dependence_real=measured[0],
        dependence=measured[1:],
    )


def _table(rows):
    """Return rows with two dimensions."""
    if hasattr(rows, "to_frame"):
        return rows.to_frame()
    if container_of(rows) != "numpy":
        return rows
    rows = np.asarray(rows)
    return rows[:, None] if rows.ndim == 1 else rows


def _name(spec):
    # Columns of arrays are known by their place.
    return f"column {spec.name}" if isinstance(spec.name, int) else str(spec.name)


def _value(table, j, i):
    return table.iloc[i, j] if container_of(table) == "pandas" else table[int(i), j]


def _date_unit(dtype):
    """Return the unit in which the ticks of a date count, or None for other columns."""
    if isinstance(dtype, np.dtype):
        return np.datetime_data(dtype)[0] if dtype.kind == "M" else None
    if getattr(dtype, "kind", None) == "M":  # a pandas time zone
        return dtype.unit
    if str(dtype) == "Date":  # polars
        return "D"
    return getattr(dtype, "time_unit", None) if str(dtype).startswith("Datetime") else None


def _marginal(column, parts, unit, value):
    """Return the shares of the cells of a column, for real rows and for each generation."""
    first = parts[0]
    codes, n_cells, cells = _cells(column, first, value)
    codes = np.where(column.missing, n_cells, codes)
    shares = np.array([np.bincount(codes[p], minlength=n_cells + 1) / len(p) for p in parts])
    return Bunch(
        **cells,
        date_unit=unit,
        real=shares[0, :-1],
        synthetic=shares[1:, :-1],
        missing_real=shares[0, -1],
        missing=shares[1:, -1],
    )


def _cells(column, first, value):
    """Return one code a row, the number of cells, and what the cells are."""
    found = np.unique(column.values[~column.missing])
    if column.kind == "category" or len(found) <= _N_LEVELS:
        rows, codes = _frequent(column, first)
        names = [_level_name(value(row)) for row in rows]
        other = [] if codes.max(initial=0) < len(rows) else ["other"]
        return codes, len(names + other), {"kind": "bars", "levels": names + other, "edges": None}
    values = column.values[first][~column.missing[first]].astype(np.float64)
    low, high = np.quantile(values, [_TAIL, 1 - _TAIL]) if len(values) else (0.0, 1.0)
    high = high if high > low else low + 1.0
    edges = np.linspace(low, high, _N_BINS + 1)
    codes = np.searchsorted(edges[1:-1], column.values, side="right")
    return codes, _N_BINS, {"kind": "histogram", "levels": None, "edges": edges}


def _frequent(column, first):
    """Return a real row for each of the most frequent values, and each row's place among them.

    Values keep their order; all others share the last place.
    """
    found, codes = np.unique(column.values, return_inverse=True)
    present = first[~column.missing[first]]
    counts = np.bincount(codes[present], minlength=len(found))
    top = np.sort(np.argsort(-counts, kind="stable")[:_N_LEVELS])
    top = top[counts[top] > 0]
    place = np.full(len(found), len(top))
    place[top] = np.arange(len(top))
    rows = [present[np.argmax(codes[present] == code)] for code in top]
    return rows, np.where(column.missing, 0, place[codes])


def _level_name(value):
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def dependence(columns, parts):
    """Return Cramer's V of every pair of columns, in every part of the rows.

    Numbers are cut into classes of equal real mass. The bias of small samples is taken off
    (Bergsma 2013); a column of one value has no dependence to measure, which is nan.
    """
    first = parts[0]
    codes = [_classes(column, first) for column in columns]
    out = np.full((len(parts), len(columns), len(columns)), np.nan)
    for a, b in combinations(range(len(columns)), 2):
        joint = codes[a][0] * codes[b][1] + codes[b][0]
        shape = codes[a][1], codes[b][1]
        for p, rows in enumerate(parts):
            table = np.bincount(joint[rows], minlength=shape[0] * shape[1]).reshape(shape)
            out[p, a, b] = out[p, b, a] = _cramer(table)
    return out


def _classes(column, first):
    """Return one class a row, missing being the last, and the number of classes."""
    if column.kind == "category" or len(np.unique(column.values[~column.missing])) <= _N_CLASSES:
        rows, codes = _frequent(column, first)
        n_classes = len(rows) + 1
    else:
        values = column.values[first][~column.missing[first]]
        cuts = np.unique(np.quantile(values, np.arange(1, _N_CLASSES) / _N_CLASSES))
        codes, n_classes = np.searchsorted(cuts, column.values, side="right"), len(cuts) + 1
    return np.where(column.missing, n_classes, codes), n_classes + 1


def _cramer(table):
    n = table.sum()
    table = table[table.any(axis=1)][:, table.any(axis=0)]
    rows, columns = table.shape
    if min(rows, columns) < 2 or n < 2:
        return np.nan
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
    surplus = ((table - expected) ** 2 / expected).sum() / n
    surplus -= (rows - 1) * (columns - 1) / (n - 1)
    corrected = [size - (size - 1) ** 2 / (n - 1) for size in (rows, columns)]
    return np.sqrt(max(0.0, surplus) / (min(corrected) - 1))
