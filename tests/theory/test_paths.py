"""Statements about the variance of mixed generations and its limit."""

import numpy as np
import pytest

from skcollapse.theory import (
    biased_mse,
    limiting_variance,
    optimal_real_weight,
    real_weight_schedule,
    variance_path,
)


def simulate_means(weights, n, m, n_paths, seed, *, bias=0.0, noise_ratio=1.0, retention=1.0):
    """Mean squared error, in units of sigma^2 / n, of weighted means of Gaussian rows.

    One row of the result per generation from 0, and its standard error in the second.
    """
    rng = np.random.default_rng(seed)
    mean = rng.standard_normal(n_paths) / np.sqrt(n)
    squares = [n * mean**2]
    for w in weights:
        real = rng.standard_normal(n_paths) / np.sqrt(n)
        noise = rng.standard_normal(n_paths) * np.sqrt(noise_ratio / m)
        mean = w * real + (1 - w) * (retention * mean + bias + noise)
        squares.append(n * mean**2)
    squares = np.array(squares)
    return squares.mean(1), squares.std(1) / np.sqrt(n_paths)


def within(found, standard_error, expected, n_errors=4.0):
    return np.all(np.abs(found - expected) < n_errors * standard_error)


def test_path_by_hand():
    # 1; 1/4 + 9/16 (1 + 2) ; ... with w = 1/4 and k = 2.
    first = 1 / 16 + 9 / 16 * 3
    second = 1 / 16 + 9 / 16 * (first + 2)
    np.testing.assert_allclose(variance_path(0.25, 2.0, 2), [1, first, second], rtol=1e-15)


@pytest.mark.parametrize(
    ("k", "w", "expected"),
    [
        (0.25, 0.3904, [0.6169, 0.4746, 0.3947, 0.3904]),
        (0.25, 0.2, [0.8400, 0.7376, 0.6033, 0.5577]),
        (1.0, 0.2, [1.320, 1.525, 1.793, 1.885]),
        (4.0, 0.2, [3.240, 4.674, 6.554, 7.193]),
        (1.0, 0.0, [2, 3, 6, 13]),
    ],
)
def test_path_at_tabled_values(k, w, expected):
    assert variance_path(w, k, 12)[[1, 2, 5, 12]] == pytest.approx(expected, abs=5.1e-4)


def test_real_rows_alone_keep_their_variance():
    np.testing.assert_array_equal(variance_path(1.0, 3.0, 5, initial=0.2)[1:], 1.0)


def test_synthetic_rows_alone_add_k_in_every_generation():
    k = np.array([1.0, 0.25, 0.5])
    np.testing.assert_allclose(variance_path(0.0, k, 3), 1 + np.cumsum([0, *k]), rtol=1e-15)


def test_no_generation_leaves_the_initial_variance():
    np.testing.assert_array_equal(variance_path(0.5, 1.0, 0, initial=2.0), [2.0])
    np.testing.assert_array_equal(variance_path([], [], 0, initial=2.0), [2.0])


@pytest.mark.parametrize("c", [0.0, 0.9, 1.0, 1.1])
@pytest.mark.parametrize(("w", "k"), [(0.3, 0.25), (0.618, 1.0), (0.9, 4.0), (0.2, 0.0)])
def test_path_nears_its_limit_geometrically(w, k, c):
    path, limit = variance_path(w, k, 60, initial=3.0, c=c), limiting_variance(w, k, c=c)
    t = np.arange(61)
    closed_form = limit + (c * (1 - w) ** 2) ** t * (3.0 - limit)
    np.testing.assert_allclose(path, closed_form, rtol=1e-13)


def test_path_of_the_schedule_is_one_over_its_effective_size():
    n = np.full(8, 40.0)
    weights, size = real_weight_schedule(n, n / 3, n_initial=25.0)
    path = variance_path(weights, 3.0, 8, initial=40 / 25)
    np.testing.assert_allclose(path[1:], 40 / size, rtol=1e-13)
    np.testing.assert_allclose(path[1:], weights, rtol=1e-13)


@pytest.mark.parametrize("k", [0.01, 0.25, 1.0, 4.0])
def test_limit_at_the_optimal_weight_is_the_weight(k):
    w = optimal_real_weight(k, 1.0)
    assert limiting_variance(w, k) == pytest.approx(w, rel=1e-13)


