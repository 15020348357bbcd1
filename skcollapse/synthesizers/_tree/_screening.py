"""Which columns of a wide table a tree is given: those that say most about its own."""

import numpy as np

__all__ = ["Screen", "explained_share"]

# A number is judged by the means of its column over so many bins.
_N_BINS = 16


class Screen:
    """Chooses among the columns known so far.

    Parameters
    ----------
    max_inputs : int
        Largest number of columns that are chosen.
    """

    def __init__(self, max_inputs):
        self.max_inputs = max_inputs
        self._bins = []

    def add(self, codes):
        """Add a column, cut into bins that are numbered from 0."""
        self._bins.append(codes.astype(np.min_scalar_type(int(codes.max(initial=0)))))

    def choose(self, response, masses, rows):
        """Return the positions of the best columns for a response on `rows`, in their order."""
        if len(self._bins) <= self.max_inputs:
            return None
        shares = [
            explained_share(codes[rows].astype(np.intp), response, masses) for codes in self._bins
        ]
        # Of equal columns the first is taken, whatever the rounding errors of the sums.
        best = np.argsort(-np.round(shares, 10), kind="stable")[: self.max_inputs]
        return np.sort(best)


def bin_numbers(scores):
    """Cut numbers into bins of about equal counts; missing ones are a bin of their own."""
    missing = np.isnan(scores)
    if missing.all():
        return np.zeros(len(scores), dtype=np.intp)
    cuts = np.quantile(scores[~missing], np.arange(1, _N_BINS) / _N_BINS)
    # Values that make up several bins would leave the ones between two equal cuts empty.
    return np.where(missing, _N_BINS, np.searchsorted(np.unique(cuts), scores))


def explained_share(codes, response, masses):
    """Return the share of a response's variance that lies between the bins of a column.

    It is the correlation ratio, for classes the tau of Goodman and Kruskal, less what as many
    bins would explain by chance.

    Parameters
    ----------
    codes : ndarray of shape (n_rows,)
        Numbers of the bins.
    response : ndarray of shape (n_rows,)
        Numbers, or integer codes of classes.
    masses : ndarray of shape (n_rows,)

    Returns
    -------
    share : float
        At most 1; around 0 for columns that are independent, and 0 for a constant response.
    """
    if response.dtype.kind == "f":
        response = response - np.average(response, weights=masses)
        sums = np.bincount(codes, masses * response)[:, None]
        total = np.sum(masses * response**2)
        between = 0.0
    else:
        n_classes = int(response.max()) + 1
        sums = np.bincount(codes * n_classes + response, masses)
        sums = np.r_[sums, np.zeros(-len(sums) % n_classes)].reshape(-1, n_classes)
        # Indicators have the mean square 1 and these squared means.
        between = -np.sum(sums.sum(axis=0) ** 2) / masses.sum()
        total = masses.sum() + between
    mass = np.bincount(codes, masses)
    used = mass > 0
    between += np.sum(sums[used] ** 2 / mass[used, None])
    n_rows = masses.sum() ** 2 / np.sum(masses**2)
    free = n_rows - used.sum()
    if total <= 0 or free <= 0:
        return 0.0
    return 1.0 - (1.0 - between / total) * (n_rows - 1.0) / free
