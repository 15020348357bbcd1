"""Means that are carried from generation to generation along a record of batches."""

import numpy as np

__all__ = ["one_per_fit", "propagate"]


def one_per_fit(value, mixing, name):
    """Return one value for each of the generations 0..G from a scalar or a vector."""
    if value.ndim and value.shape != (mixing.n_generations + 1,):
        raise ValueError(
            f"{name} must be a number or hold one value for each of the "
            f"{mixing.n_generations + 1} generations, got shape {value.shape}."
        )
    return np.broadcast_to(value, (mixing.n_generations + 1,))


def propagate(mixing, real, factor=1.0, offset=0.0):
    """Carry a mean through the generations: x_g = factor_g sum_b W_gb x_parent(b) + offset_g.

    Real batches have the value `real`. O(nnz(W)), and no matrix is stored.
    """
    n_rows = mixing.n_generations + 1
    factor, offset = np.broadcast_to(factor, n_rows), np.broadcast_to(offset, n_rows)
    of_batches, x = np.full(mixing.n_batches, float(real)), np.empty(n_rows)
    for g in range(n_rows):
        batches, mass = mixing.row(g)
        x[g] = factor[g] * (mass @ of_batches[batches]) + offset[g]
        of_batches[mixing.children[g]] = x[g]
    return x
