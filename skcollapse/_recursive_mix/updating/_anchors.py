"""Drawn rows whose labels persist from generation to generation."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from skcollapse._recursive_mix.updating._evidence import Coefficients, Share
from skcollapse._utils._rows import concat_rows, take_rows

__all__ = ["Anchors", "Stages"]


@dataclass(frozen=True)
class Stages:
    """Fitted estimators that read the labels of the anchors.

    `first` is fitted to the labels and `held` to what `first` loses of them. Together they are
    the reader, whose scores are the sum of theirs. `direct` is fitted like `held`, with the newest
    real rows beside the anchors. A stage that is not needed is None.
    """

    first: Any
    held: Any = None
    direct: Any = None

    def read(self, X, scores_of):
        """Return the scores of rows by the reader."""
        scores = scores_of(self.first, X)
        return scores if self.held is None else scores + scores_of(self.held, X)

    def news(self, X, scores_of):
        """Return what the newest real rows add to the scores of the reader."""
        return scores_of(self.direct, X) - scores_of(self.held, X)


@dataclass(frozen=True)
class Anchors:
    """Rows `X` with their `scores`, the stages that read them, and what was learned on the way.

    `coefficients` are those of the corrections, `share` is the part of what real rows add directly
    that later rows confirm. `lossless` says that the first stage alone returns the labels. Then
    nothing leaks, and labels need not persist.
    """

    X: Any
    scores: np.ndarray
    stages: Stages
    coefficients: Coefficients = field(default_factory=Coefficients)
    share: Share = field(default_factory=Share)
    lossless: bool = False

    def renewed(self, drawn, replaced, scores):
        """Return the anchors with drawn rows instead of those at the positions `replaced`."""
        kept = np.setdiff1d(np.arange(len(self.scores)), replaced)
        X = concat_rows(take_rows(self.X, kept), drawn) if len(kept) else drawn
        return replace(self, X=X, scores=np.concatenate([self.scores[kept], scores]))
