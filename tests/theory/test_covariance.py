"""Statements about the covariance of a Gaussian that is fitted again and again."""

import numpy as np
import pytest

from skcollapse.theory import (
    covariance_error_path,
    gaussian_collapse_factor,
    pooled_variance_path,
    variance_path,
)


def factors(matrices):
    """Cholesky factors of a stack of covariance matrices of two features."""
    a, b, d = matrices[:, 0, 0], matrices[:, 0, 1], matrices[:, 1, 1]
    low = np.zeros_like(matrices)
    low[:, 0, 0] = np.sqrt(a)
    low[:, 1, 0] = b / low[:, 0, 0]
    low[:, 1, 1] = np.sqrt(d - low[:, 1, 0] ** 2)
    return low


def sample_covariance(rng, matrices, n_rows):
    """One sample covariance of `n_rows` Gaussian rows for each matrix of two features."""
    rows = rng.standard_normal((len(matrices), n_rows, 2)) @ factors(matrices).transpose(0, 2, 1)
    rows -= rows.mean(1, keepdims=True)
    return rows.transpose(0, 2, 1) @ rows / (n_rows - 1)


def simulate_separate(sigma, n, m, w, n_generations, n_paths, seed):
    """Squared Frobenius error after `n_generations`, with its standard error."""
    rng = np.random.default_rng(seed)
    truth = np.broadcast_to(sigma, (n_paths, 2, 2))
    fitted = sample_covariance(rng, truth, n)
    for _ in range(n_generations):
        real = sample_covariance(rng, truth, n)
        fitted = w * real + (1 - w) * sample_covariance(rng, fitted, m)
    squares = np.sum((fitted - sigma) ** 2, axis=(1, 2))
    return squares.mean(), squares.std() / np.sqrt(n_paths)


def simulate_pooled(n, m, w, n_generations, n_paths, seed):
    """Fitted means and variances after `n_generations` weighted fits to drawn rows."""
    rng = np.random.default_rng(seed)
    real = rng.standard_normal((n, n_paths))
    mean, variance = real.mean(0), real.var(0)
    shares = np.repeat([w / n, (1 - w) / m], [n, m])
    for _ in range(n_generations):
        synthetic = mean + np.sqrt(variance) * rng.standard_normal((m, n_paths))
        rows = np.vstack([rng.standard_normal((n, n_paths)), synthetic])
        mean = shares @ rows
        variance = shares @ (rows - mean) ** 2
    return mean, variance


def within(values, expected):
    return abs(values.mean() - expected) < 4 * values.std() / np.sqrt(len(values))


def test_error_path_by_hand():
    # Sigma = I_2, n = m = 5: A = 2, B = 4, N = M = 4; weight 1/2.
    alpha0, beta0 = 6 / 4, 4 / 4
    alpha1 = (6 / 4 + alpha0 + (6 + alpha0 + beta0) / 4) / 4
    beta1 = (4 / 4 + beta0 + 2 * (2 + alpha0) / 4) / 4
    alpha2 = (6 / 4 + alpha1 + (6 + alpha1 + beta1) / 4) / 4
    found = covariance_error_path(np.eye(2), 5, 5, 0.5, 2)
    np.testing.assert_allclose(found, [alpha0, alpha1, alpha2], rtol=1e-14)


@pytest.mark.parametrize(
    ("n", "m", "d", "correlated", "w", "expected"),
    [
        (100, 100, 2, 0.0, 0.3, 0.07006),
        (100, 100, 2, 0.0, 0.618, 0.03756),
        (100, 100, 2, 0.0, 0.8, 0.04296),
        (30, 30, 2, 0.0, 0.618, 0.12914),
        (100, 400, 4, 0.5, 0.3904, 0.18916),
    ],
)
def test_error_path_at_tabled_values(n, m, d, correlated, w, expected):
    sigma = np.eye(d) + correlated
    found = covariance_error_path(sigma, n, m, w, 200)[-1]
    assert found == pytest.approx(expected, rel=2e-4)


@pytest.mark.parametrize(("n", "m", "w"), [(10, 25, 0.4), (40, 8, 0.0), (12, 12, 1.0)])
def test_one_feature_is_the_scalar_path(n, m, w):
    scalar = variance_path(w, (n - 1) / (m - 1), 12, c=1 + 2 / (m - 1))
    found = covariance_error_path(3.0, n, m, w, 12)
    np.testing.assert_allclose(found, 2 * 3.0**2 / (n - 1) * scalar, rtol=1e-13)


def test_error_does_not_depend_on_the_axes():
    turn = np.linalg.qr(np.random.default_rng(0).standard_normal((3, 3)))[0]
    sigma = np.diag([1.0, 2.0, 5.0])
    found = covariance_error_path(turn @ sigma @ turn.T, 20, 30, 0.4, 8)
    np.testing.assert_allclose(found, covariance_error_path(sigma, 20, 30, 0.4, 8), rtol=1e-12)


