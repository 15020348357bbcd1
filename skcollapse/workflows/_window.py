"""The last few batches."""

from skcollapse.workflows._base import BaseWorkflow, Batch

__all__ = ["Window"]


class Window(BaseWorkflow):
    """Train on the last `length` batches, of which the first ever is real.

    Memory is finite, so without new real rows the first batch drops out and the variance grows
    without end, with slope 4 / (length + 1)^2 a generation for batches of equal size [1]_.

    Parameters
    ----------
    length : int, default=2
        Number of batches, at least 1. With 1 it is `Replace`.

    References
    ----------
    .. [1] A. Dey, D. Donoho, "Universality of the pi^2/6 Pathway in Avoiding Model Collapse",
       arXiv:2410.22812.

    Examples
    --------
    >>> from skcollapse.workflows import Window
    >>> [(batch.source, batch.generation) for batch in Window(length=2).plan(3)]
    [('synthetic', 2), ('synthetic', 3)]
    """

    def __init__(self, length=2):
        self.length = length

    def plan(self, generation):
        if self.length < 1:
            raise ValueError(f"length must be at least 1, got {self.length!r}.")
        first = max(0, generation - self.length + 1)
        return tuple(Batch("synthetic" if t else "real", t) for t in range(first, generation + 1))
