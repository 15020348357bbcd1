"""Small tables, and estimators that are fast to fit."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor


@pytest.fixture
def regression():
    rng = np.random.default_rng(20263)
    X = rng.normal(size=(240, 3))
    return X, X @ [1.0, -2.0, 0.5] + rng.normal(size=240)


@pytest.fixture
def classification():
    rng = np.random.default_rng(20264)
    X = rng.normal(size=(240, 3))
    return X, np.where(X @ [1.0, -2.0, 0.5] + rng.normal(size=240) > 0, "yes", "no")


@pytest.fixture
def regressor():
    return RecursiveMixRegressor(
        LinearRegression(), labels="sample", n_generations=3, n_synthetic=1.0
    )


@pytest.fixture
def classifier():
    return RecursiveMixClassifier(
        LogisticRegression(), labels="predict", n_generations=3, n_synthetic=1.0
    )


@pytest.fixture
def plt():
    """Pyplot without a window; figures are closed afterwards."""
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    import matplotlib.pyplot

    yield matplotlib.pyplot
    matplotlib.pyplot.close("all")
