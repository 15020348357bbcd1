"""How weights reach whatever is wrapped."""

import numpy as np
import pytest
from sklearn import config_context
from sklearn.compose import TransformedTargetRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse._recursive_mix.fitting import fit_weighted, seed_parameters, weight_parameter


@pytest.mark.parametrize(
    ("estimator", "expected"),
    [
        (Ridge(), "sample_weight"),
        (KNeighborsRegressor(), None),
        (make_pipeline(StandardScaler(), Ridge()), "ridge__sample_weight"),
        (make_pipeline(StandardScaler(), KNeighborsRegressor()), None),
        (make_pipeline(make_pipeline(Ridge())), "pipeline__ridge__sample_weight"),
        (make_pipeline(StandardScaler(), "passthrough"), None),
        (TransformedTargetRegressor(Ridge()), "sample_weight"),
        (TransformedTargetRegressor(KNeighborsRegressor()), None),
        (GridSearchCV(Ridge(), {"alpha": [1, 2]}), "sample_weight"),
        (
            make_pipeline(GridSearchCV(make_pipeline(Ridge()), {})),
            "gridsearchcv__ridge__sample_weight",
        ),
    ],
    ids=str,
)
def test_weights_find_the_estimator_that_takes_them(estimator, expected):
    assert weight_parameter(estimator) == expected


@pytest.mark.parametrize("routing", [False, True])
@pytest.mark.parametrize(
    "estimator",
    [
        Ridge(),
        make_pipeline(StandardScaler(), Ridge()),
        make_pipeline(StandardScaler(), make_pipeline(Ridge())),
        TransformedTargetRegressor(Ridge(), func=np.sinh, inverse_func=np.arcsinh),
        GridSearchCV(Ridge(), {"alpha": [1.0, 2.0]}, cv=3),
    ],
    ids=lambda e: type(e).__name__,
)
def test_weights_matter_with_and_without_metadata_routing(regression, estimator, routing):
    X, y = regression
    with config_context(enable_metadata_routing=routing):
        light, heavy = (
            RecursiveMixRegressor(estimator, lam=lam, labels="predict", random_state=0).fit(X, y)
            for lam in (0.01, 100)
        )
    assert not light.history_[-1]["resampled"]
    # Little weight on synthetic rows comes close to the plain fit on the last batch.
    plain = estimator.fit(X[320:], y[320:]).predict(X)
    assert np.abs(light.predict(X) - plain).max() < 0.1 * np.abs(heavy.predict(X) - plain).max()


def test_estimators_without_weights_are_fitted_on_resampled_rows(regression):
    X, y = regression
    sizes = []

    class Unweighted(KNeighborsRegressor):
        def fit(self, X, y):
            sizes.append(len(X))
            return super().fit(X, y)

    mix = RecursiveMixRegressor(
        Unweighted(), lam=0.5, labels="predict", n_generations=3, random_state=0
    ).fit(X, y)
    assert [record["resampled"] for record in mix.history_] == [False, True, True, True]
    assert sizes == [100, 150, 150, 150]


def test_resampling_takes_each_unweighted_real_row_once():
    X = np.arange(300.0).reshape(-1, 1)
    taken = []

    class Recorder(KNeighborsRegressor):
        def fit(self, X, y):
            taken.append(X[:, 0])
            return super().fit(X, y)

    weights = np.concatenate([np.ones(100), np.full(200, 0.25)])
    assert fit_weighted(Recorder(), X, X[:, 0], weights, np.random.default_rng(0))
    counts = np.bincount(taken[0].astype(int), minlength=300)
    assert (counts[:100] == 1).all()
    assert counts[100:].sum() == 50
    assert counts.max() == 1


def test_a_resampled_fit_approaches_the_weighted_one(regression):
    X, y = regression

    class Unweighted(LinearRegression):
        def fit(self, X, y):
            return super().fit(X, y)

    weights = np.repeat([40.0, 10.0], 200)
    resampled, weighted = Unweighted(), LinearRegression()
    fit_weighted(resampled, X, y, weights, np.random.default_rng(0))
    weighted.fit(X, y, weights)
    np.testing.assert_allclose(resampled.coef_, weighted.coef_, rtol=1e-9)


def test_user_weights_reach_estimators_that_take_none(regression):
    X, y = regression
    weights = np.where(X[:, 0] > 0, 2.0, 1.0)
    twice = np.repeat(np.arange(len(y)), weights.astype(int))
    mix = RecursiveMixRegressor(KNeighborsRegressor(), n_generations=0)
    np.testing.assert_allclose(
        mix.fit(X, y, sample_weight=weights).predict(X),
        KNeighborsRegressor().fit(X[twice], y[twice]).predict(X),
    )


def test_only_unset_seeds_are_set():
    pipeline = make_pipeline(StandardScaler(), LogisticRegression(random_state=None))
    assert seed_parameters(pipeline, 5)["logisticregression"].random_state is not None
    fixed = seed_parameters(make_pipeline(LogisticRegression(random_state=9)), 5)
    assert fixed["logisticregression"].random_state == 9


def test_sample_weight_and_generation_are_routed_as_metadata(classification):
    X, y = classification
    month = np.arange(len(y)) // 200
    with config_context(enable_metadata_routing=True):
        mix = RecursiveMixClassifier(LogisticRegression(), random_state=0)
        mix.set_fit_request(sample_weight=True, generation=True)
        pipeline = make_pipeline(StandardScaler().set_fit_request(sample_weight=False), mix)
        pipeline.fit(X, y, sample_weight=np.ones(len(y)), generation=month)
    assert [r["n_real"] for r in pipeline[-1].history_] == [200, 200, 200]


def test_routing_through_a_search(classification):
    X, y = classification
    month = np.tile([0, 1, 2], 200)
    with config_context(enable_metadata_routing=True):
        mix = RecursiveMixClassifier(LogisticRegression()).set_fit_request(generation=True)
        search = GridSearchCV(mix, {"lam": ["golden", 0.5]}, cv=3).fit(X, y, generation=month)
    assert len(search.best_estimator_.history_) == 3
