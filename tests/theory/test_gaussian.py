"""Statements about a Gaussian that is fitted again and again to its own rows."""

import numpy as np
import pytest
from scipy.special import gamma

from skcollapse.theory import (
    gaussian_collapse_factor,
    gaussian_lam_path,
    gaussian_location_mse,
    limiting_variance,
    pooled_variance_path,
    variance_path,
)


def simulate_fits_to_own_rows(n, n_generations, n_paths, seed, ddof=1):
    """Fitted variance after `n_generations` fits to n rows of the model before."""
    rng = np.random.default_rng(seed)
    variance = np.ones(n_paths)
    for _ in range(n_generations):
        variance = variance * rng.chisquare(n - 1, n_paths) / (n - ddof)
    return variance


def simulate_fixed_rows(n, m, lam, n_generations, n_paths, seed):
    """Fitted means and variances when the same real rows stay in the weighted mix."""
    rng = np.random.default_rng(seed)
    w = 1 / (1 + lam)
    real = rng.standard_normal((n, n_paths))
    mean, variance = real.mean(0), real.var(0)
    for _ in range(n_generations):
        synthetic = mean + np.sqrt(variance) * rng.standard_normal((m, n_paths))
        mean = w * real.mean(0) + (1 - w) * synthetic.mean(0)
        variance = w * np.mean((real - mean) ** 2, 0) + (1 - w) * np.mean(
            (synthetic - mean) ** 2, 0
        )
    return mean, variance


def simulate_location(n, m, n_generations, n_paths, seed, real):
    """Mean of n real and m synthetic rows of known variance, after `n_generations`."""
    rng = np.random.default_rng(seed)
    rows = rng.standard_normal((n, n_paths)).mean(0)
    mean = rows
    for _ in range(n_generations):
        rows = rows if real == "fixed" else rng.standard_normal((n, n_paths)).mean(0)
        synthetic = mean + rng.standard_normal((m, n_paths)).mean(0)
        mean = (n * rows + m * synthetic) / (n + m)
    return mean


def within(values, expected):
    return abs(values.mean() - expected) < 4 * values.std() / np.sqrt(len(values))


def test_sd_factor_by_hand():
    # c4(2) = sqrt(2 / pi), c4(3) = sqrt(pi) / 2.
    found = gaussian_collapse_factor([2, 3])
    np.testing.assert_allclose(found, [np.sqrt(2 / np.pi), np.sqrt(np.pi) / 2], rtol=1e-14)
    n = np.array([4, 7, 20, 100])
    direct = np.sqrt(2 / (n - 1)) * gamma(n / 2) / gamma((n - 1) / 2)
    np.testing.assert_allclose(gaussian_collapse_factor(n), direct, rtol=1e-13)


def test_factors_of_twenty_rows_after_fifty_generations():
    assert gaussian_collapse_factor(20) ** 50 == pytest.approx(0.5181, abs=5e-5)
    assert 50 * gaussian_collapse_factor(20, "log_variance") == pytest.approx(-2.6777, abs=5e-5)
    assert gaussian_collapse_factor(20, "mle_variance") == 0.95


@pytest.mark.parametrize(
    ("kind", "slope"), [("sd", -1 / 4), ("mle_variance", -1.0), ("log_variance", -1.0)]
)
def test_many_rows_lose_a_share_of_order_one_over_n(kind, slope):
    n = np.array([1e3, 1e5])
    lost = gaussian_collapse_factor(n, kind) - (0.0 if kind == "log_variance" else 1.0)
    np.testing.assert_allclose(n * lost, slope, rtol=3e-3)


def test_simulated_fits_to_own_rows_collapse_at_these_factors():
    # 100,000 paths of 10 rows, 8 generations; four standard errors (1 percent or less).
    variance = simulate_fits_to_own_rows(10, 8, 100_000, seed=5)
    assert within(np.sqrt(variance), gaussian_collapse_factor(10) ** 8)
    assert within(np.log(variance), 8 * gaussian_collapse_factor(10, "log_variance"))
    mle = simulate_fits_to_own_rows(10, 8, 100_000, seed=6, ddof=0)
    assert within(mle, gaussian_collapse_factor(10, "mle_variance") ** 8)
    # The check can fail: the factors of 11 rows are caught.
    assert not within(np.sqrt(variance), gaussian_collapse_factor(11) ** 8)
    assert not within(mle, gaussian_collapse_factor(11, "mle_variance") ** 8)


def test_lam_path_by_hand():
    # n = 4, m = 2, lam = 1: q = 1/4, u_1 = 1/8, u_2 = (1/16 + 1/2) / 4 = 9/64.
    path = gaussian_lam_path(4, 2, 1.0, 2)
    u = np.array([0, 1 / 8, 9 / 64])
    np.testing.assert_allclose(path.mean_error, 1 / 4 + 3 / 4 * u, rtol=1e-15)
    np.testing.assert_allclose(path.variance, 3 / 4 * (1 - u), rtol=1e-15)


@pytest.mark.parametrize(("lam", "m", "u"), [(1.0, 20, 0.01639), (4.0, 80, 0.02174)])
def test_lam_path_at_tabled_values(lam, m, u):
    path = gaussian_lam_path(20, m, lam, 30)
    assert 1 - path.variance[-1] / 0.95 == pytest.approx(u, abs=5.1e-6)
    assert (path.mean_error[-1] - 0.05) / 0.95 == pytest.approx(u, abs=5.1e-6)


@pytest.mark.parametrize("lam", [0.0, 0.5, 4.0, np.inf])
def test_mean_error_and_variance_add_up_to_one(lam):
    path = gaussian_lam_path(12, 30, lam, 15)
    np.testing.assert_allclose(path.mean_error + path.variance, 1.0, rtol=1e-14)


