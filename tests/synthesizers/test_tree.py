"""Sequential trees: weights, purity, missing values, what is kept, edge cases."""

import pickle

import numpy as np
import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from skcollapse.synthesizers import GaussianCopulaSynthesizer, TreeSynthesizer
from skcollapse.synthesizers._tree._leaves import fit_shares, fit_sketches

LEAVES = pytest.mark.parametrize("leaves", ["sketches", "values"])


@parametrize_with_checks([TreeSynthesizer(), TreeSynthesizer(leaves="values")])
def test_scikit_learn_conventions(estimator, check):
    check(estimator)


def mixed_frame(n=300, seed=0):
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(seed)
    z = rng.multivariate_normal(np.zeros(3), 0.5 * np.eye(3) + 0.5, size=n)
    frame = pd.DataFrame(
        {
            "number": z[:, 0],
            "zeros": np.maximum(z[:, 1], 0),
            "whole": np.rint(100 * z[:, 2]).astype(int),
            "text": np.array(["a", "b", "c", "d"])[np.digitize(z[:, 1], [-1, 0, 1])],
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.rint(30 * z[:, 0]), unit="D"),
            "gaps": np.where(z[:, 2] + rng.normal(size=n) > 1, np.nan, z[:, 1]),
            "flag": z[:, 0] > 0.5,
        }
    )
    frame.loc[frame.index % 11 == 0, "text"] = None
    frame.loc[frame.index % 13 == 0, "day"] = pd.NaT
    return frame


@LEAVES
@pytest.mark.parametrize("target", [None, "number", "flag"])
def test_integer_weights_equal_repeated_rows_draw_for_draw(leaves, target):
    pd = pytest.importorskip("pandas")
    frame, rng = mixed_frame(), np.random.default_rng(1)
    counts = rng.integers(0, 4, len(frame))
    repeated = frame.loc[rng.permutation(np.repeat(frame.index, counts))].reset_index(drop=True)
    y, y_repeated = (None, None) if target is None else (frame[target], repeated[target])
    weighted = TreeSynthesizer(leaves=leaves).fit(frame, y, sample_weight=counts)
    plain = TreeSynthesizer(leaves=leaves).fit(repeated, y_repeated)
    drawn = [s.sample(500, random_state=0) for s in (weighted, plain)]
    if target is not None:
        drawn = [X.assign(y=y) for X, y in drawn]
    pd.testing.assert_frame_equal(*drawn, check_exact=True)


@LEAVES
def test_only_ratios_of_weights_matter(leaves):
    pd = pytest.importorskip("pandas")
    frame, weights = mixed_frame(), np.random.default_rng(0).random(300)
    drawn = [
        TreeSynthesizer(leaves=leaves).fit(frame, sample_weight=w).sample(300, random_state=0)
        for w in (weights, weights * 1e-9, weights * 3e7)
    ]
    pd.testing.assert_frame_equal(drawn[0], drawn[1])
    pd.testing.assert_frame_equal(drawn[0], drawn[2])


def test_ties_between_splits_do_not_depend_on_the_scale_of_weights():
    """The parity of a full grid makes all first splits equally good."""
    cells = np.indices((3, 3, 3, 3)).reshape(4, 81).T.astype(float)
    weights = np.tile([1.0, 3.0, 7.0, 6.0], 21)[:81]
    parity = cells.sum(axis=1) % 2
    fits = [
        TreeSynthesizer(min_leaf_rows=3).fit(cells, parity, sample_weight=c * weights)
        for c in (1, 0.1, 0.3, 0.7, 1e-9)
    ]
    first, *others = (np.column_stack(fitted.sample(500, random_state=0)) for fitted in fits)
    for other in others:
        np.testing.assert_array_equal(other, first)


def test_every_leaf_has_its_share_of_the_weight():
    rng = np.random.default_rng(0)
    X, weights = rng.standard_normal((1000, 2)), rng.exponential(size=1000)
    fitted = TreeSynthesizer(leaves="values").fit(X, sample_weight=weights)
    leaves = fitted._models[1].leaves
    masses = np.diff(leaves.edges[leaves.ends - 1], prepend=0) / leaves.edges[-1]
    assert fitted.min_leaf_share_ == pytest.approx(10 * np.sum((weights / weights.sum()) ** 2))
    assert masses.min() >= fitted.min_leaf_share_ * (1 - 1e-6)
    assert np.median(masses) < 2.5 * fitted.min_leaf_share_


