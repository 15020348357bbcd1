"""Models of one column given the columns drawn before it."""

from dataclasses import dataclass

import numpy as np
from sklearn.tree import DecisionTreeRegressor

from skcollapse._utils._tables import Column
from skcollapse.synthesizers._columns._lattices import find_lattice
from skcollapse.synthesizers._copula import Step, distinct_masses, fit_numeric
from skcollapse.synthesizers._tree._inputs import Scale, level_codes
from skcollapse.synthesizers._tree._leaves import Shares, Sketches, fit_shares, fit_sketches

__all__ = ["Growth", "fit_category", "fit_number"]

# So many classes take part in the choice of splits; the rarest beyond them count as one. Leaves
# know all of them.
_MAX_CLASSES = 32
# A leaf that is sketched holds at least so many distinct rows: more than the two numbers of a bin.
_SKETCHED_ROWS = 3
# Outcomes of the tree that decides whether a number is drawn from a sketch, missing or an atom.
_SKETCHED, _MISSING, _FIRST_ATOM = 0, 1, 2


@dataclass(frozen=True)
class _Tree:
    """A tree whose leaves are numbered from 0; before there are inputs, a single leaf."""

    n_leaves: int = 1
    splitter: DecisionTreeRegressor | None = None
    leaf_of_node: np.ndarray | None = None
    ranks: dict | None = None
    chosen: np.ndarray | None = None

    def apply(self, inputs, rows=slice(None)):
        """Return the leaf of every row, or of the given rows."""
        if self.splitter is None:
            return np.zeros(len(inputs.matrix[rows]), dtype=np.intp)
        encoded = inputs.encode(self.ranks, self.chosen, rows)
        nodes = self.splitter.apply(encoded, check_input=False)
        return self.leaf_of_node[nodes]


@dataclass(frozen=True)
class Growth:
    """How far trees grow.

    Parameters
    ----------
    min_mass : float
        Smallest weight of a leaf.
    min_rows : float
        Smallest number of rows of a leaf, of those that are chosen.
    max_rows : int or None, default=None
        Largest number of rows that a tree is grown on; None for all.
    """

    min_mass: float
    min_rows: float
    max_rows: int | None = None

    def choose(self, masses):
        """Choose the rows that a tree is grown on.

        Returns
        -------
        chosen : ndarray of int
            Positions of different rows.
        masses : ndarray
            Their weights.
        min_mass : float
            Smallest weight of a leaf.
        """
        n_rows, max_rows = len(masses), self.max_rows
        if max_rows is None or n_rows <= max_rows:
            return np.arange(n_rows), masses, self.min_mass
        # One row at random from each of equal shares of the weight, rows being in order. The seed
        # is fixed, as that of the trees is: equal tables give equal fits.
        edges = np.cumsum(masses)
        places = (np.arange(max_rows) + np.random.default_rng(0).random(max_rows)) / max_rows
        picked = np.searchsorted(edges, places * edges[-1], side="right").clip(max=n_rows - 1)
        chosen, counts = np.unique(picked, return_counts=True)
        unit = edges[-1] / max_rows
        return chosen, counts * unit, max(self.min_mass, self.min_rows * unit)


def _fit_tree(inputs, response, masses, growth, *, rows=None, min_rows=1):
    """Fit a tree to the response on `rows`; responses that are integers are classes.

    Least squares on the indicators of the classes is the Gini criterion, for any number of
    classes.
    """
    if not inputs.n_known:
        return _Tree()
    chosen, masses, min_mass = growth.choose(masses if rows is None else masses[rows])
    response, rows = response[chosen], chosen if rows is None else rows[chosen]
    is_class = response.dtype.kind != "f"
    if is_class and response.min() == response.max():
        return _Tree()
    if is_class:
        response = _merge_rare(response, masses)
    columns = inputs.choose(response, masses, rows)
    ranks = inputs.rank(response, masses, rows, columns)
    splitter = DecisionTreeRegressor(
        min_weight_fraction_leaf=min(min_mass / masses.sum(), 0.5),
        min_samples_leaf=min_rows,
        random_state=0,
    )
    # The indicator of one class follows from those of the others.
    targets = np.equal.outer(response, np.unique(response)[1:]) if is_class else response
    encoded = inputs.encode(ranks, columns, rows)
    splitter.fit(encoded, targets.astype(np.float64), sample_weight=masses)
    is_leaf = splitter.tree_.children_left < 0
    return _Tree(int(is_leaf.sum()), splitter, np.cumsum(is_leaf) - 1, ranks, columns)


def _merge_rare(classes, masses):
    total = np.bincount(classes, masses)
    if len(total) <= _MAX_CLASSES:
        return classes
    order = np.argsort(-total, kind="stable")
    merged = np.empty(len(total), dtype=np.intp)
    merged[order] = np.minimum(np.arange(len(total)), _MAX_CLASSES - 1)
    return merged[classes]


@dataclass(frozen=True)
class _CodeModel:
    """Codes drawn by their shares in a leaf."""

    tree: _Tree
    shares: Shares

    def draw(self, inputs, points):
        """Draw codes given the inputs, by numbers in [0, 1) of shape (n_rows,)."""
        return self.shares.draw(self.tree.apply(inputs), points)


