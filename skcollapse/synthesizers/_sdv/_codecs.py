"""Columns as SDV models them well, and back. This file knows numpy only, nothing of SDV.

Each codec has a `statement` (the entry of the column in SDV's metadata), `encode` (a `Column` to
an array for SDV) and `decode` (SDV's drawn values, a pandas Series, back to a `Column`). A codec
keeps no row.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from skcollapse._utils._tables import Column
from skcollapse.synthesizers._columns._lattices import find_lattice

__all__ = ["ConstantCodec", "make_codec"]


@dataclass(frozen=True)
class ConstantCodec:
    """A column with one value, or missing throughout.

    There is nothing to model: SDV never sees it.
    """

    single_row: Column

    def repeat(self, n_samples):
        """Return the column with `n_samples` rows."""
        return self.single_row.take(np.zeros(n_samples, dtype=np.intp))


@dataclass(frozen=True)
class _Codec:
    """What all codecs know: an empty column of the same kind, and if values can be missing."""

    empty: Column
    may_miss: bool

    def _column(self, values, missing):
        if missing.any() and not self.may_miss:
            raise RuntimeError(
                f"SDV drew no value in {missing.sum()} of {len(missing)} rows of column "
                f"{self.empty.name!r}, which had no missing values. Try another marginal "
                "distribution for it."
            )
        return replace(self.empty, values=values, missing=missing)


@dataclass(frozen=True)
class NumberCodec(_Codec):
    """Real numbers, handed over as they are."""

    statement = {"sdtype": "numerical"}

    def encode(self, column):
        """Return float64 values, nan where missing."""
        return np.where(column.missing, np.nan, column.values)

    def decode(self, drawn):
        """Return the drawn numbers."""
        values = drawn.to_numpy(dtype=np.float64, na_value=np.nan)
        return self._column(values, np.isnan(values))


@dataclass(frozen=True)
class LatticeCodec(_Codec):
    """Integers and dates, handed over as whole steps above the smallest value.

    Dates are ticks around 10**18, where neighbouring floats lie 256 apart. Counted in steps they
    are small and exact: whole days stay whole days, and even numbers stay even.
    """

    lattice: Any
    statement = {"sdtype": "numerical"}

    def encode(self, column):
        """Return the number of steps as float64, nan where missing."""
        return np.where(column.missing, np.nan, self.lattice.to_units(column.values))

    def decode(self, drawn):
        """Return the lattice points nearest to what was drawn."""
        units = drawn.to_numpy(dtype=np.float64, na_value=np.nan)
        missing = np.isnan(units)
        return self._column(self.lattice.from_units(np.where(missing, 0.0, units)), missing)


@dataclass(frozen=True)
class LevelCodec(_Codec):
    """Distinct values, handed over as labels "0", "1", ... (or False and True) in a given order.

    `levels` holds the values, or the codes of a category column, in that order. Labels are safe
    whatever objects the levels are to the user; SDV tells a name from a number by its text.
    """

    levels: np.ndarray
    sdtype: str

    @property
    def labels(self):
        """Label of each level."""
        if self.sdtype == "boolean":
            return [False, True][: len(self.levels)]
        return [str(position) for position in range(len(self.levels))]

    @property
    def statement(self):
        """Entry in SDV's metadata; the order of ordinal levels is part of it."""
        order = {"range_values": self.labels} if self.sdtype == "ordinal" else {}
        return {"sdtype": self.sdtype, **order}

    def encode(self, column):
        """Return labels, nan where missing."""
        sorter = np.argsort(self.levels)
        found = np.searchsorted(self.levels, column.values, sorter=sorter)
        positions = sorter[np.minimum(found, len(self.levels) - 1)]
        labels = np.array(self.labels, dtype=object)[positions]
        labels[column.missing] = np.nan
        return labels

    def decode(self, drawn):
        """Return the values or codes of the drawn labels."""
        index = {label: position for position, label in enumerate(self.labels)}
        positions = drawn.map(index).to_numpy(dtype=np.float64, na_value=np.nan)
        missing = np.isnan(positions)
        values = self.levels[np.where(missing, 0, positions).astype(np.intp)]
        if self.empty.kind != "integer":
            values[missing] = -1 if self.empty.kind == "category" else np.nan
        return self._column(values, missing)


def make_codec(column, statement):
    """Return the codec of a column.

    Parameters
    ----------
    column : Column
        The rows to be learned.
    statement : dict
        `sdtype`, and for ordinal columns `order`: the values or codes from low to high (None
        means ascending).

    Returns
    -------
    codec : ConstantCodec, NumberCodec, LatticeCodec or LevelCodec
    """
    present = ~column.missing
    distinct = np.unique(column.values[present])
    if len(distinct) == 0 or (len(distinct) == 1 and present.all()):
        return ConstantCodec(column.take([0]))
    empty, may_miss = column.take(np.array([], dtype=np.intp)), not present.all()
    if statement["sdtype"] in ("categorical", "ordinal", "boolean"):
        levels = _ordered_levels(column.name, distinct, **statement)
        return LevelCodec(empty, may_miss, levels, statement["sdtype"])
    if column.kind == "integer":
        return LatticeCodec(empty, may_miss, find_lattice(distinct))
    return NumberCodec(empty, may_miss)


def _ordered_levels(name, distinct, sdtype, order):
    if sdtype == "boolean" and len(distinct) > 2:
        raise ValueError(
            f"metadata states column {name!r} as boolean, but it has {len(distinct)} values."
        )
    if order is None:
        return distinct
    n_unlisted = (~np.isin(distinct, order)).sum()
    if n_unlisted:
        raise ValueError(
            f"metadata lists the range_values of column {name!r}, but {n_unlisted} of its values "
            "are not among them. Add them in their place."
        )
    return order[np.isin(order, distinct)]
