"""What the leaves of a tree remember: shares of outcomes, and sketches of quantile functions.

All leaves of a tree lie in flat arrays one after the other, so that a draw for many rows at once
is one search among cumulative masses and one look-up.
"""

from dataclasses import dataclass

import numpy as np

__all__ = ["Shares", "Sketches", "fit_shares", "fit_sketches"]

# A bin is stored as two numbers and holds at least so many effective rows: the numbers of a leaf
# are fewer than its rows, whose values cannot be solved for. No row fills a bin, since a leaf has
# at most its mass over its heaviest row effective rows.
_ROWS_PER_BIN = 2.5
# Thresholds on sums of floats leave room for their rounding.
_SLACK = 1e-9
_ROOT_12 = np.sqrt(12.0)


@dataclass(frozen=True)
class Shares:
    """Outcomes of each leaf, with their masses.

    `edges` are the cumulative masses of all outcomes of all leaves; those of leaf l end before
    position ``ends[l]``.
    """

    outcomes: np.ndarray
    edges: np.ndarray
    ends: np.ndarray

    def draw(self, leaves, points):
        """Draw one outcome for each of the given leaves, by numbers in [0, 1)."""
        tops = np.r_[0.0, self.edges[self.ends - 1]]
        starts = np.r_[0, self.ends[:-1]]
        below = tops[leaves]
        points = below + points * (tops[leaves + 1] - below)
        found = np.searchsorted(self.edges, points, side="right")
        # A point can round up to the edge of the next leaf.
        return self.outcomes[np.clip(found, starts[leaves], self.ends[leaves] - 1)]


@dataclass(frozen=True)
class Sketches:
    """Equally likely bins of each leaf, given by mean and standard deviation.

    Leaf l has ``n_bins[l]`` bins, the first at position ``starts[l]``.
    """

    means: np.ndarray
    deviations: np.ndarray
    starts: np.ndarray
    n_bins: np.ndarray

    def draw(self, leaves, points):
        """Draw one number for each of the given leaves, uniform within a bin."""
        position = points * self.n_bins[leaves]
        # The part after the point is uniform as well, given the bin.
        within = position % 1.0
        bins = self.starts[leaves] + position.astype(np.intp)
        # A uniform law with standard deviation s has half the width sqrt(3) s.
        return self.means[bins] + self.deviations[bins] * _ROOT_12 * (within - 0.5)


def fit_shares(leaves, outcomes, masses, n_leaves):
    """Add up the masses of equal outcomes (small integers) in every leaf."""
    n_outcomes = int(outcomes.max()) + 1
    keys, inverse = np.unique(leaves * n_outcomes + outcomes, return_inverse=True)
    edges = np.cumsum(np.bincount(inverse, masses))
    ends = np.searchsorted(keys, n_outcomes * np.arange(1, n_leaves + 1))
    return Shares(keys % n_outcomes, edges, ends)


def fit_sketches(leaves, values, masses, n_leaves, max_bins):
    """Cut the sorted values of every leaf into bins of equal mass.

    A row on the edge of two bins is shared by them. Mean and variance of a leaf stay as they
    are.
    """
    order = np.lexsort((values, leaves))
    leaves, values, masses = leaves[order], values[order], masses[order]
    total = np.bincount(leaves, masses, n_leaves)
    effective = total**2 / np.bincount(leaves, masses**2, n_leaves)
    n_bins = np.clip(effective / _ROWS_PER_BIN + _SLACK, 1, max_bins).astype(np.intp)
    # Values are counted from the mean of their leaf, so that squares keep their digits.
    centre = np.bincount(leaves, masses * values, n_leaves) / total
    values = values - centre[leaves]
    leaf = np.repeat(np.arange(n_leaves), n_bins)
    starts = np.cumsum(n_bins) - n_bins
    rank = np.arange(len(leaf)) - starts[leaf]
    width = total[leaf] / n_bins[leaf]
    cuts = (np.cumsum(total) - total)[leaf] + rank * width
    edges = np.r_[0.0, np.cumsum(masses)]

    def bin_means(numbers):
        sums = np.r_[0.0, np.cumsum(masses * numbers)]
        return (np.interp(cuts + width, edges, sums) - np.interp(cuts, edges, sums)) / width

    means = bin_means(values)
    deviations = np.sqrt(np.maximum(bin_means(values**2) - means**2, 0.0))
    return Sketches(means + centre[leaf], deviations, starts, n_bins)
