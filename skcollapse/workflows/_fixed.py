"""The same real rows each generation, beside rows of the last models."""

from skcollapse.workflows._base import BaseWorkflow, Batch

__all__ = ["Fixed"]


class Fixed(BaseWorkflow):
    """Train on the same real rows every time, and on rows drawn from the last models.

    The iterative retraining of [1]_. The real rows hold all the information there is, so
    synthetic rows add none: use it to study stability, not to gain accuracy.

    References
    ----------
    .. [1] Q. Bertrand et al., "On the Stability of Iterative Retraining of Generative Models on
       their own Data", ICLR 2024, arXiv:2310.00429.

    Examples
    --------
    >>> from skcollapse.workflows import Fixed
    >>> Fixed().plan(2)
    (Batch(source='real', generation=0), Batch(source='synthetic', generation=2))
    """

    takes_fresh_rows = False

    def plan(self, generation):
        if generation == 0:
            return (Batch("real", 0),)
        return (Batch("real", 0), Batch("synthetic", generation))
