"""One-dimensional distributions as maps from a normal score to a value.

A marginal is fitted to the distinct values of a column and their masses, never to rows: integer
weights and repeated rows give the same masses, hence the same marginal. It comes with a
`ScoreFunction`, which gives every distinct value the latent score that stands for it.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from skcollapse.synthesizers._columns._lattices import IntegerLattice, RealLine, find_lattice
from skcollapse.synthesizers._copula._latent import (
    interval_scores,
    mixed_scores,
    plain_scores,
    step_scores,
)

__all__ = ["Curve", "Step", "distinct_masses", "fit_numeric", "fit_step"]

# A column with so few distinct values is discrete whatever the values are.
_FEW_VALUES = 20
# A lattice column with no more values than this is kept value by value.
_MANY_VALUES = 256
# Among more values, one that is this many times as heavy as the average one is an atom, if it
# also weighs at least 1/256 (so that there are at most 256 atoms).
_ATOM_EXCESS = 5
# Atoms are stored in blocks of this length: a continuous column in which a value is drawn twice
# by chance keeps its fitted size.
_ATOM_BLOCK = 16
# Thresholds on sums of floats leave room for their rounding.
_SLACK = 1 - 1e-9
# The grid of normal scores ends where 3e-7 of the mass is left on each side.
_GRID_END = 5.0
# Up to so many intervals, comparing with each edge in turn is faster than a binary search.
_FEW_EDGES = 16
# Scores beyond this belong to masses under 1e-15 and are kept finite.
_SCORE_LIMIT = 8.0


@dataclass(frozen=True)
class Step:
    """Finitely many values, each on an interval of scores; `edges` lie between the intervals."""

    edges: np.ndarray
    values: np.ndarray

    def draw(self, z):
        """Return the values at the scores z."""
        if len(self.edges) > _FEW_EDGES:
            return self.values[np.searchsorted(self.edges, z)]
        interval = np.zeros(len(z), dtype=np.uint8)
        for edge in self.edges:
            interval += z > edge
        return self.values[interval]


@dataclass(frozen=True)
class Curve:
    """Quantile curve at fixed scores, with flat pieces where a single value has mass.

    `knots` are the values at equally spaced scores, in units of the lattice. `atoms` has rows
    (lower score, upper score, value), padded by nan.
    """

    knots: np.ndarray
    atoms: np.ndarray
    lattice: IntegerLattice | RealLine

    def draw(self, z):
        """Return the values at the scores z."""
        lower, upper, atoms = self.atoms[:, ~np.isnan(self.atoms[0])]
        if not len(atoms):
            return self.lattice.from_units(_interpolate(z, self.knots))
        scores = np.concatenate([_grid(len(self.knots)), lower, upper])
        values = np.concatenate([self.knots, atoms, atoms])
        # The curve never falls, so where an atom ends and the next begins at one score the order
        # of the values is the order of the pieces.
        order = np.lexsort((values, scores))
        return self.lattice.from_units(np.interp(z, scores[order], values[order]))


def distinct_masses(values, weights):
    """Sort values and add up the weights of equal ones.

    Returns
    -------
    distinct : ndarray of shape (n_distinct,)
    masses : ndarray of shape (n_distinct,)
        Sums of weights, not normalised: sums of integers are exact.
    inverse : ndarray of shape (n_samples,)
        Position of each value among the distinct ones.
    """
    order = np.argsort(values)
    ordered = values[order]
    first = np.r_[True, ordered[1:] != ordered[:-1]]
    inverse = np.empty(len(values), dtype=np.intp)
    inverse[order] = np.cumsum(first) - 1
    starts = np.flatnonzero(first)
    return ordered[starts], np.add.reduceat(weights[order], starts), inverse


def fit_step(values, masses):
    """Fit a `Step` to values in latent order; return it and the score function."""
    edges = _normal_scores(np.cumsum(masses)[:-1] / masses.sum())
    return Step(edges, values), step_scores(edges, masses / masses.sum())


def fit_numeric(distinct, masses, n_quantiles):
    """Fit a marginal to sorted distinct numbers; return it and the score function."""
    lattice = find_lattice(distinct)
    is_atom = _find_atoms(len(distinct), masses, lattice)
    if is_atom.all():
        return fit_step(distinct, masses)
    units = lattice.to_units(distinct)
    above = np.cumsum(masses)
    total = above[-1]
    middle = _normal_scores((above - masses / 2) / total)
    lower = _normal_scores((above - masses)[is_atom] / total)
    upper = _normal_scores(above[is_atom] / total)

    pieces = np.repeat(np.arange(len(units)), 1 + is_atom)
    scores, starts = middle[pieces], np.flatnonzero(is_atom) + np.arange(is_atom.sum())
    scores[starts], scores[starts + 1] = lower, upper
    knots = np.interp(_grid(n_quantiles), scores, units[pieces])

    if not len(lower):
        return Curve(knots, np.full((3, _ATOM_BLOCK), np.nan), lattice), plain_scores(middle)
    atoms = np.full((3, _ATOM_BLOCK * -(-len(lower) // _ATOM_BLOCK)), np.nan)
    atoms[:, : len(lower)] = lower, upper, units[is_atom]
    on_atoms = interval_scores(lower, upper, masses[is_atom] / total)
    values = middle.copy()
    values[is_atom] = on_atoms
    return Curve(knots, atoms, lattice), mixed_scores(values, lower, upper, on_atoms)


def _find_atoms(n_distinct, masses, lattice):
    """Say which values are atoms, from the masses alone and never from a number of rows."""
    on_lattice = isinstance(lattice, IntegerLattice) or lattice.decimals is not None
    if n_distinct <= _FEW_VALUES or (on_lattice and n_distinct <= _MANY_VALUES):
        return np.ones(n_distinct, dtype=bool)
    threshold = max(_ATOM_EXCESS / n_distinct, 1 / _MANY_VALUES)
    return masses >= threshold * masses.sum() * _SLACK


def _normal_scores(probabilities):
    return np.clip(ndtri(np.clip(probabilities, 0, 1)), -_SCORE_LIMIT, _SCORE_LIMIT)


def _interpolate(z, knots):
    """Equal `np.interp` on the grid, several times as fast because the grid needs no search."""
    last = len(knots) - 1
    position = np.clip((z + _GRID_END) * (last / (2 * _GRID_END)), 0, last)
    cell = np.minimum(position.astype(np.intp), last - 1)
    below, above = knots[cell], knots[cell + 1]
    return np.minimum(below + (position - cell) * (above - below), above)


def _grid(n_quantiles):
    return np.linspace(-_GRID_END, _GRID_END, n_quantiles)
