"""What an estimator does not learn of synthetic labels is measured and made up for."""

import numpy as np
import pytest
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import make_friedman1
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression, PoissonRegressor, Ridge
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures
from sklearn.svm import LinearSVC

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse._recursive_mix.fitting import WeightedRows
from skcollapse._recursive_mix.labelling._twicing import fit_to_labels, twice_log_odds, twice_means


def test_means_by_hand():
    found = twice_means(np.array([[1.0], [-3.0]]), np.array([[0.5], [-2.0]]))
    np.testing.assert_array_equal(found.means, [[1.5], [-4.0]])
    assert found.loss == (0.25 + 1.0) / (4.0 + 4.0)


def test_positive_labels_stay_positive_and_counts_may_be_zero():
    found = twice_means(np.array([[9.0], [1.0]]), np.array([[9.0], [4.0]]))
    np.testing.assert_array_equal(found.means, [[9.0], [0.5]])
    found = twice_means(np.array([[9.0], [0.0]]), np.array([[9.0], [4.0]]))
    np.testing.assert_array_equal(found.means, [[9.0], [0.0]])


def test_log_odds_by_hand():
    # Odds of 4 were learned as 2: they become 4 * 4 / 2. What was learned stays as it is.
    taught = np.array([[0.2, 0.8], [0.5, 0.5]])
    found = twice_log_odds(taught, np.array([[1 / 3, 2 / 3], [0.5, 0.5]]))
    np.testing.assert_allclose(found.means, [[1 / 9, 8 / 9], [0.5, 0.5]])
    assert found.loss == pytest.approx((2 / 15) ** 2 / (2 * 0.15**2))


def test_labels_that_were_hardly_learned_stay_as_they_are():
    taught, learned = np.array([[1.0], [3.0]]), np.array([[2.0], [2.0]])
    found = twice_means(taught, learned)
    assert found.loss == 1
    np.testing.assert_array_equal(found.means, taught)


def test_odds_cannot_run_away():
    """Learned probabilities of 0 count as 0.01: odds of 1 become 1 * (1 / 0.01)."""
    found = twice_log_odds(np.array([[0.5, 0.5], [0.2, 0.8]]), np.array([[0.0, 1.0], [1.0, 0.0]]))
    odds = found.means[:, 0] / found.means[:, 1]
    np.testing.assert_allclose(odds, [100, 0.25 * 0.2 / (0.8 / 0.01)])


