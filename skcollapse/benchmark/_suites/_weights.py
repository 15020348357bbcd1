"""The weights suite: a grid of lam against the rules."""

from __future__ import annotations

from dataclasses import dataclass

from skcollapse.benchmark._options import LearningConfig
from skcollapse.benchmark._suites._base import suite
from skcollapse.benchmark._suites._learning import LearningSuite
from skcollapse.weights import LAM_NAMES

__all__ = ["Weights", "WeightsConfig"]


@dataclass(frozen=True)
class WeightsConfig(LearningConfig):
    """Options of the weights suite: numbers and rules for lam, few and many synthetic rows."""

    synthesizers: tuple[str, ...] = ("gaussian_copula",)
    n_seeds: int = 3
    n_synthetic: tuple[float, ...] = (1.0, 5.0, 20.0)
    lam: tuple[str | float, ...] = (*LAM_NAMES, 0.1, 0.3, 1.0, 3.0, 10.0)


@suite("weights")
class Weights(LearningSuite):
    """A grid of numbers for lam beside the rules."""

    config = WeightsConfig
