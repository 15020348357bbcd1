"""The Gaussian copula: weights, dependence, missing values, edge cases."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.base import clone

from skcollapse.synthesizers import GaussianCopulaSynthesizer


def mixed_frame(n=300, seed=0):
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(seed)
    z = rng.multivariate_normal(np.zeros(4), 0.5 * np.eye(4) + 0.5, size=n)
    frame = pd.DataFrame(
        {
            "number": z[:, 0],
            "zeros": np.maximum(z[:, 1], 0),
            "whole": np.rint(100 * z[:, 2]).astype(int),
            "price": np.round(np.exp(z[:, 1]), 2),
            "text": np.array(["a", "b", "c", "d"])[np.digitize(z[:, 3], [-1, 0, 1])],
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.rint(30 * z[:, 0]), unit="D"),
            "gaps": np.where(z[:, 2] + rng.normal(size=n) > 1, np.nan, z[:, 3]),
            "flag": z[:, 0] > 0.5,
        }
    )
    frame.loc[frame.index % 11 == 0, "text"] = None
    return frame


def assert_same_draws(first, second, tolerance):
    for name in first:
        if first[name].dtype.kind == "f":
            np.testing.assert_allclose(first[name], second[name], atol=tolerance, rtol=tolerance)
        else:
            assert first[name].equals(second[name]), name


@pytest.mark.parametrize("target", [None, "number", "flag"])
def test_integer_weights_equal_repeated_rows(target):
    """Correlation, Cholesky factor and drawn rows agree to 1e-12."""
    frame = mixed_frame()
    counts = np.random.default_rng(1).integers(0, 4, len(frame))
    repeated = frame.loc[np.repeat(frame.index, counts)].reset_index(drop=True)
    y = None if target is None else frame[target]
    y_repeated = None if target is None else repeated[target]
    weighted = GaussianCopulaSynthesizer().fit(frame, y, sample_weight=counts)
    plain = GaussianCopulaSynthesizer().fit(repeated, y_repeated)
    np.testing.assert_allclose(weighted.correlation_, plain.correlation_, atol=1e-12)
    np.testing.assert_allclose(weighted.cholesky_, plain.cholesky_, atol=1e-12)
    drawn = [s.sample(500, random_state=0) for s in (weighted, plain)]
    if target is not None:
        drawn = [X.assign(y=y) for X, y in drawn]
    assert_same_draws(*drawn, tolerance=1e-12)


def test_only_ratios_of_weights_matter():
    frame, weights = mixed_frame(), np.random.default_rng(0).random(300)
    drawn = [
        GaussianCopulaSynthesizer().fit(frame, sample_weight=w).sample(200, random_state=0)
        for w in (weights, weights * 1e-9, weights * 3e7)
    ]
    assert_same_draws(drawn[0], drawn[1], 1e-10)
    assert_same_draws(drawn[0], drawn[2], 1e-10)


def test_order_of_rows_is_irrelevant():
    frame, rng = mixed_frame(), np.random.default_rng(0)
    weights, order = rng.random(300), rng.permutation(300)
    first = GaussianCopulaSynthesizer().fit(frame, sample_weight=weights)
    second = GaussianCopulaSynthesizer().fit(
        frame.iloc[order].reset_index(drop=True), sample_weight=weights[order]
    )
    np.testing.assert_allclose(first.correlation_, second.correlation_, atol=1e-10)
    assert_same_draws(
        first.sample(300, random_state=0), second.sample(300, random_state=0), tolerance=1e-10
    )


def test_order_of_levels_does_not_flip_when_axes_are_equally_long():
    """Two uncorrelated numbers leave the principal axis open; the fit must not."""
    pd = pytest.importorskip("pandas")
    grid = np.array([[a, b] for a in (-1.0, 1.0) for b in (-1.0, 1.0)] * 6)
    text = np.where(grid.sum(axis=1) > 0, "up", np.where(grid[:, 0] > 0, "mid", "low"))
    frame = pd.DataFrame(grid, columns=["a", "b"]).assign(text=text)
    order = np.random.default_rng(0).permutation(24)
    first = GaussianCopulaSynthesizer().fit(frame)
    second = GaussianCopulaSynthesizer().fit(frame.iloc[order])
    np.testing.assert_allclose(first.correlation_, second.correlation_, atol=1e-12)


def test_moments_are_recovered():
    """n = 20,000 drawn from a fit on 5,000 rows of a known law, seed 0.

    Standard errors: mean .016, sd .011, correlation at most .016; tolerance is 3.5 of them.
    """
    rng = np.random.default_rng(0)
    truth = np.array([[1, 0.6, -0.3], [0.6, 1, 0.2], [-0.3, 0.2, 1]])
    X = rng.multivariate_normal([1, 2, 3], truth, size=5000)
    drawn = GaussianCopulaSynthesizer().fit(X).sample(20_000, random_state=0)
    np.testing.assert_allclose(drawn.mean(axis=0), [1, 2, 3], atol=0.056)
    np.testing.assert_allclose(drawn.std(axis=0), 1, atol=0.039)
    np.testing.assert_allclose(np.corrcoef(drawn.T), truth, atol=0.056)


def test_weights_shift_the_law():
    """Weights exp(z) tilt a standard normal by one: mean 1, sd 1.

    Effective sample size 50,000 / e, so standard errors are .0074 and about .01 in drawing.
    """
    z = np.random.default_rng(0).standard_normal((50_000, 1))
    synthesizer = GaussianCopulaSynthesizer().fit(z, sample_weight=np.exp(z[:, 0]))
    drawn = synthesizer.sample(20_000, random_state=0)
    assert abs(drawn.mean() - 1) < 0.04
    assert abs(drawn.std() - 1) < 0.04


@pytest.mark.parametrize("levels", [2, 4, 12])
def test_rank_correlation_of_number_and_category_is_kept(levels):
    """4,000 rows, 20,000 drawn: Spearman within .04 (3.5 standard errors of .011)."""
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(0)
    x = rng.normal(size=4000)
    code = np.digitize(x + rng.normal(size=4000), np.linspace(-1.5, 1.5, levels - 1))
    names = np.array([f"{k:02d}" for k in range(levels)])
    frame = pd.DataFrame({"x": x, "c": names[code]})
    drawn = GaussianCopulaSynthesizer().fit(frame).sample(20_000, random_state=0)
    real = spearmanr(x, code).statistic
    assert abs(spearmanr(drawn["x"], drawn["c"].astype(int)).statistic - real) < 0.04


def test_dependence_of_coarse_columns_does_not_fade_over_generations():
    """20 synthetic-only generations of three coarse columns, n = 2,000, 16 chains.

    Without the inversion from scores to latents the correlation would be near zero; with it the
    mean over chains stays within 4 of its own standard errors of the start.
    """
    ends, start = [], None
    for seed in range(16):
        rng = np.random.default_rng(seed)
        z = rng.multivariate_normal([0, 0], [[1, 0.7], [0.7, 1]], size=2000)
        X = np.column_stack([z[:, 0] > 0.5, np.digitize(z[:, 1], [-1, 1])]).astype(float)
        start = np.corrcoef(X.T)[0, 1] if start is None else start
        for _ in range(20):
            X = GaussianCopulaSynthesizer().fit(X).sample(2000, random_state=rng)
        ends.append(np.corrcoef(X.T)[0, 1])
    assert abs(np.mean(ends) - start) < 4 * np.std(ends) / np.sqrt(15) + 0.03


def test_spread_is_lost_no_faster_than_theory_says():
    """20 synthetic-only generations, n = 200: variance times (1 - 1/n)^20 = .905, on average.

    96 columns in 32 chains; the variance of one has sd near .40, so the mean has .041.
    """
    variances = []
    for seed in range(32):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(200, 3))
        for _ in range(20):
            X = GaussianCopulaSynthesizer().fit(X).sample(200, random_state=rng)
        variances.extend(X.var(axis=0))
    assert abs(np.mean(variances) - 0.905) < 3 * 0.041
    # It is a random walk, not a steady loss: columns differ as theory says they do.
    assert 0.25 < np.std(variances) < 0.55


def test_kinds_of_columns_survive():
    pd = pytest.importorskip("pandas")
    frame = mixed_frame(2000)
    drawn = GaussianCopulaSynthesizer().fit(frame).sample(4000, random_state=0)
    assert abs((drawn["zeros"] == 0).mean() - (frame["zeros"] == 0).mean()) < 0.035
    assert drawn["whole"].dtype == frame["whole"].dtype
    assert (drawn["price"] == drawn["price"].round(2)).all()
    assert (drawn["day"] == drawn["day"].dt.normalize()).all()
    assert drawn["day"].dtype == frame["day"].dtype
    for name in ["number", "zeros", "whole", "price", "day"]:
        assert drawn[name].between(frame[name].min(), frame[name].max()).all()
    shares = frame["text"].value_counts(normalize=True, dropna=False)
    drawn_shares = drawn["text"].value_counts(normalize=True, dropna=False)
    pd.testing.assert_series_equal(
        shares.sort_index(), drawn_shares.sort_index(), atol=0.035, check_exact=False
    )


def test_heavy_value_among_many_is_exact():
    rng = np.random.default_rng(0)
    x = rng.normal(size=3000)
    x[:900] = 40.123456789
    drawn = GaussianCopulaSynthesizer().fit(x[:, None]).sample(5000, random_state=0)
    assert abs((drawn == 40.123456789).mean() - 0.3) < 0.025


def test_integers_beyond_the_reach_of_floats():
    x = (2**60 + 1 + 2 * np.arange(40)).reshape(-1, 1)
    drawn = GaussianCopulaSynthesizer().fit(x).sample(100, random_state=0)
    assert set(drawn[:, 0]) <= set(x[:, 0])


def test_missingness_depends_on_other_columns_as_in_the_data():
    """P(missing) rises with x: the correlation of mask and x is kept within .03."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=5000)
    y = x + rng.normal(size=5000)
    mask = rng.random(5000) < 1 / (1 + np.exp(-2 * x))
    X = np.column_stack([x, np.where(mask, np.nan, y)])
    drawn = GaussianCopulaSynthesizer().fit(X).sample(20_000, random_state=0)
    real, found = (np.corrcoef(T[:, 0], np.isnan(T[:, 1]))[0, 1] for T in (X, drawn))
    assert real > 0.4
    assert abs(found - real) < 0.03
    assert abs(np.isnan(drawn[:, 1]).mean() - mask.mean()) < 0.03
    # The rows in which y is present: its correlation with x, and its mean.
    real, found = (T[~np.isnan(T[:, 1])] for T in (X, drawn))
    assert abs(np.corrcoef(found.T)[0, 1] - np.corrcoef(real.T)[0, 1]) < 0.05
    assert abs(found[:, 1].mean() - real[:, 1].mean()) < 0.07


