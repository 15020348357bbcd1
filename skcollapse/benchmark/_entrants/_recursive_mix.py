"""RecursiveMix itself, as a benchmark runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from skcollapse._recursive_mix import RecursiveMixClassifier, RecursiveMixRegressor, watch
from skcollapse.benchmark._entrants._base import RECURSIVE_MIX, Entrant, EntrantSetting
from skcollapse.workflows import check_workflow

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RecursiveMixEntrant"]


class RecursiveMixEntrant(Entrant):
    """Refit on the newest batch and on rows drawn from the previous models."""

    name = RECURSIVE_MIX

    def __init__(self, setting: EntrantSetting) -> None:
        super().__init__(setting)
        regression = setting.task == "regression"
        kind = RecursiveMixRegressor if regression else RecursiveMixClassifier
        self.predictor = kind(
            setting.estimator,
            setting.synthesizer,
            lam=setting.lam,
            workflow=setting.workflow,
            labels=setting.labels,
            n_synthetic=setting.n_synthetic,
            random_state=setting.seed,
        )

    def update(self, X: pd.DataFrame, y: np.ndarray) -> None:
        """Take one batch and forget it."""
        classes = self.setting.classes
        known = {} if classes is None else {"classes": classes}
        self.predictor.partial_fit(X, y, **known)
        self.effective_sample_size = float(self.predictor.effective_sample_size_)

    def learn(
        self,
        batches: Iterable[tuple[pd.DataFrame, np.ndarray]],
        score_generation: Callable[[float], None],
    ) -> None:
        """Take all batches, or the first one alone if the workflow takes no fresh rows."""
        if check_workflow(self.setting.workflow).takes_fresh_rows:
            super().learn(batches, score_generation)
        else:
            self._learn_from_one(*next(iter(batches)), score_generation)

    def _learn_from_one(
        self, X: pd.DataFrame, y: np.ndarray, score_generation: Callable[[float], None]
    ) -> None:
        """Run as many generations as there are batches."""
        estimator = self.predictor.set_params(n_generations=self.setting.n_batches - 1)

        def after_generation(estimator: Any) -> None:
            self.effective_sample_size = float(estimator.effective_sample_size_)
            score_generation(estimator.history_[-1]["seconds"])

        with watch(estimator, after_generation):
            estimator.fit(X, y)
