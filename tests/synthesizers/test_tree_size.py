"""Trees of large and of wide tables: the rows and columns that take part, and what is kept."""

import pickle

import numpy as np
import pytest

from skcollapse.synthesizers import TreeSynthesizer
from skcollapse.synthesizers._tree._column_models import Growth
from skcollapse.synthesizers._tree._screening import Screen, bin_numbers, explained_share


def test_rows_are_chosen_by_weight():
    """Row 3 holds half of the weight: of eight places it gets four, the other eight rows four."""
    masses = np.ones(9)
    masses[3] = 8
    chosen, weights, min_mass = Growth(0.5, 2.0, max_rows=8).choose(masses)
    assert (np.diff(chosen) > 0).all()
    assert weights.sum() == pytest.approx(16)
    assert weights[chosen == 3] == pytest.approx(8, abs=2)
    assert min_mass == 4  # two of eight places, which is more than 0.5
    chosen, weights, min_mass = Growth(0.5, 2.0, max_rows=9).choose(masses)
    np.testing.assert_array_equal(chosen, np.arange(9))
    np.testing.assert_array_equal(weights, masses)
    assert min_mass == 0.5


def test_chosen_rows_follow_the_weights():
    """2,000 of 40,000 rows: the share of the last quarter of the weight is a quarter."""
    masses = np.random.default_rng(0).exponential(size=40_000)
    chosen, weights, _ = Growth(0.0, 1.0, max_rows=2000).choose(masses)
    share = np.cumsum(masses) / masses.sum()
    assert weights[share[chosen] > 0.75].sum() / masses.sum() == pytest.approx(0.25, abs=1e-3)


@pytest.mark.parametrize("leaves", ["sketches", "values"])
def test_a_few_rows_choose_the_splits_and_all_fill_the_leaves(leaves):
    """The mean of a column is that of all rows, although 50 rows grew its tree."""
    rng = np.random.default_rng(0)
    X = rng.exponential(size=(20_000, 2))
    fitted = TreeSynthesizer(max_rows=50, leaves=leaves).fit(X)
    assert fitted._models[1].tree.n_leaves <= 5
    drawn = fitted.sample(20_000, random_state=0)
    # Standard errors of a mean .007, within the leaves and of those that are drawn.
    np.testing.assert_allclose(drawn.mean(axis=0), X.mean(axis=0), atol=0.04)
    assert TreeSynthesizer(max_rows=None).fit(X)._models[1].tree.n_leaves > 500


def test_integer_weights_equal_repeated_rows_also_when_rows_are_chosen():
    rng = np.random.default_rng(0)
    X, counts = np.round(rng.standard_normal((600, 3)), 1), rng.integers(0, 4, 600)
    order = rng.permutation(np.repeat(np.arange(600), counts))
    draws = [
        TreeSynthesizer(max_rows=200, max_inputs=1)
        .fit(rows, sample_weight=weights)
        .sample(500, random_state=0)
        for rows, weights in ((X, counts), (X[order], None))
    ]
    np.testing.assert_array_equal(*draws)


def test_size_is_bounded_whatever_the_rows():
    """Leaves are as many as the chosen rows allow, and have all their bins soon after."""
    sizes = []
    for n_rows in (8_000, 64_000):
        X = np.random.default_rng(0).standard_normal((n_rows, 3))
        X[:, 2] += X[:, 0] ** 2
        sizes.append(len(pickle.dumps(TreeSynthesizer(max_rows=1000).fit(X))))
    assert sizes[1] < 1.1 * sizes[0]
    assert sizes[1] < 0.1 * X.nbytes


def test_share_explained_by_hand():
    """Bins of means 1 and 3 around 2, and one unit of scatter within: half of 2, adjusted."""
    codes, response = np.array([0, 0, 1, 1]), np.array([0.0, 2, 2, 4])
    share = 1 - (1 - 0.5) * 3 / 2
    assert explained_share(codes, response, np.ones(4)) == pytest.approx(share)
    # Only ratios of weights matter, and a weight of 2 is no second row of evidence.
    assert explained_share(codes, response, np.full(4, 2.0)) == pytest.approx(share)
    assert explained_share(codes, np.full(4, 3.0), np.ones(4)) == 0
    # Two classes: tau is the square of their correlation with a column of two levels.
    classes = np.array([0, 1, 1, 1, 0, 0])
    codes = np.array([0, 1, 1, 0, 0, 0])
    tau = np.corrcoef(codes, classes)[0, 1] ** 2
    expected = 1 - (1 - tau) * 5 / 4
    assert explained_share(codes, classes, np.ones(6)) == pytest.approx(expected)


