"""The retention suite: what is kept when rows are deleted, on many tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from skcollapse.benchmark._base import ESTIMATORS
from skcollapse.benchmark._entrants import REFERENCES
from skcollapse.benchmark._options import LearningConfig
from skcollapse.benchmark._suites._base import suite
from skcollapse.benchmark._suites._learning import LearningSuite
from skcollapse.weights import LAM_NAMES

__all__ = ["Retention", "RetentionConfig"]

# All have a known origin and licence, and rows enough for eight batches of 300 and a test set.
_ALL_TABLES = (
    *("diamonds", "california_housing", "Computers", "HI", "BudgetFood", "CPS1988", "SLID"),
    *("deliveries", "hotel_rates"),
    *("adult", "wa_churn", "credit_data", "Default", "HealthInsurance", "nassCDS"),
    "lending_club",
)
# Its results are stored, so its list is fixed; others run when they are asked for.
_ENTRANTS = (
    *REFERENCES,
    *("first_model", "average_of_models", "warm_start", "warm_gradient_boosting"),
    *("partial_fit_linear", "partial_fit_mlp"),
)


@dataclass(frozen=True)
class RetentionConfig(LearningConfig):
    """Options of the retention suite: many tables and estimators, beside all entrants."""

    tables: tuple[Any, ...] = _ALL_TABLES
    estimators: tuple[str, ...] = tuple(ESTIMATORS)
    lam: tuple[str | float, ...] = (*LAM_NAMES, 1.0, 3.0)
    entrants: tuple[str, ...] = _ENTRANTS
    batch_sizes: tuple[int, ...] = (300, 1000)


@suite("retention")
class Retention(LearningSuite):
    """The gap recovered on 16 tables, with six kinds of estimators."""

    config = RetentionConfig
