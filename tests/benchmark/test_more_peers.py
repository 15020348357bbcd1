"""Entrants that keep rows, all models or all trees: what they predict, computed by hand."""

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LogisticRegression

from skcollapse.benchmark._entrants import ENTRANTS, EntrantSetting
from skcollapse.benchmark._entrants._committee import Committee
from skcollapse.benchmark._entrants._stacked import log_loss_weights, squared_error_weights

pd = pytest.importorskip("pandas")

# The mean of each batch is 0, 10, 20, 30, so that a model that predicts means is easy to follow.
MEANS = (0.0, 10.0, 20.0, 30.0)


@pytest.fixture
def batches():
    rng = np.random.default_rng(0)
    found = []
    for mean in MEANS:
        noise = rng.normal(size=30)
        X = pd.DataFrame({"a": rng.normal(size=30), "b": rng.choice(["u", "v"], size=30)})
        found.append((X, mean + noise - noise.mean()))
    return found


@pytest.fixture
def learn(batches):
    def run(method, estimator, task="regression", labels=None):
        classes = None if labels is None else np.unique(np.concatenate(labels))
        setting = EntrantSetting(estimator, task, batches[0][0].iloc[:0], classes)
        entrant = ENTRANTS[method](setting)
        for t, (X, y) in enumerate(batches):
            entrant.update(X, y if labels is None else labels[t])
        return entrant

    return run


def test_last_batches_is_a_model_of_three(learn, batches):
    entrant = learn("last_batches", DummyRegressor())
    assert entrant.predictor.predict(batches[0][0])[0] == pytest.approx((10 + 20 + 30) / 3)
    assert entrant.effective_sample_size == 90
    assert len(entrant.kept) == 3


def test_exponential_average_weighs_by_age(learn, batches):
    entrant = learn("exponential_average", DummyRegressor())
    weights = np.array([0.343, 0.49, 0.7, 1.0])
    expected = weights @ MEANS / weights.sum()
    assert entrant.predictor.predict(batches[0][0])[0] == pytest.approx(expected)
    worth = 30 * weights.sum() ** 2 / (weights**2).sum()
    assert entrant.effective_sample_size == pytest.approx(worth)


def test_stacked_takes_what_fits_the_newest_batch(learn, batches):
    entrant = learn("stacked", DummyRegressor())
    weights = entrant.predictor.weights
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()
    # The newest batch is at 30, and all older models are far below.
    assert weights[-1] > 0.95
    assert entrant.predictor.predict(batches[0][0])[0] == pytest.approx(weights @ MEANS)


def test_squared_error_weights_are_the_minimum():
    rng = np.random.default_rng(1)
    predicted = rng.normal(size=(50, 2))
    y = 0.8 * predicted[:, 0] + 0.2 * predicted[:, 1] + 0.3 * rng.normal(size=50)
    # With w and 1 - w the derivative is linear in w.
    apart, rest = predicted[:, 0] - predicted[:, 1], y - predicted[:, 1]
    pull = 10.0 * np.var(y)
    w = (apart @ rest + pull * (0.5 + 0.5)) / (apart @ apart + 2 * pull)
    np.testing.assert_allclose(squared_error_weights(predicted, y), [w, 1 - w], rtol=1e-5)


def test_squared_error_weights_are_equal_for_equal_models_and_never_negative():
    y = np.arange(20.0)
    same = np.column_stack([y, y, y])
    np.testing.assert_allclose(squared_error_weights(same, y), 1 / 3, rtol=1e-6)
    worse = np.column_stack([y, -y, -2 * y])
    weights = squared_error_weights(worse, y)
    assert weights[0] > weights[1] >= weights[2] >= 0


def test_log_loss_weights_are_the_minimum():
    rng = np.random.default_rng(2)
    probability = rng.uniform(0.05, 0.95, size=(60, 3)) ** [1.0, 0.5, 2.0]

    def loss(raw):
        w = np.exp(raw) / np.exp(raw).sum()
        return -np.log(probability @ w).sum() - 10.0 / 3 * np.log(w).sum()

    raw = minimize(loss, np.zeros(3)).x
    expected = np.exp(raw) / np.exp(raw).sum()
    np.testing.assert_allclose(log_loss_weights(probability), expected, atol=1e-4)


def test_growing_forest_adds_25_trees_and_keeps_the_others(learn, batches):
    entrant = learn("growing_forest", None)
    model = entrant.predictor.model
    assert len(model.estimators_) == 100
    Z = entrant.predictor.encoding.transform(batches[0][0])
    by_batch = [
        np.mean([tree.predict(Z) for tree in model.estimators_[25 * t : 25 * t + 25]])
        for t in range(4)
    ]
    np.testing.assert_allclose(by_batch, MEANS, atol=1.0)
    expected = np.mean([tree.predict(Z) for tree in model.estimators_], axis=0)
    np.testing.assert_allclose(entrant.predictor.predict(batches[0][0]), expected)


@pytest.mark.parametrize(
    "method", ["last_batches", "exponential_average", "stacked", "growing_forest"]
)
def test_a_class_may_be_missing_in_a_batch(learn, batches, method):
    from skcollapse.benchmark._base import make_estimator

    X = batches[0][0]
    estimator = make_estimator("logistic", "classification", X, 0)
    labels = [np.array(list(text * 15)) for text in ("ab", "bc", "ab", "cb")]
    entrant = learn(method, estimator, "classification", labels)
    probability = entrant.predictor.predict_proba(X)
    assert entrant.predictor.classes_.tolist() == ["a", "b", "c"]
    np.testing.assert_allclose(probability.sum(axis=1), 1.0)
    assert (probability[:, 0] > 0).any()


def test_committee_counts_a_class_that_a_model_lacks_as_impossible():
    X = np.arange(6.0).reshape(-1, 1)
    one = LogisticRegression().fit(X, list("aabbaa"))
    two = LogisticRegression().fit(X, list("bbccbb"))
    found = Committee([one, two], [3.0, 1.0]).predict_proba(X)
    p, q = one.predict_proba(X), two.predict_proba(X)
    expected = np.column_stack([3 * p[:, 0], 3 * p[:, 1] + q[:, 0], q[:, 1]]) / 4
    np.testing.assert_allclose(found, expected)


def test_what_an_entrant_keeps_is_marked():
    kept = {name: kind.keeps for name, kind in ENTRANTS.items() if kind.keeps}
    assert kept == {
        "all_real": "all rows",
        "average_of_models": "all models",
        "warm_start": "all trees",
        "warm_gradient_boosting": "all trees",
        "last_batches": "rows of three batches",
        "exponential_average": "all models",
        "stacked": "all models",
        "growing_forest": "all trees",
    }
