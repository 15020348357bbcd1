"""Statements about the exact risk of any workflow, held against published and derived limits."""

import numpy as np
import pytest
from scipy import sparse
from scipy.linalg import cholesky
from scipy.special import polygamma

from skcollapse.theory import (
    MixingMatrix,
    loadings,
    optimal_real_weight,
    relative_risk,
    relative_risk_at,
    risk_covariance,
    variance_inflation,
)

G = 30
FITS = np.arange(1, G + 2)  # fits made so far
H2 = np.cumsum(1.0 / FITS**2)


def replace(sizes):
    n = len(sizes)
    return MixingMatrix(np.eye(n), np.arange(n) - 1, sizes)


def accumulate(sizes, noise=None):
    n = np.arange(len(sizes))
    return MixingMatrix.pooled(n - 1, sizes, n + 1, noise)


def accumulate_subsample(n_generations, budget, sizes=None):
    sizes = np.ones(n_generations + 1) if sizes is None else sizes
    pool = np.cumsum(sizes)
    return accumulate(sizes, 1 / np.minimum(budget, pool) - 1 / pool)


def fixed(n_generations, real_weight, size):
    mass = (1 - real_weight) * np.eye(n_generations + 1)
    mass[:, 0] = real_weight
    mass[0, 0] = 1
    sizes = np.full(n_generations + 1, size)
    sizes[0] = 1
    return MixingMatrix(mass, np.arange(n_generations + 1) - 1, sizes)


def fresh(real_weights, k):
    """One real and one synthetic batch a generation; batch 0 trains generation 0."""
    n = len(real_weights)
    rows = np.r_[0, np.repeat(np.arange(1, n + 1), 2)]
    values = np.r_[1, np.c_[real_weights, 1 - np.asarray(real_weights)].ravel()]
    mass = sparse.csr_array((values, (rows, np.arange(2 * n + 1))))
    parent = np.r_[-1, np.c_[np.full(n, -1), np.arange(n)].ravel()]
    return MixingMatrix(mass, parent, np.r_[1, np.tile([1, 1 / k], n)])


def window(n_generations, length, container=np.array):
    g = np.arange(n_generations + 1)
    inside = (g <= g[:, None]) & (g > g[:, None] - length)
    mass = inside / inside.sum(axis=1, keepdims=True)
    return MixingMatrix(container(mass), g - 1, np.ones(n_generations + 1))


def any_mixing(seed, n_generations=12, n_batches=25):
    """A random causal mass with random parents, sizes and subsample noise."""
    rng = np.random.default_rng(seed)
    parent = np.r_[-1, rng.integers(-1, n_generations, n_batches - 1)]
    mass = rng.exponential(size=(n_generations + 1, n_batches)) ** 2
    mass *= (parent < np.arange(n_generations + 1)[:, None]) & (rng.random(mass.shape) < 0.6)
    mass[:, 0] += 0.01
    mass /= mass.sum(axis=1, keepdims=True)
    sizes = np.r_[1, rng.exponential(size=n_batches - 1) + 0.1]
    return MixingMatrix(mass, parent, sizes, rng.exponential(size=n_generations + 1))


# ---- closed forms -----------------------------------------------------------------------------


def test_half_real_rows_and_half_of_the_last_model_by_hand():
    # T_1 = T_0 / 2 + (T_0 + e_1) / 2 with T_0 = e_0: all of e_0, half of e_1.
    mixing = MixingMatrix([[1, 0], [0.5, 0.5]], parent=[-1, 0], sizes=[1, 2])
    np.testing.assert_allclose(loadings(mixing), [[1, 0], [1, 1 / 2]])
    np.testing.assert_allclose(risk_covariance(mixing), [[1, 1], [1, 9 / 8]])
    np.testing.assert_allclose(relative_risk(mixing), [1, 9 / 8])
    assert relative_risk_at(mixing, 1) == pytest.approx(9 / 8)
    np.testing.assert_allclose(variance_inflation(mixing), [1, (9 / 8) / (3 / 8)])


def test_replace_grows_by_one_a_generation():
    np.testing.assert_allclose(relative_risk(replace(np.ones(G + 1))), FITS, rtol=1e-14)


def test_replace_by_ever_larger_batches_stays_bounded():
    np.testing.assert_allclose(relative_risk(replace(FITS**2.0)), H2, rtol=1e-14)


def test_accumulate_tends_to_pi_squared_over_six():
    risk = relative_risk(accumulate(np.ones(10_001)))
    np.testing.assert_allclose(risk[: G + 1], H2, rtol=1e-14)
    assert risk[-1] + 1 / 10_001 == pytest.approx(np.pi**2 / 6, abs=1e-8)
    assert relative_risk(accumulate(np.ones(100)))[-1] == pytest.approx(1.63498, abs=6e-6)


def test_accumulate_of_any_sizes():
    sizes = np.r_[1, np.random.default_rng(0).exponential(size=G)]
    found = relative_risk(accumulate(sizes))
    np.testing.assert_allclose(found, np.cumsum(sizes / np.cumsum(sizes) ** 2), rtol=1e-13)
    assert found.max() < 2


