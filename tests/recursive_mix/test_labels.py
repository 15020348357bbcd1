"""Who labels synthetic rows."""

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, RidgeClassifier
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse._recursive_mix.fitting import WeightedRows, class_copies
from skcollapse._recursive_mix.fitting._blending import NEGLIGIBLE
from skcollapse._recursive_mix.labelling._law import Residuals, class_probabilities, draw_classes
from skcollapse.synthesizers import GaussianCopulaSynthesizer, TreeSynthesizer


def test_copies_of_a_row_share_its_weight():
    probabilities = np.random.default_rng(0).dirichlet(np.ones(4), size=30)
    index, labels, share = class_copies(probabilities, np.array(list("abcd")))
    np.testing.assert_allclose(np.bincount(index, share), 1, rtol=1e-12)
    for code, label in enumerate("abcd"):
        kept = labels == label
        np.testing.assert_allclose(share[kept], probabilities[index[kept], code], rtol=1e-2)


def test_negligible_classes_are_dropped_but_no_rare_class_is_lost():
    rare = np.full(1000, 1e-7)
    rare[:10] = 1e-4  # a class of overall probability one in a million
    probabilities = np.column_stack([1 - 1e-12 - rare, rare, np.full(1000, 1e-12)])
    probabilities[0, 2] = 1e-6
    _, labels, share = class_copies(probabilities, np.array([0, 1, 2]))
    lost = 1 - np.bincount(labels, share, minlength=3) / probabilities.sum(axis=0)
    assert np.abs(lost).max() < NEGLIGIBLE * 1.01
    assert (labels == 2).sum() == 1
    assert len(labels) < 3 * 1000


def test_probabilities_have_a_column_for_each_known_class():
    X = np.arange(10.0).reshape(-1, 1)
    partial = LogisticRegression().fit(X, np.repeat(["a", "c"], 5))
    found = class_probabilities(partial, X, np.array(["a", "b", "c"]))
    np.testing.assert_array_equal(found[:, [0, 2]], partial.predict_proba(X))
    assert (found[:, 1] == 0).all()


def test_estimators_without_probabilities_label_by_their_prediction():
    X = np.arange(10.0).reshape(-1, 1)
    model = RidgeClassifier().fit(X, np.repeat([3, 8], 5))
    found = class_probabilities(model, X, np.array([3, 5, 8]))
    np.testing.assert_array_equal(np.array([3, 5, 8])[found.argmax(axis=1)], model.predict(X))
    assert set(found.ravel()) == {0.0, 1.0}


def test_drawn_classes_have_the_stated_frequencies():
    probabilities = np.tile([0.5, 0.0, 0.3, 0.2], (40_000, 1))
    drawn = draw_classes(probabilities, np.arange(4), np.random.default_rng(0))
    frequencies = np.bincount(drawn, minlength=4) / 40_000
    assert frequencies[1] == 0
    np.testing.assert_allclose(frequencies, [0.5, 0, 0.3, 0.2], atol=0.01)  # 4 standard errors


def residual_spread(estimator, X, y, n_columns):
    model = estimator.fit(X, y)
    residuals = Residuals.estimate(
        model, WeightedRows(X, y), shrinkage_per_parameter=1 / len(y), seed=0, n_jobs=None
    )
    return residuals.draw(200_000, np.random.default_rng(0))


@pytest.mark.parametrize("n_columns", [1, 20])
def test_residual_variance_of_a_linear_model_is_unbiased(n_columns):
    # True noise variance 4; in-sample residuals would show 4 (1 - (n_columns + 1) / 60).
    rng = np.random.default_rng(0)
    variances = []
    for _ in range(300):
        X = rng.normal(size=(60, n_columns))
        y = X.sum(axis=1) + 2 * rng.normal(size=60)
        variances.append(residual_spread(LinearRegression(), X, y, n_columns)[:20_000].var())
    # The standard error is 1.2 to 1.5 percent.
    assert np.mean(variances) == pytest.approx(4, rel=0.05)


def test_a_model_that_interpolates_still_shows_the_noise():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(400, 2))
    y = rng.normal(size=400)
    one_neighbour = KNeighborsRegressor(n_neighbors=1).fit(X, y)
    assert np.abs(y - one_neighbour.predict(X)).max() == 0
    # A neighbour is as noisy as the row itself: out of fold the variance doubles.
    assert residual_spread(one_neighbour, X, y, 2).var() == pytest.approx(2, rel=0.2)


