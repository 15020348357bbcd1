"""Labels corrected by what the newest rows say about the last estimator."""

import numpy as np
import pytest
from sklearn.datasets import make_friedman1
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import (
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
)
from sklearn.linear_model import LinearRegression, LogisticRegression, PoissonRegressor

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse._recursive_mix.fitting import MIN_ROWS, WeightedRows, assign_folds
from skcollapse._recursive_mix.labelling._errors import correct_classes, correct_means

FOREST = ExtraTreesRegressor(50, min_samples_leaf=3, bootstrap=True)


def corrected(bias, unfitted=FOREST, noise=0.5, n=400, seed=0, weights=None):
    """Correct a predictor that is off by `bias(X)`.

    Returns the truth, the predictions and the corrected ones on new rows, and the teacher.
    """
    rng = np.random.default_rng(seed)
    X, Z = rng.uniform(-1, 1, (n, 3)), rng.uniform(-1, 1, (2000, 3))

    def truth(X):
        return (X @ [1.0, 2.0, 0.0])[:, None]

    def predict(X):
        return truth(X) + bias(X)[:, None]

    y = truth(X)[:, 0] + noise * rng.normal(size=n)
    found = correct_means(unfitted, predict, WeightedRows(X, y, weights), seed=0, n_jobs=None)
    return truth(Z), predict(Z), found.predict(Z), found


def test_a_bias_that_the_rows_show_is_taken_off():
    truth, biased, labels, found = corrected(lambda X: np.sign(X[:, 2]))
    assert found.step > 0.9
    assert np.mean((labels - truth) ** 2) < 0.1 * np.mean((biased - truth) ** 2)


def test_a_learner_corrects_only_what_it_can_express():
    # The sign has slope 1.5 on a uniform column; what is left of it no line can take off.
    truth, _, labels, _ = corrected(lambda X: np.sign(X[:, 2]), LinearRegression(), n=4000)
    assert np.mean((labels - truth) ** 2) == pytest.approx(1 - 1.5**2 / 3, rel=0.05)
    square = corrected(lambda X: X[:, 2] ** 2 - 1 / 3, LinearRegression(), n=4000)
    assert np.mean((square[2] - square[1]) ** 2) < 0.001


@pytest.mark.parametrize("seed", range(5))
def test_noise_is_not_taken_for_a_bias(seed):
    truth, _, labels, _ = corrected(lambda X: 0 * X[:, 0], noise=1.0, seed=seed)
    # A forest that was believed would add about a third of the noise variance.
    assert np.mean((labels - truth) ** 2) < 0.03


def test_the_step_by_hand():
    """A mean as learner: it predicts the average residual of the other folds."""
    rng = np.random.default_rng(0)
    X, y = np.zeros((100, 1)), 1.0 + rng.normal(size=100)
    rows = WeightedRows(X, y, rng.uniform(0.5, 2, 100))
    found = correct_means(
        DummyRegressor(),
        lambda X: np.zeros((len(X), 1)),
        rows,
        seed=0,
        n_jobs=None,
    )
    folds = assign_folds(np.zeros(100, dtype=int), 0)
    means = np.array(
        [np.average(y[folds != k], weights=rows.weights[folds != k]) for k in range(5)]
    )
    size = rows.weights @ means[folds] ** 2
    step = rows.weights @ (y * means[folds]) / size
    scores = rows.weights * means[folds] * (y - step * means[folds])
    step -= 2 * np.sqrt(np.sum(scores**2)) / size
    assert 0 < step < 1
    assert found.step == pytest.approx(step)
    assert found.predict(X[:1])[0, 0] == pytest.approx(found.step * means.mean())
    np.testing.assert_allclose(found.real[:, 0], found.step * means[folds])


