"""Energy distance and sliced Wasserstein distance: what holds for both, and for each."""

import numpy as np
import pytest
import scipy.stats
from scipy.spatial.distance import cdist
from scipy.stats import norm

from skcollapse.metrics import _energy, _wasserstein, energy_distance, sliced_wasserstein


def _sliced(X, Y, **options):
    return sliced_wasserstein(X, Y, random_state=0, **options)


DISTANCES = [energy_distance, _sliced]
BOTH = pytest.mark.parametrize("distance", DISTANCES, ids=["energy", "sliced"])
SCIPY = {energy_distance: scipy.stats.energy_distance, _sliced: scipy.stats.wasserstein_distance}


def _normal(n, shift=0.0, columns=3, seed=0):
    return np.random.default_rng(seed).normal(shift, size=(n, columns))


@BOTH
def test_one_column_gives_scipys_distance(distance):
    rng = np.random.default_rng(0)
    X, Y = np.round(rng.normal(size=40), 1), np.round(rng.normal(1, 2, size=30), 1)
    u, v = rng.random(40), rng.random(30)
    assert distance(X, Y, standardize=False) == pytest.approx(SCIPY[distance](X, Y))
    found = distance(X, Y, sample_weight_X=u, sample_weight_Y=v, standardize=False)
    assert found == pytest.approx(SCIPY[distance](X, Y, u, v))
    # Standardising divides by the standard deviation under the even mixture.
    mean = (X.mean() + Y.mean()) / 2
    scale = np.sqrt(np.mean((X - mean) ** 2) / 2 + np.mean((Y - mean) ** 2) / 2)
    assert distance(X, Y) == pytest.approx(SCIPY[distance](X / scale, Y / scale))


@BOTH
def test_identical_samples_are_at_distance_zero(distance):
    X = np.c_[_normal(50), np.random.default_rng(1).integers(0, 3, 50)]
    assert distance(X, X[::-1]) == pytest.approx(0.0, abs=1e-12)
    assert distance(np.repeat(X, 2, axis=0), X) == pytest.approx(0.0, abs=1e-12)


@BOTH
def test_symmetric_with_mixed_columns(distance):
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(0)
    frames = [
        pd.DataFrame({"a": rng.normal(size=40), "b": rng.choice(levels, 40)})
        for levels in (["x", "y"], ["z", "y", "u"])
    ]
    frames[0].loc[:9, "a"] = np.nan
    assert distance(*frames) == pytest.approx(distance(*frames[::-1]), rel=1e-12)


@BOTH
def test_grows_with_a_shift(distance):
    X = _normal(200, seed=1)
    found = [distance(X, _normal(200, shift, seed=2)) for shift in (0.0, 0.5, 1.0, 2.0, 4.0)]
    assert np.all(np.diff(found) > 0.05)


@BOTH
def test_integer_weights_equal_repeated_rows(distance):
    X, Y = _normal(40, seed=1), _normal(30, 0.5, seed=2)
    counts = np.random.default_rng(3).integers(0, 4, size=40)
    weighted = distance(X, Y, sample_weight_X=counts)
    assert weighted == pytest.approx(distance(np.repeat(X, counts, axis=0), Y), rel=1e-10)
    assert weighted != pytest.approx(distance(X, Y), rel=1e-3)


@BOTH
def test_weights_count_in_proportion_only(distance):
    X, Y = _normal(40, seed=1), _normal(30, 0.5, seed=2)
    weight = np.random.default_rng(3).random(40)
    found = distance(X, Y, sample_weight_X=weight)
    assert distance(X, Y, sample_weight_X=1000 * weight) == pytest.approx(found, rel=1e-10)


@BOTH
def test_two_levels_and_zeros_and_ones_are_the_same_column(distance):
    X, Y = np.repeat([0.0, 1.0], [30, 10]), np.repeat([0.0, 1.0], [20, 40])
    as_levels = [np.where(values > 0, "yes", "no") for values in (X, Y)]
    if distance is energy_distance:
        assert distance(*as_levels) == pytest.approx(distance(X, Y), rel=1e-7)
    # Without scaling, levels are at distance 1: energy 2 (p - q)^2 with p - q = 1/4 - 2/3.
    expected = np.sqrt(2) * (2 / 3 - 1 / 4)
    assert energy_distance(*as_levels, standardize=False) == pytest.approx(expected)


@BOTH
def test_units_do_not_matter_once_standardised(distance):
    X, Y = _normal(40, seed=1), _normal(30, 0.5, seed=2)
    scale, shift = np.array([1.0, 1000.0, 1e-3]), np.array([0.0, 1e5, -1.0])
    found = distance(X * scale + shift, Y * scale + shift)
    assert found == pytest.approx(distance(X, Y), rel=1e-6)


@BOTH
def test_a_constant_column_adds_nothing(distance):
    X, Y = _normal(40, columns=2, seed=1), _normal(30, 0.5, columns=2, seed=2)
    X, Y = np.c_[X, np.full(40, 0.1)], np.c_[Y, np.full(30, 0.1)]
    if distance is energy_distance:
        assert distance(X, Y) == pytest.approx(distance(X[:, :2], Y[:, :2]), rel=1e-7)
    assert np.isfinite(distance(X, Y))


