"""Masses of fits on a growing pool, in the memory of a few vectors."""

import numpy as np

__all__ = ["PoolMass", "SplitPoolMass", "read_pool", "read_sizes"]


class PoolMass:
    """Mass of a fit on the first `n_pooled[g]` batches, every row of which weighs the same.

    Stands for the dense array that `toarray` builds, in the memory of two vectors.
    """

    def __init__(self, sizes, n_pooled):
        self.sizes = sizes
        self.n_pooled = n_pooled
        self.pooled_sizes = np.cumsum(sizes)[n_pooled - 1]
        self.shape = (len(n_pooled), len(sizes))

    def row(self, generation):
        pooled = slice(0, self.n_pooled[generation])
        return pooled, self.sizes[pooled] / self.pooled_sizes[generation]

    def arrays(self):
        return [self.sizes, self.n_pooled]

    def toarray(self):
        inside = np.arange(self.shape[1]) < self.n_pooled[:, None]
        return inside * self.sizes / self.pooled_sizes[:, None]


class SplitPoolMass(PoolMass):
    """The same with a given share of the real batches; inside each part all rows weigh the same.

    A part that is not there yet leaves its share to the other.
    """

    def __init__(self, sizes, n_pooled, is_real, real_weight):
        super().__init__(sizes, n_pooled)
        self.is_real = is_real
        self.real_sizes = np.cumsum(np.where(is_real, sizes, 0.0))[n_pooled - 1]
        # Summed separately: subtracting the real rows from the pool can leave rounding error
        # where the answer is 0.
        self.synthetic_sizes = np.cumsum(np.where(is_real, 0.0, sizes))[n_pooled - 1]
        alone = np.where(self.real_sizes > 0, 1.0, 0.0)
        both = (self.real_sizes > 0) & (self.synthetic_sizes > 0)
        self.real_weight = np.where(both, real_weight, alone)

    def row(self, generation):
        pooled = slice(0, self.n_pooled[generation])
        real, synthetic = self._per_row(generation)
        return pooled, self.sizes[pooled] * np.where(self.is_real[pooled], real, synthetic)

    def arrays(self):
        return [*super().arrays(), self.is_real, self.real_weight]

    def toarray(self):
        inside = np.arange(self.shape[1]) < self.n_pooled[:, None]
        real, synthetic = self._per_row(slice(None))
        return inside * self.sizes * np.where(self.is_real, real[:, None], synthetic[:, None])

    def _per_row(self, generations):
        """Return the weight of a row of size one in the real and in the synthetic part."""
        w = self.real_weight[generations]
        real, synthetic = self.real_sizes[generations], self.synthetic_sizes[generations]
        return w / np.where(real > 0, real, 1.0), (1 - w) / np.where(synthetic > 0, synthetic, 1.0)


def read_sizes(sizes, shape):
    """Return sizes of batches as an array of positive numbers."""
    sizes = np.array(sizes, dtype=np.float64)
    if sizes.ndim != 1 or sizes.shape != shape:
        raise ValueError(
            f"sizes must hold one number for each batch, shape {shape}, got shape {sizes.shape}."
        )
    wrong = np.flatnonzero(~(sizes > 0))
    if len(wrong):
        raise ValueError(f"sizes must be > 0, got {sizes[wrong[0]]} in row {wrong[0]}.")
    return sizes


def read_pool(parent, sizes, n_pooled, real_weight):
    """Check the arguments of a pool and build its mass."""
    sizes, n_pooled = read_sizes(sizes, np.shape(sizes)), np.array(n_pooled)
    if np.isinf(sizes).any():
        raise ValueError("sizes must be finite for a fit on a pool.")
    if n_pooled.ndim != 1 or n_pooled.dtype.kind not in "iu" or not len(n_pooled):
        raise ValueError("n_pooled must hold one integer for each generation.")
    wrong = np.flatnonzero((n_pooled < 1) | (n_pooled > len(sizes)))
    if len(wrong):
        raise ValueError(
            f"n_pooled must lie between 1 and the number of batches, {len(sizes)}, "
            f"got {n_pooled[wrong[0]]} in row {wrong[0]}."
        )
    if real_weight is None:
        return PoolMass(sizes, n_pooled)
    is_real = np.asarray(parent) < 0
    if is_real.shape != sizes.shape:
        raise ValueError(
            f"parent must hold one integer for each of the {len(sizes)} batches, got shape "
            f"{is_real.shape}."
        )
    return SplitPoolMass(sizes, n_pooled, is_real, _read_real_weight(real_weight, n_pooled.shape))


def _read_real_weight(real_weight, shape):
    weight = np.array(real_weight, dtype=np.float64)
    if weight.ndim and weight.shape != shape:
        raise ValueError(
            f"real_weight must be a number or hold one for each of the {shape[0]} generations, "
            f"got shape {weight.shape}."
        )
    weight = np.broadcast_to(weight, shape)
    wrong = np.flatnonzero(~((weight >= 0) & (weight <= 1)))
    if len(wrong):
        raise ValueError(
            f"real_weight must lie between 0 and 1, got {weight[wrong[0]]} in row {wrong[0]}."
        )
    return weight