def test_weights_shift_the_law():
    """Weights exp(z) tilt a normal by one, also the column that depends on it through its square.

    Effective size 20,000 / e: standard error of a mean .012 in fitting and .007 in drawing.
    """
    rng = np.random.default_rng(0)
    z = rng.standard_normal(20_000)
    X = np.column_stack([z, z**2 + rng.standard_normal(20_000)])
    drawn = TreeSynthesizer().fit(X, sample_weight=np.exp(z)).sample(20_000, random_state=0)
    assert abs(drawn[:, 0].mean() - 1) < 0.06
    assert abs(drawn[:, 1].mean() - 2) < 0.15
    unweighted = TreeSynthesizer().fit(X).sample(20_000, random_state=0)
    assert abs(unweighted[:, 0].mean()) < 0.06


def categories(n=4000, seed=0):
    """Three columns, of which the third tells whether the first two agree in parity."""
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, 4, (2, n))
    c = np.where(rng.random(n) < 0.9, (a + b) % 2, 2)
    return np.column_stack([a, b, c]).astype(str)


def test_tree_grown_to_purity_reproduces_the_joint_of_categories():
    """30,000 draws against the weighted shares of all cells: chi-square within 4.5 sd."""
    X, weights = categories(), np.random.default_rng(1).random(4000)
    fitted = TreeSynthesizer(min_leaf_rows=0).fit(X, sample_weight=weights)
    drawn = fitted.sample(30_000, random_state=0)
    cells, codes = np.unique(["".join(row) for row in X], return_inverse=True)
    expected = 30_000 * np.bincount(codes, weights) / weights.sum()
    found, observed = np.unique(["".join(row) for row in drawn], return_counts=True)
    assert set(found) <= set(cells)
    counts = np.zeros(len(cells))
    counts[np.searchsorted(cells, found)] = observed
    freedom = len(cells) - 1
    assert np.sum((counts - expected) ** 2 / expected) < freedom + 4.5 * np.sqrt(2 * freedom)
    # The copula, which knows pairs only, fails the same check, so the check can fail.
    copula = GaussianCopulaSynthesizer().fit(X, sample_weight=weights)
    wrong = ["".join(row) for row in copula.sample(30_000, random_state=0)]
    wrong = np.bincount(np.searchsorted(cells, wrong).clip(max=freedom), minlength=freedom + 1)
    assert np.sum((wrong - expected) ** 2 / expected) > 1000


def test_smallest_leaf_follows_from_the_distinct_rows():
    """Kish: 100 distinct rows of weight 3 and 1 in turn count as 200^2 / 500 = 80."""
    X, weights = np.arange(100.0)[:, None], np.tile([3, 1], 50)
    fitted = TreeSynthesizer().fit(X, sample_weight=weights)
    assert fitted.min_leaf_share_ == pytest.approx(10 / 80, rel=1e-6)
    assert TreeSynthesizer(min_leaf_rows=8).fit(X).min_leaf_share_ == pytest.approx(0.08)
    # Nine distinct rows stand for as many as you like.
    cells = np.tile(np.indices((3, 3)).reshape(2, 9).T, (50, 1)).astype(str)
    assert TreeSynthesizer().fit(cells).min_leaf_share_ == 0.02


