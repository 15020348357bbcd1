"""Kernel density: its two ways to draw, its bandwidth and its density."""

import warnings

import numpy as np
import pytest
from scipy.stats import gaussian_kde
from sklearn.exceptions import NotFittedError
from sklearn.neighbors import KernelDensity
from sklearn.utils.estimator_checks import parametrize_with_checks

from skcollapse.synthesizers import KernelDensitySynthesizer, bandwidth_shrink_factor


@parametrize_with_checks(
    [
        KernelDensitySynthesizer(),
        KernelDensitySynthesizer(bandwidth=0.5),
        KernelDensitySynthesizer(smooth=True, shrink=0.7),
    ]
)
def test_scikit_learn_conventions(estimator, check):
    check(estimator)


def sample_table(n_columns=2, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(40, n_columns)) + rng.exponential(size=(40, 1))
    return X, rng.integers(0, 4, size=40)


@pytest.mark.parametrize("smooth", [False, True])
@pytest.mark.parametrize("bandwidth", [0.3, "scott", "silverman"])
def test_integer_weights_equal_repeated_rows(bandwidth, smooth):
    X, weights = sample_table()
    synthesizers = [KernelDensitySynthesizer(bandwidth, smooth, shrink=1.0) for _ in range(2)]
    synthesizers[0].fit(X, sample_weight=weights)
    synthesizers[1].fit(X.repeat(weights, axis=0)[::-1])
    first, second = (s.kernel_covariance_ for s in synthesizers)
    np.testing.assert_allclose(first, second, rtol=1e-12)
    np.testing.assert_allclose(*(s.score_samples(X) for s in synthesizers), rtol=1e-11)
    np.testing.assert_allclose(*(s.sample(50, random_state=0) for s in synthesizers), rtol=1e-12)


@pytest.mark.parametrize("rule", ["scott", "silverman"])
@pytest.mark.parametrize("n_columns", [1, 3])
def test_rules_are_those_of_scipy_on_repeated_rows(rule, n_columns):
    X, weights = sample_table(n_columns)
    fitted = KernelDensitySynthesizer(rule).fit(X, sample_weight=weights)
    reference = gaussian_kde(X.repeat(weights, axis=0).T, bw_method=rule)
    np.testing.assert_allclose(fitted.kernel_covariance_, reference.covariance, rtol=1e-10)
    np.testing.assert_allclose(fitted.score_samples(X), reference.logpdf(X.T), rtol=1e-9)


def test_weighted_density_is_that_of_scipy():
    """scipy scales the weighted standard deviation, so the same bandwidth is h over it."""
    rng = np.random.default_rng(1)
    x, weights, points = rng.normal(size=60), rng.random(60), np.linspace(-6, 6, 31)
    fitted = KernelDensitySynthesizer(0.4).fit(x[:, None], sample_weight=weights)
    spread = np.sqrt(np.cov(x, aweights=weights / weights.sum()))
    reference = gaussian_kde(x, bw_method=0.4 / spread, weights=weights)
    np.testing.assert_allclose(
        fitted.score_samples(points[:, None]), reference.logpdf(points), rtol=1e-10
    )


def test_density_in_several_columns_is_that_of_scikit_learn():
    X, weights = sample_table(3)
    fitted = KernelDensitySynthesizer(0.6).fit(X, sample_weight=weights)
    rows = weights > 0
    reference = KernelDensity(bandwidth=0.6).fit(X[rows], sample_weight=weights[rows])
    np.testing.assert_allclose(fitted.score_samples(X), reference.score_samples(X), rtol=1e-6)


def test_density_of_a_target():
    X, _ = sample_table(1)
    y = X[:, 0] ** 2
    fitted = KernelDensitySynthesizer("scott").fit(X, y)
    reference = gaussian_kde(np.c_[X, y].T)
    np.testing.assert_allclose(fitted.score_samples(X, y), reference.logpdf(np.c_[X, y].T))
    # Alone, X has the marginal of that density, whose bandwidth is the rule's for two columns.
    marginal = gaussian_kde(X[:, 0], bw_method=40 ** (-1 / 6))
    np.testing.assert_allclose(fitted.score_samples(X), marginal.logpdf(X[:, 0]))


