"""Statements about the record of a workflow: what it holds and what it refuses."""

import pickle

import numpy as np
import pytest
from scipy import sparse

from skcollapse.theory import MixingMatrix, relative_risk

MASS = np.array([[1.0, 0, 0], [0.5, 0.5, 0], [0.25, 0.25, 0.5]])
LATE = MASS[:, [1, 0, 2]]  # the real batch comes second
PARENT, SIZES = [-1, 0, 1], [1.0, 2.0, 1.0]


def changed(row, column, value):
    mass = MASS.copy()
    mass[row, column] = value
    return mass


@pytest.mark.parametrize("container", [np.array, sparse.csr_array, sparse.coo_matrix])
@pytest.mark.parametrize(
    ("mass", "parent", "sizes", "noise", "message"),
    [
        (changed(2, 0, 0.35), PARENT, SIZES, None, "mass must sum to 1 .* row 2 sums to 1.1"),
        (changed(1, 0, -0.5), PARENT, SIZES, None, "mass must be finite and >= 0, see row 1"),
        (changed(2, 1, np.nan), PARENT, SIZES, None, "mass must be finite and >= 0, see row 2"),
        (MASS, [-1, 0, 2], SIZES, None, "mass must be causal, but row 2 .* generation 2"),
        (MASS, [-1, 1, -1], SIZES, None, "mass must be causal, but row 1 .* generation 1"),
        (LATE, [0, -1, 1], SIZES, None, "sizes must be in units .* got 2.0 in row 1"),
        (MASS, [-1, 0], SIZES, None, "parent must hold one integer for each of the 3 columns"),
        (MASS, [-1, 0.5, 1], SIZES, None, "parent must hold one integer"),
        (MASS, [-1, 3, 1], SIZES, None, "parent must be -1 .* got 3 in row 1"),
        (MASS, [-1, 0, -2], SIZES, None, "parent must be -1 .* got -2 in row 2"),
        (MASS, [0, 0, 1], SIZES, None, "parent must be -1 .* for one batch at least"),
        (MASS, PARENT, [1, 2], None, "sizes must hold one number for each batch"),
        (MASS, PARENT, [1, 0, 1], None, "sizes must be > 0, got 0.0 in row 1"),
        (MASS, PARENT, [1, 1, np.nan], None, "sizes must be > 0, got nan in row 2"),
        (MASS, PARENT, [100, 200, 100], None, "got 100.0 in row 0. Divide all sizes"),
        (MASS, PARENT, SIZES, [0, 0], "subsample_noise must hold .* each of the 3 generations"),
        (MASS, PARENT, SIZES, [0, 0, -1], "subsample_noise must be finite .* got -1.0 in row 2"),
        (MASS, PARENT, SIZES, [0, np.inf, 0], "subsample_noise must be .* got inf in row 1"),
    ],
)
def test_wrong_records_are_refused_by_name_and_row(container, mass, parent, sizes, noise, message):
    with pytest.raises(ValueError, match=message):
        MixingMatrix(container(mass), parent, sizes, noise)


@pytest.mark.parametrize("mass", [np.ones(3), np.ones((0, 3)), np.ones((1, 1, 1))])
def test_mass_is_a_table(mass):
    with pytest.raises(ValueError, match="mass must be two-dimensional and not empty"):
        MixingMatrix(mass, PARENT, SIZES)


@pytest.mark.parametrize(
    ("sizes", "n_pooled", "message"),
    [
        (SIZES, [1, 2, 4], "n_pooled must lie between 1 and the number of batches, 3, got 4 in"),
        (SIZES, [0, 2, 3], "n_pooled must lie .* got 0 in row 0"),
        (SIZES, [1.0, 2.0, 3.0], "n_pooled must hold one integer"),
        (SIZES, [1, 3, 3], "mass must be causal, but row 1"),
        ([1, np.inf, 1], [1, 2, 3], "sizes must be finite"),
        ([1, -1, 1], [1, 2, 3], "sizes must be > 0"),
    ],
)
def test_wrong_pools_are_refused(sizes, n_pooled, message):
    with pytest.raises(ValueError, match=message):
        MixingMatrix.pooled(PARENT, sizes, n_pooled)


def test_pool_is_the_unweighted_fit_on_its_batches():
    pooled = MixingMatrix.pooled(PARENT, SIZES, [1, 2, 3])
    np.testing.assert_allclose(
        pooled.toarray(), [[1, 0, 0], [1 / 3, 2 / 3, 0], [1 / 4, 1 / 2, 1 / 4]], rtol=1e-15
    )
    assert (pooled.n_generations, pooled.n_batches) == (2, 3)


@pytest.mark.parametrize(
    "mixing",
    [
        MixingMatrix(MASS, PARENT, SIZES),
        MixingMatrix(sparse.csr_array(MASS), PARENT, SIZES),
        MixingMatrix.pooled(PARENT, SIZES, [1, 2, 3]),
    ],
)
def test_rows_are_those_of_the_array(mixing):
    for g, expected in enumerate(mixing.toarray()):
        batches, mass = mixing.row(g)
        found = np.zeros(mixing.n_batches)
        found[batches] = mass
        np.testing.assert_array_equal(found, expected)


def test_mass_on_models_is_summed_over_the_batches_each_has_made():
    mass = [[1, 0, 0, 0], [0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1]]
    mixing = MixingMatrix(mass, parent=[-1, 0, -1, 0], sizes=[1, 1, 1, 1])
    np.testing.assert_allclose(
        mixing.model_mass(), [[0, 0, 0], [0.6, 0, 0], [0.4, 0, 0]], rtol=1e-15
    )
    assert [made.tolist() for made in mixing.children] == [[1, 3], [], []]


@pytest.mark.parametrize("container", [np.array, sparse.csr_array])
def test_record_is_frozen_and_independent_of_its_arguments(container):
    mass, sizes = container(MASS), np.array(SIZES)
    mixing = MixingMatrix(mass, PARENT, sizes)
    before = relative_risk(mixing)
    mass *= 7.0
    sizes *= 7.0
    np.testing.assert_array_equal(relative_risk(mixing), before)
    with pytest.raises(AttributeError, match="cannot assign"):
        mixing.sizes = SIZES
    for array in (mixing.sizes, mixing.parent, getattr(mixing.mass, "indices", mixing.sizes)):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 2
    assert repr(mixing) == "MixingMatrix(n_generations=2, n_batches=3)"
    np.testing.assert_array_equal(relative_risk(pickle.loads(pickle.dumps(mixing))), before)