@pytest.mark.parametrize(("c", "limit"), [(0.5, 1.7899), (2, 1.4674), (5, 1.2535)])
def test_more_synthetic_rows_help_when_all_are_kept(c, limit):
    n = 20_000
    risk = relative_risk(accumulate(np.r_[1, np.full(n, float(c))]))[-1]
    assert risk == pytest.approx(1 + polygamma(1, 1 + 1 / c) / c, abs=2 / (c * n))
    assert risk == pytest.approx(limit, abs=2e-4)


def test_subsample_tends_to_half_pi_squared_less_two():
    risk = relative_risk(accumulate_subsample(20_000, budget=1.0))
    np.testing.assert_allclose(risk[: G + 1], 3 * H2 - 2, rtol=1e-14)
    assert risk[-1] == pytest.approx(np.pi**2 / 2 - 2, abs=2e-4)
    assert risk[99] == pytest.approx(2.90495, abs=6e-6)


@pytest.mark.parametrize(("beta", "limit"), [(0.5, 4.5797), (2, 2.2373), (3, 2.0234)])
def test_subsample_of_another_budget(beta, limit):
    risk = relative_risk(accumulate_subsample(20_000, budget=beta))
    assert risk[-1] == pytest.approx(limit, abs=4e-4)
    q = int(np.ceil(beta))
    h, late = np.cumsum(1.0 / np.arange(1, 20_002) ** 2), np.arange(1, 20_002) >= q
    closed = h + (1 + 1 / beta) * (h - h[q - 1]) + 1 / beta - 1 / q
    np.testing.assert_allclose(risk[late], closed[late], rtol=1e-12)


def test_bootstrap_of_the_pool_doubles_the_risk():
    mixing = accumulate(np.ones(G + 1), noise=np.ones(G + 1))
    np.testing.assert_allclose(relative_risk(mixing), 2 * H2, rtol=1e-14)


@pytest.mark.parametrize("m", [0.3, 1.0, 40.0])
def test_fixed_stays_under_three_halves(m):
    risk = relative_risk(fixed(800, 1 / (1 + m), m))
    assert (np.diff(risk) > -1e-14).all()
    assert risk.max() < 1.5
    assert risk[-1] == pytest.approx(1 + m / (2 * m + 1), rel=1e-12)


@pytest.mark.parametrize("k", [0.2, 1.0, 5.0])
def test_fresh_at_its_best_weight_settles_at_that_weight(k):
    w = optimal_real_weight(k, 1.0)
    assert relative_risk(fresh(np.full(400, w), k))[-1] == pytest.approx(w, rel=1e-12)
    # The check can fail: another weight settles elsewhere, and higher.
    assert relative_risk(fresh(np.full(400, 0.8 * w), k))[-1] > 1.004 * w


def test_fresh_with_kalman_weights_runs_through_fibonacci_quotients():
    weights = [2 / 3, 5 / 8, 13 / 21, 34 / 55]
    np.testing.assert_allclose(relative_risk(fresh(weights, 1.0))[1:], weights, rtol=1e-14)


@pytest.mark.parametrize("length", [2, 5, 10])
def test_window_grows_linearly(length):
    risk = relative_risk(window(300, length))
    assert risk[-1] - risk[-2] == pytest.approx(4 / (length + 1) ** 2, rel=1e-9)


def test_keeping_everything_with_fresh_real_rows():
    r, m, n = 0.5, 2.0, 40
    parent = np.r_[-1, np.c_[np.full(n, -1), np.arange(n)].ravel()]
    sizes, n_pooled = np.r_[1, np.tile([r, m], n)], 2 * np.arange(n + 1) + 1
    expected, pool = [1.0], 1.0
    for _ in range(n):
        pool += r + m
        expected.append((1 - r / pool) ** 2 * expected[-1] + (r + m) / pool**2)
    found = relative_risk(MixingMatrix.pooled(parent, sizes, n_pooled))
    np.testing.assert_allclose(found, expected, rtol=1e-13)


def test_doubling_and_relabelling_tend_to_three_halves():
    doubling = relative_risk(accumulate(np.r_[1, 2.0 ** np.arange(G)]))
    np.testing.assert_allclose(doubling, 1 + (1 - 0.5 ** (FITS - 1)) / 2, rtol=1e-13)
    mass = np.diag((FITS - 1) / FITS)
    mass[:, 0] = 1 / FITS
    relabel = MixingMatrix(mass, FITS - 2, np.maximum(FITS - 1, 1))
    np.testing.assert_allclose(relative_risk(relabel), 1 + (FITS - 1) / (2 * FITS), rtol=1e-13)


def test_subsample_residuals_are_stratified_ones():
    # 30 percent real, 70 percent last synthetic, drawn without replacement.
    g = np.arange(6)
    eta = np.where(g > 0, 0.3**2 * (1 / 0.3 - 1) + 0.7**2 * (1 / 0.7 - 1), 0)
    mixing = fixed(5, 0.3, 1.0)
    mixing = MixingMatrix(mixing.mass, mixing.parent, mixing.sizes, eta)
    expected = [1, 1.910, 2.356, 2.574, 2.682, 2.734]
    np.testing.assert_allclose(relative_risk(mixing), expected, atol=6e-4)