def test_synthetic_rows_alone_collapse():
    path = gaussian_lam_path(10, 25, np.inf, 20)
    factor = gaussian_collapse_factor(25, "mle_variance")
    np.testing.assert_allclose(path.variance, 0.9 * factor ** np.arange(21), rtol=1e-13)
    np.testing.assert_allclose(path.variance, pooled_variance_path(10, 25, 0.0, 20)[1], rtol=1e-13)


def test_real_rows_alone_stay_as_they_are():
    path = gaussian_lam_path(10, 25, 0.0, 5)
    np.testing.assert_array_equal(path.variance, 0.9)
    np.testing.assert_array_equal(path.mean_error, 0.1)


@pytest.mark.parametrize("lam", [0.5, 1.0, 4.0, 50.0])
def test_no_finite_lam_loses_more_than_half_of_one_row(lam):
    # Exact limit u = (q / m) / (1 - q (1 - 1 / m)) with m = lam n, near lam / (1 + 2 lam) / n.
    n, m = 50, lam * 50
    q = (lam / (1 + lam)) ** 2
    lost = 1 - gaussian_lam_path(n, m, lam, 5000).variance[-1] / (1 - 1 / n)
    assert lost == pytest.approx(q / m / (1 - q * (1 - 1 / m)), rel=1e-9)
    assert lost == pytest.approx(lam / (1 + 2 * lam) / n, rel=0.03)
    assert lost < 1 / (2 * n)


@pytest.mark.parametrize(("n", "m", "lam"), [(6, 6, 1.0), (6, 12, 4.0), (6, 6, np.inf)])
def test_simulated_fits_to_fixed_rows_follow_the_lam_path(n, m, lam):
    # 40,000 paths of drawn rows, 6 generations; four standard errors (1 to 4 percent).
    mean, variance = simulate_fixed_rows(n, m, lam, 6, 40_000, seed=7)
    path = gaussian_lam_path(n, m, lam, 6)
    assert within(mean**2, path.mean_error[-1])
    assert within(variance, path.variance[-1])
    # The check can fail: another lam is caught.
    wrong = gaussian_lam_path(n, m, 0.5 if lam == 1.0 else 1.0, 6)
    assert not within(variance, wrong.variance[-1])
    assert not within(mean**2, wrong.mean_error[-1])


def test_location_error_by_hand():
    # r = 2: E(2, t) = 2/5 (1 - (4/9)^t).
    expected = 1 + 0.4 * (1 - np.array([1, 4 / 9, 16 / 81]))
    np.testing.assert_allclose(gaussian_location_mse(5, 10, 2), expected, rtol=1e-15)


@pytest.mark.parametrize("r", [0.0, 0.3, 1.0, 8.0])
def test_fixed_and_fresh_rows_mirror_each_other(r):
    fixed = gaussian_location_mse(10, 10 * r, 12)
    fresh = gaussian_location_mse(10, 10 * r, 12, real="fresh")
    np.testing.assert_allclose(fixed + fresh, 2.0, rtol=1e-14)
    assert fixed.max() < 1.5


@pytest.mark.parametrize("r", [0.3, 1.0, 8.0])
def test_fresh_rows_follow_the_path_of_the_proportional_weight(r):
    fresh = gaussian_location_mse(10, 10 * r, 300, real="fresh")
    np.testing.assert_allclose(fresh, variance_path(1 / (1 + r), 1 / r, 300), rtol=1e-12)
    assert fresh[-1] == pytest.approx(limiting_variance(1 / (1 + r), 1 / r), rel=1e-12)


@pytest.mark.parametrize(("generation", "ratio"), [(5, 2.95), (20, 8.72), (100, 32.95)])
def test_error_is_largest_at_the_tabled_ratio(generation, ratio):
    def error(r):
        return gaussian_location_mse(1.0, r, generation)[-1]

    assert error(ratio) > max(error(0.97 * ratio), error(1.03 * ratio))


@pytest.mark.parametrize("real", ["fixed", "fresh"])
def test_simulated_means_follow_the_location_error(real):
    # 40,000 paths of 5 real and 15 synthetic rows, 6 generations; four standard errors.
    mean = simulate_location(5, 15, 6, 40_000, 8, real)
    assert within(5 * mean**2, gaussian_location_mse(5, 15, 6, real=real)[-1])
    other = "fresh" if real == "fixed" else "fixed"
    assert not within(5 * mean**2, gaussian_location_mse(5, 15, 6, real=other)[-1])


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: gaussian_collapse_factor(1), "n_samples"),
        (lambda: gaussian_collapse_factor(np.inf), "n_samples"),
        (lambda: gaussian_collapse_factor(5, "variance"), "kind"),
        (lambda: gaussian_lam_path(0, 5, 1.0, 3), "n_real"),
        (lambda: gaussian_lam_path(5, 0, 0.0, 3), "n_synthetic"),
        (lambda: gaussian_lam_path(5, 5, -1.0, 3), "lam"),
        (lambda: gaussian_lam_path(5, 5, [1.0, 2.0], 3), "lam"),
        (lambda: gaussian_lam_path(5, 5, 1.0, -3), "n_generations"),
        (lambda: gaussian_location_mse(0, 5, 3), "n_real"),
        (lambda: gaussian_location_mse(5, -5, 3), "n_synthetic"),
        (lambda: gaussian_location_mse(5, 5, "3"), "n_generations"),
        (lambda: gaussian_location_mse(5, 5, 3, real="new"), "real must"),
    ],
)
def test_invalid_input_is_named(call, name):
    with pytest.raises(ValueError, match=name):
        call()
