"""Only rows of the last models."""

from skcollapse.workflows._base import BaseWorkflow, Batch

__all__ = ["Replace"]


class Replace(BaseWorkflow):
    """Train on rows drawn from the last models only.

    The fully synthetic loop, called "discard" in [1]_: the variance grows by that of one batch in
    every generation. `lam` has nothing to decide after generation 0.

    References
    ----------
    .. [1] A. Dey, D. Donoho, "Universality of the pi^2/6 Pathway in Avoiding Model Collapse",
       arXiv:2410.22812.

    Examples
    --------
    >>> from skcollapse.workflows import Replace
    >>> Replace().plan(2)
    (Batch(source='synthetic', generation=2),)
    """

    def plan(self, generation):
        if generation == 0:
            return (Batch("real", 0),)
        return (Batch("synthetic", generation),)