def test_share_explained_by_chance_is_none_on_average():
    """Sixteen bins on 200 rows would explain 15 / 199 of a response they know nothing of."""
    rng = np.random.default_rng(0)
    codes = bin_numbers(rng.standard_normal(200))
    shares = [explained_share(codes, rng.standard_normal(200), np.ones(200)) for _ in range(300)]
    assert abs(np.mean(shares)) < 4.5 * np.std(shares) / np.sqrt(300)
    assert np.std(shares) < 0.05


def test_bins_of_numbers():
    assert np.bincount(bin_numbers(np.arange(160.0))).tolist() == [10] * 16
    assert bin_numbers(np.array([np.nan, 0, 0, 0])).tolist() == [16, 0, 0, 0]
    assert bin_numbers(np.full(3, np.nan)).tolist() == [0, 0, 0]


def test_the_screen_takes_the_first_of_equals():
    screen, response = Screen(2), np.arange(40.0)
    for codes in (np.arange(40) % 2, np.arange(40) // 10, np.arange(40) // 10, np.arange(40) // 4):
        screen.add(codes)
    assert screen.choose(response, np.ones(40), np.arange(40)).tolist() == [1, 3]
    wide = Screen(4)
    wide.add(np.arange(40))
    assert wide.choose(response, np.ones(40), np.arange(40)) is None


def wide_table(n_rows=1500):
    """Column 30 bends with column 3, column 31 is a class that tells how column 7 looks."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((n_rows, 32))
    X[:, 30] = X[:, 3] ** 2 + 0.1 * X[:, 30]
    X[:, 31] = X[:, 7] > 0.5
    return X


def test_wide_tables_keep_what_a_few_columns_explain():
    X = wide_table()
    fitted = TreeSynthesizer(max_inputs=2).fit(X)
    assert 3 in fitted._models[30].tree.chosen
    drawn = fitted.sample(3000, random_state=0)
    assert np.corrcoef(drawn[:, 3] ** 2, drawn[:, 30])[0, 1] > 0.9
    assert np.mean((drawn[:, 7] > 0.5) == drawn[:, 31]) > 0.97
    again = pickle.loads(pickle.dumps(fitted)).sample(3000, random_state=0)
    np.testing.assert_array_equal(again, drawn)


def test_tables_that_are_not_wide_are_not_screened():
    X = wide_table(200)
    draws = [
        TreeSynthesizer(max_inputs=max_inputs).fit(X).sample(50, random_state=0)
        for max_inputs in (31, None)
    ]
    np.testing.assert_array_equal(*draws)


def test_wide_frames_of_all_kinds():
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(0)
    level = rng.integers(0, 3, 400)
    frame = pd.DataFrame(
        {
            "text": np.array(["a", "b", "c"])[level],
            "flag": rng.random(400) < 0.5,
            "void": np.nan,
            "gaps": np.where(level == 1, np.nan, rng.standard_normal(400)),
            "day": pd.Timestamp("2024-01-01")
            + pd.to_timedelta(rng.integers(0, 90, 400), unit="D"),
            "whole": rng.integers(0, 1000, 400),
            "same": np.array(["x", "y", "z"])[level],
        }
    )
    drawn = TreeSynthesizer(max_inputs=1).fit(frame).sample(1000, random_state=0)
    assert (drawn.dtypes == frame.dtypes).all()
    assert (drawn["text"].map({"a": "x", "b": "y", "c": "z"}) == drawn["same"]).mean() > 0.95
    assert drawn["gaps"].isna().eq(drawn["text"].eq("b")).mean() > 0.95


@pytest.mark.parametrize("wrong", [{"max_rows": 0}, {"max_inputs": 0}, {"max_inputs": 1.5}])
def test_bad_sizes_are_named(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        TreeSynthesizer(**wrong).fit(np.eye(3))