@pytest.mark.parametrize(("k", "expected"), [(0.01, 0.5025), (0.1, 0.5238), (5, 0.8571)])
def test_limit_of_the_proportional_weight(k, expected):
    assert limiting_variance(k / (1 + k), k) == pytest.approx(expected, abs=5e-5)
    assert limiting_variance(k / (1 + k), k) == pytest.approx((1 + k) / (2 + k), rel=1e-13)


def test_limit_of_category_shares_from_few_synthetic_rows():
    # Sum of squared errors of four shares: found by simulation .014132, .004964 and .000901.
    h = 1 - np.sum(np.array([0.5, 0.3, 0.15, 0.05]) ** 2)
    found = [
        h / 50 * limiting_variance(0.3, 1.0, c=1 - 1 / 50),
        h / 50 * limiting_variance(0.3892, 0.25, c=1 - 1 / 200),
        h / 500 * limiting_variance(0.8, 1.0, c=1 - 1 / 500),
    ]
    assert found == pytest.approx([0.014171, 0.004943, 0.000900], abs=1e-6)


def test_limit_without_real_rows():
    assert limiting_variance(0.0, 1.0) == np.inf
    assert np.isnan(limiting_variance(0.0, 0.0))
    assert limiting_variance(0.0, 1.0, c=0.5) == 2.0
    assert limiting_variance(0.01, 1.0, c=1.5) == np.inf


def test_limits_broadcast():
    w, k = np.array([0.3, 0.618]), np.array([[0.25], [1.0]])
    found = limiting_variance(w, k)
    assert found.shape == (2, 2)
    assert found[1, 0] == limiting_variance(0.3, 1.0)
    assert biased_mse(w, k).shape == (2, 2)


@pytest.mark.parametrize(("w", "k"), [(0.3904, 0.25), (0.2, 1.0), (0.8284, 4.0)])
def test_simulated_means_follow_the_path(w, k):
    # 100,000 paths, four standard errors (about 2 percent) at each of 12 generations.
    found, error = simulate_means([w] * 12, 20, 20 / k, 100_000, seed=0)
    assert within(found, error, variance_path(w, k, 12))
    # The check can fail: a weight off by 0.05 is caught.
    assert not within(found, error, variance_path(w + 0.05, k, 12))


@pytest.mark.parametrize(("m", "w"), [(30, 0.3), (30, 0.618), (60, 0.45)])
def test_simulated_category_shares_follow_the_path(m, w):
    # 20,000 paths of multinomial counts, n = 30 real rows; four standard errors.
    rng, n, n_paths = np.random.default_rng(1), 30, 20_000
    p = np.array([0.5, 0.3, 0.2])
    share = rng.multinomial(n, p, n_paths) / n
    for _ in range(6):
        synthetic = rng.multinomial(m, share) / m
        share = w * rng.multinomial(n, p, n_paths) / n + (1 - w) * synthetic
        share /= share.sum(1, keepdims=True)
    squares = np.sum((share - p) ** 2, axis=1) * n / (1 - np.sum(p**2))
    error = squares.std() / np.sqrt(n_paths)
    assert within(squares.mean(), error, variance_path(w, n / m, 6, c=1 - 1 / m)[-1])


def test_biased_mse_by_hand():
    # Half and half, n = m: (1/4 + 1/4) / (1 - 1/4) of noise; a bias b piles up to b/2 / (1/2).
    assert biased_mse(0.5, 1.0, squared_bias=3.0) == pytest.approx(2 / 3 + 3, rel=1e-14)
    # Half of the error is handed on: 1/2 / (1 - 1/16), and b/2 / (1 - 1/4).
    found = biased_mse(0.5, 1.0, squared_bias=3.0, retention=0.5)
    assert found == pytest.approx(8 / 15 + 3 * 4 / 9, rel=1e-14)


def test_biased_mse_without_bias_is_the_limiting_variance():
    w = np.linspace(0.05, 1, 20)
    np.testing.assert_allclose(biased_mse(w, 0.7), limiting_variance(w, 0.7), rtol=1e-13)
    np.testing.assert_allclose(
        biased_mse(w, 0.7, noise_ratio=2.0), limiting_variance(w, 1.4), rtol=1e-13
    )