def test_class_odds_are_corrected_to_the_truth():
    """The last classifier says one half everywhere; the truth is logistic."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(4000, 1))
    probability = 1 / (1 + np.exp(-2 * X[:, 0]))
    y = (rng.random(4000) < probability).astype(int)
    found = correct_classes(
        LogisticRegression(),
        lambda X: np.full((len(X), 2), 0.5),
        np.eye(2)[y],
        WeightedRows(X, y),
        seed=0,
        n_jobs=None,
        probabilities_of=lambda model, X: model.predict_proba(X),
    )
    assert found.step > 0.9
    labels = found.predict(X[:200])
    np.testing.assert_allclose(labels[:, 1], probability[:200], atol=0.05)
    np.testing.assert_allclose(labels.sum(axis=1), 1)


def test_right_class_probabilities_are_left_alone():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1000, 1))

    def right(X):
        probability = 1 / (1 + np.exp(-2 * X[:, 0]))
        return np.column_stack([1 - probability, probability])

    y = (rng.random(1000) < right(X)[:, 1]).astype(int)
    found = correct_classes(
        HistGradientBoostingClassifier(max_iter=20),
        right,
        np.eye(2)[y],
        WeightedRows(X, y),
        seed=0,
        n_jobs=None,
        probabilities_of=lambda model, X: model.predict_proba(X),
    )
    assert np.sqrt(np.mean((found.predict(X) - right(X)) ** 2)) < 0.03


def test_few_rows_correct_nothing():
    X = np.arange(MIN_ROWS - 1.0)[:, None]
    rows = WeightedRows(X, X[:, 0])
    found = correct_means(LinearRegression(), lambda X: 0 * X, rows, seed=0, n_jobs=None)
    assert found.step == 0
    np.testing.assert_array_equal(found.predict(X), 0 * X)


def test_corrected_labels_help_a_biased_regressor():
    X, y = make_friedman1(4000, noise=0.5, random_state=0)
    scores = {}
    for labels in ("predict", "corrected"):
        boosting = HistGradientBoostingRegressor(max_iter=30, max_leaf_nodes=15)
        mix = RecursiveMixRegressor(boosting, labels=labels, n_synthetic=5.0, random_state=0)
        scores[labels] = mix.fit(X[:1000], y[:1000]).score(X[1000:], y[1000:])
    assert scores["corrected"] > scores["predict"] + 0.03


def test_corrected_labels_help_a_biased_classifier():
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (4000, 4))
    y = np.sin(4 * X[:, 0]) + 2 * X[:, 1] * X[:, 2] > 0
    scores = {}
    for labels in ("predict", "corrected"):
        boosting = HistGradientBoostingClassifier(max_iter=20)
        mix = RecursiveMixClassifier(boosting, labels=labels, n_synthetic=5.0, random_state=0)
        scores[labels] = mix.fit(X[:1000], y[:1000]).score(X[1000:], y[1000:])
    assert scores["corrected"] > scores["predict"] + 0.01


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_targets_that_must_be_positive_stay_possible():
    # A regressor of counts refuses residuals: then nothing is corrected.
    rng = np.random.default_rng(0)
    X = rng.normal(size=(600, 2))
    y = rng.poisson(np.exp(X[:, 0])).astype(float)
    mix = RecursiveMixRegressor(PoissonRegressor(), labels="corrected", random_state=0)
    assert np.isfinite(mix.fit(X, y).predict(X)).all()
    assert mix.history_[-1]["correction"] == 0


def test_frames_of_all_kinds_are_corrected(mixed_frame):
    frame, y = mixed_frame
    boosting = HistGradientBoostingRegressor(
        max_iter=20, categorical_features=["town", "grade"], max_bins=64
    )
    kept = frame.drop(columns=["since"]).astype({"town": "category"})
    mix = RecursiveMixRegressor(boosting, labels="corrected", random_state=0).fit(kept, y)
    steps = [record["correction"] for record in mix.history_]
    assert steps[0] is None
    assert max(steps[1:]) > 0.05
    assert all(record["twicing_loss"] > 0 for record in mix.history_[1:])


def test_rows_that_the_estimator_has_seen_correct_nothing(regression):
    X, y = regression
    fits = [
        RecursiveMixRegressor(
            LinearRegression(), workflow="fixed", lam=0.5, labels=labels, random_state=0
        ).fit(X, y)
        for labels in ("predict", "corrected")
    ]
    np.testing.assert_allclose(fits[0].predict(X), fits[1].predict(X))
    assert all(record["correction"] is None for record in fits[1].history_)


def test_the_schedule_loses_nothing_in_a_well_specified_model():
    """Coefficient errors after t generations equal those of a fit to all rows ever seen.

    60 streams of 8 batches of 40 rows, 3 columns, noise 1, least squares, labels predicted. Both
    errors are of the same rows, so that their ratio varies far less than either.
    """
    ratio = recursive_errors(lam="optimal", n_streams=60)
    assert ratio == pytest.approx(1.0, abs=0.05)


def test_a_wrong_weight_loses():
    assert recursive_errors(lam=1.0, n_streams=60) > 1.5


def test_corrected_labels_lose_little_in_a_well_specified_model():
    # The newest batch alone has 8 times the error of all rows; without the margin of two standard
    # errors the ratio is above 2.5 here.
    assert recursive_errors(lam="optimal", n_streams=60, labels="corrected") < 2


def recursive_errors(lam, n_streams, labels="predict"):
    """Return the squared error of the recursion's coefficients over that of all rows."""
    truth = np.array([1.0, -1.0, 0.5])
    errors = np.zeros(2)
    for seed in range(n_streams):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(320, 3))
        y = X @ truth + rng.normal(size=320)
        mix = RecursiveMixRegressor(
            LinearRegression(),
            lam=lam,
            labels=labels,
            n_generations=7,
            n_synthetic=20.0,
            random_state=seed,
        ).fit(X, y)
        pooled = LinearRegression().fit(X, y)
        errors += [np.sum((m.coef_ - truth) ** 2) for m in (mix.estimator_, pooled)]
    return errors[0] / errors[1]
