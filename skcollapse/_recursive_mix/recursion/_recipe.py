"""Which batches train a generation, and with what weights."""

from typing import NamedTuple

from skcollapse.weights import PartVariances
from skcollapse.workflows import Batch

__all__ = ["Recipe"]


class Recipe(NamedTuple):
    """The batches that a generation is fitted on, with the weight of each.

    `masses` are the shares of the planned batches in the total weight, `newest` is the synthetic
    batch that the last models can draw, and `upcoming` are the batches that the next generation
    needs.
    """

    plan: tuple
    newest: Batch
    upcoming: set
    n_real: float
    masses: dict
    variances: PartVariances
    lam: float

    @property
    def real(self):
        """Real batches of the plan."""
        return [batch for batch in self.plan if batch.source == "real"]

    @property
    def drawn(self):
        """Synthetic batches of the plan."""
        return [batch for batch in self.plan if batch.source == "synthetic"]

    @property
    def needs_rows(self):
        """Whether this generation or the next one uses rows of the newest synthetic batch."""
        return self.newest in self.plan and (self.lam > 0 or self.newest in self.upcoming)
