"""True regression functions, as objects that can be pickled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit

__all__ = ["FAMILIES", "LinearTruth", "friedman_truth"]

# The mean as a function of the linear predictor, by family.
_INVERSE_LINKS = {"linear": np.asarray, "logistic": expit, "poisson": np.exp}
FAMILIES = tuple(_INVERSE_LINKS)


@dataclass(frozen=True, eq=False)
class LinearTruth:
    """The mean of y given a row: a function of a linear predictor.

    ``coefs`` has shape (n_batches, n_features), or (1, n_features) where the truth stays.
    """

    coefs: np.ndarray
    intercept: float = 0.0
    family: str = "linear"

    def __call__(self, X: Any, generation: Any = None) -> np.ndarray:
        """Return the mean of y; `generation` is a batch, or one for each row."""
        X = np.asarray(X, dtype=np.float64)
        if X.ndim != 2 or X.shape[1] != self.coefs.shape[1]:
            raise ValueError(f"X must have {self.coefs.shape[1]} columns, got shape {X.shape}.")
        coefs = self.coefs[0] if len(self.coefs) == 1 else self._coefs_of(generation)
        predictor = self.intercept + (X * coefs).sum(axis=1)
        return _INVERSE_LINKS[self.family](predictor)

    def _coefs_of(self, generation: Any) -> np.ndarray:
        if generation is None:
            raise ValueError(
                "generation: the truth moves; say which batch it is wanted for, or one for each "
                "row."
            )
        batches = np.asarray(generation)
        if not np.isin(batches, np.arange(len(self.coefs))).all():
            last = len(self.coefs) - 1
            raise ValueError(f"generation must name batches from 0 to {last}, got {generation!r}.")
        return self.coefs[batches.astype(int)]


def friedman_truth(X: Any, generation: Any = None) -> np.ndarray:
    """Return Friedman's first function of the rows; it is the same in every batch."""
    X = np.asarray(X, dtype=np.float64)
    wave = 10.0 * np.sin(np.pi * X[:, 0] * X[:, 1])
    return wave + 20.0 * (X[:, 2] - 0.5) ** 2 + 10.0 * X[:, 3] + 5.0 * X[:, 4]
