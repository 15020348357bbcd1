"""Columns as numbers that a tree can split."""

from dataclasses import dataclass

import numpy as np

from skcollapse.synthesizers._columns._lattices import IntegerLattice, RealLine
from skcollapse.synthesizers._tree._screening import Screen, bin_numbers

__all__ = ["Inputs", "Scale", "level_codes"]


@dataclass(frozen=True)
class Scale:
    """A numeric column in units of its standard deviation, counted from its mean.

    Trees read inputs in single precision and square their targets: dates and large integers
    would lose their digits.
    """

    lattice: IntegerLattice | RealLine
    centre: float
    unit: float

    @classmethod
    def fit(cls, lattice, distinct, masses):
        """Fit the scale to distinct values and their masses."""
        units = lattice.to_units(distinct)
        centre = np.average(units, weights=masses)
        unit = np.sqrt(np.average((units - centre) ** 2, weights=masses))
        return cls(lattice, float(centre), float(unit) if unit > 0 else 1.0)

    def transform(self, values):
        """Return standardised numbers."""
        return (self.lattice.to_units(values) - self.centre) / self.unit

    def invert(self, scores):
        """Return values on the lattice."""
        return self.lattice.from_units(scores * self.unit + self.centre)


class Inputs:
    """The columns known so far, as numbers that trees can split.

    With `max_inputs`, a tree of a table that has more columns before its own gets the best ones.
    """

    def __init__(self, n_rows, n_columns, max_inputs=None):
        self.matrix = np.zeros((n_rows, n_columns), dtype=np.float32)
        self.n_known = 0
        self._categories = {}
        is_wide = max_inputs is not None and n_columns - 1 > max_inputs
        self._screen = Screen(max_inputs) if is_wide else None

    def add(self, column, scale):
        """Add a column; a category waits for its ranks, which differ from tree to tree."""
        if column.kind == "category":
            self._categories[self.n_known] = column.n_levels, level_codes(column)
        elif scale is not None:  # without a scale all is missing, which says nothing
            scores = scale.transform(column.values)
            self.matrix[:, self.n_known] = np.where(column.missing, np.nan, scores)
        if self._screen is not None:
            is_number = column.kind != "category"
            known = self.matrix[:, self.n_known]
            self._screen.add(bin_numbers(known) if is_number else level_codes(column))
        self.n_known += 1

    def choose(self, response, masses, rows):
        """Return the positions of the columns for a tree on `rows`, None for all."""
        return None if self._screen is None else self._screen.choose(response, masses, rows)

    def rank(self, response, masses, rows, chosen=None):
        """Return the ranks of the levels of each chosen category for a response on `rows`."""
        return {
            position: _level_ranks(codes[rows], n_levels + 1, response, masses)
            for position, (n_levels, codes) in self._categories.items()
            if chosen is None or position in chosen
        }

    def encode(self, ranks, chosen=None, rows=slice(None)):
        """Return the matrix of chosen columns on `rows`, with categories as ranks."""
        for position, of_level in ranks.items():
            _, codes = self._categories[position]
            self.matrix[:, position] = of_level[codes]
        if chosen is None:
            return self.matrix[rows, : self.n_known]
        return self.matrix[rows][:, chosen]


def level_codes(column):
    """Return the codes of levels, missing as the last one."""
    return np.where(column.missing, column.n_levels, column.values)


def _level_ranks(codes, n_codes, response, masses):
    """Put the levels of an input in the order in which a tree can best split them.

    The order is that of the mean response on each level, which for numbers and for two classes
    holds the best split of all at the root of a tree. For more classes, levels are ordered along
    the first principal axis of their class shares.

    Parameters
    ----------
    codes : ndarray of shape (n_rows,)
    n_codes : int
    response : ndarray of shape (n_rows,)
        Numbers, or integer codes of classes.
    masses : ndarray of shape (n_rows,)

    Returns
    -------
    ranks : ndarray of shape (n_codes,)
        Rank of every level, all different.
    """
    mass = np.bincount(codes, masses, n_codes)
    total = np.where(mass > 0, mass, 1.0)
    if response.dtype.kind == "f":
        key = np.bincount(codes, masses * response, n_codes) / total
    else:
        n_classes = int(response.max()) + 1
        joint = np.bincount(codes * n_classes + response, masses, n_codes * n_classes)
        key = _leading_scores(joint.reshape(n_codes, n_classes) / total[:, None], mass)
    # Rounding makes equal means equal, whatever the rounding errors of the sums.
    order = np.argsort(np.round(key, 10), kind="stable")
    ranks = np.empty(n_codes, dtype=np.float32)
    ranks[order] = np.arange(n_codes)
    return ranks


def _leading_scores(shares, mass):
    """Project the shares of levels on their first principal axis."""
    centred = shares - np.average(shares, axis=0, weights=mass)
    _, vectors = np.linalg.eigh((centred * mass[:, None]).T @ centred)
    return centred @ vectors[:, -1]
