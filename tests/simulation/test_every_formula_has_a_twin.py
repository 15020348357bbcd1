"""Every public formula against its Monte Carlo twin, and a wrong one that the twin refuses.

A case returns values by run, what theory says of their average, and what a slip would say instead.
Differences are in standard errors, which come from the runs: under 4.5 for the formula, which one
of a dozen correlated scores exceeds by chance less than once in ten thousand seeds, and over 6 for
the slip. Formulas that give no average are held against rows elsewhere; the last test says where.
"""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import skcollapse.theory
from skcollapse.simulation import (
    simulate_frequencies,
    simulate_gaussian,
    simulate_kde,
    simulate_location,
    simulate_regression,
    simulate_risk,
)
from skcollapse.theory import (
    MixingMatrix,
    biased_mse,
    covariance_error_path,
    gaussian_collapse_factor,
    gaussian_lam_path,
    gaussian_location_mse,
    gaussian_moments,
    kde_mise,
    kde_variance_inflation,
    lam_to_real_weight,
    limiting_variance,
    linear_regression_risk,
    loadings,
    optimal_real_weight,
    pooled_variance_path,
    quadratic_variance_risk,
    real_weight_schedule,
    real_weight_to_lam,
    relative_risk,
    relative_risk_at,
    retraining_jacobian,
    risk_covariance,
    shrinkage_path,
    stability_condition,
    variance_inflation,
    variance_path,
)
from skcollapse.workflows import Accumulate, AccumulateSubsample

N_RUNS = {"n_replications": 10_000, "random_state": 0}
MASS = np.array([[1, 0, 0, 0], [0.3, 0.7, 0, 0], [0.2, 0, 0.8, 0], [0, 0.5, 0, 0.5]])
SIZES = np.array([1.0, 0.5, 2.0, 1.0])
MIXING = MixingMatrix(MASS, [-1, 0, 1, 2], SIZES)


def mean_error(workflow, n_samples, n_generations, **settings):
    """Squared errors of refitted means, in units of sigma^2 / n_samples."""
    means = simulate_location(workflow, "mean", n_samples, n_generations, **settings, **N_RUNS)
    return n_samples * means**2


def one_feature(workflow, n_samples, n_generations, **settings):
    fits = simulate_gaussian(workflow, 1.0, n_samples, n_generations, **settings, **N_RUNS)
    return fits.mean[:, :, 0], fits.covariance[:, :, 0, 0]


def of_both_parts(mean, variance):
    """Join two paths that one formula gives."""
    return np.concatenate([mean, variance], axis=-1)


def paths():
    return simulate_risk(MIXING, 20_000, random_state=0)


def products():
    return paths()[:, :, None] * paths()[:, None, :]


CASES = {}


def case(function):
    CASES[function.__name__.removeprefix("case_")] = function
    return function


@case
def case_MixingMatrix():
    record = {"parent": [-1, 0, 1, 2], "sizes": [1] * 4, "n_pooled": [1, 2, 3, 4]}

    def pool(w):
        return relative_risk(MixingMatrix.pooled(**record, real_weight=w))

    found = mean_error("accumulate", 10, 3, lam=3.0)
    return found, pool([1.0, 0.25, 0.25, 0.25]), pool(None)


@case
def case_relative_risk():
    return paths() ** 2, relative_risk(MIXING), np.sum(MASS**2 / SIZES, axis=1)


@case
def case_relative_risk_at():
    return paths()[:, 2] ** 2, relative_risk_at(MIXING, 2), relative_risk_at(MIXING, 3)


@case
def case_risk_covariance():
    return products(), risk_covariance(MIXING), np.diag(relative_risk(MIXING))


@case
def case_loadings():
    own = loadings(MIXING)
    return products(), own / SIZES @ own.T, MASS / SIZES @ MASS.T


@case
def case_variance_inflation():
    naive = np.sum(MASS**2 / SIZES, axis=1)
    return paths() ** 2 / naive, variance_inflation(MIXING), np.ones(4)


