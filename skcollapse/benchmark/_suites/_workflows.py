"""The workflows suite: which workflows collapse under which labels."""

from __future__ import annotations

from dataclasses import dataclass

from skcollapse.benchmark._options import LABELS, LearningConfig
from skcollapse.benchmark._suites._base import suite
from skcollapse.benchmark._suites._learning import LearningSuite
from skcollapse.workflows import WORKFLOW_NAMES

__all__ = ["Workflows", "WorkflowsConfig"]


@dataclass(frozen=True)
class WorkflowsConfig(LearningConfig):
    """Options of the workflows suite: every workflow with every way to label."""

    synthesizers: tuple[str, ...] = ("gaussian_copula",)
    n_seeds: int = 3
    workflows: tuple[str, ...] = WORKFLOW_NAMES
    labels: tuple[str, ...] = LABELS
    n_synthetic: tuple[float, ...] = (1.0,)
    lam: tuple[str | float, ...] = ("proportional", "optimal")


@suite("workflows")
class Workflows(LearningSuite):
    """Every workflow by name with every way to label, on few tables."""

    config = WorkflowsConfig