def test_path_ends_at_the_fixed_point():
    # The 2 x 2 linear system of the recursion, solved directly.
    A, B, N, M, w = 5.0, 9.0, 19, 39, 0.35
    kept = (1 - w) ** 2
    system = np.eye(2) - kept * np.array([[1 + 1 / M, 1 / M], [2 / M, 1]])
    noise = [w**2 * (A + B) / N + kept * (A + B) / M, 2 * A * (w**2 / N + kept / M)]
    limit = np.linalg.solve(system, noise)[0]
    found = covariance_error_path(np.diag([2.0, 1.0]), 20, 40, w, 100)[-1]
    assert found == pytest.approx(limit, rel=1e-13)


@pytest.mark.parametrize(("n", "m", "w"), [(15, 15, 0.618), (15, 40, 0.3)])
def test_simulated_covariances_follow_the_error_path(n, m, w):
    # 20,000 paths of drawn rows, 5 generations; four standard errors (3 percent).
    sigma = np.array([[1.0, 0.6], [0.6, 2.0]])
    found, error = simulate_separate(sigma, n, m, w, 5, 20_000, seed=3)
    expected = covariance_error_path(sigma, n, m, w, 5)[-1]
    assert abs(found - expected) < 4 * error
    # The check can fail: a weight off by 0.25 is caught.
    assert abs(found - covariance_error_path(sigma, n, m, w - 0.25, 5)[-1]) > 4 * error


def test_pooled_path_by_hand():
    # n = 4, m = 2, weight 1/2: v_1 = 1/4 + (1 + 2 * 3/4) / 4.
    mean_variance, expected_variance = pooled_variance_path(4, 2, 0.5, 1)
    np.testing.assert_allclose(mean_variance, [1, 0.875], rtol=1e-15)
    np.testing.assert_allclose(expected_variance, [0.75, 1 - 0.875 / 4], rtol=1e-15)


@pytest.mark.parametrize(("m", "w", "expected"), [(20, 0.618034, 0.96936), (40, 0.5, 0.97521)])
def test_pooled_path_at_tabled_values(m, w, expected):
    assert pooled_variance_path(20, m, w, 60)[1][-1] == pytest.approx(expected, abs=6e-6)


def test_pooled_fit_on_synthetic_rows_alone_shrinks_by_the_collapse_factor():
    expected_variance = pooled_variance_path(10, 25, 0.0, 20)[1]
    factor = gaussian_collapse_factor(25, kind="mle_variance")
    np.testing.assert_allclose(expected_variance, 0.9 * factor ** np.arange(21), rtol=1e-13)


def test_pooled_fit_on_real_rows_alone_is_the_textbook_one():
    mean_variance, expected_variance = pooled_variance_path(10, 5, 1.0, 4)
    np.testing.assert_allclose(mean_variance, 1.0, rtol=1e-15)
    np.testing.assert_allclose(expected_variance, 0.9, rtol=1e-15)


@pytest.mark.parametrize(("n", "m", "w"), [(6, 6, 0.618), (6, 18, 0.3)])
def test_simulated_pooled_fits_follow_both_paths(n, m, w):
    # 40,000 paths of drawn rows, 6 generations; four standard errors (1 percent of variances).
    means, variances = simulate_pooled(n, m, w, 6, 40_000, seed=4)
    mean_variance, expected_variance = pooled_variance_path(n, m, w, 6)
    assert within(variances, expected_variance[-1])
    assert within(n * means**2, mean_variance[-1])
    # The check can fail: a weight off by 0.28 is caught by both.
    mean_variance, expected_variance = pooled_variance_path(n, m, w - 0.28, 6)
    assert not within(variances, expected_variance[-1])
    assert not within(n * means**2, mean_variance[-1])


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: covariance_error_path(np.ones((2, 3)), 10, 10, 0.5, 3), "covariance.*square"),
        (lambda: covariance_error_path([[1, 0.5], [0, 1]], 10, 10, 0.5, 3), "symmetric"),
        (lambda: covariance_error_path([[1, 2], [2, 1]], 10, 10, 0.5, 3), "covariance.*negative"),
        (lambda: covariance_error_path([[np.nan]], 10, 10, 0.5, 3), "covariance must be finite"),
        (lambda: covariance_error_path(1.0, 1, 10, 0.5, 3), "n_real"),
        (lambda: covariance_error_path(1.0, 10, 1, 0.5, 3), "n_synthetic"),
        (lambda: covariance_error_path(1.0, 10, 10, 1.5, 3), "real_weight"),
        (lambda: covariance_error_path(1.0, 10, 10, [0.5], 3), "real_weight"),
        (lambda: covariance_error_path(1.0, 10, 10, 0.5, -3), "n_generations"),
        (lambda: pooled_variance_path(0, 10, 0.5, 3), "n_real"),
        (lambda: pooled_variance_path(10, 0, 0.5, 3), "n_synthetic"),
        (lambda: pooled_variance_path(10, 10, -0.5, 3), "real_weight"),
        (lambda: pooled_variance_path(10, 10, 0.5, 3.0), "n_generations"),
    ],
)
def test_invalid_input_is_named(call, name):
    with pytest.raises(ValueError, match=name):
        call()
