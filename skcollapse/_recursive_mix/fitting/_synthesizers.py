"""Fit a synthesizer and draw from it, as functions that `memory` can cache."""

import numpy as np
from sklearn.utils.validation import has_fit_parameter

__all__ = ["draw_rows", "fit_synthesizer"]


def fit_synthesizer(synthesizer, X, y, sample_weight, n_synthetic):
    """Fit a synthesizer; a function of its own so that `memory` can cache it.

    The last `n_synthetic` rows are synthetic. One that asks for `groups` is told which.
    """
    provenance = {}
    if n_synthetic and has_fit_parameter(synthesizer, "groups"):
        provenance["groups"] = np.arange(X.shape[0]) >= X.shape[0] - n_synthetic
    return synthesizer.fit(X, y, sample_weight=sample_weight, **provenance)


def draw_rows(synthesizer, n_samples, seed):
    """Draw rows; a function of its own so that `memory` can cache it."""
    return synthesizer.sample(n_samples, random_state=seed)
