import numpy as np
import pytest
from sklearn.base import BaseEstimator

from skcollapse._utils._rows import (
    check_table,
    check_weights,
    concat_rows,
    rows_in_proportion,
    systematic_indices,
    take_rows,
)


def test_systematic_counts_are_floor_or_ceil_of_the_expected_ones():
    rng = np.random.default_rng(0)
    for seed in range(10):
        weights = rng.exponential(size=50) * (rng.random(50) > 0.2)
        rows = systematic_indices(weights, 120, np.random.default_rng(seed))
        expected = 120 * weights / weights.sum()
        counts = np.bincount(rows, minlength=50)
        assert len(rows) == 120
        assert np.all(counts >= np.floor(expected))
        assert np.all(counts <= np.ceil(expected))


def test_systematic_draw_has_the_right_mean():
    """The mean of 4,000 draws is within 4 standard errors (at most sqrt(1/4/4000)) of it."""
    weights = np.array([0.2, 1.0, 0.5, 0.05])
    generator = np.random.default_rng(0)
    counts = [
        np.bincount(systematic_indices(weights, 5, generator), minlength=4) for _ in range(4000)
    ]
    expected = 5 * weights / weights.sum()
    np.testing.assert_allclose(np.mean(counts, axis=0), expected, atol=4 * np.sqrt(0.25 / 4000))


def test_expand_equal_weights_gives_the_rows():
    rows = rows_in_proportion(np.full(7, 0.3), np.random.default_rng(0))
    np.testing.assert_array_equal(rows, np.arange(7))


@pytest.mark.parametrize(
    ("weights", "counts"),
    [
        ([2, 1, 3], [2, 1, 3]),
        ([1, 1, 0.4], [5, 5, 2]),  # multiples 1 to 4 leave fractions
        ([0.1, 0.0, 0.3], [1, 0, 3]),
        ([1 / 3, 1, 1], [1, 3, 3]),
    ],
)
def test_expand_is_exact_for_small_proportions(weights, counts):
    rows = rows_in_proportion(np.array(weights, dtype=float), np.random.default_rng(0))
    np.testing.assert_array_equal(np.bincount(rows, minlength=len(counts)), counts)


def test_expand_falls_back_to_twice_the_rows():
    block = np.r_[np.ones(20), np.full(30, 0.618034)]
    rows = rows_in_proportion(block, np.random.default_rng(0))
    assert len(rows) == 100
    share = np.mean(rows < 20)
    assert abs(share - block[:20].sum() / block.sum()) < 1 / 100
    # 1 to 9 would be exact, but takes more rows than allowed.
    uneven = np.r_[np.full(9, 9.0), 1.0]
    assert len(rows_in_proportion(uneven, np.random.default_rng(0), max_rows_factor=5)) == 20
    assert len(rows_in_proportion(uneven, np.random.default_rng(0), max_rows_factor=10)) == 82


def test_expand_survives_extreme_weights():
    rows = rows_in_proportion(np.array([1e-320, 1.0]), np.random.default_rng(0))
    np.testing.assert_array_equal(rows, [1, 1, 1, 1])


def test_take_and_concat_undo_each_other_on_arrays():
    X = np.arange(12).reshape(6, 2)
    joined = concat_rows(take_rows(X, [0, 1]), take_rows(X, np.arange(6) > 1))
    np.testing.assert_array_equal(joined, X)


def test_concat_joins_the_levels_of_categories():
    pd = pytest.importorskip("pandas")
    first = pd.DataFrame({"c": pd.Categorical(["a", "b"]), "x": [1, 2]}, index=[5, 6])
    second = pd.DataFrame({"c": pd.Categorical(["z", "b"]), "x": [3, 4]})
    joined = concat_rows(first, second)
    assert list(joined["c"].cat.categories) == ["a", "b", "z"]
    assert list(joined["c"]) == ["a", "b", "z", "b"]
    assert list(joined.index) == [0, 1, 2, 3]
    assert list(first["c"].cat.categories) == ["a", "b"]


def test_take_rows_restarts_the_index_of_a_frame():
    pd = pytest.importorskip("pandas")
    taken = take_rows(pd.DataFrame({"x": [1, 2, 3]}, index=[7, 8, 9]), [2, 0])
    pd.testing.assert_frame_equal(taken, pd.DataFrame({"x": [3, 1]}))


def test_polars_rows():
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame({"x": [1, 2, 3]})
    assert concat_rows(take_rows(frame, [2]), take_rows(frame, [0, 1]))["x"].to_list() == [3, 1, 2]


@pytest.mark.parametrize(
    ("weights", "message"),
    [([1, -1, 1], "[Nn]egative"), ([0, 0, 0], "zero"), ([1, 1], r"\(2,\)")],
)
def test_bad_weights(weights, message):
    with pytest.raises(ValueError, match=message):
        check_weights(weights, np.zeros((3, 1)))


def test_weights_are_a_copy():
    given = np.ones(3)
    checked = check_weights(given, np.zeros((3, 1)))
    checked[0] = 7
    assert given[0] == 1


def test_check_table_passes_frames_through_and_records_names():
    pd = pytest.importorskip("pandas")
    estimator, frame = BaseEstimator(), pd.DataFrame({"a": ["x"], "b": [None]})
    assert check_table(estimator, frame) is frame
    assert list(estimator.feature_names_in_) == ["a", "b"]
    with pytest.raises(ValueError, match="feature names"):
        check_table(estimator, frame.rename(columns={"a": "c"}), reset=False)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.array([[1.0, np.inf]]), "infinity"),
        (np.array([[1j, 2]]), "[Cc]omplex"),
        (np.zeros(3), "2D"),
        (np.zeros((0, 2)), "0 sample"),
    ],
)
def test_check_table_refuses(X, message):
    with pytest.raises(ValueError, match=message):
        check_table(BaseEstimator(), X)
