"""Marginals: what is drawn at a score, atoms, lattices, and Hermite coefficients."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import eval_hermitenorm, factorial, ndtr, ndtri
from scipy.stats import norm

from skcollapse.synthesizers._columns._lattices import find_lattice
from skcollapse.synthesizers._copula._latent import (
    cholesky_factor,
    correlate,
    latent_correlation,
    leading_direction,
    step_scores,
)
from skcollapse.synthesizers._copula._marginals import (
    Curve,
    Step,
    distinct_masses,
    fit_numeric,
    fit_step,
)


def fit(values, weights=None, n_quantiles=513):
    values = np.asarray(values)
    weights = np.ones(len(values)) if weights is None else np.asarray(weights, dtype=float)
    distinct, masses, _ = distinct_masses(values, weights)
    return fit_numeric(distinct, masses, n_quantiles)


def test_distinct_masses_by_hand():
    distinct, masses, inverse = distinct_masses(
        np.array([3.0, 1.0, 3.0, 2.0]), np.array([1.0, 2.0, 0.5, 4.0])
    )
    assert distinct.tolist() == [1, 2, 3]
    assert masses.tolist() == [2, 4, 1.5]
    assert inverse.tolist() == [2, 0, 2, 1]


def test_step_by_hand():
    """Shares 1/4, 1/2, 1/4: the edges are the quartiles of the normal."""
    marginal, scores = fit_step(np.array([10, 20, 30]), np.array([1.0, 2.0, 1.0]))
    np.testing.assert_allclose(marginal.edges, ndtri([0.25, 0.75]))
    np.testing.assert_array_equal(marginal.draw(np.array([-1, 0.0, 0.6, 0.7])), [10, 20, 20, 30])
    # E[Z | Z < q] = -pdf(q) / P(Z < q)
    np.testing.assert_allclose(scores.values, [-norm.pdf(ndtri(0.25)) * 4, 0, 4 * 0.31777657])


def test_normal_quantiles_give_a_straight_line():
    values = 3 + 2 * ndtri((np.arange(1000) + 0.5) / 1000)
    marginal, scores = fit(values)
    z = np.linspace(-3, 3, 101)
    np.testing.assert_allclose(marginal.draw(z), 3 + 2 * z, atol=1e-9)
    assert scores.hermite[0] == 1
    assert not scores.hermite[1:].any()


def test_draws_stay_between_the_extremes():
    values = np.random.default_rng(0).lognormal(sigma=2, size=300)
    marginal, _ = fit(values)
    assert marginal.draw(np.array([-50.0]))[0] == values.min()
    assert marginal.draw(np.array([50.0]))[0] == values.max()


@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_zero_inflation_keeps_the_share_of_zeros(share):
    rng = np.random.default_rng(0)
    values = rng.lognormal(size=2000) * (np.arange(2000) >= share * 2000)
    marginal, _ = fit(values)
    assert isinstance(marginal, Curve)
    z = ndtri((np.arange(100_000) + 0.5) / 100_000)
    assert abs(np.mean(marginal.draw(z) == 0) - share) < 1e-4


def test_two_neighbouring_atoms_and_the_curve_around_them():
    rng = np.random.default_rng(0)
    values = np.r_[
        rng.uniform(0, 1, 500), np.full(250, 1.0), np.full(250, 2.0), 2 + rng.random(500)
    ]
    marginal, _ = fit(values)
    u = (np.arange(100_000) + 0.5) / 100_000
    drawn = marginal.draw(ndtri(u))
    assert np.all(np.diff(drawn) >= 0)
    assert np.all(drawn[(u > 1 / 3 + 1e-3) & (u < 1 / 2)] == 1.0)
    assert np.all(drawn[(u > 1 / 2) & (u < 2 / 3 - 1e-3)] == 2.0)
    assert not np.any((drawn > 1) & (drawn < 2))


def test_atoms_do_not_depend_on_a_number_of_rows():
    rng = np.random.default_rng(0)
    values = np.r_[rng.normal(size=300), np.zeros(20)]
    once, _ = fit(values)
    tenfold, _ = fit(np.tile(values, 10))
    np.testing.assert_array_equal(once.knots, tenfold.knots)
    np.testing.assert_array_equal(once.atoms, tenfold.atoms)


def test_twenty_values_are_kept_and_twenty_one_are_not():
    values = np.random.default_rng(0).normal(size=21)
    assert isinstance(fit(values[:20])[0], Step)
    assert isinstance(fit(values)[0], Curve)
    assert isinstance(fit(np.arange(256))[0], Step)
    assert isinstance(fit(np.arange(257))[0], Curve)
    assert isinstance(fit(np.arange(256) / 100)[0], Step)


@pytest.mark.parametrize(
    "values",
    [
        np.array([2**62 + 1, 2**62 + 4, 2**62 + 10]),
        np.array([-(2**63), 2**63 - 1]),
        np.array([-(2**63), 0, 2**63 - 1]),
        np.array([7]),
    ],
)
def test_integer_lattice_is_exact_beyond_floats(values):
    lattice = find_lattice(values)
    if len(values) == 3 and values[0] > 0:
        assert lattice.step == 3
    ends = lattice.from_units(np.array([-5.0, 1e30]))
    assert ends.tolist() == [values[0], values[-1]]


def test_integers_far_from_zero_are_drawn_on_their_lattice():
    offset = 2**60 + 1
    values = offset + 7 * np.arange(1000)
    marginal, _ = fit(values)
    drawn = marginal.draw(np.random.default_rng(0).normal(size=5000))
    assert drawn.dtype == np.int64
    assert np.all((drawn - offset) % 7 == 0)
    assert drawn.min() >= values[0]
    assert drawn.max() <= values[-1]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("decimals", [0, 1, 2, 4])
def test_decimals_are_found_and_kept(dtype, decimals):
    numbers = np.round(np.random.default_rng(0).normal(scale=5, size=5000), decimals)
    numbers = numbers.astype(dtype).astype(np.float64)
    distinct = np.unique(numbers)
    assert find_lattice(distinct).decimals == decimals
    drawn = find_lattice(distinct).from_units(np.array([np.pi]))[0]
    assert drawn == round(np.pi, decimals)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3, 1e12])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_continuous_numbers_are_no_decimals(scale, dtype):
    values = np.random.default_rng(0).normal(1, 0.3, size=1000).astype(dtype) * dtype(scale)
    distinct = np.unique(values.astype(np.float64))
    decimals = find_lattice(distinct).decimals
    assert decimals is None or (scale == 1e12 and dtype == np.float32)


@pytest.mark.parametrize("n_atoms", [1, 3])
def test_hermite_coefficients_equal_integrals(n_atoms):
    """c_k = E[s(Z) h_k(Z)] / sd(s), by numerical integration."""
    rng = np.random.default_rng(0)
    values = np.r_[rng.normal(size=400), np.repeat(np.arange(n_atoms) / 7, 50)]
    distinct, masses, _ = distinct_masses(values, np.ones(len(values)))
    _, scores = fit_numeric(distinct, masses, 513)
    heavy = masses >= 50
    above = np.cumsum(masses) / masses.sum()
    lower, upper = ndtri((above - masses / masses.sum())[heavy]), ndtri(above[heavy])

    def score(z):
        inside = (lower < z) & (z < upper)
        return scores.values[heavy][inside][0] if inside.any() else z

    ends = np.sort(np.r_[-9, lower, upper, 9])

    def expect(function):
        pieces = pairwise(ends)
        return sum(quad(lambda z: function(z) * norm.pdf(z), a, b)[0] for a, b in pieces)

    sd = np.sqrt(expect(lambda z: score(z) ** 2))
    for k in (1, 2, 3, 6):
        wanted = expect(lambda z, k=k: score(z) * eval_hermitenorm(k, z)) / np.sqrt(factorial(k))
        np.testing.assert_allclose(scores.hermite[k - 1], wanted / sd, atol=1e-7)


@pytest.mark.parametrize("rho", [-0.8, -0.3, 0.0, 0.5, 0.9])
def test_latent_correlation_of_two_halves(rho):
    """For two signs the correlation is 2/pi asin(rho) (Sheppard): inverted to rho.

    The power series is cut after 19 terms, which matters near one: tolerance 0.02 * rho^20.
    """
    scores = step_scores(np.zeros(1), np.array([0.5, 0.5]))
    observed = np.array([[1, 2 / np.pi * np.arcsin(rho)], [2 / np.pi * np.arcsin(rho), 1]])
    latent = latent_correlation(observed, np.array([scores.hermite] * 2))
    assert abs(latent[0, 1] - rho) < 1e-9 + 0.1 * abs(rho) ** 21


def test_latent_correlation_of_number_and_half_is_biserial():
    """corr(Z1, sign(Z2)) = rho * sqrt(2/pi)."""
    half = step_scores(np.zeros(1), np.array([0.5, 0.5])).hermite
    whole = np.eye(1, len(half))[0]
    observed = np.array([[1, 0.4], [0.4, 1]])
    latent = latent_correlation(observed, np.array([whole, half]))
    np.testing.assert_allclose(latent[0, 1], 0.4 / np.sqrt(2 / np.pi), rtol=1e-12)
    np.testing.assert_array_equal(latent, latent.T)


def test_correlation_equals_numpy():
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(3, 60)) @ np.diag(rng.random(60))
    weights = rng.random(60)
    covariance = np.cov(scores, aweights=weights)
    sd = np.sqrt(np.diag(covariance))
    found = correlate(scores.copy(), weights)
    np.testing.assert_allclose(found, covariance / np.outer(sd, sd), atol=1e-14)
    present = np.ones((3, 60), dtype=bool)
    np.testing.assert_allclose(correlate(scores.copy(), weights, present), found, atol=1e-14)


def test_pairs_use_the_covariance_of_common_rows_and_the_deviation_of_all():
    rng = np.random.default_rng(0)
    scores, weights = rng.normal(size=(2, 60)), rng.random(60)
    present = np.ones((2, 60), dtype=bool)
    present[0, :20], present[1, 10:30] = False, False
    both = present.all(axis=0)
    covariance = np.cov(scores[:, both], aweights=weights[both], ddof=0)[0, 1]
    variances = [
        np.cov(row[seen], aweights=weights[seen], ddof=0)
        for row, seen in zip(scores, present, strict=True)
    ]
    found = correlate(scores * present, weights, present)
    np.testing.assert_allclose(found[0, 1], covariance / np.sqrt(np.prod(variances)), atol=1e-13)


def test_columns_never_seen_together_are_independent():
    scores = np.array([[1.0, 2.0, 0, 0], [0, 0, 3.0, 1.0]])
    present = scores != 0
    np.testing.assert_array_equal(correlate(scores, np.ones(4), present), np.eye(2))


def test_matrix_that_is_no_correlation_is_repaired():
    bad = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
    assert np.linalg.eigvalsh(bad)[0] < -0.5
    matrix, factor = cholesky_factor(bad, 1e-4)
    np.testing.assert_allclose(factor @ factor.T, matrix, atol=1e-12)
    np.testing.assert_allclose(np.diag(matrix), 1, atol=1e-12)
    assert matrix[0, 1] > 0.4
    assert matrix[0, 2] < -0.4


def test_leading_direction():
    correlation = np.array([[1, 0.8, -0.7], [0.8, 1, -0.6], [-0.7, -0.6, 1]])
    _, vectors = np.linalg.eigh(correlation)
    direction = leading_direction(correlation)
    assert abs(direction @ vectors[:, -1]) > 1 - 1e-12
    # Equal eigenvalues leave an eigenvector open; the direction is defined all the same.
    np.testing.assert_allclose(leading_direction(np.eye(2)), np.array([2, 1]) / np.sqrt(5))


def test_mean_and_variance_of_a_curve():
    """Knots resolve a skewed marginal: mean and sd of the drawn law within 1 percent."""
    values = np.random.default_rng(0).gamma(2.0, size=20_000)
    marginal, _ = fit(values)
    drawn = marginal.draw(ndtri((np.arange(200_000) + 0.5) / 200_000))
    assert abs(drawn.mean() / values.mean() - 1) < 0.01
    assert abs(drawn.std() / values.std() - 1) < 0.01
    assert np.abs(np.sort(ndtr(drawn))[::100] - np.sort(ndtr(values))[::10]).max() < 0.01