def test_constant_and_all_missing_columns():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(
        {
            "x": np.arange(30.0),
            "constant": 5,
            "same text": "a",
            "nan": np.nan,
            "none": pd.Series([None] * 30, dtype=object),
            "constant or missing": [1.5, np.nan] * 15,
        }
    )
    drawn = GaussianCopulaSynthesizer().fit(frame).sample(40, random_state=0)
    assert (drawn["constant"] == 5).all()
    assert (drawn["same text"] == "a").all()
    assert drawn[["nan", "none"]].isna().all(axis=None)
    assert set(drawn["constant or missing"].dropna()) == {1.5}
    pd.testing.assert_series_equal(drawn.dtypes, frame.dtypes)


def test_only_missing_values():
    drawn = GaussianCopulaSynthesizer().fit(np.full((4, 2), np.nan)).sample(3)
    assert drawn.shape == (3, 2)
    assert np.isnan(drawn).all()


def test_one_row_returns_that_row():
    pd = pytest.importorskip("pandas")
    frame = mixed_frame(5).iloc[[1]].reset_index(drop=True)
    drawn = GaussianCopulaSynthesizer().fit(frame).sample(3, random_state=0)
    pd.testing.assert_frame_equal(drawn, pd.concat([frame] * 3, ignore_index=True))


