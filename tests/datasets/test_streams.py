"""Streams with known truth: seeds, laws, and what a learner finds in them."""

import pickle

import numpy as np
import pytest
from sklearn.datasets import make_friedman1
from sklearn.linear_model import LinearRegression, LogisticRegression, PoissonRegressor

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse.datasets import (
    make_stream_drift,
    make_stream_friedman,
    make_stream_gaussian,
    make_stream_glm,
)

MAKERS = {
    "gaussian": make_stream_gaussian,
    "linear": make_stream_glm,
    "logistic": lambda **options: make_stream_glm(family="logistic", **options),
    "poisson": lambda **options: make_stream_glm(family="poisson", **options),
    "friedman": make_stream_friedman,
    "shift": lambda **options: make_stream_drift(drift_at=1, **options),
    "gradual": lambda **options: make_stream_drift(kind="gradual", drift_at=1, **options),
    "label_flip": lambda **options: make_stream_drift(kind="label_flip", drift_at=1, **options),
}
every_maker = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)


@every_maker
def test_record_fits_together(make):
    stream = make(n_batches=3, batch_size=[5, 2, 4], random_state=0)
    assert stream.X.shape == (11, stream.n_features)
    assert stream.y.shape == (11,)
    assert stream.generation.tolist() == [0] * 5 + [1] * 2 + [2] * 4
    assert stream.truth(stream.X, stream.generation).shape == (11,)


@every_maker
def test_one_seed_gives_one_stream_and_two_seeds_differ(make):
    first, again, other = (
        make(n_batches=2, batch_size=20, random_state=seed) for seed in (7, 7, 8)
    )
    np.testing.assert_array_equal(first.X, again.X)
    np.testing.assert_array_equal(first.y, again.y)
    assert not np.isin(first.X, other.X).any()


@every_maker
def test_batches_of_a_stream_are_different_rows(make):
    stream = make(n_batches=3, batch_size=20, random_state=0)
    assert len(np.unique(stream.X)) == stream.X.size


@every_maker
def test_longer_stream_starts_with_the_same_batches(make):
    short = make(n_batches=3, batch_size=20, random_state=7)
    long = make(n_batches=6, batch_size=20, random_state=7)
    np.testing.assert_array_equal(short.X, long.X[:60])
    np.testing.assert_array_equal(short.y, long.y[:60])
    np.testing.assert_array_equal(short.generation, long.generation[:60])


@every_maker
def test_larger_batches_start_with_the_same_rows(make):
    small = make(n_batches=2, batch_size=20, random_state=7)
    large = make(n_batches=2, batch_size=[50, 30], random_state=7)
    for batch in range(2):
        few, many = small.generation == batch, large.generation == batch
        np.testing.assert_allclose(small.X[few], large.X[many][:20])
        np.testing.assert_allclose(small.y[few], large.y[many][:20])


@every_maker
def test_stream_can_be_pickled_with_its_truth(make):
    stream = make(n_batches=2, batch_size=5, random_state=0)
    copy = pickle.loads(pickle.dumps(stream))
    np.testing.assert_array_equal(
        copy.truth(stream.X, stream.generation), stream.truth(stream.X, stream.generation)
    )


def test_random_state_instance_is_advanced():
    random_state = np.random.RandomState(0)
    first = make_stream_friedman(n_batches=1, batch_size=5, random_state=random_state)
    second = make_stream_friedman(n_batches=1, batch_size=5, random_state=random_state)
    assert (first.X != second.X).all()


# Laws. 40,000 rows: a mean of unit variance lies within 0.02 = 4 standard errors.


def test_gaussian_rows_have_the_stated_mean_and_covariance():
    mean, root = np.array([1.0, -2.0, 0.5]), np.array([[1.0, 0, 0], [0.5, 2, 0], [-1, 1, 0.5]])
    covariance = root @ root.T
    stream = make_stream_gaussian(4, 10_000, 2, mean=mean, covariance=covariance, random_state=1)
    rows = np.column_stack([stream.X, stream.y])
    spread = np.sqrt(np.diag(covariance))
    np.testing.assert_allclose((rows.mean(axis=0) - mean) / spread, 0, atol=0.02)
    errors = (np.cov(rows.T) - covariance) / np.outer(spread, spread)
    np.testing.assert_allclose(errors, 0, atol=0.03)


def test_gaussian_truth_is_the_conditional_mean_of_the_covariance():
    # cov(x, y) = 1.2 and var(x) = 4: slope 0.3, and 1 - 1.2^2 / 4 = 0.64 is left over.
    stream = make_stream_gaussian(
        1, 5, 1, mean=[1.0, 2.0], covariance=[[4.0, 1.2], [1.2, 1.0]], random_state=0
    )
    assert stream.coef.tolist() == pytest.approx([0.3])
    assert stream.noise == pytest.approx(0.8)
    np.testing.assert_allclose(stream.truth([[1.0], [3.0]]), [2.0, 2.6])


