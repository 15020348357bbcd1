"""Statements about risks that are exact for few rows, held against data drawn and fitted."""

import numpy as np
import pytest
from scipy.special import gamma

from skcollapse.theory import (
    MixingMatrix,
    downstream_risk,
    gaussian_moments,
    linear_regression_risk,
    quadratic_variance_risk,
    relative_risk,
    shrinkage_path,
)

G = 9
FITS = np.arange(1, G + 2)
H2 = np.cumsum(1.0 / FITS**2)


def replace(n_generations=G):
    n = n_generations + 1
    return MixingMatrix(np.eye(n), np.arange(n) - 1, np.ones(n))


def accumulate(n_generations=G, noise=None):
    n = np.arange(n_generations + 1)
    return MixingMatrix.pooled(n - 1, np.ones(len(n)), n + 1, noise)


def fixed(n_generations, real_weight):
    mass = (1 - real_weight) * np.eye(n_generations + 1)
    mass[:, 0] = real_weight
    mass[0, 0] = 1
    return MixingMatrix(mass, np.arange(n_generations + 1) - 1, np.ones(n_generations + 1))


def mean_and_error(samples):
    """Mean over replications and its standard error."""
    return samples.mean(axis=0), samples.std(axis=0) / np.sqrt(len(samples))


def assert_simulated(samples, expected, largest=4.5):
    mean, error = mean_and_error(samples)
    z = np.abs(mean - expected) / np.maximum(error, 1e-15)
    assert z.max() < largest, z


# ---- means with quadratic variance ------------------------------------------------------------


@pytest.mark.parametrize("v2", [-1.0, -0.25, 0.5, 1.0])
@pytest.mark.parametrize("n", [4, 30])
def test_quadratic_variance_closed_forms(n, v2):
    found = quadratic_variance_risk(replace(), n, v2)
    np.testing.assert_allclose(found, n / v2 * ((1 + v2 / n) ** FITS - 1), rtol=1e-12)
    found = quadratic_variance_risk(accumulate(), n, v2)
    product = np.cumprod(1 + v2 / (n * FITS**2))
    np.testing.assert_allclose(found, n / v2 * (product - 1), rtol=1e-12)


def test_quadratic_variance_of_accumulate_tends_to_the_infinite_product():
    x = np.pi / np.sqrt(10)
    found = quadratic_variance_risk(accumulate(1000), 10, -1.0)[-1]
    assert found == pytest.approx(-10 * (np.sin(x) / x - 1), abs=2e-3)


@pytest.mark.parametrize("mixing", [replace(), accumulate(), fixed(G, 0.3)])
def test_no_curvature_and_many_rows_give_the_relative_risk(mixing):
    expected = relative_risk(mixing)
    np.testing.assert_allclose(quadratic_variance_risk(mixing, 7, 0.0), expected, rtol=1e-13)
    np.testing.assert_allclose(quadratic_variance_risk(mixing, 1e9, 1.0), expected, rtol=1e-6)


@pytest.mark.parametrize("mixing", [replace(), accumulate(), fixed(G, 0.4)])
@pytest.mark.parametrize("family", ["bernoulli", "poisson", "geometric"])
def test_quadratic_variance_risk_is_that_of_refitted_draws(family, mixing):
    rng = np.random.default_rng(0)
    n, n_runs = 5, 40_000
    draws = {
        "bernoulli": (lambda p: rng.binomial(n, p), 0.3, 0.3 * 0.7, -1),
        "poisson": (lambda mu: rng.poisson(n * mu), 0.7, 0.7, 0),
        # Failures before the n-th success, with mean mu each.
        "geometric": (lambda mu: np.where(mu > 0, _negative_binomial(rng, n, mu), 0), 2.0, 6, 1),
    }
    draw, truth, variance, curvature = draws[family]
    mass, means = mixing.toarray(), np.zeros((mixing.n_batches, n_runs))
    estimate = np.full(n_runs, truth)
    errors = np.empty((n_runs, G + 1))
    for g in range(G + 1):
        means[g] = draw(np.minimum(estimate, 1) if family == "bernoulli" else estimate) / n
        estimate = mass[g] @ means
        errors[:, g] = n * (estimate - truth) ** 2 / variance
    assert_simulated(errors, quadratic_variance_risk(mixing, n, curvature))
    if curvature:  # the check can fail: the limit for large n is told apart
        with pytest.raises(AssertionError):
            assert_simulated(errors[:, -1:], relative_risk(mixing)[-1])