# ---- engines ----------------------------------------------------------------------------------


def _cases():
    yield from (any_mixing(seed) for seed in range(8))
    yield accumulate_subsample(20, budget=0.7, sizes=np.r_[1, np.linspace(0.2, 3, 20)])
    yield fresh(np.linspace(0.2, 0.9, 20), k=0.7)
    yield window(20, 4, sparse.csr_array)
    yield MixingMatrix.pooled([-1, 0, 0, 1], [1, 2, 3, 4], [1, 2, 4, 4], [0.1, 0.2, 0.3, 0.4])
    yield MixingMatrix.pooled([-1, -1, 0], [1, 2, 3], [2, 1, 3])  # a pool that forgets
    # Real rows, two batches of one model and a generation that adds nothing.
    noise = [0.3, 0.0, 0.1, 0.4]
    yield MixingMatrix.pooled([-1, 0, 0, -1, 2], [1, 2, 3, 0.5, 4], [1, 4, 4, 5], noise)


@pytest.mark.parametrize("mixing", list(_cases()))
def test_every_engine_gives_the_same_risk(mixing):
    covariance = risk_covariance(mixing)
    expected = np.diag(covariance)
    np.testing.assert_allclose(relative_risk(mixing), expected, rtol=1e-12)
    at = [relative_risk_at(mixing, g) for g in range(mixing.n_generations + 1)]
    np.testing.assert_allclose(at, expected, rtol=1e-12)
    others = (mixing.parent, mixing.sizes, mixing.subsample_noise)
    for container in (np.array, sparse.csr_array):
        same = MixingMatrix(container(mixing.toarray()), *others)
        np.testing.assert_allclose(relative_risk(same), expected, rtol=1e-12)
    c = loadings(mixing)
    np.testing.assert_allclose(c[:, mixing.parent < 0].sum(axis=1), 1, rtol=1e-12)
    cholesky(covariance + 1e-12 * np.eye(len(expected)))  # no negative eigenvalue


def test_sparse_engine_is_the_one_used_for_long_sparse_records():
    """Many children of one model, batches of unequal life: bookkeeping against the solve."""
    rng = np.random.default_rng(3)
    n, made = 120, 3
    parent = np.r_[-1, np.repeat(np.arange(n), made)]
    mass = np.zeros((n + 1, len(parent)))
    mass[0, 0] = 1
    for g in range(1, n + 1):
        recent = np.flatnonzero((parent >= g - 4) & (parent < g))
        mass[g, rng.choice(recent, min(4, len(recent)), replace=False)] = rng.random() + 0.1
        mass[g, 0] = 0.2
    mass /= mass.sum(axis=1, keepdims=True)
    sizes, noise = np.r_[1, rng.random(n * made) + 0.5], rng.random(n + 1)
    found = relative_risk(MixingMatrix(sparse.csr_array(mass), parent, sizes, noise))
    expected = relative_risk(MixingMatrix(mass, parent, sizes, noise))
    np.testing.assert_allclose(found, expected, rtol=1e-11)


def test_accumulate_is_a_martingale():
    covariance = risk_covariance(accumulate(np.ones(10)))
    first = np.minimum.outer(np.arange(10), np.arange(10))
    np.testing.assert_allclose(covariance, H2[first], rtol=1e-13)
    assert covariance[4, 9] / np.sqrt(H2[4] * H2[9]) == pytest.approx(0.9718, abs=5e-5)


@pytest.mark.parametrize("seed", range(8))
def test_no_workflow_beats_pooling_all_real_rows(seed):
    mixing = any_mixing(seed)
    assert (relative_risk(mixing) >= 1 / mixing.sizes[mixing.parent < 0].sum()).all()


def test_batch_of_infinite_size_adds_no_noise():
    mixing = MixingMatrix(np.eye(3), [-1, 0, 1], [1, np.inf, np.inf])
    np.testing.assert_array_equal(relative_risk(mixing), [1, 1, 1])
    np.testing.assert_array_equal(variance_inflation(mixing), [1, np.inf, np.inf])


def test_variance_inflation_of_accumulate_and_replace():
    np.testing.assert_allclose(variance_inflation(accumulate(np.ones(G + 1))), FITS * H2)
    np.testing.assert_allclose(variance_inflation(replace(np.ones(G + 1))), FITS)
    subsample = accumulate_subsample(G, budget=1.0)
    np.testing.assert_allclose(variance_inflation(subsample), relative_risk(subsample))


@pytest.mark.parametrize("generation", [-1, 3, 1.0, True])
def test_generation_is_one_of_the_record(generation):
    with pytest.raises(ValueError, match="generation must be"):
        relative_risk_at(replace(np.ones(3)), generation)


@pytest.mark.parametrize(
    "function", [loadings, relative_risk, risk_covariance, variance_inflation]
)
def test_bare_matrix_is_refused(function):
    with pytest.raises(ValueError, match="mixing must be a MixingMatrix, got ndarray"):
        function(np.eye(3))