def test_default_gaussian_depends_on_the_last_column_alone():
    stream = make_stream_gaussian(1, 5, 4)
    np.testing.assert_allclose(stream.coef, [0, 0, 0, 0.5], atol=1e-15)
    assert stream.noise**2 == pytest.approx(0.75)
    assert stream.covariance[0].tolist() == [1.0, 0.5, 0.25, 0.125, 0.0625]


def test_linear_noise_has_the_stated_deviation_and_no_bias():
    stream = make_stream_glm(4, 10_000, noise=3.0, intercept=2.0, random_state=2)
    residuals = stream.y - stream.truth(stream.X)
    assert residuals.mean() == pytest.approx(0, abs=3 * 0.02)
    assert residuals.std() == pytest.approx(3.0, rel=0.02)
    assert (stream.coef**2).sum() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("family", "learner"),
    [
        ("linear", LinearRegression()),
        ("logistic", LogisticRegression(C=1e6)),
        ("poisson", PoissonRegressor(alpha=0, max_iter=500)),
    ],
)
def test_maximum_likelihood_finds_the_stated_coefficients(family, learner):
    coef = [0.8, -0.4, 0.0]
    stream = make_stream_glm(
        4, 10_000, 3, family=family, coef=coef, intercept=-0.3, random_state=3
    )
    learner.fit(stream.X, stream.y)
    # The logistic family tells least: a standard error of about 0.013.
    np.testing.assert_allclose(np.ravel(learner.coef_), coef, atol=0.05)
    assert np.ravel(learner.intercept_)[0] == pytest.approx(-0.3, abs=0.05)


def test_logistic_truth_is_a_probability_that_the_labels_follow():
    stream = make_stream_glm(4, 10_000, family="logistic", random_state=4)
    probability = stream.truth(stream.X)
    assert ((probability > 0) & (probability < 1)).all()
    for low in (0.1, 0.4, 0.7):
        inside = (probability > low) & (probability < low + 0.1)
        share, expected = stream.y[inside].mean(), probability[inside].mean()
        assert share == pytest.approx(expected, abs=4 * 0.5 / np.sqrt(inside.sum()))


def test_poisson_counts_have_equal_mean_and_variance_around_the_truth():
    stream = make_stream_glm(4, 10_000, family="poisson", random_state=5)
    assert stream.y.dtype.kind == "i"
    squares = (stream.y - stream.truth(stream.X)) ** 2
    assert squares.mean() == pytest.approx(stream.truth(stream.X).mean(), rel=0.05)


def test_friedman_truth_is_that_of_scikit_learn():
    X, y = make_friedman1(200, n_features=7, noise=0.0, random_state=0)
    np.testing.assert_allclose(make_stream_friedman(1, 5, 7).truth(X), y)


# Drift.


def test_a_shift_is_a_gradual_change_of_one_batch():
    shift = make_stream_drift(6, 30, drift_at=2, random_state=0)
    gradual = make_stream_drift(6, 30, kind="gradual", drift_at=2, drift_length=1, random_state=0)
    np.testing.assert_array_equal(shift.coefs, gradual.coefs)
    np.testing.assert_array_equal(shift.y, gradual.y)


def test_before_the_change_the_stream_is_that_of_the_glm():
    drift = make_stream_drift(6, 30, drift_at=3, random_state=0)
    glm = make_stream_glm(6, 30, random_state=0)
    before = drift.generation < 3
    np.testing.assert_array_equal(drift.X, glm.X)
    np.testing.assert_array_equal(drift.y[before], glm.y[before])
    assert (drift.y[~before] != glm.y[~before]).all()


def test_flipped_labels_have_the_opposite_probability():
    stream = make_stream_drift(4, 10, kind="label_flip", drift_at=2)
    X = stream.X[:5]
    np.testing.assert_allclose(stream.truth(X, 0), 1.0 - stream.truth(X, 2))
    assert (stream.family, stream.task) == ("logistic", "classification")


def test_a_gradual_change_takes_equal_steps_and_may_outlast_the_stream():
    stream = make_stream_drift(
        4, 5, 1, kind="gradual", drift_at=1, drift_length=5, coef=[0.0], coef_after=[10.0]
    )
    assert stream.coefs[:, 0].tolist() == [0.0, 2.0, 4.0, 6.0]


def test_truth_is_that_of_each_rows_batch():
    stream = make_stream_drift(3, 5, 2, drift_at=1, noise=0.0, random_state=0)
    np.testing.assert_array_equal(stream.y, stream.truth(stream.X, stream.generation))
    by_batch = [stream.truth(stream.X[stream.generation == t], t) for t in range(3)]
    np.testing.assert_array_equal(np.concatenate(by_batch), stream.y)


# Use.


def test_stream_names_its_batches_for_fit():
    stream = make_stream_glm(4, [50, 30, 20, 40], random_state=0)
    model = RecursiveMixRegressor(LinearRegression(), random_state=0)
    model = model.fit(stream.X, stream.y, generation=stream.generation)
    assert [record["n_real"] for record in model.history_] == [50, 30, 20, 40]


