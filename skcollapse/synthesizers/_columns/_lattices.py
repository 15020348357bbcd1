"""Columns whose values lie on a lattice: integers, dates, decimals."""

from dataclasses import dataclass

import numpy as np

__all__ = ["IntegerLattice", "RealLine", "find_lattice"]

_MAX_DECIMALS = 6
# Beyond this a number of that precision has hardly digits left for decimals: any value, once
# stored, would look rounded.
_MAX_EXACT = {np.float64: 2.0**50, np.float32: 2.0**21}
# Rounding a few values rules out most columns without reading the others.
_N_PROBES = 64


@dataclass(frozen=True)
class IntegerLattice:
    """Integers ``offset + step * k`` with ``k = 0..last``.

    All arithmetic is unsigned and wraps around, so that the full range of int64 is exact.
    """

    offset: int
    step: int
    last: int

    def to_units(self, values):
        """Return k as float64."""
        return (_unsigned_gap(values, self.offset) // np.uint64(self.step)).astype(np.float64)

    def from_units(self, units):
        """Return the int64 lattice points nearest to `units`."""
        k = np.clip(np.rint(units), 0, np.nextafter(2.0**64, 0)).astype(np.uint64)
        # Compared as floats, since the last k itself need not be one.
        k[units >= float(self.last)] = self.last
        return np.int64(self.offset) + (k * np.uint64(self.step)).view(np.int64)


@dataclass(frozen=True)
class RealLine:
    """Real numbers with `decimals` digits after the point, or any number if that is None."""

    decimals: int | None

    def to_units(self, values):
        """Return the values themselves."""
        return values

    def from_units(self, units):
        """Round to the known number of decimals."""
        return units if self.decimals is None else np.round(units, self.decimals)


def find_lattice(distinct):
    """Return the lattice of sorted distinct values: int64 or float64."""
    if distinct.dtype.kind == "f":
        return RealLine(_decimals(distinct))
    gaps = _unsigned_gap(distinct, distinct[0])
    step = max(int(np.gcd.reduce(gaps)), 1)
    return IntegerLattice(int(distinct[0]), step, int(gaps[-1]) // step)


def _unsigned_gap(values, offset):
    with np.errstate(over="ignore"):
        return (values - np.int64(offset)).view(np.uint64)


def _decimals(distinct):
    """Return the smallest number of decimals in 0..6 that writes every value, or None."""
    # Values that came as float32 carry their rounding error: 0.1 arrives as 0.10000000149.
    with np.errstate(over="ignore"):
        single = distinct.astype(np.float32)
    precision = np.float32 if np.array_equal(single, distinct) else np.float64
    probes = distinct[:: max(len(distinct) // _N_PROBES, 1)]
    for decimals in range(_MAX_DECIMALS + 1):
        if _is_rounded(probes, decimals, precision) and _is_rounded(distinct, decimals, precision):
            return decimals
        if np.abs(distinct[[0, -1]]).max() * 10.0 ** (decimals + 1) > _MAX_EXACT[precision]:
            return None
    return None


def _is_rounded(values, decimals, precision):
    rounded = np.rint(values) if decimals == 0 else np.round(values, decimals)
    return np.array_equal(rounded.astype(precision), values.astype(precision))
