import numpy as np
import pytest
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression

from skcollapse.metrics import total_variation


def _normal(n, shift=0.0, seed=0):
    return np.random.default_rng(seed).normal(shift, size=n)


@pytest.mark.parametrize(
    ("weights_X", "weights_Y", "expected"),
    [
        ([1, 1, 2], [2, 1, 1], 0.25),  # |1/4 - 1/2| + 0 + |1/2 - 1/4|, halved
        ([1, 0, 0], [0, 1, 1], 1.0),
        ([3, 3, 6], [1, 1, 2], 0.0),
    ],
)
@pytest.mark.parametrize("method", ["exact", "grid"])
def test_discrete_laws_worked_by_hand(method, weights_X, weights_Y, expected):
    values = [1.5, 2.0, 7.0]
    found = total_variation(
        values, values, sample_weight_X=weights_X, sample_weight_Y=weights_Y, method=method
    )
    assert found == pytest.approx(expected, abs=1e-15)


def test_rows_are_compared_whole():
    # Both columns have the same law in X and Y; their dependence is opposite.
    X, Y = [["a", "c"], ["b", "d"]], [["a", "d"], ["b", "c"]]
    assert total_variation(X, Y) == 1.0
    for j in range(2):
        assert total_variation([row[j] for row in X], [row[j] for row in Y]) == 0.0


def test_missing_is_a_value_of_its_own():
    assert total_variation(["a", None, None], ["a", "a", None]) == pytest.approx(1 / 3)
    X, Y = np.r_[_normal(90), np.full(10, np.nan)], np.r_[_normal(60), np.full(40, np.nan)]
    assert total_variation(X, Y, method="grid") >= 0.3


@pytest.mark.parametrize("shift", [0.0, 0.5, 1.0, 2.0])
def test_grid_gives_the_distance_of_two_normal_laws(shift):
    n = 40_000
    found = total_variation(_normal(n, seed=1), _normal(n, shift, seed=2))
    truth = 2 * norm.cdf(shift / 2) - 1
    # Below: what the bins lose, at most .004 for 20 of them. Above: noise, for K bins on average
    # .4 sqrt(2 K / n) = .013 if there is no difference at all.
    assert truth - 0.004 - 4 * 0.005 <= found <= truth + 0.02


def test_noise_of_the_grid_is_as_stated():
    found = [
        total_variation(_normal(500, seed=seed), _normal(500, seed=1000 + seed))
        for seed in range(40)
    ]
    stated = 0.4 * np.sqrt(20 * 2 / 500)
    error = np.std(found) / np.sqrt(len(found))
    assert abs(np.mean(found) - stated) < 4 * error + 0.02 * stated  # 0.4 is rounded


def test_grid_ignores_units_and_monotone_transformations():
    X, Y = _normal(300, seed=1), _normal(200, 0.7, seed=2)
    found = total_variation(X, Y)
    assert total_variation(3 * X + 5, 3 * Y + 5) == pytest.approx(found, abs=1e-12)
    assert total_variation(np.exp(X), np.exp(Y)) == pytest.approx(found, abs=1e-12)


@pytest.mark.parametrize("method", ["grid", "classifier"])
def test_grows_with_a_shift(method):
    X = _normal(600, seed=1)
    found = [
        total_variation(
            X,
            _normal(600, shift, seed=2),
            method=method,
            classifier=LogisticRegression(),
            random_state=0,
        )
        for shift in (0.0, 0.8, 1.6, 3.2)
    ]
    assert np.all(np.diff(found) > 0.1)


@pytest.mark.parametrize("method", ["exact", "grid", "classifier"])
def test_identical_samples_are_at_distance_zero(method):
    X = _normal(200)
    assert total_variation(X, X[::-1], method=method, random_state=0) == 0.0


@pytest.mark.parametrize("method", ["exact", "grid"])
def test_symmetric(method):
    X, Y = np.round(_normal(60, seed=1), 1), np.round(_normal(50, 0.5, seed=2), 1)
    assert total_variation(X, Y, method=method) == total_variation(Y, X, method=method)


def test_triangle_inequality_of_the_exact_distance():
    X, Y, Z = (np.round(_normal(100, shift, seed=3)) for shift in (0, 1, 2))
    direct = total_variation(X, Z, method="exact")
    by_way = total_variation(X, Y, method="exact") + total_variation(Y, Z, method="exact")
    assert direct <= by_way + 1e-12


@pytest.mark.parametrize("method", ["exact", "grid", "classifier"])
def test_integer_weights_equal_repeated_rows(method):
    X, Y = _normal(120, seed=1), _normal(100, 0.5, seed=2)
    if method == "exact":
        X, Y = np.round(X), np.round(Y)
    counts = np.random.default_rng(3).integers(0, 4, size=120)
    options = {"method": method, "random_state": 0}
    weighted = total_variation(X, Y, sample_weight_X=counts, **options)
    repeated = total_variation(np.repeat(X, counts), Y, **options)
    assert weighted == pytest.approx(repeated, abs=1e-12)
    assert weighted != pytest.approx(total_variation(X, Y, **options), abs=1e-3)


def test_classifier_bounds_the_distance_from_below():
    X, Y = _normal(1000, seed=1), _normal(1000, 1.0, seed=2)
    found = total_variation(X, Y, method="classifier", random_state=0)
    truth = 2 * norm.cdf(0.5) - 1
    error = np.sqrt(2 / 1000) / 2
    assert found <= truth + 4 * error
    assert found > truth - 0.1  # boosting loses little on one column


def test_auto_takes_the_method_of_the_columns():
    X, Y = _normal(60, seed=1), _normal(60, 2.0, seed=2)
    assert total_variation(X, Y) == total_variation(X, Y, method="grid")
    text = np.where(X > 0, "high", "low")
    assert total_variation(text, text) == 0.0
    table, other = np.c_[X, X], np.c_[Y, Y]
    auto = total_variation(table, other, random_state=0)
    assert auto == total_variation(table, other, method="classifier", random_state=0) > 0.3


def test_invalid_options_are_named():
    with pytest.raises(ValueError, match="method must be one of auto, exact, grid, classifier"):
        total_variation([1], [2], method="kernel")
    with pytest.raises(ValueError, match="n_bins must be a whole number >= 2"):
        total_variation([1], [2], n_bins=1)
    with pytest.raises(ValueError, match="'grid' takes a single numeric column"):
        total_variation(["a"], ["b"], method="grid")
    with pytest.raises(ValueError, match="'grid' takes a single numeric column"):
        total_variation(np.ones((2, 2)), np.ones((2, 2)), method="grid")
