"""What an entrant is, and the registry of those that can be asked for by name."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import numpy as np
from sklearn.base import clone
from sklearn.dummy import DummyClassifier

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ENTRANTS", "RECURSIVE_MIX", "Entrant", "EntrantSetting", "entrant"]

# Classes by name, in the order in which the benchmark runs and lists them.
ENTRANTS: dict[str, type[Entrant]] = {}

# The name of RecursiveMix in a cell. It runs once for each `lam` and is not in the registry.
RECURSIVE_MIX = "recursive_mix"

Kind = TypeVar("Kind", bound="type[Entrant]")


@dataclass(frozen=True)
class EntrantSetting:
    """Record of what an entrant is told before it sees a row.

    Parameters
    ----------
    estimator : estimator
        The estimator of the benchmark: not fitted, seeded, and able to take the table's columns.
    task : {"regression", "classification"}
        What is predicted.
    columns : DataFrame of shape (0, n_features), default=None
        The columns of every batch, without rows; text columns are "category" with all levels of
        the table.
    classes : ndarray, default=None
        All classes of the table; None for regression.
    seed : int, default=0
        Seed of all random numbers.
    n_batches : int, default=1
        Batches that will come.
    synthesizer, lam, workflow, labels, n_synthetic
        Parameters of RecursiveMix, which the other entrants do not read.
    """

    estimator: Any
    task: str = "regression"
    columns: pd.DataFrame | None = None
    classes: np.ndarray | None = None
    seed: int = 0
    n_batches: int = 1
    synthesizer: Any = None
    lam: str | float | None = None
    workflow: str = "fresh"
    labels: str = "predict"
    n_synthetic: int | float = 1.0


class Entrant(ABC):
    """A method that a benchmark compares: it takes batch after batch and predicts in between.

    Parameters
    ----------
    setting : EntrantSetting
        What it is told before it sees a row.

    Attributes
    ----------
    predictor : object
        What predicts after a batch: ``predict`` for regression, ``predict_proba`` and
        ``classes_`` for classification.
    effective_sample_size : float
        Real rows that the predictor is equivalent to; NaN where the notion has no meaning.
    keeps : str
        What it keeps of the past beside one model of fixed size, for tables: rows, or something
        that grows with the number of batches. Empty if nothing.
    """

    name: ClassVar[str] = ""
    keeps: ClassVar[str] = ""
    predictor: Any = None
    effective_sample_size: float = float("nan")

    def __init__(self, setting: EntrantSetting) -> None:
        self.setting = setting

    @classmethod
    def suits(cls, estimator: Any, task: str) -> bool:
        """Return whether the entrant can run beside this estimator; if not, it is left out."""
        return True

    def fitted(self, X: pd.DataFrame, y: np.ndarray) -> Any:
        """Return a clone of the benchmark's estimator, fitted to these rows.

        Rows of one class give a model that predicts this class: some classifiers refuse them.
        """
        one_class = self.setting.task == "classification" and len(np.unique(y)) == 1
        model = DummyClassifier() if one_class else clone(self.setting.estimator)
        return model.fit(X, y)

    @abstractmethod
    def update(self, X: pd.DataFrame, y: np.ndarray) -> None:
        """Take one batch."""

    def learn(
        self,
        batches: Iterable[tuple[pd.DataFrame, np.ndarray]],
        score_generation: Callable[[float], None],
    ) -> None:
        """Take all batches; call ``score_generation(seconds of the update)`` after each."""
        for X, y in batches:
            start = time.perf_counter()
            self.update(X, y)
            score_generation(time.perf_counter() - start)


def entrant(name: str) -> Callable[[Kind], Kind]:
    """Return a decorator that registers a class of entrants under a name.

    Raises
    ------
    ValueError
        If the name is taken.
    """

    def register(kind: Kind) -> Kind:
        if name in ENTRANTS or name == RECURSIVE_MIX:
            raise ValueError(f"An entrant is named {name!r} already; choose another name.")
        kind.name = name
        ENTRANTS[name] = kind
        return kind

    return register