def _negative_binomial(rng, n, mu):
    return rng.poisson(rng.gamma(n, np.maximum(mu, 1e-300)))


@pytest.mark.parametrize(
    ("mixing", "n", "v2", "message"),
    [
        (np.eye(2), 10, 0, "mixing must be a MixingMatrix"),
        (accumulate(noise=np.ones(G + 1)), 10, 0, "mixing must have no subsample noise"),
        (replace(), 0, 0, "n_samples must be one number >= 1"),
        (replace(), 10, -1.5, "curvature must be >= -1"),
        (replace(), 10, np.nan, "curvature must be >= -1"),
    ],
)
def test_quadratic_variance_refuses(mixing, n, v2, message):
    with pytest.raises(ValueError, match=message):
        quadratic_variance_risk(mixing, n, v2)


# ---- normal law -------------------------------------------------------------------------------


def _normal_run(workflow, n, n_runs, seed):
    """Squared mean errors and variances of MLE fits to rows that are really drawn."""
    rng = np.random.default_rng(seed)
    mean, sd, pool = np.zeros(n_runs), np.ones(n_runs), np.empty((n_runs, 0))
    errors, variances = np.empty((n_runs, G + 1)), np.empty((n_runs, G + 1))
    for g in range(G + 1):
        new = mean[:, None] + sd[:, None] * rng.standard_normal((n_runs, n))
        pool = new if workflow == "replace" else np.hstack([pool, new])
        rows = pool
        if workflow == "accumulate_subsample":
            chosen = rng.random(pool.shape).argpartition(n - 1, axis=1)[:, :n]
            rows = np.take_along_axis(pool, chosen, axis=1)
        mean, sd = rows.mean(axis=1), rows.std(axis=1)
        errors[:, g], variances[:, g] = mean**2, sd**2
    return errors, variances


@pytest.mark.parametrize(
    ("workflow", "mean_error", "variance"),
    [
        ("replace", [1 / 2, 3 / 4, 7 / 8], [1 / 2, 1 / 4, 1 / 8]),
        ("accumulate", [1 / 2, 9 / 16], [1 / 2, 7 / 16]),
        # Two of four rows: the pool's variance 7/16 is 7/16 * 4/3 unbiased, a third of which is
        # the variance of their mean about its own; their own variance is half of 7/16 * 4/3.
        ("accumulate_subsample", [1 / 2, 9 / 16 + 7 / 48], [1 / 2, 7 / 24]),
    ],
)
def test_gaussian_moments_of_two_rows_by_hand(workflow, mean_error, variance):
    found = gaussian_moments(workflow, 2, len(variance) - 1)
    np.testing.assert_allclose(found, [mean_error, variance], rtol=1e-14)


@pytest.mark.parametrize("workflow", ["replace", "accumulate", "accumulate_subsample"])
@pytest.mark.parametrize("n", [5, 20])
def test_gaussian_moments_are_those_of_refitted_draws(workflow, n):
    errors, variances = _normal_run(workflow, n, n_runs=8000, seed=n)
    mean_error, variance = gaussian_moments(workflow, n, G)
    assert_simulated(errors, mean_error)
    assert_simulated(variances, variance)
    with pytest.raises(AssertionError):  # the check can fail: divisor n - 1 is told apart
        assert_simulated(variances, variance * n / (n - 1))


