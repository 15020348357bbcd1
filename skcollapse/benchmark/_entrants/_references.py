"""The two references between which the gap recovered is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skcollapse.benchmark._entrants._base import Entrant, EntrantSetting, entrant

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["REFERENCES", "AllReal", "RealOnly"]


@entrant("real_only")
class RealOnly(Entrant):
    """Fit on the newest batch and forget the others: the lower reference."""

    def update(self, X: pd.DataFrame, y: np.ndarray) -> None:
        """Take one batch."""
        self.predictor = self.fitted(X, y)
        self.effective_sample_size = float(len(y))


@entrant("all_real")
class AllReal(Entrant):
    """Fit on every row ever seen, deleting nothing: the upper reference."""

    keeps = "all rows"

    def __init__(self, setting: EntrantSetting) -> None:
        super().__init__(setting)
        self.kept: list[tuple[pd.DataFrame, np.ndarray]] = []

    def update(self, X: pd.DataFrame, y: np.ndarray) -> None:
        """Take one batch and keep it."""
        import pandas as pd

        self.kept.append((X, y))
        X = pd.concat([X for X, _ in self.kept], ignore_index=True)
        y = np.concatenate([y for _, y in self.kept])
        self.predictor = self.fitted(X, y)
        self.effective_sample_size = float(len(y))


REFERENCES = (RealOnly.name, AllReal.name)
