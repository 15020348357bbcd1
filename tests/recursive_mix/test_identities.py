"""Cases in which the meta-estimator must equal something simpler, exactly."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse.synthesizers import GaussianSynthesizer, TreeSynthesizer
from skcollapse.workflows import Fixed, Fresh

REGRESSORS = [
    Ridge(),
    HistGradientBoostingRegressor(max_iter=20),
    KNeighborsRegressor(),
    make_pipeline(StandardScaler(), Ridge()),
]
CLASSIFIERS = [LogisticRegression(), HistGradientBoostingClassifier(max_iter=10)]
PLAIN = [{"n_generations": 0}, {"workflow": "fixed", "lam": 0}, {"workflow": "fixed"}]


@pytest.mark.parametrize("options", PLAIN, ids=str)
@pytest.mark.parametrize("estimator", REGRESSORS, ids=lambda e: type(e).__name__)
def test_real_rows_only_is_the_plain_regressor(regression, estimator, options):
    X, y = regression
    plain = clone(estimator).fit(X, y)
    mix = RecursiveMixRegressor(estimator, random_state=3, **options).fit(X, y)
    np.testing.assert_array_equal(mix.predict(X), plain.predict(X))


@pytest.mark.parametrize("options", PLAIN, ids=str)
@pytest.mark.parametrize("estimator", CLASSIFIERS, ids=lambda e: type(e).__name__)
def test_real_rows_only_is_the_plain_classifier(classification, estimator, options):
    X, y = classification
    plain = clone(estimator).fit(X, y)
    mix = RecursiveMixClassifier(estimator, random_state=3, **options).fit(X, y)
    np.testing.assert_array_equal(mix.predict_proba(X), plain.predict_proba(X))
    np.testing.assert_array_equal(mix.predict(X), plain.predict(X))
    np.testing.assert_array_equal(mix.decision_function(X), plain.decision_function(X))


@pytest.mark.parametrize("options", PLAIN, ids=str)
def test_real_rows_only_with_weights_is_the_weighted_plain_fit(regression, options):
    X, y = regression
    weights = np.random.default_rng(0).uniform(0.5, 2, len(y))
    plain = Ridge().fit(X, y, sample_weight=weights)
    mix = RecursiveMixRegressor(Ridge(), **options).fit(X, y, sample_weight=weights)
    np.testing.assert_array_equal(mix.predict(X), plain.predict(X))


def test_lam_zero_on_fresh_batches_is_the_plain_fit_on_the_last_one(regression):
    X, y = regression
    mix = RecursiveMixRegressor(Ridge(), lam=0, n_generations=3).fit(X, y)
    np.testing.assert_array_equal(mix.predict(X), Ridge().fit(X[300:], y[300:]).predict(X))
    assert mix.effective_sample_size_ == 100


def test_defaults_wrap_gradient_boosting(regression, classification):
    X, y = regression
    mix = RecursiveMixRegressor(n_generations=0).fit(X, y)
    plain = HistGradientBoostingRegressor().fit(X, y)
    np.testing.assert_array_equal(mix.predict(X), plain.predict(X))
    X, y = classification
    mix = RecursiveMixClassifier(n_generations=0).fit(X, y)
    assert isinstance(mix.estimator_, HistGradientBoostingClassifier)
    assert not mix.estimator_.early_stopping


def test_many_synthetic_rows_do_not_switch_early_stopping_on(regression):
    """2,100 rows a generation below, 12,000 above the 10,000 rows of scikit-learn's "auto"."""
    X, y = regression
    for n_synthetic in (2_000, 12_000):
        options = {"labels": "predict", "n_generations": 1, "n_synthetic": n_synthetic}
        mix = RecursiveMixRegressor(synthesizer=GaussianSynthesizer(), **options).fit(X, y)
        assert mix.estimator_.n_iter_ == mix.estimator_.max_iter
        assert not mix.estimator_.do_early_stopping_


def test_lam_inf_leaves_the_real_rows_out(regression):
    X, y = regression
    mix = RecursiveMixRegressor(Ridge(alpha=1e-9), lam=np.inf, n_generations=2, random_state=0)
    mix.fit(X, y)
    other = y.copy()
    other[134:] += 100  # every real row after generation 0
    changed = clone(mix).fit(X, other)
    np.testing.assert_array_equal(changed.predict(X), mix.predict(X))
    assert mix.real_weight_ == 0


def test_a_linear_model_labels_its_own_rows_without_loss(regression):
    # With all weight on rows labelled by a linear model, refitting gives that model back.
    X, y = regression
    mix = RecursiveMixRegressor(Ridge(alpha=1e-10), lam=np.inf, n_generations=3).fit(X, y)
    first = Ridge(alpha=1e-10).fit(X[:100], y[:100])
    np.testing.assert_allclose(mix.estimator_.coef_, first.coef_, rtol=1e-8)


def test_workflow_objects_equal_their_names(regression):
    X, y = regression
    for name, workflow in (("fresh", Fresh()), ("fixed", Fixed())):
        options = {"lam": 0.5, "random_state": 0}
        by_name = RecursiveMixRegressor(Ridge(), workflow=name, **options).fit(X, y)
        by_object = RecursiveMixRegressor(Ridge(), workflow=workflow, **options).fit(X, y)
        np.testing.assert_array_equal(by_name.predict(X), by_object.predict(X))


def test_equal_weights_equal_no_weights(classification):
    X, y = classification
    mix = RecursiveMixClassifier(LogisticRegression(), random_state=0)
    plain = clone(mix).fit(X, y)
    weighted = clone(mix).fit(X, y, sample_weight=np.ones(len(y)))
    np.testing.assert_allclose(weighted.predict_proba(X), plain.predict_proba(X), atol=1e-7)


def test_rows_of_weight_zero_are_as_good_as_absent(regression):
    X, y = regression
    weights = np.ones(len(y))
    weights[::7] = 0
    kept = weights > 0
    mix = RecursiveMixRegressor(Ridge(), random_state=0)
    weighted = clone(mix).fit(X, y, sample_weight=weights)
    absent = clone(mix).fit(X[kept], y[kept])
    np.testing.assert_allclose(weighted.predict(X), absent.predict(X), rtol=1e-10)


@pytest.mark.parametrize("labels", ["predict", "joint"])
def test_none_is_the_tree_synthesizer(regression, labels):
    X, y = regression
    models = [
        RecursiveMixRegressor(Ridge(), synthesizer, labels=labels, random_state=0).fit(X, y)
        for synthesizer in (None, TreeSynthesizer())
    ]
    np.testing.assert_array_equal(*(model.predict(X) for model in models))
    assert not models[0].synthesizer_.stores_rows