@pytest.mark.parametrize(
    ("workflow", "n", "expected"),
    [
        ("replace", 5, 4.463),
        ("accumulate", 5, 1.4225),
        ("accumulate_subsample", 5, 2.1788),
        ("accumulate", 20, 1.517),
        ("accumulate_subsample", 100, 2.624),
    ],
)
def test_gaussian_mean_error_of_the_tenth_fit(workflow, n, expected):
    assert n * gaussian_moments(workflow, n, 9)[0][-1] == pytest.approx(expected, abs=6e-4)


@pytest.mark.parametrize(
    ("workflow", "limit"), [("replace", FITS), ("accumulate", H2), ("accumulate_subsample", None)]
)
def test_gaussian_moments_of_many_rows_are_the_relative_risk(workflow, limit):
    found = 1e8 * gaussian_moments(workflow, 10**8, G)[0]
    np.testing.assert_allclose(found, 3 * H2 - 2 if limit is None else limit, rtol=1e-5)


def test_gaussian_moments_of_accumulate_tend_to_the_sine_product():
    mean_error, variance = gaussian_moments("accumulate", 8, 20_000)
    x = np.pi / np.sqrt(8)
    assert variance[-1] == pytest.approx(np.sin(x) / x, abs=1e-5)
    np.testing.assert_allclose(mean_error + variance, 1, rtol=1e-15)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("discard", 10, 3), "workflow must be one of"),
        (("replace", 1, 3), "n_samples must be >= 2"),
        (("replace", 10.5, 3), "n_samples must be a whole number"),
        (("replace", 10, -1), "n_generations must be a whole number"),
    ],
)
def test_gaussian_moments_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        gaussian_moments(*arguments)


# ---- least squares ----------------------------------------------------------------------------


@pytest.mark.parametrize("workflow", ["replace", "accumulate"])
@pytest.mark.parametrize("redraw", [False, True])
@pytest.mark.parametrize("n", [12, 40])
def test_regression_risk_is_that_of_refitted_labels(workflow, redraw, n):
    rng = np.random.default_rng(n)
    d, n_runs, sd = 5, 8000, 0.5
    weights, risk = np.zeros((n_runs, d, 1)), np.empty((n_runs, G + 1))
    gram, moment = np.zeros((n_runs, d, d)), np.zeros((n_runs, d, 1))
    for g in range(G + 1):
        if redraw or g == 0:
            x = rng.standard_normal((n_runs, n, d))
        y = x @ weights + sd * rng.standard_normal((n_runs, n, 1))
        keep = workflow == "accumulate"
        gram = keep * gram + x.swapaxes(1, 2) @ x
        moment = keep * moment + x.swapaxes(1, 2) @ y
        weights = np.linalg.solve(gram, moment)
        risk[:, g] = (weights**2).sum(axis=(1, 2))
    assert_simulated(risk, linear_regression_risk(workflow, n, d, sd**2, G, redraw=redraw))
    with pytest.raises(AssertionError):  # the check can fail: d / n is not d / (n - d - 1)
        assert_simulated(risk, linear_regression_risk(workflow, n + d + 1, d, sd**2, G))


@pytest.mark.parametrize(
    ("workflow", "redraw", "expected"),
    [
        ("replace", False, 7.5),
        ("accumulate", False, 1.864),
        ("replace", True, 7.5),
        ("accumulate", True, 1.573),
    ],
)
def test_regression_risk_of_the_sixth_fit(workflow, redraw, expected):
    found = linear_regression_risk(workflow, 10, 5, 1.0, 5, redraw=redraw)
    assert found[-1] == pytest.approx(expected, abs=6e-4)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("accumulate_subsample", 20, 5, 1.0, 3), "workflow must be one of"),
        (("replace", 6, 5, 1.0, 3), "n_samples must be >= 7"),
        (("replace", 20, 0, 1.0, 3), "n_features must be >= 1"),
        (("replace", 20, 5, -1.0, 3), "noise_variance must be >= 0"),
        (("replace", 20, 5, 1.0, 2.5), "n_generations must be a whole number"),
    ],
)
def test_regression_risk_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        linear_regression_risk(*arguments)


