"""Small tables with known truth."""

import numpy as np
import pytest


@pytest.fixture
def regression():
    rng = np.random.default_rng(20260)
    X = rng.normal(size=(400, 3))
    return X, X @ [1.0, -2.0, 0.5] + rng.normal(size=400)


@pytest.fixture
def classification():
    rng = np.random.default_rng(20261)
    X = rng.normal(size=(600, 3))
    scores = X @ rng.normal(size=(3, 3)) + rng.gumbel(size=(600, 3))
    return X, np.array(["cat", "dog", "eel"])[scores.argmax(axis=1)]


@pytest.fixture
def mixed_frame():
    """Return a pandas frame with text, categories, dates, integers and missing values."""
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(20262)
    n = 400
    age = rng.integers(18, 80, n)
    income = np.exp(rng.normal(size=n) + age / 40).round(2)
    income[rng.random(n) < 0.1] = np.nan
    day = pd.to_timedelta(rng.integers(0, 900, n), unit="D")
    town = rng.choice(["Aa", "Bo", "Cy"], n)
    town = np.where(rng.random(n) < 0.05, None, town)
    frame = pd.DataFrame(
        {
            "age": age,
            "income": income,
            "town": pd.Series(town, dtype="object"),
            "grade": pd.Categorical(rng.choice(["low", "mid", "top"], n), ordered=True),
            "member": rng.random(n) < 0.5,
            "since": pd.Timestamp("2020-01-01") + day,
        }
    )
    y = 0.05 * age + (town == "Bo") + rng.normal(size=n)
    return frame, y
