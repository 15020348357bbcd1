"""The normal synthesizer: both centrings, their bias, and draws."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import parametrize_with_checks

from skcollapse.synthesizers import GaussianSynthesizer

N, DIMENSIONS, GENERATIONS, RUNS = 10, 20, 4, 150


# Separate centring counts the rows of a group, and rows of equal weight form a group: it refuses a
# row whose weight no other row has, which these two checks pass on. By its definition a row of
# weight two is not the row repeated either.
LONELY_ROW = "a group of one row has no variance around its own mean"
REFUSED = {
    "check_sample_weights_not_overwritten": LONELY_ROW,
    "check_sample_weight_equivalence_on_dense_data": LONELY_ROW,
}


@parametrize_with_checks(
    [
        GaussianSynthesizer(),
        GaussianSynthesizer(bias_correction=True),
        GaussianSynthesizer(centring="separate"),
    ],
    expected_failed_checks=lambda s: REFUSED if s.centring == "separate" else {},
)
def test_scikit_learn_conventions(estimator, check):
    check(estimator)


@pytest.mark.parametrize("bias_correction", [False, True])
def test_integer_weights_equal_repeated_rows(bias_correction):
    rng = np.random.default_rng(0)
    X, weights = 1e3 + rng.normal(size=(30, 3)), rng.integers(0, 5, size=30)
    weighted = GaussianSynthesizer(bias_correction=bias_correction).fit(X, sample_weight=weights)
    repeated = GaussianSynthesizer(bias_correction=bias_correction).fit(X.repeat(weights, axis=0))
    np.testing.assert_allclose(weighted.mean_, repeated.mean_, rtol=1e-12)
    np.testing.assert_allclose(weighted.covariance_, repeated.covariance_, rtol=1e-12, atol=1e-12)
    drawn = [s.sample(50, random_state=0) for s in (weighted, repeated)]
    np.testing.assert_allclose(*drawn, rtol=1e-12)


def test_pooled_centring_by_hand():
    """Mean (0 + 3 * 2 + 2 * 5) / 6; the second column falls as the first rises."""
    X, weights = np.array([[0.0, 0.0], [2.0, -2.0], [5.0, -5.0]]), [1, 3, 2]
    fitted = GaussianSynthesizer().fit(X, sample_weight=weights)
    variance = (0 + 3 * 4 + 2 * 25) / 6 - (8 / 3) ** 2
    np.testing.assert_allclose(fitted.mean_, [8 / 3, -8 / 3], rtol=1e-14)
    np.testing.assert_allclose(fitted.covariance_, variance * np.array([[1, -1], [-1, 1]]))
    corrected = GaussianSynthesizer(bias_correction=True).fit(X, sample_weight=weights)
    np.testing.assert_allclose(corrected.covariance_, fitted.covariance_ * 6 / 5)


def test_separate_centring_by_hand():
    """Variances 2 and 18 around the groups' means 1 and 13, mixed as their weights 6 and 2."""
    X, weights = np.array([[0.0], [10.0], [2.0], [16.0]]), [3, 1, 3, 1]
    fitted = GaussianSynthesizer(centring="separate").fit(X, sample_weight=weights)
    np.testing.assert_allclose(fitted.mean_, [4.0])
    np.testing.assert_allclose(fitted.covariance_, [[6.0]])
    scaled = GaussianSynthesizer(centring="separate").fit(X, sample_weight=np.divide(weights, 7))
    np.testing.assert_allclose(scaled.covariance_, [[6.0]])


def test_given_groups_tell_rows_of_equal_weight_apart():
    X, groups = np.array([[0.0], [10.0], [2.0], [16.0]]), ["a", "b", "a", "b"]
    separate = GaussianSynthesizer(centring="separate")
    np.testing.assert_allclose(separate.fit(X, groups=groups).covariance_, [[(2 + 18) / 2]])
    np.testing.assert_allclose(separate.fit(X).covariance_, [[np.var(X, ddof=1)]])


def test_groups_follow_rows_of_weight_zero():
    X, weights = np.array([[9.0], [0.0], [10.0], [2.0], [16.0]]), [0, 3, 1, 3, 1]
    fitted = GaussianSynthesizer(centring="separate").fit(
        X, sample_weight=weights, groups=[7, 0, 1, 0, 1]
    )
    np.testing.assert_allclose(fitted.covariance_, [[6.0]])


def test_unequal_weights_within_a_group_keep_the_covariance_unbiased():
    """The divisor 1 - sum of squared shares: with shares 1/4, 3/4 it is 3/8."""
    fitted = GaussianSynthesizer(centring="separate").fit(
        [[0.0], [4.0]], sample_weight=[1, 3], groups=[0, 0]
    )
    np.testing.assert_allclose(fitted.covariance_, [[3.0 / (3 / 8)]])


