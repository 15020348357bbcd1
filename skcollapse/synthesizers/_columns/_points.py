"""Where the random numbers of a draw come from: independent, or spread evenly."""

import numpy as np
from scipy.special import ndtri
from scipy.stats import qmc

__all__ = ["DRAWS", "normal_points", "uniform_points"]

DRAWS = ("random", "sobol")
# scipy's Sobol sequences have so many columns; what goes beyond is drawn independently.
_MOST_COLUMNS = qmc.Sobol.MAXDIM
# Uniform numbers of 30 bits lie on a grid that starts at 0, where a normal quantile is infinite.
_HALF_STEP = 2.0**-31


def uniform_points(n_rows, n_columns, generator, draws):
    """Return numbers in (0, 1), of shape (n_rows, n_columns).

    With ``draws="sobol"`` the rows are the first of a scrambled Sobol sequence: every row is
    uniform, and together they fill the cube more evenly than independent rows would.
    """
    if draws == "random" or n_columns == 0:
        return generator.random((n_rows, n_columns))
    spread = min(n_columns, _MOST_COLUMNS)
    sequence = qmc.Sobol(spread, scramble=True, bits=30, seed=generator)
    # Asked for a power of two, scipy has nothing to warn of; the first rows are the same.
    points = sequence.random_base2(max(n_rows - 1, 0).bit_length())[:n_rows] + _HALF_STEP
    if spread < n_columns:
        points = np.hstack([points, generator.random((n_rows, n_columns - spread))])
    return points


def normal_points(n_rows, n_columns, generator, draws):
    """Return standard normal numbers of shape (n_rows, n_columns)."""
    if draws == "random":
        return generator.standard_normal((n_rows, n_columns))
    return ndtri(uniform_points(n_rows, n_columns, generator, draws))
