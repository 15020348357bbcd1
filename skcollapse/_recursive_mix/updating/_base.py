"""The contract of an update."""

from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from skcollapse._utils._random import Purpose

__all__ = ["BaseUpdate", "Updated"]


class Updated(NamedTuple):
    """What an update returns.

    `estimator` predicts like the wrapped one; it may be made of several fitted estimators.
    `memory` is what the update of the next generation has to know besides.
    """

    estimator: Any
    resampled: bool
    memory: Any = None


class BaseUpdate(ABC):
    """Turns the last estimator and the rows of a generation into the next estimator.

    An update is a value: what it has to remember goes into `Updated.memory`.
    """

    def draw(self, here, n_rows, fresh, weight):
        """Draw and label the synthetic rows of a generation.

        Parameters are those of `BaseLabeller.label`, with the number of rows to draw in place of
        drawn rows. Returns `Labelled`; its `memory` is handed to `fit`.
        """
        drawn = here.draw_rows(n_rows, Purpose.SAMPLE)
        return here.last.labeller.label(here, drawn, fresh, weight)

    @abstractmethod
    def fit(self, here, rows, lam, memory, progress):
        """Return `Updated`.

        Parameters
        ----------
        here : Round
            The generation.
        rows : WeightedRows
            Real and synthetic rows, blended with the weight lam.
        lam : float
            Weight of the synthetic rows relative to the real ones.
        memory : object
            What `draw` has put into `Labelled`; None where no rows were drawn.
        progress : FitProgress or None
            Callbacks of the fit, if there are any.
        """