def test_one_group_of_weight_one_is_the_usual_covariance():
    X = np.random.default_rng(0).normal(size=(12, 3))
    for synthesizer in (
        GaussianSynthesizer(centring="separate"),
        GaussianSynthesizer(bias_correction=True),
    ):
        np.testing.assert_allclose(synthesizer.fit(X).covariance_, np.cov(X.T), rtol=1e-12)


def run_recursion(synthesizer, schedule, rng):
    """Return each generation's mean variance: N fresh rows of N(0, I) and N synthetic ones."""
    synthesizer.fit(rng.normal(size=(N, DIMENSIONS)))
    for real_weight in schedule:
        X = np.concatenate([rng.normal(size=(N, DIMENSIONS)), synthesizer.sample(N, rng)])
        # As in a recursion, real rows weigh one: the total weight is N / real_weight.
        weights = np.repeat([1.0, 1 / real_weight - 1], N)
        synthesizer.fit(X, sample_weight=weights)
    return np.trace(synthesizer.covariance_) / DIMENSIONS


def final_variance(synthesizer, schedule, seed):
    """Mean and standard error, over RUNS runs, of the variance after the last generation."""
    rng = np.random.default_rng(seed)
    found = [run_recursion(synthesizer, schedule, rng) for _ in range(RUNS)]
    return np.mean(found), np.std(found, ddof=1) / np.sqrt(RUNS)


def pooled_law(schedule):
    v = 1.0
    for w in schedule:
        v = w**2 + (1 - w) ** 2 * (v + 1 - v / N)
    return 1 - v / N


def test_separate_centring_is_unbiased_through_a_recursion():
    mean, error = final_variance(
        GaussianSynthesizer(centring="separate"), [0.6] * GENERATIONS, seed=1
    )
    assert error < 0.011
    assert abs(mean - 1) < 3 * error
    # The check can fail: it tells the pooled law apart.
    assert abs(mean - pooled_law([0.6] * GENERATIONS)) > 3 * error


def test_bias_of_pooled_centring_is_one_over_the_effective_sample_size():
    mean, error = final_variance(GaussianSynthesizer(), [0.618] * GENERATIONS, seed=2)
    assert error < 0.011
    assert abs(mean - pooled_law([0.618] * GENERATIONS)) < 3 * error
    assert abs(mean - (1 - 0.618 / N)) < 3 * error
    assert mean < 1 - 3 * error


def test_corrected_pooled_covariance_is_unbiased_under_the_optimal_schedule():
    schedule = [2 / 3, 5 / 8, 13 / 21, 34 / 55]
    synthesizer = GaussianSynthesizer(bias_correction=True)
    mean, error = final_variance(synthesizer, schedule, seed=3)
    expected = pooled_law(schedule) / (1 - schedule[-1] / N)
    assert abs(expected - 1) < 1 / N**2
    assert abs(mean - expected) < 3 * error
    # Feeding the correction back would end (1 - w) / N too high.
    assert 1 + (1 - schedule[-1]) / N - mean > 3 * error


def test_draws_have_the_fitted_moments():
    X = np.array([[1.0, 0.0], [0.0, 1e6], [3.0, 2e6], [5.0, 1e6]])
    fitted = GaussianSynthesizer().fit(X, sample_weight=[1, 2, 3, 4])
    drawn = fitted.sample(100_000, random_state=0)
    scale = np.sqrt(np.diag(fitted.covariance_))
    np.testing.assert_allclose(drawn.mean(axis=0) / scale, fitted.mean_ / scale, atol=0.015)
    found = np.cov(drawn.T) / np.outer(scale, scale)
    np.testing.assert_allclose(found, fitted.covariance_ / np.outer(scale, scale), atol=0.02)


def test_corrected_covariance_is_not_drawn_from():
    X = np.array([[-1.0], [1.0]])
    drawn = GaussianSynthesizer(bias_correction=True).fit(X).sample(100_000, random_state=0)
    assert abs(drawn.var() - 1) < 0.02


def test_target_is_drawn_with_its_dependence():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2000, 1))
    y = 3 * X[:, 0] + 0.1 * rng.normal(size=2000)
    X_drawn, y_drawn = GaussianSynthesizer().fit(X, y).sample(2000, random_state=0)
    assert np.std(y_drawn - 3 * X_drawn[:, 0]) < 0.12


