"""Statements that hold the risk formulas and the simulated limit against each other.

The two share no code but the record. Mean squares of N normal paths have the relative standard
error sqrt(2 / N); they are compared by z-scores.
"""

import numpy as np
import pytest
from scipy import sparse

from skcollapse.simulation import simulate_risk
from skcollapse.theory import MixingMatrix, relative_risk, risk_covariance

N_PATHS = 40_000


def any_mixing(seed, n_generations=6, n_batches=14):
    """A random causal mass with random parents, sizes and subsample noise."""
    rng = np.random.default_rng(seed)
    parent = np.r_[-1, rng.integers(-1, n_generations, n_batches - 1)]
    mass = rng.exponential(size=(n_generations + 1, n_batches)) ** 2
    mass *= (parent < np.arange(n_generations + 1)[:, None]) & (rng.random(mass.shape) < 0.7)
    mass[:, 0] += 0.05
    mass /= mass.sum(axis=1, keepdims=True)
    sizes = np.r_[1, rng.exponential(size=n_batches - 1) + 0.1]
    return MixingMatrix(mass, parent, sizes, rng.exponential(size=n_generations + 1) / 4)


def z_scores(mixing, paths):
    """How far the simulated risk lies from the exact one, in standard errors."""
    risk = relative_risk(mixing)
    return ((paths**2).mean(axis=0) / risk - 1) / np.sqrt(2 / len(paths))


@pytest.mark.parametrize("seed", range(20))
def test_risk_of_random_workflows_is_the_simulated_one(seed):
    mixing = any_mixing(seed)
    paths = simulate_risk(mixing, N_PATHS, random_state=seed)
    # 140 z-scores in all: the largest exceeds 4.5 by chance once in a thousand such tables.
    assert np.abs(z_scores(mixing, paths)).max() < 4.5
    assert np.abs(paths.mean(axis=0) / np.sqrt(relative_risk(mixing) / N_PATHS)).max() < 4.5


@pytest.mark.parametrize("seed", range(5))
def test_covariance_of_random_workflows_is_the_simulated_one(seed):
    mixing = any_mixing(100 + seed)
    k = risk_covariance(mixing)
    sd = np.sqrt((np.outer(np.diag(k), np.diag(k)) + k**2) / N_PATHS)
    found = np.cov(simulate_risk(mixing, N_PATHS, random_state=seed).T)
    assert (np.abs(found - k) / sd).max() < 4.5


@pytest.mark.parametrize(
    "change",
    [
        lambda m: MixingMatrix(m.mass, m.parent, m.sizes, m.subsample_noise[::-1]),
        lambda m: MixingMatrix(m.mass, m.parent, np.sqrt(m.sizes), m.subsample_noise),
        lambda m: MixingMatrix(m.mass, np.maximum(m.parent - 1, -1), m.sizes, m.subsample_noise),
        lambda m: MixingMatrix(m.mass, m.parent, m.sizes),
        lambda m: MixingMatrix(0.9 * m.mass + 0.1 * np.eye(1, 14), m.parent, m.sizes),
    ],
    ids=[
        "order of the subsamples",
        "sizes",
        "parents",
        "no subsampling",
        "a tenth more on the real batch",
    ],
)
def test_a_wrong_record_is_caught(change):
    paths = simulate_risk(any_mixing(1), N_PATHS, random_state=1)
    wrong = change(any_mixing(1))
    assert np.abs(z_scores(wrong, paths)).max() > 10


def test_weight_off_by_two_percent_is_caught():
    def fixed(real_weight):
        mass = [[1, 0, 0], [real_weight, 1 - real_weight, 0], [real_weight, 0, 1 - real_weight]]
        return MixingMatrix(mass, parent=[-1, 0, 1], sizes=[1, 1, 1])

    paths = simulate_risk(fixed(0.5), 400_000, random_state=0)
    assert np.abs(z_scores(fixed(0.5), paths)).max() < 4
    assert np.abs(z_scores(fixed(0.48), paths)).max() > 4


def test_containers_and_pools_draw_the_same_paths():
    pooled = MixingMatrix.pooled([-1, 0, 1], [1, 2, 3], [1, 2, 3], [0.1, 0.2, 0.3])
    expected = simulate_risk(pooled, 50, random_state=3)
    for container in (np.array, sparse.csr_array):
        mass = container(pooled.toarray())
        same = MixingMatrix(mass, pooled.parent, pooled.sizes, pooled.subsample_noise)
        np.testing.assert_allclose(simulate_risk(same, 50, random_state=3), expected, rtol=1e-12)


def test_seeds_decide_and_global_state_does_not():
    mixing = any_mixing(0)
    first = simulate_risk(mixing, 10, random_state=5)
    assert first.shape == (10, 7)
    np.testing.assert_array_equal(simulate_risk(mixing, 10, random_state=5), first)
    assert (simulate_risk(mixing, 10, random_state=6) != first).all()
    generator = np.random.default_rng(0)
    assert (simulate_risk(mixing, 10, generator) != simulate_risk(mixing, 10, generator)).all()


@pytest.mark.parametrize("n_paths", [0, -3, 2.5, True, "many"])
def test_number_of_paths_is_checked(n_paths):
    with pytest.raises(ValueError, match="n_paths must be a whole number"):
        simulate_risk(any_mixing(0), n_paths)


def test_bare_matrix_is_refused():
    with pytest.raises(ValueError, match="mixing must be a MixingMatrix"):
        simulate_risk(np.eye(3), 10)
