"""The contract of an update."""

from abc import ABC, abstractmethod

__all__ = ["BaseUpdate"]


class BaseUpdate(ABC):
    """Turns the last estimator and the weighted rows of a generation into the next estimator.

    An update is a value: what it has to remember is in the estimator that it returns. That may be
    a composite of several fitted estimators. It has to predict like the wrapped estimator, since
    labels, users and the next generation all ask it alone.
    """

    @abstractmethod
    def fit(self, here, rows, progress):
        """Return the next estimator, and whether rows were resampled for want of weights.

        Parameters
        ----------
        here : Round
            The generation; ``here.last.estimator`` is the last estimator, None at generation 0.
        rows : WeightedRows
            Real and synthetic rows, blended.
        progress : FitProgress or None
            Callbacks of the fit, if there are any.
        """