@BOTH
def test_lost_missing_values_are_seen(distance):
    X = _normal(100, columns=2, seed=1)
    Y = X.copy()
    X[:40, 0] = np.nan
    Y[:40, 0] = np.nanmean(X[:, 0])
    assert distance(X, Y) > 0.1


@BOTH
def test_blocks_change_nothing(distance, monkeypatch):
    rng = np.random.default_rng(0)
    tables = [np.c_[_normal(50), rng.integers(0, 2, 50)].astype(object) for _ in range(2)]
    for table in tables:
        table[:, 3] = np.array(["a", "b"], dtype=object)[table[:, 3].astype(int)]
    found = distance(*tables)
    monkeypatch.setattr(_energy, "_BLOCK", 130)
    monkeypatch.setattr(_wasserstein, "_BLOCK", 300)
    monkeypatch.setattr(_energy, "_FEW_LEVELS", 1)  # and codes instead of indicators
    assert distance(*tables) == pytest.approx(found, rel=1e-6)


@BOTH
def test_standardize_must_be_a_bool(distance):
    with pytest.raises(ValueError, match="standardize must be a bool"):
        distance([1.0], [2.0], standardize="yes")


def test_energy_is_that_of_all_pairs_of_rows():
    X, Y = _normal(40, seed=1), _normal(30, 0.5, seed=2)
    u, v = np.random.default_rng(3).random(40), np.random.default_rng(4).random(30)
    p, q = u / u.sum(), v / v.sum()
    squared = 2 * p @ cdist(X, Y) @ q - p @ cdist(X, X) @ p - q @ cdist(Y, Y) @ q
    found = energy_distance(X, Y, sample_weight_X=u, sample_weight_Y=v, standardize=False)
    assert found == pytest.approx(np.sqrt(squared), rel=1e-6)


def test_energy_distance_of_two_normal_laws():
    shift, n = 1.0, 40_000
    X, Y = (_normal(n, mean, columns=1, seed=seed) for mean, seed in ((0, 1), (shift, 2)))
    # E|N(d, 2)| for the three pairs.
    apart = 2 / np.sqrt(np.pi) * np.exp(-(shift**2) / 4) + shift * (
        2 * norm.cdf(shift / 2**0.5) - 1
    )
    truth = 2 * apart - 4 / np.sqrt(np.pi)
    found = energy_distance(X, Y, standardize=False) ** 2
    # The derivative of the energy in the shift is 2 (2 Phi(d / sqrt 2) - 1) = 1.04, and the shift
    # of the means has standard error sqrt(2 / n).
    assert abs(found - truth) < 5 * 1.04 * np.sqrt(2 / n)


def test_energy_of_one_law_is_as_large_as_stated():
    n, m = 60, 40
    found = [
        energy_distance(
            _normal(n, columns=1, seed=s), _normal(m, columns=1, seed=500 + s), standardize=False
        )
        ** 2
        for s in range(200)
    ]
    stated = (1 / n + 1 / m) * 2 / np.sqrt(np.pi)
    assert abs(np.mean(found) - stated) < 4 * np.std(found) / np.sqrt(len(found))


def test_sliced_wasserstein_of_a_shift():
    # Every projection of a shifted copy is shifted by its part of the shift: |theta . d|, on
    # average |d| Gamma(3/2) / (sqrt(pi) Gamma(2)) = |d| / 2 on the sphere in three dimensions.
    X, shift = _normal(30), np.array([3.0, 0.0, 4.0])
    found = sliced_wasserstein(X, X + shift, n_projections=4000, standardize=False, random_state=0)
    # |theta . d| / |d| is uniform on (0, 1).
    assert abs(found - 2.5) < 4 * 5 / np.sqrt(12 * 4000)


def test_sliced_wasserstein_averages_scipys_distances_of_projections():
    X, Y = _normal(30, seed=1), _normal(20, 0.5, seed=2)
    weight = np.random.default_rng(3).random(30)
    directions = np.random.default_rng(5).normal(size=(3, 7))
    directions /= np.linalg.norm(directions, axis=0)
    expected = [
        scipy.stats.wasserstein_distance(X @ theta, Y @ theta, weight) for theta in directions.T
    ]
    found = sliced_wasserstein(
        X,
        Y,
        sample_weight_X=weight,
        n_projections=7,
        standardize=False,
        random_state=np.random.default_rng(5),
    )
    assert found == pytest.approx(np.mean(expected))


def test_sliced_wasserstein_repeats_with_its_seed():
    X, Y = _normal(30, seed=1), _normal(20, 0.5, seed=2)
    first, again, other = (sliced_wasserstein(X, Y, random_state=s) for s in (0, 0, 1))
    assert first == again != other
    with pytest.raises(ValueError, match="n_projections must be a whole number >= 1"):
        sliced_wasserstein(X, Y, n_projections=0)