def test_two_rows():
    X = np.array([[0.5, 3.0, 1.0], [1.5, 2.0, 1.0]])
    drawn = GaussianCopulaSynthesizer().fit(X).sample(200, random_state=0)
    assert set(drawn[:, 0]) == {0.5, 1.5}
    # The two columns are perfectly opposed; shrinkage lets few rows through.
    assert np.mean(drawn[:, 0] + drawn[:, 1] == 3.5) > 0.9


@pytest.mark.parametrize(("n", "d"), [(10, 30), (40, 100)])
def test_more_columns_than_rows(n, d):
    X = np.random.default_rng(0).normal(size=(n, d))
    synthesizer = GaussianCopulaSynthesizer().fit(X)
    assert np.isfinite(synthesizer.sample(50, random_state=0)).all()
    again = GaussianCopulaSynthesizer().fit(X, sample_weight=np.full(n, 3.0))
    np.testing.assert_allclose(synthesizer.correlation_, again.correlation_, atol=1e-10)


def test_copied_column_is_drawn_nearly_equal():
    x = np.random.default_rng(0).normal(size=1000)
    drawn = GaussianCopulaSynthesizer().fit(np.column_stack([x, x])).sample(1000, random_state=0)
    assert np.corrcoef(drawn.T)[0, 1] > 0.999


