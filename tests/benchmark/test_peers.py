"""The baselines beside RecursiveMix do what they say."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from skcollapse.benchmark import BenchmarkConfig, _entrants, run_benchmark
from skcollapse.benchmark._base import make_estimator
from skcollapse.benchmark._engine import Cell
from skcollapse.benchmark._entrants import ENTRANTS, REFERENCES, EntrantSetting
from skcollapse.benchmark._entrants._peers import (
    AverageOfModels,
    FirstModel,
    OnlineLinear,
    WarmStart,
)
from skcollapse.benchmark._streams._stream import StreamPlan, cut_stream
from skcollapse.benchmark._suites._learning import entrant_setting
from skcollapse.datasets import load_table

pd = pytest.importorskip("pandas")


@pytest.fixture
def stream(table_csv):
    return cut_stream(load_table(table_csv, "y", drop=["kind"]), StreamPlan(3, 40, 100), seed=0)


@pytest.fixture
def class_stream(table_csv):
    return cut_stream(load_table(table_csv, "kind", drop=["y"]), StreamPlan(3, 40, 100), seed=0)


def build(method, stream, **options):
    """The entrant as the benchmark builds it."""
    cell = Cell("table", "small", method=method)
    return ENTRANTS[method](entrant_setting(cell, stream, BenchmarkConfig(**options)))


def after_each_batch(entrant, stream):
    """Predictions on the test rows after each batch."""
    for X, y in stream.batches():
        entrant.update(X, y)
        yield entrant.predictor.predict(stream.X_test)


def test_first_model_never_changes(stream):
    estimator = make_estimator("ridge", "regression", stream.X, 0)
    X, y = next(stream.batches())
    alone = estimator.fit(X, y).predict(stream.X_test)
    for predicted in after_each_batch(FirstModel(EntrantSetting(estimator)), stream):
        np.testing.assert_array_equal(predicted, alone)


def test_average_is_the_mean_of_the_batch_models(stream):
    estimator = make_estimator("hist_gradient_boosting", "regression", stream.X, 0)
    alone = [estimator.fit(X, y).predict(stream.X_test) for X, y in stream.batches()]
    entrant = AverageOfModels(EntrantSetting(estimator))
    for t, predicted in enumerate(after_each_batch(entrant, stream)):
        np.testing.assert_allclose(predicted, np.mean(alone[: t + 1], axis=0))
        assert len(entrant.predictor.models) == t + 1
    assert not np.allclose(predicted, alone[-1])


def test_average_counts_a_class_that_a_batch_lacks_as_impossible():
    entrant = AverageOfModels(EntrantSetting(LogisticRegression()))
    X = np.arange(6.0).reshape(-1, 1)
    first, second = np.array(list("aabbaa")), np.array(list("bbccbb"))
    entrant.update(X, first)
    entrant.update(X, second)
    one, two = (LogisticRegression().fit(X, y).predict_proba(X) for y in (first, second))
    assert entrant.predictor.classes_.tolist() == ["a", "b", "c"]
    expected = np.column_stack([one[:, 0], one[:, 1] + two[:, 0], two[:, 1]]) / 2
    np.testing.assert_allclose(entrant.predictor.predict_proba(X), expected)


@pytest.mark.parametrize(
    ("method", "estimator", "size"),
    [
        ("warm_start", "hist_gradient_boosting", 100),
        ("warm_start", "random_forest", 100),
        ("warm_gradient_boosting", "ridge", 13),
    ],
)
def test_warm_start_grows_the_same_number_of_trees_on_each_batch(stream, method, estimator, size):
    entrant = build(method, stream, estimator=estimator)
    for t, _ in enumerate(after_each_batch(entrant, stream), 1):
        model = entrant.predictor.model
        trees = model.n_iter_ if estimator.startswith("hist") else len(model.estimators_)
        assert trees == t * size


def test_warm_start_keeps_the_trees_it_has(stream):
    forest = RandomForestRegressor(5, random_state=0)
    X, y = stream.X[["a"]], stream.y
    entrant = WarmStart(EntrantSetting(forest))
    entrant.update(X[:40], y[:40])
    first = list(entrant.predictor.model.estimators_)
    entrant.update(X[40:80], y[40:80])
    assert entrant.predictor.model.estimators_[:5] == first
    assert not hasattr(forest, "estimators_")


def test_warm_gradient_boosting_goes_on_from_its_errors_on_the_new_rows(stream):
    entrant = build("warm_gradient_boosting", stream)
    batches = list(stream.batches())
    entrant.update(*batches[0])
    before = entrant.predictor.predict(stream.X_test)
    X, y = batches[1]
    # Where the model is right on the new batch already, there is nothing to add.
    entrant.update(X, entrant.predictor.predict(X))
    np.testing.assert_allclose(entrant.predictor.predict(stream.X_test), before, atol=1e-9)
    entrant.update(X, y)
    assert not np.allclose(entrant.predictor.predict(stream.X_test), before)


def test_only_ensembles_of_trees_grow(stream):
    for name, can in (
        ("hist_gradient_boosting", True),
        ("random_forest", True),
        ("ridge", False),
        ("k_nearest_neighbors", False),
        ("mlp", False),
    ):
        estimator = make_estimator(name, "regression", stream.X, 0)
        assert WarmStart.suits(estimator, "regression") is can, name
    # Its warm start sets where the solver begins, not where it ends.
    assert not WarmStart.suits(LogisticRegression(), "classification")


def test_entrant_that_is_not_possible_does_not_appear(table_csv, options):
    rows = run_benchmark(table_csv, **options, entrants=tuple(ENTRANTS), lam=[]).rows
    assert set(rows["method"]) == set(ENTRANTS) - {"warm_start"}
    assert (rows["error"] == "").all()
    options["estimator"] = "hist_gradient_boosting"
    rows = run_benchmark(table_csv, **options, entrants=["warm_start"], lam=[]).rows
    assert set(rows["method"]) == {"warm_start"}


def test_online_learner_keeps_the_scale_and_encoding_of_the_first_batch(stream):
    entrant = build("partial_fit_linear", stream)
    scales = []
    for X, y in stream.batches():
        entrant.update(X, y)
        scaler = entrant.predictor.encoding[-1].named_transformers_["pipeline"]["standardscaler"]
        assert isinstance(scaler, StandardScaler)
        scales.append((entrant.predictor.centre, *scaler.mean_))
    assert len(set(scales)) == 1
    X, y = next(stream.batches())
    assert scales[0][0] == y.mean()


def test_online_linear_regression_learns_what_ridge_learns(stream):
    X, y = stream.X, stream.y
    entrant = OnlineLinear(EntrantSetting(None, columns=X))
    for _ in range(10):
        entrant.update(X, y)
    ridge = make_estimator("ridge", "regression", X, 0).fit(X, y).predict(stream.X_test)
    error = np.std(entrant.predictor.predict(stream.X_test) - ridge) / np.std(ridge)
    assert error < 0.1


@pytest.mark.parametrize("method", ENTRANTS)
def test_every_entrant_learns_classes(class_stream, method):
    entrant = build(method, class_stream, estimator="hist_gradient_boosting")
    for X, y in class_stream.batches():
        entrant.update(X, y)
    probability = entrant.predictor.predict_proba(class_stream.X_test)
    assert entrant.predictor.classes_.tolist() == ["high", "low"]
    np.testing.assert_allclose(probability.sum(axis=1), 1.0)
    right = entrant.predictor.classes_[probability.argmax(axis=1)] == class_stream.y_test
    assert right.mean() > 0.6


def test_entrants_can_be_chosen(table_csv, options):
    assert BenchmarkConfig().entrants == REFERENCES
    rows = run_benchmark(table_csv, **options, entrants=["first_model"]).rows
    assert set(rows["method"]) == {"first_model", "recursive_mix"}


@pytest.mark.parametrize("name", ["real_only", "recursive_mix"])
def test_a_name_belongs_to_one_class(name):
    with pytest.raises(ValueError, match=f"An entrant is named '{name}' already"):
        _entrants.entrant(name)(FirstModel)
    assert FirstModel.name == "first_model"
    assert ENTRANTS["real_only"].__name__ == "RealOnly"


def test_an_entrant_is_not_shown_the_rows_that_will_come(stream):
    setting = build("real_only", stream).setting
    assert len(setting.columns) == 0
    assert setting.columns.dtypes.equals(stream.X.dtypes)
    assert setting.n_batches == 3
