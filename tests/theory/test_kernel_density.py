"""Statements about kernel density estimates that are fitted to their own rows."""

import numpy as np
import pytest
from scipy import integrate, stats

from skcollapse.theory import (
    kde_mise,
    kde_variance_inflation,
    optimal_real_weight,
    variance_path,
)


def normal_kernel(x, variance):
    return np.exp(-(x**2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)


def integrated_squared_error(rows, mass, h):
    """Exact integral of (estimate - N(0, 1))^2 for each row of `rows`."""
    distance = rows[:, :, None] - rows[:, None, :]
    squares = np.einsum("i,pij,j->p", mass, normal_kernel(distance, 2 * h**2), mass)
    return squares - 2 * normal_kernel(rows, 1 + h**2) @ mass + 1 / np.sqrt(4 * np.pi)


def simulate_mise(n, m, w, h, n_generations, n_paths, seed):
    """Integrated squared error for standard normal rows, one value a path."""
    rng = np.random.default_rng(seed)
    rows, mass = rng.standard_normal((n_paths, n)), np.full(n, 1 / n)
    for _ in range(n_generations):
        picked = np.searchsorted(np.cumsum(mass)[:-1], rng.random((n_paths, m)))
        synthetic = np.take_along_axis(rows, picked, 1) + h * rng.standard_normal((n_paths, m))
        rows = np.hstack([rng.standard_normal((n_paths, n)), synthetic])
        mass = np.repeat([w / n, (1 - w) / m], [n, m])
    return integrated_squared_error(rows, mass, h)


def simulate_second_moment(n, m, constant, n_generations, n_paths, seed):
    """Second moment of the estimates for standard normal rows, one value a path."""
    rng = np.random.default_rng(seed)
    rows, h = rng.standard_normal((n_paths, n)), constant * n**-0.2
    for _ in range(n_generations):
        picked = rng.integers(rows.shape[1], size=(n_paths, m))
        synthetic = np.take_along_axis(rows, picked, 1) + h * rng.standard_normal((n_paths, m))
        rows, h = (
            np.hstack([rng.standard_normal((n_paths, n)), synthetic]),
            constant * (n + m) ** -0.2,
        )
    return np.mean(rows**2, 1) + h**2


def within(values, expected):
    return abs(values.mean() - expected) < 4 * values.std() / np.sqrt(len(values))


@pytest.mark.parametrize("h", [0.05, 0.4, 2.0])
def test_first_generation_is_the_textbook_error_of_a_normal_density(h):
    n = 50
    smoothing = 1 / np.sqrt(1 + h**2) - 2 * np.sqrt(2 / (2 + h**2)) + 1
    variance = (1 / h - 1 / np.sqrt(1 + h**2)) / n
    expected = np.array([smoothing, variance]) / np.sqrt(4 * np.pi)
    found = kde_mise(stats.norm(), n, 30, 0.4, h, n_generations=0)
    np.testing.assert_allclose([found.squared_bias, found.variance], expected, rtol=1e-5)
    assert found.mise == found.squared_bias + found.variance


def test_squared_bias_of_the_second_estimate_by_hand():
    # Half N(0, 2), half N(0, 3) against N(0, 1); the overlap of N(0, a) and N(0, b) is
    # 1 / (2 pi (a + b))^(1/2).
    overlaps = 1 / 4 / 4**0.5 + 1 / 2 / 5**0.5 + 1 / 4 / 6**0.5 - 1 / 3**0.5 - 1 / 2 + 1 / 2**0.5
    found = kde_mise(stats.norm(), 50, 30, 0.5, bandwidth=1.0, n_generations=1)
    assert found.squared_bias == pytest.approx(overlaps / (2 * np.pi) ** 0.5, rel=1e-4)


def test_real_rows_alone_stay_at_the_first_generation():
    first = kde_mise(stats.norm(), 40, 10, 0.5, 0.3, n_generations=0)
    for n_generations in (1, 7, None):
        later = kde_mise(stats.norm(), 40, 10, 1.0, 0.3, n_generations)
        assert later.mise == pytest.approx(first.mise, rel=1e-9)


@pytest.mark.parametrize(
    ("w", "h", "expected"),
    [(0.3, 0.3, 0.00587), (0.618, 0.3, 0.00285), (0.618, 0.45, 0.00469), (0.8, 0.3, 0.00291)],
)
def test_error_at_tabled_values(w, h, expected):
    found = kde_mise(stats.norm(), 200, 200, w, h, 15).mise
    assert found == pytest.approx(expected, abs=5e-6)


@pytest.mark.parametrize("w", [0.1, 0.5, 0.9])
def test_late_generations_reach_the_limit(w):
    late = kde_mise(stats.laplace(), 30, 60, w, 0.25, n_generations=400)
    limit = kde_mise(stats.laplace(), 30, 60, w, 0.25)
    assert late.squared_bias == pytest.approx(limit.squared_bias, rel=1e-5)
    assert late.variance == pytest.approx(limit.variance, rel=1e-5)


class TwoBumps:
    """An even mix of normal laws around -2 and 2, with nothing but `cdf` and `ppf`."""

    def cdf(self, x):
        return (stats.norm.cdf(x, -2) + stats.norm.cdf(x, 2)) / 2

    def ppf(self, probability):
        grid = np.linspace(-9, 9, 20_001)
        return np.interp(probability, self.cdf(grid), grid)


def limiting_bias(w, h, squared_characteristic_function):
    """Squared bias of the limit by adaptive quadrature of its closed form."""

    def integrand(s):
        kappa = np.exp(-((h * s) ** 2) / 2)
        gain = w * kappa / (1 - (1 - w) * kappa)
        return (1 - gain) ** 2 * squared_characteristic_function(s) / np.pi

    return integrate.quad(integrand, 0, np.inf, limit=1000, epsabs=1e-12)[0]


@pytest.mark.parametrize(
    ("density", "phi2", "tolerance"),
    [
        (stats.norm(3, 1), lambda s: np.exp(-(s**2)), 1e-5),
        (stats.laplace(), lambda s: 1 / (1 + s**2) ** 2, 1e-5),
        (stats.expon(), lambda s: 1 / (1 + s**2), 1e-4),
        (stats.cauchy(), lambda s: np.exp(-2 * s), 1e-2),
        (TwoBumps(), lambda s: np.exp(-(s**2)) * np.cos(2 * s) ** 2, 1e-5),
    ],
)
def test_grid_agrees_with_quadrature(density, phi2, tolerance):
    found = kde_mise(density, 100, 100, 0.5, 0.3).squared_bias
    assert found == pytest.approx(limiting_bias(0.5, 0.3, phi2), rel=tolerance)


def test_error_scales_with_the_feature():
    one = kde_mise(stats.norm(), 50, 50, 0.5, 0.3).mise
    ten = kde_mise(stats.norm(scale=10), 50, 50, 0.5, 3.0).mise
    assert 10 * ten == pytest.approx(one, rel=1e-6)


@pytest.mark.parametrize("w", [0.3, 0.618])
def test_small_bandwidths_compound_to_one_of_square_h2_over_w(w):
    # ISB = h^4 R(f'') / (4 w^2) and variance = V / (2 sqrt(pi) n h), V with a polylogarithm.
    h, n, k = 0.02, 1e7, 0.5
    found = kde_mise(stats.norm(), n, n / k, w, h)
    assert found.squared_bias == pytest.approx(
        h**4 * 3 / (8 * np.sqrt(np.pi)) / (4 * w**2), rel=5e-3
    )
    j = np.arange(1, 400)
    geometric = np.sum((1 - w) ** (2 * j - 2) / np.sqrt(j))
    V = (w**2 + k * (1 - w) ** 2) * geometric
    assert found.variance == pytest.approx(V / (2 * np.sqrt(np.pi) * n * h), rel=4e-2)


@pytest.mark.parametrize(("k", "ratio"), [(1.0, 1.05), (0.25, 1.50)])
def test_unchanged_bandwidth_loses_to_real_rows_alone(k, ratio):
    n, h = 200, np.linspace(0.3, 0.45, 151)
    alone = [kde_mise(stats.norm(), n, n, 1.0, each).mise for each in h]
    best = int(np.argmin(alone))
    w = optimal_real_weight(k, 1.0)
    mixed = kde_mise(stats.norm(), n, n / k, w, h[best]).mise
    assert mixed / alone[best] == pytest.approx(ratio, abs=0.01)
    shrunk = kde_mise(stats.norm(), n, n / k, w, 0.77 * h[best] if k == 1 else 0.59 * h[best])
    assert shrunk.mise < 0.9 * alone[best]


@pytest.mark.parametrize(("n", "m", "w"), [(30, 30, 0.618), (20, 50, 0.3)])
def test_simulated_estimates_have_this_error(n, m, w):
    # 2,000 paths of drawn rows, 5 generations, h = 0.4; four standard errors (5 percent).
    found = simulate_mise(n, m, w, 0.4, 5, 2000, seed=9)
    assert within(found, kde_mise(stats.norm(), n, m, w, 0.4, 5).mise)
    # The check can fail: a weight off by 0.2 is caught.
    assert not within(found, kde_mise(stats.norm(), n, m, w - 0.2, 0.4, 5).mise)


def test_simulated_estimates_without_smoothing_follow_the_variance_path():
    # Rows drawn again without kernel noise; 1,500 paths, four standard errors (5 percent).
    n, m, w, h = 25, 40, 0.3, 0.35
    rng = np.random.default_rng(10)
    rows, mass = rng.standard_normal((1500, n)), np.full(n, 1 / n)
    for _ in range(4):
        picked = np.searchsorted(np.cumsum(mass)[:-1], rng.random((1500, m)))
        rows = np.hstack([rng.standard_normal((1500, n)), np.take_along_axis(rows, picked, 1)])
        mass = np.repeat([w / n, (1 - w) / m], [n, m])
    first = kde_mise(stats.norm(), n, m, w, h, n_generations=0)
    factor = variance_path(w, n / m, 4, c=1 - 1 / m)[-1]
    found = integrated_squared_error(rows, mass, h)
    assert within(found, first.squared_bias + factor * first.variance)
    # The check can fail: a weight off by 0.1 is caught.
    wrong = variance_path(w - 0.1, n / m, 4, c=1 - 1 / m)[-1]
    assert not within(found, first.squared_bias + wrong * first.variance)


def test_inflation_by_hand():
    # n = m = 16: r = 1, x = 1/2, i = 2: B = 2^0.6 * 3/4 + 1/4.
    expected = 4 * 16**-0.4 * (2**0.6 * 0.75 + 0.25)
    assert kde_variance_inflation(16, 16, 2, constant=2.0) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("m", [0.0, 30.0, 500.0])
def test_inflation_is_the_sum_of_squared_bandwidths_handed_on(m):
    n, c = 50.0, 0.7
    inflation = c**2 * n**-0.4
    found = kde_variance_inflation(n, m, np.arange(8), c)
    for each in found:
        assert each == pytest.approx(inflation, rel=1e-13)
        inflation = c**2 * (n + m) ** -0.4 + m / (n + m) * inflation


@pytest.mark.parametrize(
    ("generation", "ratio", "peak"), [(1, 3.61, 1.33), (5, 9.01, 2.22), (20, 27.12, 4.30)]
)
def test_inflation_is_largest_at_the_tabled_ratio(generation, ratio, peak):
    r = np.array([0.0, 0.97, 1.0, 1.03]) * ratio
    none, below, at, above = kde_variance_inflation(1.0, r, generation, 1.0)
    assert none == 1.0
    assert at == pytest.approx(peak, abs=5.1e-3)
    assert at > max(below, above)


def test_simulated_estimates_spread_by_this_much():
    # 20,000 paths of 20 real and 60 synthetic rows, 4 generations; four standard errors.
    found = simulate_second_moment(20, 60, 1.0, 4, 20_000, seed=11)
    assert within(found, 1 + kde_variance_inflation(20, 60, 4, 1.0))
    assert not within(found, 1 + kde_variance_inflation(20, 60, 3, 1.0))


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: kde_mise(np.ones(3), 10, 10, 0.5, 0.3), "density must be a frozen"),
        (lambda: kde_mise(stats.poisson(3), 10, 10, 0.5, 0.3), "density must be a frozen"),
        (lambda: kde_mise(stats.gamma(0.5), 10, 10, 0.5, 0.3), "density must be square"),
        (lambda: kde_mise(stats.lognorm(3), 10, 10, 0.5, 0.3), "heavy-tailed"),
        (lambda: kde_mise(stats.norm(), 0, 10, 0.5, 0.3), "n_real"),
        (lambda: kde_mise(stats.norm(), 10, 0, 0.5, 0.3), "n_synthetic"),
        (lambda: kde_mise(stats.norm(), 10, 10, 1.5, 0.3), "real_weight"),
        (lambda: kde_mise(stats.norm(), 10, 10, [0.5, 0.5], 0.3), "real_weight"),
        (lambda: kde_mise(stats.norm(), 10, 10, 0.0, 0.3), "real_weight must be > 0"),
        (lambda: kde_mise(stats.norm(), 10, 10, 0.5, 0.0), "bandwidth"),
        (lambda: kde_mise(stats.norm(), 10, 10, 0.5, 0.3, -1), "n_generations"),
        (lambda: kde_variance_inflation(0, 10, 1, 1.0), "n_real"),
        (lambda: kde_variance_inflation(10, -1, 1, 1.0), "n_synthetic"),
        (lambda: kde_variance_inflation(10, 10, 1.5, 1.0), "generation"),
        (lambda: kde_variance_inflation(10, 10, 1, -1.0), "constant"),
    ],
)
def test_invalid_input_is_named(call, name):
    with pytest.raises(ValueError, match=name):
        call()