def test_density_does_not_depend_on_the_block_length(monkeypatch):
    X, _ = sample_table()
    fitted = KernelDensitySynthesizer().fit(X)
    whole = fitted.score_samples(X)
    monkeypatch.setitem(fitted._log_density.__func__.__globals__, "_BLOCK", 1)
    np.testing.assert_allclose(fitted.score_samples(X), whole, rtol=1e-13)


def test_smoothing_adds_the_kernel_variance_to_draws():
    X, weights = np.array([[0.0], [1.0], [4.0]]), [2, 1, 1]
    variance = (1 + 16) / 4 - (5 / 4) ** 2
    plain = KernelDensitySynthesizer(1.5).fit(X, sample_weight=weights)
    drawn = plain.sample(200_000, random_state=0)
    assert set(drawn[:, 0]) == {0.0, 1.0, 4.0}
    assert abs(drawn.var() - variance) < 0.03
    smooth = KernelDensitySynthesizer(1.5, smooth=True, shrink=0.5).fit(X, sample_weight=weights)
    np.testing.assert_allclose(smooth.bandwidth_, [0.75])
    drawn = smooth.sample(200_000, random_state=0)
    assert abs(drawn.mean() - 5 / 4) < 0.02
    assert abs(drawn.var() - (variance + 0.75**2)) < 0.04


def test_one_bandwidth_per_column():
    X = np.zeros((1, 2))
    fitted = KernelDensitySynthesizer([0.1, 10.0], smooth=True, shrink=1.0).fit(X)
    drawn = fitted.sample(20_000, random_state=0)
    np.testing.assert_allclose(drawn.std(axis=0), [0.1, 10.0], rtol=0.03)
    assert abs(np.corrcoef(drawn.T)[0, 1]) < 0.03


def limiting_draws(synthesizer, real_weight):
    """Return the variance of draws after 10 generations of 4000 fresh and 4000 drawn rows."""
    rng, n = np.random.default_rng(0), 4000
    synthesizer.fit(rng.normal(size=(n, 1)))
    for _ in range(10):
        X = np.concatenate([rng.normal(size=(n, 1)), synthesizer.sample(n, rng)])
        synthesizer.fit(X, sample_weight=np.repeat([1.0, 1 / real_weight - 1], n))
    return synthesizer.sample(100_000, random_state=0).var()


def test_smoothing_compounds_to_h_squared_over_w_and_resampling_does_not():
    """With w = 0.5, h = 0.7: a variance of 1 + 0.98, against 1 + 0.49 of a single smoothing."""
    smooth = KernelDensitySynthesizer(0.7, smooth=True, shrink=1.0)
    assert abs(limiting_draws(smooth, 0.5) - 1.98) < 0.1
    assert abs(limiting_draws(KernelDensitySynthesizer(0.7), 0.5) - 1.0) < 0.06


@pytest.mark.parametrize(
    ("bandwidth", "call"),
    [
        (0.5, "n_real / n_synthetic, n_columns=2)"),
        ("scott", "n_real / n_synthetic, n_columns=2, rule=True)"),
    ],
)
def test_smoothed_draws_without_a_decision_on_the_bandwidth_warn(bandwidth, call):
    X, _ = sample_table()
    with pytest.warns(UserWarning, match=r"h\*\*2 / w.* Set smooth=False.*shrink=") as record:
        KernelDensitySynthesizer(bandwidth, smooth=True).fit(X)
    assert len(record) == 1
    assert call in str(record[0].message)
    assert record[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        KernelDensitySynthesizer(bandwidth).fit(X)
        for shrink in (bandwidth_shrink_factor(0.618, 1), 1.0):
            KernelDensitySynthesizer(bandwidth, smooth=True, shrink=shrink).fit(X)


@pytest.mark.parametrize(
    ("real_weight", "k", "expected"),
    [(0.312, 0.1, 0.466), (0.445, 0.25, 0.588), (0.675, 1, 0.773), (0.864, 4, 0.909)],
)
def test_shrink_factor_at_the_best_weights(real_weight, k, expected):
    """Values found by minimising the small-bandwidth error over weight and bandwidth together."""
    assert bandwidth_shrink_factor(real_weight, k) == pytest.approx(expected, abs=6e-4)


@pytest.mark.parametrize("n_columns", [1, 2, 5])
@pytest.mark.parametrize("real_weight", [0.05, 0.4, 0.9])
def test_shrink_factor_is_the_power_series(real_weight, n_columns):
    z, j = (1 - real_weight) ** 2, np.arange(1, 2000)
    series = np.sum(z ** (j - 1.0) / j ** (n_columns / 2))
    variance = (real_weight**2 + 0.5 * z) * series
    expected = (variance * real_weight**2) ** (1 / (n_columns + 4))
    factor = bandwidth_shrink_factor(real_weight, 0.5, n_columns=n_columns)
    assert factor == pytest.approx(expected, rel=1e-10)
    by_rule = bandwidth_shrink_factor(real_weight, 0.5, n_columns=n_columns, rule=True)
    assert by_rule == pytest.approx(factor / real_weight ** (1 / (n_columns + 4)), rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"real_weight": 0.0, "k": 1}, "real_weight"),
        ({"real_weight": 1.1, "k": 1}, "real_weight"),
        ({"real_weight": 0.5, "k": -1}, "k == -1"),
        ({"real_weight": 0.5, "k": 1, "n_columns": 0}, "n_columns"),
    ],
)
def test_shrink_factor_names_what_is_out_of_range(arguments, message):
    with pytest.raises(ValueError, match=message):
        bandwidth_shrink_factor(**arguments)


