"""Fit a synthesizer and draw from it, as functions that `memory` can cache."""

import numpy as np
from sklearn.utils.validation import has_fit_parameter

__all__ = ["draw_rows", "fit_synthesizer"]


def fit_synthesizer(synthesizer, X, y, sample_weight, n_synthetic, previous=None):
    """Fit a synthesizer; a function of its own so that `memory` can cache it.

    The last `n_synthetic` rows are synthetic. One that asks for `groups` is told which. `previous`
    is the synthesizer to go on from, or None.
    """
    asked = {}
    if n_synthetic and has_fit_parameter(synthesizer, "groups"):
        asked["groups"] = np.arange(X.shape[0]) >= X.shape[0] - n_synthetic
    if previous is not None:
        asked["previous"] = previous
    return synthesizer.fit(X, y, sample_weight=sample_weight, **asked)


def draw_rows(synthesizer, n_samples, seed):
    """Draw rows; a function of its own so that `memory` can cache it."""
    return synthesizer.sample(n_samples, random_state=seed)
