"""Risk of all generations without a triangular solve, for workflows that allow it.

Each engine returns None where it does not apply; tests hold it against the solve.
"""

import numpy as np
from scipy import sparse

from skcollapse.theory._mixing._pool_mass import PoolMass, SplitPoolMass

__all__ = ["risk_of_living_batches", "risk_of_pool"]


def risk_of_pool(mixing):
    """Recursion for the mean of a pool to which only real rows and the last model's are added.

    O(G). With r real and s synthetic rows added to a pool of N, and A the variance of its mean,
    A' = (1 - r/N)^2 A + (s/N)^2 eta + (r + s)/N^2; subsampling comes on top.
    """
    if not (isinstance(mixing.mass, PoolMass) and _is_fed_by_last_model(mixing)):
        return None
    if isinstance(mixing.mass, SplitPoolMass):
        return _risk_of_split_pool(mixing)
    n, eta = mixing.mass.pooled_sizes, mixing.noise
    real_sizes = np.where(mixing.parent < 0, mixing.sizes, 0.0)
    r = np.diff(np.cumsum(real_sizes)[mixing.mass.n_pooled - 1], prepend=0.0)
    s = np.diff(n, prepend=0.0) - r
    a = np.zeros(len(n) + 1)  # a[-1] = 0 stands for the empty pool before generation 0
    for g in range(len(n)):
        a[g] = (1 - r[g] / n[g]) ** 2 * a[g - 1] + (r[g] + s[g]) / n[g] ** 2
        if g:
            a[g] += (s[g] / n[g]) ** 2 * eta[g - 1]
    return a[:-1] + eta


def _risk_of_split_pool(mixing):
    """Carry the covariance of the means of the two parts of a pool, real and synthetic.

    The model is T = w X + (1 - w) Y + xi. New rows move the means: X' = (1 - q) X + q e with
    q = r / N_real, and Y' = (1 - v) Y + v (T + e) with v = s / N_synthetic.
    """
    mass, eta = mixing.mass, mixing.noise
    q, added = _entering(mass.real_sizes)
    v, drawn = _entering(mass.synthetic_sizes)
    risk = np.empty(len(eta))
    xx = xy = yy = tx = ty = tt = 0.0  # covariances; parts of no rows have weight 0
    for g, w in enumerate(mass.real_weight):
        yy = (1 - v[g]) ** 2 * yy + 2 * (1 - v[g]) * v[g] * ty + v[g] ** 2 * tt + drawn[g]
        xy = (1 - q[g]) * ((1 - v[g]) * xy + v[g] * tx)
        xx = (1 - q[g]) ** 2 * xx + added[g]
        tx, ty = w * xx + (1 - w) * xy, w * xy + (1 - w) * yy
        tt = risk[g] = w * tx + (1 - w) * ty + eta[g]
    return risk


def _entering(pooled_sizes):
    """Return the share of a part that is new in each generation, and its noise in the mean."""
    share = np.diff(pooled_sizes, prepend=0.0) / np.where(pooled_sizes > 0, pooled_sizes, 1.0)
    return share, share / np.where(pooled_sizes > 0, pooled_sizes, 1.0)


def _is_fed_by_last_model(mixing):
    n_pooled = mixing.mass.n_pooled
    if (np.diff(n_pooled) < 0).any():
        return False
    entry = np.searchsorted(n_pooled, np.arange(n_pooled[-1]), side="right")
    parent = mixing.parent[: n_pooled[-1]]
    return bool(((parent < 0) | (parent == entry - 1)).all())


def risk_of_living_batches(mixing):
    """Carry the covariance of the batches that are still to be used, for a sparse mass.

    O(G L^2) for L batches alive at a time. Applies where that beats the triangular solve.
    """
    if not sparse.issparse(mixing.mass):
        return None
    born, last = _lifetimes(mixing)
    most = _most_alive(mixing, born, last)
    if most**2 > (mixing.n_generations + 1) * mixing.n_batches / 4:
        return None
    arrivals = _by_generation(born, mixing.n_generations + 1)
    position = np.empty(mixing.n_batches, dtype=np.int64)
    risk = np.empty(mixing.n_generations + 1)
    alive, covariance = np.empty(0, dtype=np.int64), np.empty((0, 0))
    with_last, variance = np.empty(0), 0.0  # of the last model: with the living, and its own
    for g in range(mixing.n_generations + 1):
        keep = last[alive] >= g
        alive, covariance = alive[keep], covariance[np.ix_(keep, keep)]
        new = arrivals[g][last[arrivals[g]] >= g]
        made = (mixing.parent[new] >= 0).astype(float)
        across = np.outer(with_last[keep], made)
        within = variance * np.outer(made, made) + np.diag(1 / mixing.sizes[new])
        covariance = np.block([[covariance, across], [across.T, within]])
        alive = np.concatenate([alive, new])
        position[alive] = np.arange(len(alive))
        batches, mass = mixing.row(g)
        used = position[batches]
        with_last = covariance[:, used] @ mass
        variance = risk[g] = with_last[used] @ mass + mixing.noise[g]
    return risk


def _lifetimes(mixing):
    """Return from which and up to which generation each batch must be remembered."""
    n_rows = mixing.n_generations + 1
    rows = np.repeat(np.arange(n_rows), np.diff(mixing.mass.indptr))
    first, last = np.full(mixing.n_batches, n_rows), np.full(mixing.n_batches, -1)
    np.minimum.at(first, mixing.mass.indices, rows)
    np.maximum.at(last, mixing.mass.indices, rows)
    # Rows of a model depend on its estimate, so they are there from the moment it is fitted.
    return np.where(mixing.parent < 0, first, mixing.parent + 1), last


def _most_alive(mixing, born, last):
    used = last >= 0
    change = np.bincount(born[used], minlength=mixing.n_generations + 2)
    change -= np.bincount(last[used] + 1, minlength=mixing.n_generations + 2)
    return np.cumsum(change).max()


def _by_generation(born, n_rows):
    order = np.argsort(born, kind="stable")
    return np.split(order, np.searchsorted(born[order], np.arange(1, n_rows)))