def test_labels_do_not_run_away_where_the_estimator_cannot_follow():
    """A line through the hyperbolic sine of the target is no model of it."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 3))
    y = X @ [1.0, 2.0, 3.0] + rng.normal(size=400)
    line = TransformedTargetRegressor(Ridge(), func=np.sinh, inverse_func=np.arcsinh)
    mix = RecursiveMixRegressor(line, lam=100, random_state=0).fit(X, y)
    assert np.abs(mix.predict(X)).max() < 2 * np.abs(y).max()


def test_rare_classes_that_were_learned_as_rare_keep_their_probability():
    taught = np.array([[0.999, 0.001], [0.5, 0.5]])
    found = twice_log_odds(taught, np.array([[0.996, 0.004], [0.5, 0.5]]))
    np.testing.assert_allclose(found.means, taught, atol=1e-4)


def test_labels_that_do_not_vary_have_no_error_to_relate_to():
    assert np.isnan(twice_means(np.ones((3, 1)), np.ones((3, 1))).loss)


def test_a_linear_smoother_keeps_what_twicing_promises():
    """Ridge keeps the share s of a coefficient; after twicing it keeps 1 - (1 - s)^2."""
    rng = np.random.default_rng(0)
    X, Z = rng.normal(size=(2, 20_000, 1))
    unfitted, weight = Ridge(alpha=50.0, fit_intercept=False), 100.0
    first = fit_to_labels(unfitted, WeightedRows(X, 2.0 * X[:, 0]), None, weight, 0)
    share = first.coef_[0] / 2.0
    assert share == pytest.approx(100 / 150, rel=0.02)  # W / (W + alpha), W the total weight
    raised = twice_means(2.0 * Z, first.predict(Z)[:, None])
    second = fit_to_labels(unfitted, WeightedRows(Z, raised.means[:, 0]), None, weight, 0)
    assert second.coef_[0] / 2.0 == pytest.approx(1 - (1 - share) ** 2, rel=0.02)
    assert raised.loss == pytest.approx((1 - share) ** 2, rel=1e-3)


def test_a_model_that_can_say_it_all_loses_nothing():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(500, 3))
    y = X @ [1.0, 2.0, 3.0] + rng.normal(size=500)
    mix = RecursiveMixRegressor(LinearRegression(), random_state=0).fit(X, y)
    errors = [record["twicing_loss"] for record in mix.history_]
    assert errors[0] is None
    assert max(errors[1:]) < 1e-20


def test_a_penalty_does_not_compound():
    """Ridge on squares and products of Friedman 1: predicted labels shrink month after month."""
    X, y = make_friedman1(5000, noise=1.0, random_state=0)
    y = y - y.mean()  # so that no label is bounded
    ridge = make_pipeline(PolynomialFeatures(2, include_bias=False), Ridge(alpha=0.3))
    scores = {}
    for labels in ("predict", "corrected"):
        mix = RecursiveMixRegressor(ridge, labels=labels, n_generations=9, random_state=0)
        scores[labels] = mix.fit(X[:1000], y[:1000]).score(X[1000:], y[1000:])
    everything = ridge.fit(X[:1000], y[:1000]).score(X[1000:], y[1000:])
    assert scores["predict"] < everything - 0.04
    assert scores["corrected"] - scores["predict"] > 0.5 * (everything - scores["predict"])


def test_real_rows_are_not_needed_to_keep_what_was_learned():
    """Synthetic rows only, generation after generation: trees smooth, twicing undoes it."""
    X, y = make_friedman1(3000, noise=0.0, random_state=0)
    boosting = HistGradientBoostingRegressor(max_iter=20, max_leaf_nodes=7)
    scores = {}
    for labels in ("predict", "corrected"):
        mix = RecursiveMixRegressor(
            boosting,
            workflow="replace",
            lam="proportional",
            labels=labels,
            n_generations=4,
            n_synthetic=3.0,
            random_state=0,
        )
        mix.fit(X[:500], y[:500])
        scores[labels] = mix.score(X[500:], y[500:])
    first = boosting.fit(X[:500], y[:500]).score(X[500:], y[500:])
    assert scores["predict"] < first - 0.05
    assert scores["corrected"] > scores["predict"] + 0.03


def test_estimators_without_weights_are_not_twiced():
    """Their classes are drawn with the rows: what a fit loses of that noise is no loss."""
    X, y = make_friedman1(200, random_state=0)
    for target, kind in ((y, RecursiveMixRegressor), (y > 14, RecursiveMixClassifier)):
        neighbours = KNeighborsRegressor() if target is y else KNeighborsClassifier()
        mix = kind(neighbours, n_generations=1, random_state=0).fit(X, target)
        assert mix.history_[-1]["twicing_loss"] is None
    assert mix.history_[-1]["correction"] == 0


def test_counts_stay_possible():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(600, 2))
    y = rng.poisson(np.exp(X[:, 0] - 1)).astype(float)
    mix = RecursiveMixRegressor(PoissonRegressor(alpha=0.5), random_state=0).fit(X, y)
    assert (mix.predict(X) > 0).all()
    assert mix.history_[-1]["twicing_loss"] > 0.001


def test_three_classes_of_which_one_is_rare():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1500, 3))
    y = np.where(X[:, 0] > 2, "rare", np.where(X[:, 1] > 0, "up", "down"))
    boosting = HistGradientBoostingClassifier(max_iter=15, max_leaf_nodes=7)
    mix = RecursiveMixClassifier(boosting, n_synthetic=3.0, n_generations=3, random_state=0)
    mix.fit(X, y)
    probabilities = mix.predict_proba(X)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert probabilities[:, 1].mean() == pytest.approx(np.mean(y == "rare"), abs=0.01)
    assert all(0 < record["twicing_loss"] < 1 for record in mix.history_[1:])


class AtLeastTen(Ridge):
    """A regressor that refuses fewer than ten rows."""

    def fit(self, X, y, sample_weight=None):
        if len(X) < 10:
            raise ValueError("too few rows")
        return super().fit(X, y, sample_weight)


def test_too_few_synthetic_rows_for_twicing():
    """Twicing has three rows and is left out; beside the real rows three are welcome."""
    X, y = make_friedman1(100, random_state=0)
    options = {"n_synthetic": 3, "n_generations": 1, "random_state": 0}
    mix = RecursiveMixRegressor(AtLeastTen(), **options).fit(X, y)
    assert mix.history_[-1]["n_synthetic"] == 3
    assert mix.history_[-1]["twicing_loss"] is None


def test_a_class_that_is_never_predicted_leaves_nothing_to_twice():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 2))
    y = (rng.random(400) < 0.05).astype(int)
    y[:400:40] = 1  # some in every batch
    mix = RecursiveMixClassifier(LinearSVC(), n_generations=3, random_state=0).fit(X, y)
    assert (mix.predict(X) == 0).mean() > 0.9
    assert mix.history_[1]["twicing_loss"] is None