@case
def case_variance_path():
    found = mean_error("fresh", 10, 6, lam=1.5, n_synthetic=0.5)
    return found, variance_path(0.4, 2.0, 6), variance_path(0.6, 2.0, 6)


@case
def case_limiting_variance():
    found = mean_error("fresh", 10, 15, lam=1.0, n_synthetic=2.0)[:, -1]
    return found, limiting_variance(0.5, 0.5), limiting_variance(0.5, 1.0)


@case
def case_biased_mse():
    settings = {"bias": 0.2, "noise_ratio": 2.0, "factor": 0.8, "downstream": "mean"}
    found = mean_error("fresh", 10, 15, lam=1.0, n_synthetic=2.0, **settings)[:, -1]
    form = {"noise_ratio": 2.0, "retention": 0.8}
    right, wrong = (biased_mse(0.5, 0.5, squared_bias=10 * b**2, **form) for b in (0.2, 0.15))
    return found, right, wrong


@case
def case_optimal_real_weight():
    weight = optimal_real_weight(10, 20)  # which is the error it leads to
    found = mean_error("fresh", 10, 15, lam=real_weight_to_lam(weight), n_synthetic=2.0)[:, -1]
    return found, weight, optimal_real_weight(10, 10)


@case
def case_real_weight_schedule():
    weights, size = real_weight_schedule([10] * 5, [20] * 5, n_initial=10)
    found = mean_error("fresh", 10, 5, lam=real_weight_to_lam(weights), n_synthetic=2.0)
    without_loss = real_weight_schedule([10] * 5, [20] * 5, n_initial=10, noise_ratio=0)[1]
    return found[:, 1:], 10 / size, 10 / without_loss


@case
def case_lam_to_real_weight():
    weight = lam_to_real_weight(2.0)
    return mean_error("fresh", 10, 4, lam=2.0), *(variance_path(w, 1, 4) for w in (weight, 0.5))


@case
def case_real_weight_to_lam():
    found = mean_error("fresh", 10, 4, lam=real_weight_to_lam(0.25))
    return found, variance_path(0.25, 1, 4), variance_path(0.75, 1, 4)


@case
def case_covariance_error_path():
    sigma = np.array([[2.0, 0.6], [0.6, 0.5]])
    fits = simulate_gaussian("fresh", sigma, 20, 4, lam=1.0, centring="separate", **N_RUNS)
    squared = ((fits.covariance - sigma) ** 2).sum(axis=(2, 3))
    return squared, *(covariance_error_path(sigma, 20, 20, w, 4) for w in (0.5, 0.6))


@case
def case_pooled_variance_path():
    mean, variance = one_feature("fresh", 10, 5, lam=1.0)
    right, wrong = (of_both_parts(*pooled_variance_path(10, m, 0.5, 5)) for m in (10, 20))
    return of_both_parts(10 * mean**2, variance), right, wrong


@case
def case_gaussian_lam_path():
    mean, variance = one_feature("fixed", 10, 5, lam=2.0)
    right, wrong = (gaussian_lam_path(10, 10, lam, 5) for lam in (2.0, 1.0))
    found = of_both_parts(mean**2, variance)
    return found, *(of_both_parts(path.mean_error, path.variance) for path in (right, wrong))


@case
def case_gaussian_location_mse():
    found = mean_error("fixed", 10, 5)
    return found, *(gaussian_location_mse(10, 10, 5, real=real) for real in ("fixed", "fresh"))


@case
def case_gaussian_moments():
    mean, variance = one_feature("accumulate", 5, 5)
    right, wrong = (of_both_parts(*gaussian_moments("accumulate", n, 5)) for n in (5, 6))
    return of_both_parts(mean**2, variance), right, wrong


@case
def case_gaussian_collapse_factor():
    _, variance = one_feature("replace", 10, 9, centring="separate")
    fits_made = np.arange(1, 11)
    right, wrong = (gaussian_collapse_factor(n) ** fits_made for n in (10, 8))
    return np.sqrt(variance), right, wrong