def test_integers_and_dates_come_back_as_they_went_in():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(
        {"n": np.arange(250, 256, dtype="uint8"), "day": pd.date_range("2020-01-01", periods=6)}
    )
    day = 24 * 3600 * 1e6 if frame["day"].dtype == "datetime64[us]" else 24 * 3600 * 1e9
    for smooth in (False, True):
        synthesizer = KernelDensitySynthesizer([3.0, day], smooth=smooth, shrink=1.0)
        drawn = synthesizer.fit(frame).sample(300, random_state=0)
        pd.testing.assert_series_equal(drawn.dtypes, frame.dtypes)
        assert drawn["n"].between(230, 255).all()
        assert drawn["n"].isin(frame["n"]).all() != smooth
        assert (drawn["day"].sub(frame["day"].mean()).abs() < pd.Timedelta(days=9)).all()


def test_columns_that_cannot_be_learned_are_named():
    pd = pytest.importorskip("pandas")
    with pytest.raises(ValueError, match=r"'city' holds text.*KernelDensitySynthesizer"):
        KernelDensitySynthesizer().fit(pd.DataFrame({"x": [1.0, 2.0], "city": ["a", "b"]}))
    with pytest.raises(ValueError, match=r"'x' has missing values.*KernelDensitySynthesizer"):
        KernelDensitySynthesizer().fit(pd.DataFrame({"x": [1.0, np.nan]}))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"bandwidth": "thumb"}, "bandwidth"),
        ({"bandwidth": 0.0}, "bandwidth"),
        ({"bandwidth": [1.0, 2.0]}, "1 positive numbers, one for each column"),
        ({"bandwidth": [-1.0]}, "one for each column"),
        ({"smooth": "yes"}, "smooth"),
        ({"shrink": 0.0}, "shrink"),
        ({"shrink": 1.5}, "shrink"),
    ],
)
def test_unknown_options_are_refused(parameters, message):
    with pytest.raises(ValueError, match=message):
        KernelDensitySynthesizer(**parameters).fit(np.arange(4.0)[:, None])


def test_rules_refuse_weights_that_are_no_numbers_of_rows():
    with pytest.raises(ValueError, match=r"bandwidth='scott'.*sums to 1. Scale the weights"):
        KernelDensitySynthesizer().fit([[0.0], [1.0]], sample_weight=[0.5, 0.5])


def test_score_samples_refuses_what_has_no_density():
    X = np.array([[0.0, 1.0], [2.0, 1.0], [5.0, 1.0]])
    with pytest.raises(NotFittedError):
        KernelDensitySynthesizer().score_samples(X)
    with pytest.raises(ValueError, match="of the columns 0, 1, one is constant"):
        KernelDensitySynthesizer().fit(X).score_samples(X)


def test_rows_are_kept_and_said_to_be():
    assert KernelDensitySynthesizer().stores_rows
    assert KernelDensitySynthesizer(smooth=True).stores_rows
    fitted = KernelDensitySynthesizer().fit([[1.5], [2.5], [2.5]])
    np.testing.assert_array_equal(fitted._columns[0].values, [1.5, 2.5])
