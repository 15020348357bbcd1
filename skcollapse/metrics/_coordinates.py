"""Mixed columns as points: one scale for numbers and for categories."""

from typing import NamedTuple

import numpy as np

__all__ = ["Coordinates", "coordinates"]


class Coordinates(NamedTuple):
    """Points whose distances compare rows.

    `numbers` has shape (n_rows, n_numbers). `levels` is a list of (codes, n_levels, distance):
    rows on different levels are that far apart. As coordinates, a level is an indicator of size
    distance / sqrt(2).
    """

    numbers: np.ndarray
    levels: list

    def take(self, rows):
        """Return the points with the given indices or mask."""
        return Coordinates(self.numbers[rows], [(c[rows], n, d) for c, n, d in self.levels])

    def dense(self):
        """Return all coordinates as one matrix."""
        parts = [self.numbers]
        for codes, n_levels, distance in self.levels:
            parts.append((codes[:, None] == np.arange(n_levels)) * (distance / np.sqrt(2)))
        return np.hstack(parts)


def coordinates(columns, mass, standardize=True):
    """Turn columns into points.

    Parameters
    ----------
    columns : list of Column
    mass : ndarray of shape (n_rows,)
        Mass of every row, sum 1. Standardised columns have total variance 1 under it.
    standardize : bool, default=True
        If False, numbers keep their units and different levels are at distance 1.

    Returns
    -------
    points : Coordinates
        A number is centred and divided by its standard deviation; missing ones lie at the mean,
        and a column of two levels says which they are. A category has missing as a level of its
        own. A category of two levels and the same column as numbers 0 and 1 give equal distances.
    """
    numbers, levels = [], []
    for column in columns:
        if column.kind == "category":
            codes = np.where(column.missing, column.n_levels, column.values)
            levels.append(_level_part(codes, mass, standardize))
        else:
            numbers.append(_number_part(column, mass, standardize))
            if column.missing.any():
                levels.append(_level_part(column.missing, mass, standardize))
    empty = np.empty((len(mass), 0))
    return Coordinates(np.column_stack(numbers) if numbers else empty, levels)


def _number_part(column, mass, standardize):
    present = ~column.missing
    mass = mass[present]
    values = np.zeros(len(present))
    if not mass.sum() > 0:
        return values
    # Integers are shifted before they become floats: dates would otherwise lose their digits.
    found = column.values[present]
    found = (found - found.min()).astype(np.float64)
    found -= np.average(found, weights=mass)
    if standardize:
        deviation = np.sqrt(np.average(found**2, weights=mass))
        found /= deviation if deviation > 0 else 1.0
    values[present] = found
    return values


def _level_part(values, mass, standardize):
    # Levels that only the dtype knows would be coordinates without a row.
    found, codes = np.unique(values, return_inverse=True)
    n_levels = len(found)
    if not standardize:
        return codes, n_levels, 1.0
    shares = np.bincount(codes, mass, n_levels)
    gini = 1 - np.sum(shares**2)
    # The variances of the indicators sum to `gini`; half the squared distance scales them to 1.
    # A share that is 1 up to rounding leaves nothing to tell apart.
    return codes, n_levels, float(np.sqrt(2 / gini)) if gini > 1e-12 else 1.0
