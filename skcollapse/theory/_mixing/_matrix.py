"""Any workflow as one matrix: how much of each generation's fit rests on which batch."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from skcollapse.theory._mixing._pool_mass import PoolMass, read_pool, read_sizes

__all__ = ["MixingMatrix", "check_mixing"]

# Rows may miss 1 by the rounding of a sum of many shares, not by more.
_ROW_SUM_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class MixingMatrix:
    r"""Record of a workflow: which batches train a generation, and with what mass.

    A batch is a set of rows made at one time by one source: the truth, or the model of one
    generation. Generation 0 is fitted on real batches only. The record is all that the relative
    risk of a workflow depends on; see `relative_risk`.

    Parameters
    ----------
    mass : array-like or sparse array of shape (n_generations + 1, n_batches)
        ``mass[g, b]`` is the share of the training objective of generation g that batch b
        carries, >= 0. Rows sum to 1. Sparse arrays stay sparse (as csr): with few batches a
        generation they save time and memory. For fits on a growing pool use
        `MixingMatrix.pooled`, which stores no matrix at all.
    parent : array-like of shape (n_batches,)
        -1 for a real batch, else the generation whose model made the batch.
    sizes : array-like of shape (n_batches,)
        Rows of each batch in units of the first real batch, whose size is 1 therefore. `np.inf`
        is a batch without sampling noise.
    subsample_noise : array-like of shape (n_generations + 1,), default=None
        Variance that drawing a random subset of the rows adds to each generation, in units of
        sigma^2 / n with n the rows of the first real batch; see Notes. None for none.

    Raises
    ------
    ValueError
        If shapes do not fit, a value is negative or not finite, a row of `mass` does not sum to
        1, a generation uses a batch that its own or a later model makes, no batch is real or the
        first real batch is not of size 1. The message names the argument and the row.

    See Also
    --------
    relative_risk : What the record is for, and when it does not apply.
    skcollapse.simulation.simulate_risk : Monte Carlo twin, on the record itself.

    Notes
    -----
    Rows of batch b get the sample weight ``mass[g, b] N / n_b`` (N rows in all, n_b of them in
    b), so that an unweighted fit on whole batches has ``mass[g, b] = sizes[b] / sum(sizes)``
    over the batches it uses.

    The noise of a subset drawn anew in each generation is, with sizes in the units above,

    ================================================= =================================
    rows of the fit                                   subsample_noise[g]
    ================================================= =================================
    B of N rows, without replacement                  1 / B - 1 / N
    B of N rows, with replacement                     1 / B
    k_b of the m_b rows of each batch, without        sum_b mass^2 (1 / k_b - 1 / m_b)
    k_b of the m_b rows of each batch, with           sum_b mass^2 / k_b
    ================================================= =================================

    Subsets kept from one generation to the next are not covered: make them batches. Rows of
    unknown provenance have no place in the record.

    References
    ----------
    .. [1] A. Dey, D. Donoho, "Universality of the pi^2/6 Pathway in Avoiding Model Collapse",
       arXiv:2410.22812.

    Examples
    --------
    One real batch, and two generations that keep it and add a batch of the same size each:

    >>> from skcollapse.theory import MixingMatrix, relative_risk
    >>> mass = [[1, 0, 0], [1 / 2, 1 / 2, 0], [1 / 3, 1 / 3, 1 / 3]]
    >>> mixing = MixingMatrix(mass, parent=[-1, 0, 1], sizes=[1, 1, 1])
    >>> relative_risk(mixing).round(4).tolist()  # 1 + 1/4 + 1/9
    [1.0, 1.25, 1.3611]

    The same without a matrix, which serves for thousands of generations:

    >>> pooled = MixingMatrix.pooled(parent=[-1, 0, 1], sizes=[1, 1, 1], n_pooled=[1, 2, 3])
    >>> bool((pooled.toarray() == mixing.toarray()).all())
    True
    """

    mass: Any
    parent: Any
    sizes: Any
    subsample_noise: Any = None

    def __post_init__(self):
        mass = _read_mass(self.mass)
        parent = _read_parent(self.parent, mass.shape)
        sizes = read_sizes(self.sizes, mass.shape[1:])
        _check_first_real(parent, sizes)
        _check_causal(mass, parent)
        noise = _read_noise(self.subsample_noise, mass.shape[:1])
        read = {"mass": mass, "parent": parent, "sizes": sizes, "subsample_noise": noise}
        for name, value in read.items():
            for array in _arrays_of(value):
                array.flags.writeable = False
            object.__setattr__(self, name, value)

    def __repr__(self):
        return f"MixingMatrix(n_generations={self.n_generations}, n_batches={self.n_batches})"

    @classmethod
    def pooled(cls, parent, sizes, n_pooled, subsample_noise=None, *, real_weight=None):
        """Build the record of fits on a pool that starts with the first batch.

        Parameters
        ----------
        parent : array-like of shape (n_batches,)
            -1 for a real batch, else the generation whose model made the batch.
        sizes : array-like of shape (n_batches,)
            Rows of each batch in units of the first real batch.
        n_pooled : array-like of int, of shape (n_generations + 1,)
            Generation g is fitted on the batches 0 to ``n_pooled[g] - 1``.
        subsample_noise : array-like of shape (n_generations + 1,), default=None
            As in `MixingMatrix`.
        real_weight : float or array-like of shape (n_generations + 1,), default=None
            Share of all real batches of the pool, between 0 and 1; inside the real and inside
            the synthetic part every row weighs the same. Without effect where a pool holds one
            part only. None weighs all rows of the pool the same.

        Returns
        -------
        mixing : MixingMatrix
            Its `mass` holds a few vectors; `toarray` gives the array they stand for.

        Raises
        ------
        ValueError
            As in `MixingMatrix`, or if an entry of `n_pooled` is no number of batches or one of
            `real_weight` no share.
        """
        mass = read_pool(parent, sizes, n_pooled, real_weight)
        return cls(mass, parent, sizes, subsample_noise)

    @property
    def n_generations(self):
        """Generations after generation 0."""
        return self.mass.shape[0] - 1

    @property
    def n_batches(self):
        """Number of batches, real and synthetic."""
        return self.mass.shape[1]

    @cached_property
    def noise(self):
        """Subsample noise as an array, zeros where there is none."""
        if self.subsample_noise is None:
            return np.zeros(self.n_generations + 1)
        return self.subsample_noise

    @cached_property
    def children(self):
        """Index arrays: ``children[g]`` are the batches that generation g makes."""
        order = np.argsort(self.parent, kind="stable")
        starts = np.searchsorted(self.parent[order], np.arange(self.n_generations + 1))
        return np.split(order, starts)[1:]

    def row(self, generation):
        """Return one row of the mass without building the others.

        Parameters
        ----------
        generation : int
            From 0 to `n_generations`.

        Returns
        -------
        batches : slice or ndarray of int
            Index of batches; all those with mass are among them.
        mass : ndarray
            Mass of these batches.
        """
        if isinstance(self.mass, PoolMass):
            return self.mass.row(generation)
        if isinstance(self.mass, np.ndarray):
            return slice(None), self.mass[generation]
        inside = slice(*self.mass.indptr[generation : generation + 2])
        return self.mass.indices[inside], self.mass.data[inside]

    def toarray(self):
        """Return the mass as a dense array.

        Returns
        -------
        mass : ndarray of shape (n_generations + 1, n_batches)
            `mass` itself, which is read-only, where that is an array.
        """
        return self.mass if isinstance(self.mass, np.ndarray) else self.mass.toarray()

    def model_mass(self):
        """Return the mass that rests on each earlier model.

        Returns
        -------
        model_mass : ndarray of shape (n_generations + 1, n_generations + 1)
            Strictly lower triangular; what a row lacks to 1 is the mass of real batches.
        """
        synthetic = np.flatnonzero(self.parent >= 0)
        to_parent = sparse.csr_array(
            (np.ones(len(synthetic)), (self.parent[synthetic], synthetic)),
            shape=(self.n_generations + 1, self.n_batches),
        )
        return (to_parent @ self.toarray().T).T


def _arrays_of(value):
    if isinstance(value, np.ndarray):
        return [value]
    if sparse.issparse(value):
        return [value.data, value.indices, value.indptr]
    return value.arrays() if isinstance(value, PoolMass) else []


def check_mixing(mixing):
    """Raise an error unless `mixing` is a `MixingMatrix`."""
    if not isinstance(mixing, MixingMatrix):
        raise ValueError(f"mixing must be a MixingMatrix, got {type(mixing).__name__}.")


def _read_mass(mass):
    if isinstance(mass, PoolMass):
        return mass
    if sparse.issparse(mass):
        mass = sparse.csr_array(mass, dtype=np.float64, copy=True)
        mass.sum_duplicates()
        mass.eliminate_zeros()
        values = mass.data
    else:
        mass = values = np.array(mass, dtype=np.float64)
    if mass.ndim != 2 or 0 in mass.shape:
        raise ValueError(f"mass must be two-dimensional and not empty, got shape {mass.shape}.")
    if not np.isfinite(values).all() or (values < 0).any():
        raise ValueError(f"mass must be finite and >= 0, see row {_first_wrong_row(mass)}.")
    sums = np.asarray(mass.sum(axis=1)).ravel()
    wrong = np.flatnonzero(np.abs(sums - 1) > _ROW_SUM_TOLERANCE)
    if len(wrong):
        raise ValueError(
            f"mass must sum to 1 in every row, but row {wrong[0]} sums to {sums[wrong[0]]:.10g}."
        )
    return mass


def _first_wrong_row(mass):
    if sparse.issparse(mass):
        mass = mass.toarray()
    return np.flatnonzero((~np.isfinite(mass) | (mass < 0)).any(axis=1))[0]


def _read_parent(parent, shape):
    parent = np.array(parent)
    if parent.shape != shape[1:] or parent.dtype.kind not in "iu":
        raise ValueError(
            f"parent must hold one integer for each of the {shape[1]} columns of mass, got shape "
            f"{parent.shape} and dtype {parent.dtype}."
        )
    parent = parent.astype(np.int64)
    wrong = np.flatnonzero((parent < -1) | (parent >= shape[0]))
    if len(wrong):
        raise ValueError(
            f"parent must be -1 (real) or a generation from 0 to {shape[0] - 1}, got "
            f"{parent[wrong[0]]} in row {wrong[0]}."
        )
    return parent


def _check_first_real(parent, sizes):
    real = np.flatnonzero(parent < 0)
    if not len(real):
        raise ValueError("parent must be -1 (real) for one batch at least, got none.")
    if not np.isclose(sizes[real[0]], 1.0, rtol=1e-9):
        raise ValueError(
            "sizes must be in units of the first real batch, that is 1 for it, got "
            f"{sizes[real[0]]} in row {real[0]}. Divide all sizes by this."
        )


def _check_causal(mass, parent):
    """Refuse a generation that uses what its own model, or a later one, makes."""
    latest = _latest_parents(mass, parent)
    wrong = np.flatnonzero(latest >= np.arange(mass.shape[0]))
    if len(wrong):
        g = wrong[0]
        raise ValueError(
            f"mass must be causal, but row {g} uses a batch made by the model of generation "
            f"{latest[g]} (see parent), which is fitted no earlier."
        )


def _latest_parents(mass, parent):
    """Return the newest model that each generation rests on."""
    if isinstance(mass, PoolMass):
        return np.maximum.accumulate(parent)[mass.n_pooled - 1]
    if sparse.issparse(mass):  # no row is empty: they sum to 1
        return np.maximum.reduceat(parent[mass.indices], mass.indptr[:-1])
    return np.array([parent[row > 0].max() for row in mass])


def _read_noise(noise, shape):
    if noise is None:
        return None
    noise = np.array(noise, dtype=np.float64)
    if noise.shape != shape:
        raise ValueError(
            f"subsample_noise must hold one number for each of the {shape[0]} generations, got "
            f"shape {noise.shape}."
        )
    wrong = np.flatnonzero(~np.isfinite(noise) | (noise < 0))
    if len(wrong):
        raise ValueError(
            f"subsample_noise must be finite and >= 0, got {noise[wrong[0]]} in row {wrong[0]}."
        )
    return noise