def pulled_back(lam):
    """Products of a mean's distance from the real mean, before and after a retraining."""
    mean, _ = one_feature("fixed", 20, 6, lam=lam, n_synthetic=lam)
    shift = mean - mean[:, :1]
    return shift[:, 1:-1] ** 2, shift[:, 1:-1] * shift[:, 2:]


@case
def case_retraining_jacobian():
    before, after = pulled_back(4.0)
    information = np.diag([1.0, 0.5])  # of mean and variance, for N(0, 1)
    right = retraining_jacobian(information, information, 4.0).spectral_radius
    wrong = retraining_jacobian(information, 0.5 * information, 4.0).spectral_radius
    return after, *(rate * before.mean(axis=0) for rate in (right, wrong))


@case
def case_stability_condition():
    before, after = pulled_back(0.4)
    condition = stability_condition(0.4, error=0.0, lipschitz=1.0, curvature=0.5)
    rates = condition.rate, condition.rate_bound  # the published bound is not attained
    return after, *(rate * before.mean(axis=0) for rate in rates)


@case
def case_quadratic_variance_risk():
    p = np.array([0.5, 0.3, 0.2])
    found = simulate_frequencies("accumulate", p, 4, 4, **N_RUNS)
    squared = 4 * ((found - p) ** 2).sum(axis=2) / (1 - p @ p)
    mixing = Accumulate().mixing_matrix(4)
    return squared, quadratic_variance_risk(mixing, 4, -1.0), relative_risk(mixing)


@case
def case_linear_regression_risk():
    fits = simulate_regression(
        "accumulate", "linear", 12, 3, 3, n_replications=4000, random_state=0
    )
    squared = ((fits - 1) ** 2).sum(axis=2)
    risks = (linear_regression_risk("accumulate", n, 3, 1.0, 3, redraw=True) for n in (12, 14))
    return squared, *risks


@case
def case_shrinkage_path():
    settings = {"location": 3.0, "factor": 0.8}
    found = simulate_location("accumulate_subsample", "mean", 8, 4, **settings, **N_RUNS) / 3.0
    mixing = AccumulateSubsample().mixing_matrix(4)
    return found, shrinkage_path(mixing, 0.8), shrinkage_path(mixing, 0.85)


def kernel_density(**settings):
    return simulate_kde(
        "fresh", stats.norm(), 40, 3, n_replications=1200, random_state=0, **settings
    )


@case
def case_kde_mise():
    def path(w):
        return [kde_mise(stats.norm(), 40, 40, w, 0.4, t).mise for t in range(4)]

    return kernel_density(bandwidth=0.4, lam=1.0).ise, path(0.5), path(0.25)


@case
def case_kde_variance_inflation():
    bandwidths = np.r_[40**-0.2, [80**-0.2] * 3]
    found = kernel_density(bandwidth=bandwidths).second_moment - 1
    g = np.arange(4)
    return found, *(kde_variance_inflation(40, m, g, 1.0) for m in (40, 100))


# What a second estimator adds holds for many rows only; bounds are no averages.
ELSEWHERE = {
    "downstream_risk": "simulation/test_universality.py::"
    "test_a_second_estimator_has_the_downstream_risk",
    "tv_bound": "simulation/test_simulate_frequencies.py::"
    "test_true_total_variation_is_below_its_bound",
    "phase_transition": "simulation/test_simulate_frequencies.py::"
    "test_distance_stays_below_the_transition_of_its_bound",
}


def scores(values, expected):
    error = values.std(axis=0) / np.sqrt(len(values))
    return (values.mean(axis=0) - expected) / error


@pytest.mark.parametrize("name", CASES)
def test_twin_agrees_with_the_formula_and_refuses_a_slip(name):
    found, right, wrong = CASES[name]()
    assert np.abs(scores(found, right)).max() < 4.5
    assert np.abs(scores(found, wrong)).max() > 6


def test_no_formula_is_without_a_twin():
    assert CASES.keys() | ELSEWHERE.keys() == set(skcollapse.theory.__all__)
    tests = Path(__file__).resolve().parents[1]
    for place in ELSEWHERE.values():
        file, name = place.split("::")
        assert f"def {name}(" in (tests / file).read_text(encoding="utf-8")
