"""New real rows each generation, beside rows of the last models."""

from skcollapse.workflows._base import BaseWorkflow, Batch

__all__ = ["Fresh"]


class Fresh(BaseWorkflow):
    """Train on the newest real batch and on rows drawn from the last models.

    The monthly retraining with a retention limit: after each generation its real and its
    synthetic rows are forgotten.

    References
    ----------
    .. [1] H. He, S. Xu, G. Cheng, "Recursive Learning Without Collapse: A Weighting-Based
       Stabilization Framework", arXiv:2502.18049.
    .. [2] S. Alemohammad et al., "Self-Consuming Generative Models Go MAD", ICLR 2024,
       arXiv:2307.01850 (there: the fresh data loop).

    Examples
    --------
    >>> from skcollapse.workflows import Fresh
    >>> Fresh().plan(2)
    (Batch(source='real', generation=2), Batch(source='synthetic', generation=2))
    """

    takes_fresh_rows = True

    def plan(self, generation):
        if generation == 0:
            return (Batch("real", 0),)
        return (Batch("real", generation), Batch("synthetic", generation))