# ---- a second estimator, a shrinking one ------------------------------------------------------


def test_downstream_risk_of_replace_and_accumulate():
    kappa = 2 / np.pi
    np.testing.assert_allclose(downstream_risk(replace(), kappa), kappa * FITS + 1 - kappa)
    found = downstream_risk(accumulate(), kappa)
    np.testing.assert_allclose(found, kappa * H2 + (1 - kappa) / FITS)
    expected = [1, 0.977, 0.988, 0.997, 1.004, 1.010]
    np.testing.assert_allclose(found[:6], expected, atol=6e-4)
    np.testing.assert_allclose(downstream_risk(accumulate(), 1.0), relative_risk(accumulate()))


def test_downstream_risk_is_that_of_medians_of_refitted_means():
    rng = np.random.default_rng(0)
    n, n_runs, n_generations = 151, 4000, 3
    mean, pool = np.zeros(n_runs), np.empty((n_runs, 0))
    squared = np.empty((n_runs, n_generations + 1))
    for g in range(n_generations + 1):
        pool = np.hstack([pool, mean[:, None] + rng.standard_normal((n_runs, n))])
        chosen = rng.random(pool.shape).argpartition(n - 1, axis=1)[:, :n]
        rows = np.take_along_axis(pool, chosen, axis=1)
        mean, squared[:, g] = rows.mean(axis=1), np.median(rows, axis=1) ** 2
    noise = 1 - 1 / np.arange(1.0, n_generations + 2)
    expected = downstream_risk(accumulate(n_generations, noise), efficiency=2 / np.pi)
    assert_simulated(squared * n / (np.pi / 2), expected)
    with pytest.raises(AssertionError):  # the check can fail: the mean's own risk is larger
        assert_simulated(
            squared * n / (np.pi / 2), relative_risk(accumulate(n_generations, noise))
        )


@pytest.mark.parametrize("efficiency", [0, 1.2, np.nan, -1])
def test_downstream_risk_refuses(efficiency):
    with pytest.raises(ValueError, match="efficiency must be"):
        downstream_risk(replace(), efficiency)


@pytest.mark.parametrize("a", [0.2, 0.8, 1.0])
def test_shrinkage_compounds(a):
    np.testing.assert_allclose(shrinkage_path(replace(), a), a**FITS, rtol=1e-13)
    closed = gamma(FITS + a) / (gamma(a) * gamma(FITS + 1))
    np.testing.assert_allclose(shrinkage_path(accumulate(), a), closed, rtol=1e-12)
    found = shrinkage_path(fixed(500, 0.3), a)[-1]
    assert found == pytest.approx(a * 0.3 / (1 - a * 0.7), rel=1e-12)


def test_penalty_on_the_sum_of_losses_does_not_compound_when_all_rows_are_kept():
    found = shrinkage_path(accumulate(), FITS / (FITS + 0.25))
    np.testing.assert_allclose(found, 1 / 1.25, rtol=1e-14)


def test_shrinkage_is_that_of_ridge_fits_to_drawn_labels():
    rng = np.random.default_rng(0)
    n, n_runs, a = 20, 20_000, 0.8
    slope, means, slopes = np.ones(n_runs), np.zeros(n_runs), np.empty((n_runs, G + 1))
    for g in range(G + 1):
        means += slope + rng.standard_normal(n_runs) / np.sqrt(n)
        slopes[:, g] = slope = a * means / (g + 1)  # ridge on x = 1: 1 / (1 + penalty) = a
    assert_simulated(slopes, shrinkage_path(accumulate(), a))


@pytest.mark.parametrize(
    ("factor", "message"),
    [
        (-0.1, "factor must be >= 0"),
        (np.inf, "factor must be finite"),
        ([0.5, 0.5], "factor must be a number or hold one value for each of the 10"),
    ],
)
def test_shrinkage_refuses(factor, message):
    with pytest.raises(ValueError, match=message):
        shrinkage_path(replace(), factor)
