"""Bins of equal mass."""

import numpy as np

__all__ = ["grid_cells"]


def grid_cells(column, mass, n_bins):
    """Return the bin of every row, by quantiles of `mass`; missing rows are the last bin."""
    present = ~column.missing
    cells = np.full(len(mass), n_bins)
    if not mass[present].sum() > 0:
        return cells
    found, inverse = np.unique(column.values[present], return_inverse=True)
    if len(found) <= n_bins:
        cells[present] = inverse
        return cells
    mass = np.bincount(inverse, mass[present], len(found))
    # A value belongs where the middle of its mass falls. Rounding keeps a middle that is on an
    # edge there, in whatever order the masses were added.
    middle = (np.cumsum(mass) - mass / 2) / mass.sum()
    bins = np.floor(np.round(n_bins * middle, 9)).astype(int)
    cells[present] = np.minimum(bins, n_bins - 1)[inverse]
    return cells
