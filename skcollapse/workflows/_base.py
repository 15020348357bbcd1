"""The contract of a workflow: which batches train a generation, and nothing else."""

from abc import ABCMeta, abstractmethod
from typing import NamedTuple

import numpy as np
from scipy.sparse import lil_array
from sklearn.base import BaseEstimator

from skcollapse.theory import MixingMatrix

__all__ = ["BaseWorkflow", "Batch", "subsample_noise"]


class Batch(NamedTuple):
    """Name of one set of rows.

    Parameters
    ----------
    source : {"real", "synthetic"}
        Where the rows come from.
    generation : int
        The generation in which the rows first appear. Real rows of generation t arrive with
        it; synthetic rows of generation t are drawn from the models of generation t - 1.

    Examples
    --------
    >>> from skcollapse.workflows import Batch
    >>> Batch("synthetic", 3)
    Batch(source='synthetic', generation=3)
    """

    source: str
    generation: int


class BaseWorkflow(BaseEstimator, metaclass=ABCMeta):
    """Base class of all workflows.

    A workflow answers one question: which batches are generation t fitted on? The loop that
    runs it keeps exactly the batches that the next generation's plan names again, draws the
    synthetic ones that are new, and weights the synthetic part by lam. Rows of all named real
    batches make the real part, rows of all named synthetic batches the synthetic part.

    Attributes
    ----------
    takes_fresh_rows : bool
        Class attribute: True if every generation brings new real rows. Then a table given to
        `fit` is cut into a stream, and `partial_fit` exists.
    fixes_weights : bool
        Class attribute: True if the workflow gives the weight of each batch itself, so that lam
        has nothing to decide.

    Examples
    --------
    A workflow that trains on the last two synthetic batches and the newest real one:

    >>> from skcollapse.workflows import BaseWorkflow, Batch
    >>> class LastTwo(BaseWorkflow):
    ...     takes_fresh_rows = True
    ...
    ...     def plan(self, generation):
    ...         drawn = range(max(1, generation - 1), generation + 1)
    ...         return (Batch("real", generation), *(Batch("synthetic", g) for g in drawn))
    >>> LastTwo().plan(2)[1:]
    (Batch(source='synthetic', generation=1), Batch(source='synthetic', generation=2))
    """

    takes_fresh_rows = False
    fixes_weights = False

    @abstractmethod
    def plan(self, generation):
        """Return the batches that generation `generation` is fitted on.

        Parameters
        ----------
        generation : int
            0 for the fit on real rows only.

        Returns
        -------
        batches : tuple of Batch
            Causal: no batch is younger than `generation`. ``plan(0)`` is one real batch.
        """

    def masses(self, generation, sizes, lam=None):
        """Return the share of each planned batch in the total weight of a generation.

        Parameters
        ----------
        generation : int
            The generation.
        sizes : array-like of shape (n_planned,)
            Sizes of the batches of ``plan(generation)``.
        lam : float or None, default=None
            Total weight of the synthetic part relative to the real part. None gives every row
            the same weight.

        Returns
        -------
        masses : ndarray of shape (n_planned,)
            Non-negative shares that sum to one. Inside each part they follow the sizes.
        """
        masses = np.array(sizes, dtype=np.float64)
        real = np.array([batch.source == "real" for batch in self.plan(generation)])
        if lam is not None and real.any() and not real.all():
            w = 1.0 / (1.0 + lam)
            masses[real] *= w / masses[real].sum()
            masses[~real] *= (1.0 - w) / masses[~real].sum()
        return masses / masses.sum()

    def budget(self, n_real):
        """Return how many rows a fit may use, or None for all.

        Parameters
        ----------
        n_real : float
            Rows of the first real batch.

        Returns
        -------
        budget : int, float or None
            Rows drawn without replacement, anew in each generation, in the unit of `n_real`.
        """
        return None

    def mixing_matrix(self, n_generations, n_real=1.0, n_synthetic=1.0, lam=None):
        """Return the workflow as a matrix, for the functions of `skcollapse.theory`.

        Parameters
        ----------
        n_generations : int
            Generations after generation 0.
        n_real : float, default=1.0
            Size of a real batch. Only ratios of sizes matter.
        n_synthetic : float, default=1.0
            Size of a synthetic batch.
        lam : float, sequence of float or None, default=None
            Total weight of the synthetic part relative to the real part, the same in all
            generations or one for each generation 1, 2, ...; None gives every row the same
            weight.

        Returns
        -------
        mixing : MixingMatrix
            Masses of the batches in the order in which they appear, parents, sizes in units of
            the first real batch, and the variance added by a budget.
        """
        lams = np.broadcast_to(np.nan if lam is None else lam, n_generations)
        plans = [self.plan(t) for t in range(n_generations + 1)]
        position = {}
        for plan in plans:
            for batch in plan:
                position.setdefault(batch, len(position))
        relative = n_synthetic / n_real
        sizes = np.array([1.0 if b.source == "real" else relative for b in position])
        mass = lil_array((n_generations + 1, len(position)))
        noise = np.zeros(n_generations + 1)
        for t, plan in enumerate(plans):
            columns = [position[batch] for batch in plan]
            given = None if t == 0 or np.isnan(lams[t - 1]) else lams[t - 1]
            mass[t, columns] = self.masses(t, sizes[columns], given)
            noise[t] = subsample_noise(self.budget(1.0), sizes[columns].sum())
        parent = np.array([-1 if b.source == "real" else b.generation - 1 for b in position])
        return MixingMatrix(mass.tocsr(), parent, sizes, noise if noise.any() else None)

    def keeps_batches(self):
        """Tell whether a batch is used by more than the generation it appears in.

        Returns
        -------
        keeps : bool
            If True, rows must outlive a generation and `partial_fit` cannot exist.
        """
        return any(batch.generation < 2 for batch in self.plan(2))

    def weighs_real_rows(self):
        """Tell whether any generation after the first weighs real rows against synthetic ones.

        Returns
        -------
        weighs : bool
            If False, lam has nothing to decide.
        """
        return any(batch.source == "real" for batch in self.plan(1))


def subsample_noise(budget, n_rows):
    """Return the variance that a budget adds: 1/B - 1/N without replacement, 0 if all rows fit.

    Parameters
    ----------
    budget : float or None
        Rows B of a fit.
    n_rows : float
        Rows N there are, in the unit of `budget`.

    Returns
    -------
    noise : float
        Added variance of a mean, in units of one row's variance.

    Examples
    --------
    >>> from skcollapse.workflows import subsample_noise
    >>> subsample_noise(100, 400)
    0.0075
    """
    return 0.0 if budget is None or budget >= n_rows else 1.0 / budget - 1.0 / n_rows
