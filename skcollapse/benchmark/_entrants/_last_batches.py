"""A plain model of the last three batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skcollapse.benchmark._entrants._base import Entrant, EntrantSetting, entrant

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LastBatches"]

_N_KEPT = 3


@entrant("last_batches")
class LastBatches(Entrant):
    """Fit on the last three batches, which are kept, and forget older ones."""

    keeps = "rows of three batches"

    def __init__(self, setting: EntrantSetting) -> None:
        super().__init__(setting)
        self.kept: list[tuple[pd.DataFrame, np.ndarray]] = []

    def update(self, X: pd.DataFrame, y: np.ndarray) -> None:
        """Take one batch and drop the oldest of four."""
        import pandas as pd

        self.kept = [*self.kept, (X, y)][-_N_KEPT:]
        X = pd.concat([X for X, _ in self.kept], ignore_index=True)
        y = np.concatenate([y for _, y in self.kept])
        self.predictor = self.fitted(X, y)
        self.effective_sample_size = float(len(y))