def _fit_codes(codes, inputs, masses, growth):
    tree = _fit_tree(inputs, codes, masses, growth)
    return _CodeModel(tree, fit_shares(tree.apply(inputs), codes, masses, tree.n_leaves))


@dataclass(frozen=True)
class _CategoryModel:
    """A category, with missing as one more level."""

    n_levels: int
    codes: _CodeModel
    scale = None
    n_points = 1

    def draw(self, inputs, points):
        """Draw the column given its inputs, by numbers of shape (n_rows, n_points)."""
        codes = self.codes.draw(inputs, points[:, 0])
        missing = codes == self.n_levels
        return Column("category", np.where(missing, -1, codes), missing, self.n_levels)


def fit_category(column, inputs, masses, growth):
    """Fit the model of a category."""
    return _CategoryModel(column.n_levels, _fit_codes(level_codes(column), inputs, masses, growth))


@dataclass
class _NumberModel:
    """A number: missing, an atom, or a value from a leaf.

    `state` decides which; without it all values come from a leaf. `blanks_and_atoms` starts with
    what stands where a value is missing. A leaf is a sketch, or has shares of the `values`.
    """

    kind: str
    scale: Scale | None = None
    state: _CodeModel | None = None
    blanks_and_atoms: np.ndarray | None = None
    tree: _Tree | None = None
    leaves: Shares | Sketches | None = None
    values: np.ndarray | None = None
    ends: tuple = ()

    @property
    def n_points(self):
        """Number of random numbers that a row takes: for the state and for the leaf."""
        return (self.state is not None) + (self.tree is not None)

    def draw(self, inputs, points):
        """Draw the column given its inputs, by numbers of shape (n_rows, n_points)."""
        if self.state is None:
            values = self._draw_leaves(self.tree.apply(inputs), points[:, -1])
            return Column(self.kind, values, np.zeros(len(points), dtype=bool))
        state = self.state.draw(inputs, points[:, 0])
        values = self.blanks_and_atoms[np.maximum(state, _MISSING) - _MISSING]
        rows = np.flatnonzero(state == _SKETCHED)
        if len(rows):
            values[rows] = self._draw_leaves(self.tree.apply(inputs, rows), points[rows, -1])
        return Column(self.kind, values, state == _MISSING)

    def _draw_leaves(self, leaves, points):
        drawn = self.leaves.draw(leaves, points)
        if self.values is not None:
            return self.values[drawn]
        low, high = self.ends
        # Reflection keeps the range without heaping draws on its ends.
        drawn = np.where(drawn < low, 2 * low - drawn, drawn)
        drawn = np.where(drawn > high, 2 * high - drawn, drawn)
        return self.scale.invert(np.clip(drawn, low, high))


def fit_number(column, inputs, masses, growth, max_bins):
    """Fit the model of a number; `max_bins` is None where leaves keep values."""
    blank = np.array([np.nan if column.kind == "number" else 0], dtype=column.values.dtype)
    model = _NumberModel(column.kind, blanks_and_atoms=blank)
    state = np.full(len(masses), _MISSING)
    present = np.flatnonzero(~column.missing)
    if not len(present):
        model.state = _fit_codes(state, inputs, masses, growth)
        return model
    distinct, totals, inverse = distinct_masses(column.values[present], masses[present])
    is_atom = _find_atoms(distinct, totals)
    # Atoms beside a continuous part are outcomes of their own. Where all values are atoms, a
    # tree does better that knows them as numbers.
    if max_bins is None or is_atom.all():
        model.values, is_atom = distinct, np.zeros(len(distinct), dtype=bool)
    state[present] = np.where(is_atom, np.cumsum(is_atom) + _MISSING, _SKETCHED)[inverse]
    if state.any():
        model.state = _fit_codes(state, inputs, masses, growth)
        model.blanks_and_atoms = np.r_[blank, distinct[is_atom]]
    model.scale = Scale.fit(find_lattice(distinct), distinct, totals)
    rows, positions = np.flatnonzero(state == _SKETCHED), inverse[state[present] == _SKETCHED]
    _fit_leaves(model, positions, distinct, inputs, masses, rows, growth, max_bins)
    return model


def _fit_leaves(model, positions, distinct, inputs, masses, rows, growth, max_bins):
    """Fit the tree on `rows`, whose values are ``distinct[positions]``, and its leaves."""
    response = model.scale.transform(distinct)[positions]
    min_rows = 1 if model.values is not None else _SKETCHED_ROWS
    tree = _fit_tree(inputs, response, masses, growth, rows=rows, min_rows=min_rows)
    model.tree, leaves = tree, tree.apply(inputs, rows)
    if model.values is not None:
        model.leaves = fit_shares(leaves, positions, masses[rows], tree.n_leaves)
    else:
        model.ends = response.min(), response.max()
        model.leaves = fit_sketches(leaves, response, masses[rows], tree.n_leaves, max_bins)


def _find_atoms(distinct, masses):
    """Say which values have a mass of their own, by the rule of the marginals."""
    marginal, _ = fit_numeric(distinct, masses, 3)
    if isinstance(marginal, Step):
        return np.ones(len(distinct), dtype=bool)
    units = marginal.atoms[2][~np.isnan(marginal.atoms[0])]
    return np.isin(marginal.lattice.to_units(distinct), units)