def test_drawn_residuals_keep_the_shape_of_the_noise():
    rng = np.random.default_rng(2)
    X = rng.normal(size=(2000, 1))
    y = X[:, 0] + rng.exponential(size=2000)
    drawn = residual_spread(LinearRegression(), X, y, 1)
    skewness = np.mean((drawn - drawn.mean()) ** 3) / drawn.std() ** 3
    assert drawn.mean() == pytest.approx(0, abs=0.01)
    assert skewness == pytest.approx(2, rel=0.25)


@pytest.mark.parametrize("labels", ["predict", "sample", "joint"])
def test_sampled_labels_are_known_classes(classification, labels):
    X, y = classification
    mix = RecursiveMixClassifier(LogisticRegression(), labels=labels, random_state=0).fit(X, y)
    rows, drawn = mix.sample(500, random_state=1)
    assert rows.shape == (500, 3)
    assert set(drawn) == {"cat", "dog", "eel"}
    frequencies = [np.mean(drawn == c) for c in mix.classes_]
    np.testing.assert_allclose(frequencies, [np.mean(y == c) for c in mix.classes_], atol=0.1)


@pytest.mark.parametrize(
    ("synthesizer", "most"), [(GaussianCopulaSynthesizer(), 1.5), (TreeSynthesizer(), 2.0)]
)
def test_sample_adds_noise_and_predict_does_not(regression, synthesizer, most):
    X, y = regression
    spread = {}
    for labels in ("predict", "sample", "joint"):
        mix = RecursiveMixRegressor(Ridge(), synthesizer, labels=labels, random_state=0).fit(X, y)
        rows, drawn = mix.sample(4000, random_state=1)
        spread[labels] = np.var(drawn - mix.predict(rows))
    assert spread["predict"] == 0
    assert spread["sample"] == pytest.approx(1, rel=0.2)
    # The joint distribution is learned from fewer effective rows, a copula's fit of the slope is a
    # little flat, and leaves blur it: what they miss counts as noise.
    assert 0.9 < spread["joint"] < most


@pytest.mark.parametrize("labels", ["predict", "sample", "joint"])
def test_numeric_classes_stay_members_of_classes(labels):
    from sklearn.mixture import GaussianMixture

    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 2))
    y = np.where(X[:, 0] + 0.5 * rng.normal(size=300) > 0, 7, 3)
    mixture = GaussianMixture(2, random_state=0)
    mix = RecursiveMixClassifier(LogisticRegression(), mixture, labels=labels, random_state=0)
    assert set(mix.fit(X, y).sample(200, 0)[1]) == {3, 7}


def test_a_class_absent_from_some_batches_is_not_forgotten(classification):
    X, y = classification
    mix = RecursiveMixClassifier(LogisticRegression(), labels="predict", random_state=0)
    mix.partial_fit(X[:300], y[:300])
    known = y[300:] != "eel"
    mix.partial_fit(X[300:][known], y[300:][known])
    assert mix.classes_.tolist() == ["cat", "dog", "eel"]
    assert (mix.predict(X) == "eel").any()
    assert mix.predict_proba(X).shape == (600, 3)


@pytest.mark.parametrize("estimator", [LogisticRegression(), KNeighborsClassifier()])
def test_a_class_that_first_occurs_later_has_its_column_from_the_start(classification, estimator):
    X, y = classification
    early = y != "cat"
    mix = RecursiveMixClassifier(estimator, random_state=0)
    mix.partial_fit(X[early], y[early], classes=["cat", "dog", "eel"])
    probabilities = mix.predict_proba(X)
    assert (probabilities[:, 0] == 0).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    if hasattr(mix, "decision_function"):
        assert (mix.decision_function(X).argmax(axis=1) > 0).all()
    mix.partial_fit(X, y)
    assert (mix.predict_proba(X)[:, 0] > 0).any()


def test_log_probabilities_and_delegation(classification):
    X, y = classification
    mix = RecursiveMixClassifier(LogisticRegression(), n_generations=1).fit(X, y)
    np.testing.assert_array_equal(mix.predict_log_proba(X), np.log(mix.predict_proba(X)))
    for estimator in (LogisticRegression(), RidgeClassifier(), DummyClassifier()):
        mix = RecursiveMixClassifier(estimator)
        for method in ("predict_proba", "predict_log_proba", "decision_function"):
            assert hasattr(mix, method) == hasattr(estimator, method)
    assert not hasattr(RecursiveMixRegressor(), "predict_proba")


def test_flexible_learners_take_sampled_labels(regression):
    X, y = regression
    boosting = HistGradientBoostingRegressor(max_iter=20)
    mix = RecursiveMixRegressor(boosting, labels="sample", random_state=0, n_jobs=1).fit(X, y)
    # Out-of-fold noise: in-sample residuals of boosted trees would be far smaller than 1.
    assert mix._stream_.last.labeller.law.quantiles.var() > 0.8
