"""The methods a benchmark compares. A new one is a class and a line in ``_ENTRANTS``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import clone

from skcollapse._recursive_mix import (
    RecursiveMixClassifier,
    RecursiveMixRegressor,
    watch,
)
from skcollapse.benchmark._base import make_estimator, make_synthesizer

from ._peers import (
    AverageOfModels,
    FirstModel,
    WarmStart,
    online_linear,
    online_mlp,
    warm_gradient_boosting,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AllReal", "RealOnly", "RecursiveMix", "make_entrant"]


class RealOnly:
    """Fit on the newest batch and forget the others: the lower reference."""

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator

    def update(self, X: pd.DataFrame, y: np.ndarray) -> None:
        """Take one batch."""
        self.predictor = clone(self.estimator).fit(X, y)
        self.effective_sample_size = float(len(y))


class AllReal:
    """Fit on every row ever seen, deleting nothing: the upper reference."""

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator
        self.kept: list[tuple[pd.DataFrame, np.ndarray]] = []

    def update(self, X: pd.DataFrame, y: np.ndarray) -> None:
        """Take one batch and keep it."""
        import pandas as pd

        self.kept.append((X, y))
        X = pd.concat([X for X, _ in self.kept], ignore_index=True)
        y = np.concatenate([y for _, y in self.kept])
        self.predictor = clone(self.estimator).fit(X, y)
        self.effective_sample_size = float(len(y))


class RecursiveMix:
    """Refit on the newest batch and rows drawn from the previous models."""

    def __init__(self, mix: Any, classes: np.ndarray | None) -> None:
        self.predictor = mix
        self.classes = classes

    def update(self, X: pd.DataFrame, y: np.ndarray) -> None:
        """Take one batch and forget it."""
        known = {} if self.classes is None else {"classes": self.classes}
        self.predictor.partial_fit(X, y, **known)
        self.effective_sample_size = float(self.predictor.effective_sample_size_)

    def replay(self, stream: Any, look: Callable[[Any, float], None]) -> None:
        """Run as many generations as the stream has batches, on its first batch alone.

        For workflows without fresh rows. ``look(self, seconds)`` is called after each.
        """
        mix = self.predictor.set_params(n_generations=stream.n_batches - 1)

        def after_generation(mix: Any) -> None:
            self.effective_sample_size = float(mix.effective_sample_size_)
            look(self, mix.history_[-1]["seconds"])

        X, y = next(stream.batches())
        with watch(mix, after_generation):
            mix.fit(X, y)


_ENTRANTS = {
    "real_only": RealOnly,
    "all_real": AllReal,
    "first_model": FirstModel,
    "average_of_models": AverageOfModels,
    "warm_start": WarmStart,
}
# These bring a learner of their own.
_LEARNERS = {
    "warm_gradient_boosting": warm_gradient_boosting,
    "partial_fit_linear": online_linear,
    "partial_fit_mlp": online_mlp,
}


def make_entrant(method: str, lam: str | float | None, stream: Any, seed: int, config: Any) -> Any:
    """Build an entrant; the same seed gives all of them the same random numbers.

    An entrant has ``update(X, y)``, which takes one batch, and then ``predictor`` and
    ``effective_sample_size`` (NaN where the notion has no meaning).
    """
    if method in _LEARNERS:
        return _LEARNERS[method](stream.task, stream.X, stream.classes, seed)
    estimator = make_estimator(config.estimator, stream.task, stream.X, seed)
    if method in _ENTRANTS:
        return _ENTRANTS[method](estimator)
    kind = RecursiveMixRegressor if stream.task == "regression" else RecursiveMixClassifier
    mix = kind(
        estimator,
        make_synthesizer(config.synthesizer),
        lam=lam,
        workflow=config.workflow,
        labels=config.labels,
        n_synthetic=config.n_synthetic,
        random_state=seed,
    )
    return RecursiveMix(mix, stream.classes)
