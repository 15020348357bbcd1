"""Evenly spread draws: as uniform as independent ones, and far less variable together."""

import numpy as np
import pytest
from scipy.stats import kstest
from sklearn.linear_model import LinearRegression

from skcollapse import RecursiveMixRegressor
from skcollapse.synthesizers import (
    GaussianCopulaSynthesizer,
    GaussianSynthesizer,
    TreeSynthesizer,
)
from skcollapse.synthesizers._columns._points import normal_points, uniform_points

SYNTHESIZERS = [GaussianSynthesizer, GaussianCopulaSynthesizer, TreeSynthesizer]


@pytest.mark.parametrize("n_rows", [1, 2, 100, 128])
def test_points_lie_inside_the_cube(n_rows):
    points = uniform_points(n_rows, 5, np.random.default_rng(0), "sobol")
    assert points.shape == (n_rows, 5)
    assert points.min() > 0
    assert points.max() < 1
    assert np.isfinite(normal_points(n_rows, 5, np.random.default_rng(0), "sobol")).all()


def test_each_interval_of_a_power_of_two_holds_one_point():
    points = uniform_points(64, 3, np.random.default_rng(0), "sobol")
    for column in points.T:
        np.testing.assert_array_equal(np.sort((64 * column).astype(int)), np.arange(64))


def test_a_single_row_is_uniform_over_seeds():
    first = [
        uniform_points(8, 1, np.random.default_rng(seed), "sobol")[5, 0] for seed in range(400)
    ]
    assert kstest(first, "uniform").pvalue > 0.01


def test_columns_beyond_the_table_of_directions_are_drawn_independently():
    points = uniform_points(4, 21_205, np.random.default_rng(0), "sobol")
    assert points.shape == (4, 21_205)
    assert ((points > 0) & (points < 1)).all()


@pytest.mark.parametrize("kind", SYNTHESIZERS)
def test_means_and_covariances_of_drawn_rows_vary_less(kind):
    rng = np.random.default_rng(0)
    x = rng.normal(size=500)
    X = np.column_stack([x, 0.6 * x + 0.8 * rng.normal(size=500), rng.normal(size=500)])
    spread = {}
    for draws in ("random", "sobol"):
        fitted = kind(draws=draws).fit(X)
        moments = []
        for seed in range(40):
            drawn = fitted.sample(256, random_state=seed)
            moments.append([*drawn.mean(axis=0), drawn[:, 0] @ drawn[:, 1] / 256])
        spread[draws] = np.std(moments, axis=0)
    assert (spread["sobol"] < 0.6 * spread["random"]).all()


@pytest.mark.parametrize("kind", SYNTHESIZERS)
def test_draws_are_reproducible_and_checked(kind):
    X = np.random.default_rng(0).normal(size=(60, 2))
    fitted = kind(draws="sobol").fit(X)
    first, again = fitted.sample(10, random_state=3), fitted.sample(10, random_state=3)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, fitted.sample(10, random_state=4))
    with pytest.raises(ValueError, match="The 'draws' parameter"):
        kind(draws="halton").fit(X)


def test_mixed_columns_with_missing_values():
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(0)
    number = rng.normal(size=400)
    frame = pd.DataFrame(
        {
            "number": np.where(rng.random(400) < 0.2, np.nan, number),
            "count": rng.poisson(3, 400),
            "town": pd.Categorical(rng.choice(["a", "b", "c"], 400, p=[0.6, 0.3, 0.1])),
        }
    )
    for kind in (GaussianCopulaSynthesizer, TreeSynthesizer):
        drawn = kind(draws="sobol").fit(frame).sample(512, random_state=0)
        assert list(drawn.dtypes) == list(frame.dtypes)
        assert drawn["number"].isna().mean() == pytest.approx(
            frame["number"].isna().mean(), abs=0.01
        )
        shares = [f["town"].value_counts(normalize=True).sort_index() for f in (drawn, frame)]
        np.testing.assert_allclose(*shares, atol=0.01)


def test_the_recursion_falls_below_the_theory_of_independent_draws():
    """Slope of a line on jointly drawn rows, k = 1 and a real weight of 0.3.

    Independent draws: the variance settles at (w^2 + (1-w)^2) / (w (2-w)) = 1.14 sigma^2 / n.
    Spread draws carry hardly any noise of their own: w / (2-w) = 0.18 is the limit without it.
    """
    w, n, squares = 0.3, 64, {"random": [], "sobol": []}
    for seed in range(20):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(7 * n, 1))
        y = 2 * X[:, 0] + rng.normal(size=7 * n)
        for draws, found in squares.items():
            mix = RecursiveMixRegressor(
                LinearRegression(),
                GaussianSynthesizer(draws=draws),
                labels="joint",
                lam=(1 - w) / w,
                n_synthetic=1.0,
                n_generations=6,
                random_state=seed,
            )
            found.append(n * (mix.fit(X, y).estimator_.coef_[0] - 2) ** 2)
    assert 0.6 < np.mean(squares["random"]) < 2.0
    assert np.mean(squares["sobol"]) < 0.4