@pytest.mark.parametrize(
    ("k", "squared_bias", "w", "expected", "at_golden"),
    [
        (0.2, 0.1, 0.53207, 0.4959, 0.679),
        (0.2, 1, 0.75157, 0.7244, 3.567),
        (1, 0.1, 0.65892, 0.6498, 0.656),
        (1, 1, 0.78555, 0.7696, 1.000),
        (1, 10, 0.93381, 0.9305, 4.438),
        (3, 1, 0.84438, 0.8391, 0.861),
    ],
)
def test_biased_mse_at_the_optimal_weights(k, squared_bias, w, expected, at_golden):
    assert biased_mse(w, k, squared_bias=squared_bias) == pytest.approx(expected, abs=5.1e-5)
    golden = optimal_real_weight(k, 1.0)
    assert biased_mse(golden, k, squared_bias=squared_bias) == pytest.approx(at_golden, abs=6e-4)
    best = optimal_real_weight(k, 1.0, squared_bias=squared_bias)
    grid = np.linspace(0.02, 1, 200)
    assert np.all(
        biased_mse(best, k, squared_bias=squared_bias)
        <= biased_mse(grid, k, squared_bias=squared_bias) + 1e-12
    )


@pytest.mark.parametrize("k", [0.1, 1.0, 3.0])
def test_golden_weight_beats_real_rows_up_to_squared_bias_k(k):
    golden = optimal_real_weight(k, 1.0)
    assert biased_mse(golden, k, squared_bias=k) == pytest.approx(1.0, rel=1e-12)
    assert biased_mse(golden, k, squared_bias=1.01 * k) > 1 > biased_mse(golden, k)


@pytest.mark.parametrize(
    ("w", "k", "squared_bias", "retention", "rho", "expected"),
    [
        (0.5, 1.0, 0.5, 1.0, 1.0, 1.167),
        (0.618, 0.5, 2.0, 1.0, 3.0, 1.468),
        (0.4, 1.0, 0.3, 0.8, 1.0, 1.075),
    ],
)
def test_simulated_means_reach_the_biased_mse(w, k, squared_bias, retention, rho, expected):
    # 50,000 paths, 40 generations, n = 20; four standard errors (2.5 percent).
    form = {"squared_bias": squared_bias, "retention": retention, "noise_ratio": rho}
    assert biased_mse(w, k, **form) == pytest.approx(expected, abs=6e-4)
    bias = np.sqrt(squared_bias / 20)
    found, error = simulate_means(
        [w] * 40, 20, 20 / k, 50_000, 2, bias=bias, noise_ratio=rho, retention=retention
    )
    assert within(found[-1], error[-1], biased_mse(w, k, **form))
    assert not within(found[-1], error[-1], biased_mse(w - 0.1, k, **form))


def test_biased_mse_without_real_rows():
    assert biased_mse(0.0, 1.0) == np.inf
    assert biased_mse(0.0, 0.0, squared_bias=1.0) == np.inf
    assert np.isnan(biased_mse(0.0, 0.0))
    assert biased_mse(0.0, 1.0, squared_bias=1.0, retention=0.5) == pytest.approx(4 / 3 + 4)
    assert biased_mse(1.0, 1.0, squared_bias=5.0) == 1.0


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: variance_path(1.2, 1.0, 3), "real_weight"),
        (lambda: variance_path([0.5, 0.5], 1.0, 3), "real_weight"),
        (lambda: variance_path(0.5, -1.0, 3), "k must"),
        (lambda: variance_path(0.5, np.inf, 3), "k must"),
        (lambda: variance_path(0.5, 1.0, 2.5), "n_generations"),
        (lambda: variance_path(0.5, 1.0, -1), "n_generations"),
        (lambda: variance_path(0.5, 1.0, 3, initial=-1), "initial"),
        (lambda: variance_path(0.5, 1.0, 3, c=[1.0, 1.0]), "c must"),
        (lambda: limiting_variance(-0.1, 1.0), "real_weight"),
        (lambda: limiting_variance(0.5, np.nan), "k must"),
        (lambda: limiting_variance(0.5, 1.0, c=-1), "c must"),
        (lambda: biased_mse(0.5, 1.0, noise_ratio=-1), "noise_ratio"),
        (lambda: biased_mse(0.5, 1.0, squared_bias=np.inf), "squared_bias"),
        (lambda: biased_mse(0.5, 1.0, retention=-0.1), "retention"),
    ],
)
def test_invalid_input_is_named(call, name):
    with pytest.raises(ValueError, match=name):
        call()