def test_unused_levels_are_kept_in_the_dtype_and_never_drawn():
    pd = pytest.importorskip("pandas")
    text = pd.Categorical(["b", "c"] * 20, categories=["a", "b", "c", "d"])
    drawn = GaussianCopulaSynthesizer().fit(pd.DataFrame({"t": text})).sample(50, random_state=0)
    assert list(drawn["t"].cat.categories) == ["a", "b", "c", "d"]
    assert set(drawn["t"]) == {"b", "c"}


def test_target_that_is_a_category_keeps_its_dependence():
    rng = np.random.default_rng(0)
    x = rng.normal(size=4000)
    y = np.where(x + rng.normal(size=4000) > 0, "yes", "no")
    X_drawn, y_drawn = GaussianCopulaSynthesizer().fit(x[:, None], y).sample(9000, random_state=0)
    real = x[y == "yes"].mean() - x[y == "no"].mean()
    found = X_drawn[y_drawn == "yes"].mean() - X_drawn[y_drawn == "no"].mean()
    assert abs(found - real) < 0.08


def test_order_of_levels_follows_the_target():
    """A category whose alphabetical order is unrelated to the target carries its signal."""
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(0)
    effect = {"a": 1.0, "b": -2.0, "c": 3.0, "d": -1.0, "e": 0.0}
    text = rng.choice(list(effect), size=4000)
    y = np.array([effect[t] for t in text]) + rng.normal(scale=0.5, size=4000)
    synthesizer = GaussianCopulaSynthesizer().fit(pd.DataFrame({"t": text}), y)
    X_drawn, y_drawn = synthesizer.sample(8000, random_state=0)
    means = pd.Series(y_drawn).groupby(X_drawn["t"]).mean()
    assert list(means.sort_values().index) == ["b", "d", "e", "a", "c"]
    assert means["c"] - means["b"] > 4


def test_sample_is_reproducible_and_seeds_differ():
    synthesizer = GaussianCopulaSynthesizer().fit(mixed_frame())
    first, same, other = (synthesizer.sample(100, random_state=s) for s in (1, 1, 2))
    assert first.equals(same)
    assert not first["number"].equals(other["number"])
    restored = pickle.loads(pickle.dumps(synthesizer))
    assert restored.sample(100, random_state=1).equals(first)
    generator = np.random.default_rng(0)
    assert not synthesizer.sample(9, generator).equals(synthesizer.sample(9, generator))


def test_global_random_state_is_not_touched():
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    GaussianCopulaSynthesizer().fit(mixed_frame()).sample(50, random_state=0)
    np.testing.assert_array_equal(np.random.get_state()[1], state)  # noqa: NPY002


def test_threads_draw_the_same_rows():
    frame = mixed_frame()

    def job(seed):
        return GaussianCopulaSynthesizer().fit(frame).sample(300, random_state=seed)

    alone = [job(seed) for seed in range(8)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(job, range(8)))
    assert all(a.equals(b) for a, b in zip(alone, together, strict=True))


@pytest.mark.parametrize(
    "params", [{"n_quantiles": 2}, {"n_quantiles": 10.5}, {"shrinkage": -0.1}, {"shrinkage": 2}]
)
def test_bad_parameters_are_named(params):
    with pytest.raises(ValueError, match=next(iter(params))):
        GaussianCopulaSynthesizer(**params).fit(np.zeros((3, 1)))


def test_parameters_do_what_they_say():
    X = np.random.default_rng(0).multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], size=500)
    full = GaussianCopulaSynthesizer(shrinkage=0).fit(X).correlation_[0, 1]
    half = GaussianCopulaSynthesizer(shrinkage=0.5).fit(X).correlation_[0, 1]
    np.testing.assert_allclose(half, full / 2)
    np.testing.assert_array_equal(
        GaussianCopulaSynthesizer(shrinkage=1).fit(X).correlation_, np.eye(2)
    )
    coarse = GaussianCopulaSynthesizer(n_quantiles=17)
    assert len(pickle.dumps(coarse.fit(X))) < len(
        pickle.dumps(clone(coarse).set_params(n_quantiles=1001).fit(X))
    )