def test_recursion_comes_nearer_to_the_truth_than_the_newest_batch():
    errors = {"recursion": 0.0, "newest": 0.0}
    for seed in range(10):
        stream = make_stream_glm(6, 60, random_state=seed)
        model = RecursiveMixRegressor(LinearRegression(), labels="predict", random_state=seed)
        model = model.fit(stream.X, stream.y, generation=stream.generation)
        newest = stream.generation == 5
        plain = LinearRegression().fit(stream.X[newest], stream.y[newest])
        for name, fitted in [("recursion", model), ("newest", plain)]:
            errors[name] += np.mean((fitted.predict(stream.X) - stream.truth(stream.X)) ** 2)
    # Six times the rows have a sixth of the error; half of it leaves room for chance.
    assert errors["recursion"] < errors["newest"] / 2


def test_adaptive_weights_notice_flipped_labels():
    stream = make_stream_drift(5, 200, kind="label_flip", random_state=0)
    model = RecursiveMixClassifier(
        LogisticRegression(), lam="adaptive", labels="predict", n_synthetic=2.0, random_state=0
    )
    model = model.fit(stream.X, stream.y, generation=stream.generation)
    assert model.history_[4]["real_weight"] > 2 * model.history_[3]["real_weight"]


@pytest.mark.parametrize(
    ("make", "options", "message"),
    [
        (make_stream_glm, {"n_batches": 0}, "n_batches must be a whole number >= 1, got 0"),
        (make_stream_glm, {"batch_size": 2.5}, "batch_size must be a whole number >= 1"),
        (make_stream_glm, {"batch_size": [5, 5]}, "one for each of the 8 batches; got 2"),
        (make_stream_glm, {"batch_size": [5] * 7 + [0]}, "batch_size must be .* got 0"),
        (make_stream_glm, {"n_features": 0}, "n_features must be a whole number >= 1"),
        (make_stream_glm, {"family": "gamma"}, "family must be one of.*poisson.*'gamma'"),
        (make_stream_glm, {"coef": [1.0]}, "coef must hold 4 finite numbers"),
        (make_stream_glm, {"coef": [1, 1, 1, np.nan]}, "coef must hold 4 finite numbers"),
        (make_stream_glm, {"intercept": np.inf}, "intercept must hold 1 finite"),
        (make_stream_glm, {"noise": -1.0}, "noise must be a finite standard deviation >= 0"),
        (make_stream_glm, {"family": "poisson", "noise": 1.0}, "noise is for family='linear'"),
        (make_stream_friedman, {"n_features": 4}, "n_features must be a whole number >= 5"),
        (make_stream_gaussian, {"mean": [0, 0]}, "mean must hold 5 finite numbers"),
        (make_stream_gaussian, {"covariance": np.eye(4)}, r"covariance must have the shape \(5"),
        (make_stream_gaussian, {"covariance": -np.eye(5)}, "positive definite"),
        (make_stream_gaussian, {"covariance": np.tri(5)}, "covariance must be symmetric"),
        (make_stream_drift, {"kind": "sudden"}, "kind must be one of.*'label_flip'"),
        (make_stream_drift, {"n_batches": 4}, r"drift_at must be a batch from 1 to 3 .*got 4"),
        (make_stream_drift, {"drift_at": 0}, "drift_at must be a whole number >= 1"),
        (make_stream_drift, {"drift_length": 2}, "drift_length belongs to kind='gradual'"),
        (make_stream_drift, {"kind": "gradual", "drift_length": 0}, "drift_length must be"),
        (make_stream_drift, {"kind": "label_flip", "family": "linear"}, "family must be one of"),
        (make_stream_drift, {"kind": "label_flip", "coef_after": [1.0]}, "coef_after does not"),
        (make_stream_drift, {"coef_after": [1.0]}, "coef_after must hold 4"),
        (make_stream_drift, {"family": "logistic", "noise": 1.0}, "noise is for family='linear'"),
    ],
)
def test_bad_parameters_are_named(make, options, message):
    with pytest.raises(ValueError, match=message):
        make(**options)


@pytest.mark.parametrize(
    ("generation", "message"),
    [
        (None, "generation: the truth moves; say which batch"),
        (8, "generation must name batches from 0 to 7, got 8"),
        ([0, -1], "generation must name batches from 0 to 7"),
    ],
)
def test_truth_that_moves_asks_for_the_batch(generation, message):
    with pytest.raises(ValueError, match=message):
        make_stream_drift(batch_size=5).truth(np.zeros((2, 4)), generation)


def test_truth_asks_for_the_columns_of_the_stream():
    with pytest.raises(ValueError, match=r"X must have 4 columns, got shape \(2, 1\)"):
        make_stream_glm(batch_size=5).truth(np.zeros((2, 1)))
