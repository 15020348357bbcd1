"""Replaying a table, feeding batches, and randomness."""

import numpy as np
import pytest
from joblib import Parallel, delayed
from sklearn.base import clone
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor

LABELS = ["predict", "corrected", "sample", "joint"]


def by_batches(mix, X, y, n_batches, **first):
    for rows in np.array_split(np.arange(len(y)), n_batches):
        mix.partial_fit(X[rows], y[rows], **first)
    return mix


@pytest.mark.parametrize("labels", LABELS)
@pytest.mark.parametrize("lam", ["optimal", "adaptive", "golden", "proportional", 0.4, np.inf])
def test_fit_equals_partial_fit_bit_for_bit(regression, lam, labels):
    X, y = regression
    mix = RecursiveMixRegressor(Ridge(), lam=lam, labels=labels, random_state=5)
    at_once, streamed = clone(mix).fit(X, y), by_batches(clone(mix), X, y, 5)
    np.testing.assert_array_equal(at_once.predict(X), streamed.predict(X))
    np.testing.assert_array_equal(at_once.sample(9, 1)[0], streamed.sample(9, 1)[0])
    for a, b in zip(at_once.history_, streamed.history_, strict=True):
        assert {**a, "seconds": 0} == {**b, "seconds": 0}


@pytest.mark.parametrize("labels", LABELS)
def test_fit_equals_partial_fit_for_classes(classification, labels):
    X, y = classification
    mix = RecursiveMixClassifier(LogisticRegression(), labels=labels, random_state=5)
    streamed = by_batches(clone(mix), X, y, 5, classes=np.unique(y))
    np.testing.assert_array_equal(clone(mix).fit(X, y).predict_proba(X), streamed.predict_proba(X))


def test_generation_says_which_rows_arrive_together(regression):
    X, y = regression
    month = np.random.default_rng(0).choice(["2026-01", "2026-02", "2026-03"], len(y))
    mix = RecursiveMixRegressor(Ridge(), random_state=1)
    at_once = clone(mix).fit(X, y, generation=month)
    streamed = clone(mix)
    for label in np.unique(month):
        streamed.partial_fit(X[month == label], y[month == label])
    np.testing.assert_array_equal(at_once.predict(X), streamed.predict(X))
    assert [r["n_real"] for r in at_once.history_] == [
        np.sum(month == label) for label in np.unique(month)
    ]


def test_without_generation_the_blocks_are_near_equal_and_in_order():
    X = np.arange(11.0).reshape(-1, 1)
    mix = RecursiveMixRegressor(LinearRegression(), lam=0, n_generations=3).fit(X, X[:, 0])
    assert [r["n_real"] for r in mix.history_] == [3, 3, 3, 2]


def test_one_seed_one_model_and_another_seed_another(regression):
    X, y = regression
    forest = RandomForestRegressor(n_estimators=5)
    fits = [
        RecursiveMixRegressor(forest, random_state=seed).fit(X, y).predict(X) for seed in (1, 1, 2)
    ]
    np.testing.assert_array_equal(fits[0], fits[1])
    assert np.abs(fits[0] - fits[2]).max() > 1e-3


def test_each_generation_draws_its_own_rows(regression):
    # Streams that restart would draw the same latent numbers in every generation.
    X, y = regression
    drawn = []

    class Recorder(Ridge):
        def fit(self, X, y, sample_weight=None):
            drawn.append(X[-50:])
            return super().fit(X, y, sample_weight)

    RecursiveMixRegressor(Recorder(), n_generations=3, random_state=0).fit(X, y)
    for first, second in ((1, 2), (2, 3), (1, 3)):
        correlation = np.corrcoef(drawn[first][:, 0], drawn[second][:, 0])[0, 1]
        assert abs(correlation) < 0.45  # three standard errors at 50 pairs


def test_common_random_numbers_across_lam(regression):
    X, y = regression
    rows = {}

    def recorder(key):
        class Recorder(Ridge):
            def fit(self, X, y, sample_weight=None):
                rows.setdefault(key, []).append(X)
                return super().fit(X, y, sample_weight)

        return Recorder()

    for lam in (0.2, 3.0):
        mix = RecursiveMixRegressor(recorder(lam), lam=lam, n_generations=1, random_state=0)
        mix.fit(X, y)
    np.testing.assert_array_equal(rows[0.2][1], rows[3.0][1])


@pytest.mark.parametrize("backend", ["threading", "loky"])
def test_any_joblib_backend_gives_the_sequential_result(regression, backend):
    X, y = regression

    def fit_predict(seed, X, y):  # local, so that it travels to other processes by value
        mix = RecursiveMixRegressor(RandomForestRegressor(n_estimators=4), random_state=seed)
        return mix.fit(X, y).predict(X)

    expected = [fit_predict(seed, X, y) for seed in range(4)]
    found = Parallel(n_jobs=2, backend=backend)(
        delayed(fit_predict)(seed, X, y) for seed in range(4)
    )
    np.testing.assert_array_equal(found, expected)


def test_random_state_instances_and_global_state(regression):
    X, y = regression
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    a = RecursiveMixRegressor(Ridge(), random_state=np.random.RandomState(7)).fit(X, y)
    b = RecursiveMixRegressor(Ridge(), random_state=np.random.RandomState(7)).fit(X, y)
    np.testing.assert_array_equal(a.predict(X), b.predict(X))
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_a_seed_set_by_the_user_stays(regression):
    X, y = regression
    mix = RecursiveMixRegressor(RandomForestRegressor(n_estimators=2, random_state=11)).fit(X, y)
    assert mix.estimator_.random_state == 11
    mix = RecursiveMixRegressor(RandomForestRegressor(n_estimators=2)).fit(X, y)
    assert mix.estimator_.random_state is not None
    assert mix.estimator.random_state is None


def test_inputs_are_left_as_they_were(regression):
    X, y = regression
    weights = np.linspace(0, 2, len(y))
    copies = X.copy(), y.copy(), weights.copy()
    RecursiveMixRegressor(Ridge(), labels="sample").fit(X, y, sample_weight=weights)
    for now, before in zip((X, y, weights), copies, strict=True):
        np.testing.assert_array_equal(now, before)


def test_a_second_fit_starts_anew(regression):
    X, y = regression
    mix = RecursiveMixRegressor(Ridge(), random_state=0)
    first = mix.fit(X, y).predict(X)
    np.testing.assert_array_equal(mix.fit(X, y).predict(X), first)
    assert len(mix.history_) == 5


def test_partial_fit_goes_on_after_fit(regression):
    X, y = regression
    mix = RecursiveMixRegressor(Ridge(), n_generations=2, random_state=0).fit(X[:300], y[:300])
    mix.partial_fit(X[300:], y[300:])
    assert mix.history_[-1]["generation"] == 3
    assert mix.effective_sample_size_ == pytest.approx(400)


def test_only_workflows_with_fresh_rows_have_partial_fit():
    assert hasattr(RecursiveMixRegressor(), "partial_fit")
    assert not hasattr(RecursiveMixRegressor(workflow="fixed"), "partial_fit")
    assert not hasattr(RecursiveMixClassifier(workflow="fixed"), "partial_fit")


@pytest.mark.parametrize("container", [np.asarray, np.asfortranarray])
def test_an_estimator_that_writes_into_its_rows_leaves_the_table_alone(container):
    X = container(np.random.default_rng(0).normal(3, 1, size=(200, 3)))
    y, before = X.sum(axis=1), X.copy()
    RecursiveMixRegressor(LinearRegression(copy_X=False), random_state=0).fit(X, y)
    np.testing.assert_array_equal(X, before)
