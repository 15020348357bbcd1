"""Folds are of equal size, spread evenly over what stands together, and predict each row once."""

import numpy as np
import pytest

from skcollapse._utils._folds import folds_in_turn, out_of_fold


@pytest.mark.parametrize("n_rows", [10, 11, 3])
def test_folds_differ_by_one_row_at_most_in_each_stretch_of_the_order(n_rows):
    order = np.random.default_rng(0).permutation(n_rows)
    folds = folds_in_turn(order, 3)
    for stop in range(1, n_rows + 1):
        sizes = np.bincount(folds[order[:stop]], minlength=3)
        assert sizes.max() - sizes.min() <= 1


@pytest.mark.parametrize("shape", [(), (2,)])
def test_each_row_is_predicted_without_its_fold(shape):
    folds = np.array([1, 0, 2, 1, 0])
    seen = []

    def predict(fold, test):
        seen.append((fold, test.tolist()))
        values = 10 * fold + test
        return np.repeat(values[:, None], 2, axis=1) if shape else values

    out = out_of_fold(folds, 3, predict)
    assert seen == [(0, [1, 4]), (1, [0, 3]), (2, [2])]
    assert out.shape == (5, *shape)
    np.testing.assert_array_equal(out.reshape(5, -1)[:, 0], 10 * folds + np.arange(5))