def test_missing_values_keep_their_conditional_rate():
    """A value is missing with probability .8 above the median of the other column, .1 below."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal(4000)
    gap = rng.random(4000) < np.where(x > 0, 0.8, 0.1)
    text = np.where(rng.random(4000) < np.where(x > 0, 0.1, 0.8), None, "a")
    X = np.empty((4000, 3), dtype=object)
    X[:, 0], X[:, 1], X[:, 2] = x, np.where(gap, np.nan, x**2), text
    drawn = TreeSynthesizer().fit(X).sample(8000, random_state=0)
    upper = drawn[:, 0].astype(float) > 0
    missing = np.isnan(drawn[:, 1].astype(float))
    no_text = np.array([value is None for value in drawn[:, 2]])
    # Standard errors below .012: of the fitted rates .009, of the drawn ones .006.
    for side, gap_rate, text_rate in [(upper, 0.8, 0.1), (~upper, 0.1, 0.8)]:
        assert missing[side].mean() == pytest.approx(gap_rate, abs=0.05)
        assert no_text[side].mean() == pytest.approx(text_rate, abs=0.05)
    kept = drawn[~missing].astype(object)
    error = kept[:, 1].astype(float) - kept[:, 0].astype(float) ** 2
    assert np.mean(np.abs(error)) < 0.1


def test_sketches_hand_back_no_real_value_and_values_nothing_else():
    rng = np.random.default_rng(0)
    X, weights = rng.standard_normal((500, 3)), rng.uniform(0.5, 1.5, size=500)
    smooth = TreeSynthesizer().fit(X, sample_weight=weights)
    assert not smooth.stores_rows
    assert not np.isin(smooth.sample(5000, random_state=0), X).any()
    exact = TreeSynthesizer(leaves="values").fit(X, sample_weight=weights)
    assert exact.stores_rows
    assert np.isin(exact.sample(5000, random_state=0), X).all()
    tiny = TreeSynthesizer(min_leaf_rows=0).fit(X)
    assert tiny.stores_rows  # for the leaves of categories; those of numbers hold three rows
    assert not np.isin(tiny.sample(5000, random_state=0), X).any()


def test_no_sketch_is_made_of_a_single_positive_value_among_zeros():
    """Half the column is zero; the others are numbers that appear once."""
    rng = np.random.default_rng(0)
    X = np.maximum(rng.standard_normal((400, 4)), 0)
    drawn = TreeSynthesizer().fit(X).sample(4000, random_state=0)
    assert np.mean(drawn == 0) == pytest.approx(np.mean(X == 0), abs=0.03)
    assert not np.isin(drawn[drawn > 0], X).any()


def test_sketch_of_five_rows_by_hand():
    """Bins {1, 2, half of 3} and {half of 3, 4, 5}; the next leaf is one bin of three rows."""
    values, leaves = np.array([4.0, 1, 3, 10, 5, 2, 10, 13]), np.array([0, 0, 0, 1, 0, 0, 1, 1])
    sketches = fit_sketches(leaves, values, np.ones(8), 2, 256)
    np.testing.assert_allclose(sketches.means, [1.8, 4.2, 11])
    np.testing.assert_allclose(sketches.deviations, np.sqrt([0.56, 0.56, 2]))
    np.testing.assert_array_equal(sketches.n_bins, [2, 1])
    assert fit_sketches(leaves, values, np.ones(8), 2, 1).n_bins.tolist() == [1, 1]


def test_sketches_keep_mean_and_variance_of_each_leaf():
    """Exact in the two moments of the bins; 200,000 draws agree within 5 standard errors."""
    rng = np.random.default_rng(0)
    leaves, values = np.arange(90) % 3, 1e6 + rng.exponential(size=90)
    masses = rng.random(90)
    sketches = fit_sketches(leaves, values, masses, 3, 256)
    drawn = sketches.draw(np.full(200_000, 1), np.random.default_rng(1).random(200_000))
    inside = leaves == 1
    mean = np.average(values[inside], weights=masses[inside])
    variance = np.average((values[inside] - mean) ** 2, weights=masses[inside])
    bins = slice(sketches.starts[1], sketches.starts[2])
    second = (sketches.means[bins] - mean) ** 2 + sketches.deviations[bins] ** 2
    assert sketches.means[bins].mean() == pytest.approx(mean, abs=1e-9)
    assert second.mean() == pytest.approx(variance, rel=1e-7)
    assert abs(drawn.mean() - mean) < 5 * np.sqrt(variance / 200_000)
    assert drawn.var() == pytest.approx(variance, rel=0.05)


def test_shares_of_leaves_by_hand():
    shares = fit_shares(
        np.array([0, 1, 0, 0]), np.array([2, 2, 0, 2]), np.array([1.0, 5, 2, 1]), 2
    )
    np.testing.assert_array_equal(shares.outcomes, [0, 2, 2])
    np.testing.assert_array_equal(shares.edges, [2, 4, 9])
    drawn = shares.draw(np.repeat([0, 1], 10_000), np.random.default_rng(0).random(20_000))
    assert set(drawn[10_000:]) == {2}
    assert np.mean(drawn[:10_000] == 0) == pytest.approx(0.5, abs=0.025)


def test_drawn_columns_stay_on_their_lattice_and_in_their_range():
    frame = mixed_frame()
    frame["step"] = 5 * np.random.default_rng(0).integers(-1000, 1000, len(frame))
    frame["cents"] = np.round(np.exp(frame["number"]), 2)
    drawn = TreeSynthesizer().fit(frame).sample(3000, random_state=0)
    assert (drawn["step"] % 5 == 0).all()
    np.testing.assert_array_equal(drawn["cents"], np.round(drawn["cents"], 2))
    assert (drawn["day"].dropna() == drawn["day"].dropna().dt.normalize()).all()
    assert (drawn.dtypes == frame.dtypes).all()
    for name in ["number", "zeros", "whole", "gaps", "day", "step", "cents"]:
        assert drawn[name].dropna().between(frame[name].min(), frame[name].max()).all(), name


def test_order_is_the_callers():
    frame = mixed_frame()
    y = frame.pop("number")
    names = list(frame)[::-1]
    assert TreeSynthesizer().fit(frame, y).order_ == [6, 0, 1, 2, 3, 4, 5]
    assert TreeSynthesizer().fit(frame).order_ == [0, 1, 2, 3, 4, 5]
    assert TreeSynthesizer(order=names).fit(frame, y).order_ == [6, 5, 4, 3, 2, 1, 0]
    assert TreeSynthesizer(order=[*names, "y"]).fit(frame, y).order_ == [5, 4, 3, 2, 1, 0, 6]
    assert TreeSynthesizer(order=np.array([1, 0])).fit(np.eye(2)).order_ == [1, 0]
    drawn = TreeSynthesizer(order=names).fit(frame, y).sample(5, random_state=0)[0]
    assert list(drawn) == list(frame)


@pytest.mark.parametrize("order", [[0], [0, 0], [0, 1, 2], [1, "a"]])
def test_order_that_is_none_is_refused(order):
    with pytest.raises(ValueError, match="order must hold every column once"):
        TreeSynthesizer(order).fit(np.eye(2))


@pytest.mark.parametrize(
    "wrong", [{"min_leaf_rows": -1}, {"leaves": "rows"}, {"max_bins": 0}, {"order": "ab"}]
)
def test_bad_parameters_are_named(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        TreeSynthesizer(**wrong).fit(np.eye(3))


@LEAVES
def test_degenerate_tables(leaves):
    pd = pytest.importorskip("pandas")
    one = pd.DataFrame({"x": [1.5], "t": ["a"], "void": [np.nan], "none": [None]})
    drawn = TreeSynthesizer(leaves=leaves).fit(one).sample(3, random_state=0)
    pd.testing.assert_frame_equal(drawn, one.loc[[0, 0, 0]].reset_index(drop=True))
    constant = pd.DataFrame({"c": ["u"] * 50, "k": 7, "x": np.arange(50.0)})
    drawn = TreeSynthesizer(leaves=leaves).fit(constant).sample(20, random_state=0)
    assert (drawn["c"] == "u").all()
    assert (drawn["k"] == 7).all()


def test_dates_and_large_numbers_keep_their_digits():
    """The second column follows the sign of a difference far below single precision."""
    x = 1e12 + np.arange(400.0)
    drawn = TreeSynthesizer().fit(np.column_stack([x, x > 1e12 + 199.5])).sample(4000, 0)
    assert np.mean((drawn[:, 0] > 1e12 + 199.5) == (drawn[:, 1] == 1)) > 0.98


def test_many_levels_are_split_by_what_they_mean():
    """60 levels, each with its own mean; half of the levels share a mean with none."""
    rng = np.random.default_rng(0)
    level = rng.integers(0, 60, 6000)
    mean = rng.permutation(60) / 10
    X = np.column_stack([level.astype(str), level.astype(str)]).astype(object)
    X[:, 1] = mean[level] + 0.05 * rng.standard_normal(6000)
    drawn = TreeSynthesizer().fit(X).sample(6000, random_state=0)
    error = drawn[:, 1].astype(float) - mean[drawn[:, 0].astype(int)]
    assert np.sqrt(np.mean(error**2)) < 0.1
    backwards = TreeSynthesizer(order=[1, 0]).fit(X).sample(6000, random_state=0)
    error = backwards[:, 1].astype(float) - mean[backwards[:, 0].astype(int)]
    assert np.median(np.abs(error)) < 0.1


@LEAVES
def test_input_is_not_changed_and_copies_draw_alike(leaves):
    pd = pytest.importorskip("pandas")
    frame, weights = mixed_frame(), np.random.default_rng(0).random(300)
    before, weights_before = frame.copy(deep=True), weights.copy()
    fitted = TreeSynthesizer(leaves=leaves).fit(frame, sample_weight=weights)
    drawn = fitted.sample(100, random_state=3)
    pd.testing.assert_frame_equal(frame, before)
    np.testing.assert_array_equal(weights, weights_before)
    again = TreeSynthesizer(leaves=leaves).fit(frame, sample_weight=weights)
    pd.testing.assert_frame_equal(again.sample(100, random_state=3), drawn)
    loaded = pickle.loads(pickle.dumps(fitted))
    pd.testing.assert_frame_equal(loaded.sample(100, random_state=3), drawn)
    assert not fitted.sample(100, random_state=4).equals(drawn)
