"""The contract of a workflow: which batches train a generation, and nothing else."""

from abc import ABCMeta, abstractmethod
from typing import NamedTuple

from sklearn.base import BaseEstimator

__all__ = ["BaseWorkflow", "Batch"]


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

    def keeps_batches(self):
        """Tell whether a batch is used by more than the generation it appears in.

        Returns
        -------
        keeps : bool
            If True, rows must outlive a generation and `partial_fit` cannot exist.
        """
        return any(batch.generation < 2 for batch in self.plan(2))
