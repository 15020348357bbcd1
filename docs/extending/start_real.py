"""A workflow in one file: the first generations are fitted on real rows alone."""

from skcollapse.workflows import BaseWorkflow, Batch


class StartReal(BaseWorkflow):
    """Train on new real rows, and from generation `first_mixed` on with drawn rows beside them."""

    takes_fresh_rows = True

    def __init__(self, first_mixed=2):
        self.first_mixed = first_mixed

    def plan(self, generation):
        if self.first_mixed < 1:
            raise ValueError(f"first_mixed must be at least 1, got {self.first_mixed!r}.")
        real = Batch("real", generation)
        if generation < self.first_mixed:
            return (real,)
        return (real, Batch("synthetic", generation))
