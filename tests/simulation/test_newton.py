"""Statements about the batched Newton solver: it finds what scikit-learn finds, or says no."""

import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LinearRegression, LogisticRegression, PoissonRegressor

from skcollapse.simulation._newton import FAMILIES, fit_regressions

N_REPLICATIONS, N_ROWS = 12, 150
COEF = np.array([1.0, -0.5, 0.3])


def data(family, seed=0, shift=0.0):
    """Weighted samples from the model, with `shift` as its intercept."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((N_REPLICATIONS, N_ROWS, 3))
    eta = X @ COEF + shift
    draw = {
        "linear": lambda: eta + rng.standard_normal(eta.shape),
        "logistic": lambda: rng.binomial(1, expit(eta)).astype(float),
        "poisson": lambda: rng.poisson(np.exp(eta)).astype(float),
    }
    y = draw[family]()
    return X, y, rng.exponential(size=y.shape)


def by_scikit_learn(X, y, weights, family, intercept):
    precise = {
        "solver": "newton-cholesky",
        "tol": 1e-12,
        "max_iter": 200,
        "fit_intercept": intercept,
    }
    model = {
        "linear": lambda: LinearRegression(fit_intercept=intercept),
        "logistic": lambda: LogisticRegression(C=np.inf, **precise),
        "poisson": lambda: PoissonRegressor(alpha=0, **precise),
    }[family]()
    model.fit(X, y, sample_weight=weights)
    coef = np.ravel(model.coef_)
    return np.append(coef, model.intercept_) if intercept else coef


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("family", FAMILIES)
def test_coefficients_are_those_of_scikit_learn(family, intercept):
    X, y, weights = data(family, shift=0.7 * intercept)
    fits = fit_regressions(X, y, weights, family, intercept=intercept)
    assert fits.converged.all()
    for coef, *sample in zip(fits.coef, X, y, weights, strict=True):
        expected = by_scikit_learn(*sample, family, intercept)
        np.testing.assert_allclose(coef, expected, rtol=0, atol=1e-8)


@pytest.mark.parametrize("family", FAMILIES)
def test_gradient_vanishes(family):
    X, y, weights = data(family, seed=1)
    eta = np.einsum("rnp,rp->rn", X, fit_regressions(X, y, weights, family).coef)
    mean = {"linear": eta, "logistic": expit(eta), "poisson": np.exp(eta)}[family]
    gradient = np.einsum("rn,rnp->rp", weights * (mean - y), X)
    np.testing.assert_allclose(gradient, 0, atol=1e-8)


@pytest.mark.parametrize("family", FAMILIES)
def test_whole_weights_equal_repeated_rows(family):
    X, y, _ = data(family)
    times = np.random.default_rng(2).integers(0, 4, N_ROWS)
    weighted = fit_regressions(X, y, times, family)
    repeated = fit_regressions(
        X.repeat(times, axis=1), y.repeat(times, axis=1), np.ones(times.sum()), family
    )
    np.testing.assert_allclose(weighted.coef, repeated.coef, rtol=0, atol=1e-9)


@pytest.mark.parametrize("family", FAMILIES)
def test_scale_of_weights_start_and_company_do_not_matter(family):
    X, y, weights = data(family)
    coef = fit_regressions(X, y, weights, family).coef
    same = fit_regressions(X, y, 1e6 * weights, family, start=np.tile(COEF, (len(X), 1)))
    alone = fit_regressions(X[3:4], y[3:4], weights[3:4], family)
    np.testing.assert_allclose(same.coef, coef, rtol=0, atol=1e-9)
    np.testing.assert_allclose(alone.coef[0], coef[3], rtol=0, atol=1e-9)


@pytest.mark.parametrize("family", FAMILIES)
def test_units_of_columns_do_not_matter(family):
    X, y, weights = data(family)
    units = np.array([1e-6, 1.0, 1e6])
    coef = fit_regressions(X, y, weights, family).coef
    rescaled = fit_regressions(X * units, y, weights, family)
    assert rescaled.converged.all()
    np.testing.assert_allclose(rescaled.coef * units, coef, rtol=0, atol=1e-8)


def test_large_counts_need_halved_steps():
    X, y, weights = data("poisson", shift=6.0)  # a full first step would overshoot by e^400
    fits = fit_regressions(X, y, weights, "poisson", intercept=True)
    assert fits.converged.all()
    np.testing.assert_allclose(fits.coef[:, -1], 6.0, atol=0.05)


def test_separated_labels_are_told_and_spare_the_others():
    X, y, weights = data("logistic")
    y[5] = X[5] @ COEF > 0
    fits = fit_regressions(X, y, weights, "logistic")
    np.testing.assert_array_equal(np.flatnonzero(~fits.converged), [5])
    assert np.isfinite(fits.coef).all()
    others = np.delete(np.arange(N_REPLICATIONS), 5)
    expected = fit_regressions(X[others], y[others], weights[others], "logistic").coef
    np.testing.assert_allclose(fits.coef[others], expected, rtol=0, atol=1e-9)


def test_rows_without_weight_do_not_hide_separation():
    X, y, weights = data("logistic")
    wrong_side = (y[0] == 1) != (X[0] @ COEF > 0)
    weights[0, wrong_side] = 0
    assert not fit_regressions(X, y, weights, "logistic").converged[0]


def test_labels_separated_up_to_a_tie_are_told():
    x = np.array([[0.0, 1.0], [0.0, -1.0], [0.0, 1.0], [0.0, -1.0], [1.0, 0.0]])
    fits = fit_regressions(x[None], np.array([[1.0, 1, 0, 0, 1]]), np.ones(5), "logistic")
    assert not fits.converged[0]
    assert np.isfinite(fits.coef).all()


def test_counts_without_maximum_are_told():
    # The only row with the first covariate counts zero: its rate falls without end.
    x = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    fits = fit_regressions(x[None], np.array([[0.0, 2, 4]]), np.ones(3), "poisson")
    assert not fits.converged[0]
    np.testing.assert_allclose(fits.coef[0, 1], np.log(3))


@pytest.mark.parametrize("family", FAMILIES)
def test_collinear_columns_are_told(family):
    X, y, weights = data(family)
    X[2, :, 1] = 2 * X[2, :, 0]
    fits = fit_regressions(X, y, weights, family)
    np.testing.assert_array_equal(np.flatnonzero(~fits.converged), [2])
    assert np.isfinite(fits.coef).all()


def test_inputs_are_not_changed():
    X, y, weights = data("logistic")
    start = np.zeros((N_REPLICATIONS, 3))
    copies = [part.copy() for part in (X, y, weights, start)]
    fit_regressions(X, y, weights, "logistic", start=start)
    for part, copy in zip((X, y, weights, start), copies, strict=True):
        np.testing.assert_array_equal(part, copy)
