"""Estimators that can be asked for by name take text, missing values and unseen levels."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from skcollapse.benchmark._base._named_models import ESTIMATORS, make_estimator

pd = pytest.importorskip("pandas")

PAIRS = [
    (name, task)
    for name, row in ESTIMATORS.items()
    for task, factory in zip(("regression", "classification"), row[:2], strict=True)
    if factory is not None
]


def frame_with_levels(n_levels, n_rows=400):
    rng = np.random.default_rng(0)
    levels = [f"level {number:04d}" for number in range(n_levels)]
    text = pd.Categorical.from_codes(rng.integers(0, n_levels, n_rows), levels)
    X = pd.DataFrame({"text": text, "number": rng.normal(size=n_rows)})
    X.loc[::7, "text"] = None
    X.loc[::5, "number"] = np.nan
    return X


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(("name", "task"), PAIRS)
@pytest.mark.parametrize("n_levels", [3, 600])
def test_estimator_takes_levels_that_its_batch_did_not_hold(name, task, n_levels):
    X = frame_with_levels(n_levels)
    y = X["number"].fillna(0.0).to_numpy()
    y = y if task == "regression" else y > 0
    batch = X["text"].isin(X["text"].cat.categories[: n_levels // 2])
    estimator = make_estimator(name, task, X, seed=0).fit(X[batch], y[batch])
    assert estimator.score(X, y) > 0.5


def test_text_is_used_not_only_tolerated():
    X = frame_with_levels(3).assign(number=0.0)
    y = X["text"].cat.codes.to_numpy(dtype=float)
    for name in ("hist_gradient_boosting", "ridge", "random_forest"):
        assert make_estimator(name, "regression", X, seed=0).fit(X, y).score(X, y) > 0.99, name


def test_seed_is_passed_on_unless_the_estimator_has_one():
    X = frame_with_levels(3)
    forest = make_estimator("random_forest", "regression", X, seed=5)
    assert forest[-1].random_state == 5
    network = make_estimator("mlp", "regression", X, seed=5)
    assert network[-1].regressor.random_state == 5
    given = Ridge(random_state=1)
    assert make_estimator(given, "regression", X, seed=5).random_state == 1
    assert make_estimator(Ridge(), "regression", X, seed=5).random_state == 5
    assert given.random_state == 1


@pytest.mark.parametrize(
    ("name", "task", "allowed"),
    [("ridge", "classification", "logistic"), ("logistic", "regression", "ridge")],
)
def test_estimator_for_the_other_task_is_refused(name, task, allowed):
    with pytest.raises(ValueError, match=f"'{name}' is not for {task}; use one of .*{allowed}"):
        make_estimator(name, task, frame_with_levels(3), seed=0)


@pytest.mark.parametrize("task", ["regression", "classification"])
def test_a_number_far_outside_does_not_carry_a_network_away(task):
    X = frame_with_levels(3)
    y = X["number"].fillna(0.0).to_numpy()
    y = y if task == "regression" else y > 0
    network = make_estimator("mlp", task, X, seed=0).fit(X, y)
    predict = network.predict if task == "regression" else network.predict_proba
    far = X.iloc[[1]].assign(number=1e6)
    edge = X["number"].mean() + 5 * X["number"].fillna(X["number"].median()).std()
    np.testing.assert_allclose(predict(far), predict(far.assign(number=edge + 1)))


@pytest.mark.parametrize("name", ["random_forest", "mlp"])
def test_weights_act_in_forests_and_networks(name):
    """One row in four says 0 and weighs nine times as much as the rows that say 1."""
    rng = np.random.default_rng(0)
    X, new = (pd.DataFrame({"number": rng.uniform(size=400)}) for _ in range(2))
    y = (rng.permutation(400) >= 100).astype(float)
    weights = np.where(y == 0, 9.0, 1.0)
    estimator = make_estimator(name, "regression", X, seed=0)
    weighted = {f"{estimator.steps[-1][0]}__sample_weight": weights}
    predicted = estimator.fit(X, y, **weighted).predict(new)
    assert np.mean(predicted) == pytest.approx(300 / (300 + 9 * 100), abs=0.1)
    # Where every leaf holds one row they say at most which rows a tree is given.
    if name == "random_forest":
        estimator.set_params(randomforestregressor__min_samples_leaf=1)
        assert np.mean(estimator.fit(X, y, **weighted).predict(new)) > 0.4