def test_integers_and_dates_come_back_as_they_went_in():
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "small": rng.integers(0, 256, 50).astype("uint8"),
            "Int16": pd.array(rng.integers(-5, 5, 50), dtype="Int16"),
            "huge": np.array([0, 2**63 - 1] * 25),
            "day": pd.date_range("2020-01-01", periods=50),
            "float32": rng.normal(size=50).astype("float32"),
        }
    )
    drawn = GaussianSynthesizer().fit(frame).sample(500, random_state=0)
    pd.testing.assert_series_equal(drawn.dtypes, frame.dtypes)
    # Values beyond the dtype go to its ends instead of wrapping around.
    assert (drawn["small"] == 0).mean() > 0.02
    assert (drawn["small"] == 255).mean() > 0.02
    assert drawn["huge"].max() > 2**62
    assert drawn["huge"].min() < 0
    assert drawn["day"].notna().all()


def test_polars_integers():
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame({"n": pl.Series([0, 127, 3, 90], dtype=pl.Int8), "x": [0.5, 1, 2, 3]})
    drawn = GaussianSynthesizer().fit(frame).sample(200, random_state=0)
    assert drawn.schema == frame.schema


def test_draws_are_reproducible_also_from_a_singular_covariance():
    X = np.random.default_rng(0).normal(size=(5, 1)) @ np.ones((1, 3))
    fitted = GaussianSynthesizer().fit(X)
    drawn = fitted.sample(20, random_state=3)
    np.testing.assert_array_equal(drawn, fitted.sample(20, random_state=3))
    np.testing.assert_allclose(drawn, drawn[:, :1] @ np.ones((1, 3)), atol=1e-6)
    assert not np.array_equal(drawn, fitted.sample(20, random_state=4))


def test_score_samples_is_the_log_density():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 2)) @ [[1.0, 0.5], [0.0, 2.0]]
    y = X.sum(axis=1) + rng.normal(size=40)
    fitted = GaussianSynthesizer().fit(X, y, sample_weight=rng.random(40))
    mean, covariance = fitted.mean_, fitted.covariance_
    joint = multivariate_normal(mean, covariance).logpdf(np.c_[X, y])
    np.testing.assert_allclose(fitted.score_samples(X, y), joint, rtol=1e-10)
    marginal = multivariate_normal(mean[:2], covariance[:2, :2]).logpdf(X)
    np.testing.assert_allclose(fitted.score_samples(X), marginal, rtol=1e-10)


def test_score_samples_refuses_what_has_no_density():
    X = np.array([[0.0, 1.0], [2.0, 1.0], [5.0, 1.0]])
    with pytest.raises(NotFittedError):
        GaussianSynthesizer().score_samples(X)
    with pytest.raises(ValueError, match="of the columns 0, 1, one is constant"):
        GaussianSynthesizer().fit(X).score_samples(X)
    with pytest.raises(ValueError, match="fitted without y"):
        GaussianSynthesizer().fit(X).score_samples(X, y=[1, 2, 3])


def test_columns_that_cannot_be_learned_are_named():
    pd = pytest.importorskip("pandas")
    with pytest.raises(ValueError, match=r"'city' holds text.*GaussianSynthesizer"):
        GaussianSynthesizer().fit(pd.DataFrame({"x": [1.0, 2.0], "city": ["a", "b"]}))
    with pytest.raises(ValueError, match=r"'x' has missing values.*GaussianSynthesizer"):
        GaussianSynthesizer().fit(pd.DataFrame({"x": [1.0, np.nan]}))
    with pytest.raises(ValueError, match=r"'y' holds text"):
        GaussianSynthesizer().fit(np.zeros((2, 1)), ["no", "yes"])


@pytest.mark.parametrize(
    ("synthesizer", "arguments", "message"),
    [
        (GaussianSynthesizer(centring="own"), {}, "centring"),
        (GaussianSynthesizer(bias_correction="yes"), {}, "bias_correction"),
        (
            GaussianSynthesizer(centring="separate", bias_correction=True),
            {},
            "bias_correction=True needs centring='pooled'",
        ),
        (
            GaussianSynthesizer(bias_correction=True),
            {"sample_weight": [0.2, 0.3, 0.5]},
            "sums to 1. Scale the weights",
        ),
        (
            GaussianSynthesizer(centring="separate"),
            {"sample_weight": [1, 2, 2]},
            "shares its weight with no other one.*Pass groups to fit",
        ),
        (
            GaussianSynthesizer(centring="separate"),
            {"groups": ["old", "new", "old"]},
            "group new has one",
        ),
        (GaussianSynthesizer(), {"groups": [0, 1]}, "inconsistent"),
    ],
)
def test_what_cannot_be_fitted_is_refused(synthesizer, arguments, message):
    with pytest.raises(ValueError, match=message):
        synthesizer.fit([[0.0], [1.0], [5.0]], **arguments)


def test_no_rows_are_kept():
    X = np.random.default_rng(0).normal(size=(50, 2))
    fitted = GaussianSynthesizer(centring="separate").fit(X, groups=np.arange(50) % 2)
    assert not fitted.stores_rows
    assert all(np.size(value) <= 4 for value in vars(fitted).values())
