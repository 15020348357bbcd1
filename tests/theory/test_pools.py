"""Statements about pools with a given share of the real rows: their compact form is the matrix."""

import numpy as np
import pytest
from scipy import sparse

from skcollapse.simulation import simulate_risk
from skcollapse.theory import (
    MixingMatrix,
    loadings,
    relative_risk,
    relative_risk_at,
    risk_covariance,
    shrinkage_path,
    variance_inflation,
)
from skcollapse.workflows import Accumulate, BaseWorkflow


def pool(seed, n_generations=15):
    """Real and synthetic batches of any size in any order, any shares, any noise."""
    rng = np.random.default_rng(seed)
    born = np.r_[0, np.sort(rng.integers(0, n_generations + 1, 2 * n_generations))]
    parent = np.where(rng.random(len(born)) < 0.3, -1, born - 1)
    parent[0] = -1
    sizes = np.r_[1, rng.exponential(size=len(born) - 1) + 0.1]
    n_pooled = np.searchsorted(born, np.arange(n_generations + 1), side="right")
    noise = rng.exponential(size=n_generations + 1) / 4
    share = rng.random(n_generations + 1)
    share[3:5] = 0, 1
    return MixingMatrix.pooled(parent, sizes, n_pooled, noise, real_weight=share)


def forgetful():
    """A pool that shrinks, and one to which an old model still adds: no recursion applies."""
    yield MixingMatrix.pooled([-1, -1, 0], [1, 2, 3], [2, 1, 3], real_weight=0.3)
    yield MixingMatrix.pooled([-1, 0, 0, 1], [1, 2, 3, 4], [1, 2, 4, 4], real_weight=0.3)


CASES = [pool(0), pool(1), pool(2), *forgetful(), Accumulate().mixing_matrix(12, 1, 2, 0.7)]


@pytest.mark.parametrize("mixing", CASES)
def test_risk_is_that_of_the_matrix(mixing):
    others = (mixing.parent, mixing.sizes, mixing.subsample_noise)
    found = relative_risk(mixing)
    for container in (np.array, sparse.csr_array):
        same = MixingMatrix(container(mixing.toarray()), *others)
        np.testing.assert_allclose(found, relative_risk(same), rtol=1e-12)
        np.testing.assert_allclose(loadings(mixing), loadings(same), atol=1e-14)
        np.testing.assert_allclose(variance_inflation(mixing), variance_inflation(same))
        np.testing.assert_allclose(shrinkage_path(mixing, 0.8), shrinkage_path(same, 0.8))
    np.testing.assert_allclose(found, np.diag(risk_covariance(mixing)), rtol=1e-12)
    at = [relative_risk_at(mixing, g) for g in range(mixing.n_generations + 1)]
    np.testing.assert_allclose(at, found, rtol=1e-12)


@pytest.mark.parametrize("mixing", CASES)
def test_rows_are_those_of_the_array(mixing):
    dense = mixing.toarray()
    for g in range(mixing.n_generations + 1):
        batches, mass = mixing.row(g)
        row = np.zeros(mixing.n_batches)
        row[batches] = mass
        np.testing.assert_array_equal(row, dense[g])
    np.testing.assert_allclose(dense.sum(axis=1), 1, rtol=1e-14)


def test_simulated_paths_follow_a_pool_of_given_shares():
    mixing, n_paths = pool(4), 40_000
    squares = simulate_risk(mixing, n_paths, random_state=0) ** 2
    ratio = squares.mean(axis=0) / relative_risk(mixing)
    assert np.abs(ratio - 1).max() < 4 * np.sqrt(2 / n_paths)
    # The check can fail: equal weights of all rows are other weights.
    equal = MixingMatrix.pooled(
        mixing.parent, mixing.sizes, mixing.mass.n_pooled, mixing.subsample_noise
    )
    wrong = squares.mean(axis=0) / relative_risk(equal)
    assert np.abs(wrong - 1).max() > 20 * np.sqrt(2 / n_paths)


def test_shares_in_proportion_to_the_rows_are_equal_weights():
    equal = Accumulate().mixing_matrix(30, 1, 0.5)
    lams = 0.5 * np.arange(1, 31)
    given = Accumulate().mixing_matrix(30, 1, 0.5, lams)
    np.testing.assert_allclose(relative_risk(given), relative_risk(equal), rtol=1e-13)


@pytest.mark.parametrize("lam", [0.0, 0.7, np.inf, np.linspace(0, 3, 9)], ids=str)
def test_accumulate_is_what_its_plan_and_masses_say(lam):
    compact = Accumulate().mixing_matrix(9, 10.0, 25.0, lam)
    general = BaseWorkflow.mixing_matrix(Accumulate(), 9, 10.0, 25.0, lam)
    np.testing.assert_allclose(compact.toarray(), general.toarray(), rtol=1e-14)
    np.testing.assert_array_equal(compact.parent, general.parent)
    np.testing.assert_array_equal(compact.sizes, general.sizes)


def test_given_share_by_hand():
    risk = relative_risk(Accumulate().mixing_matrix(2, lam=1.0))
    # Half on the real batch: T_1 = e_0 + e_1/2, and
    # T_2 = e_0/2 + (T_0 + e_1)/4 + (T_1 + e_2)/4 = e_0 + 3/8 e_1 + e_2/4.
    np.testing.assert_allclose(risk, [1, 1 + 1 / 4, 1 + 9 / 64 + 1 / 16], rtol=1e-15)


def test_ten_thousand_generations_of_a_given_share_have_the_limit_of_the_share():
    # What is drawn since the start averages out: only the real batch remains.
    risk = relative_risk(Accumulate().mixing_matrix(10_000, lam=0.7))
    assert risk.argmax() < 5
    assert risk[-1] == pytest.approx(1, abs=2e-3)
    assert (risk >= 1).all()


@pytest.mark.parametrize(
    ("share", "message"),
    [
        (1.1, "real_weight must lie between 0 and 1, got 1.1 in row 0"),
        ([1, 0.5, -0.1], "real_weight must lie between 0 and 1, got -0.1 in row 2"),
        ([1, np.nan, 0.5], "real_weight must lie .* got nan in row 1"),
        ([0.5, 0.5], "hold one for each of the 3 generations"),
    ],
)
def test_wrong_shares_are_refused(share, message):
    with pytest.raises(ValueError, match=message):
        MixingMatrix.pooled([-1, 0, 1], [1, 1, 1], [1, 2, 3], real_weight=share)


def test_parents_of_another_length_are_refused():
    with pytest.raises(ValueError, match="parent must hold one integer for each of the 3"):
        MixingMatrix.pooled([-1, 0], [1, 1, 1], [1, 2, 3], real_weight=0.5)


@pytest.mark.parametrize("lam", [-0.5, np.nan, [1.0, np.nan]])
def test_accumulate_refuses_weights_that_are_none(lam):
    with pytest.raises(ValueError, match="lam must be >= 0 and not nan"):
        Accumulate().mixing_matrix(2, lam=lam)


def test_vectors_of_the_record_are_frozen():
    mixing = MixingMatrix.pooled([-1, 0], [1, 1], [1, 2], real_weight=[1.0, 0.5])
    with pytest.raises(ValueError, match="read-only"):
        mixing.mass.real_weight[0] = 0.2
