"""The weights that a run uses, and the accuracy they give."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse.synthesizers import BaseSynthesizer
from skcollapse.theory import optimal_real_weight

INVERSE_GOLDEN_RATIO = (np.sqrt(5) - 1) / 2


class SameRows(BaseEstimator):
    """A synthesizer that hands out the rows of one fixed design, in order."""

    def __init__(self, design=None):
        self.design = design

    def fit(self, X, y=None):
        return self

    def sample(self, n_samples):
        return self.design[np.arange(n_samples) % len(self.design)]


@pytest.mark.parametrize("labels", ["sample", "joint"])
def test_equal_batches_run_through_fibonacci_quotients(regression, labels):
    X, y = regression
    mix = RecursiveMixRegressor(Ridge(), labels=labels, n_generations=7, n_synthetic=1.0)
    mix.fit(X, y)
    weights = [record["real_weight"] for record in mix.history_]
    np.testing.assert_allclose(weights[:5], [1, 2 / 3, 5 / 8, 13 / 21, 34 / 55], rtol=1e-12)
    assert weights[-1] == pytest.approx(INVERSE_GOLDEN_RATIO, abs=2e-6)
    assert mix.effective_sample_size_ == pytest.approx(50 / weights[-1])


def test_predicted_labels_pool_every_row_ever_seen(regression):
    X, y = regression
    mix = RecursiveMixRegressor(Ridge(), n_generations=7).fit(X, y)
    np.testing.assert_allclose(
        [record["effective_sample_size"] for record in mix.history_], 50 * np.arange(1, 9)
    )
    np.testing.assert_allclose(
        [record["real_weight"] for record in mix.history_], 1 / np.arange(1, 9)
    )


@pytest.mark.parametrize(("n_synthetic", "rows"), [(40, 40), (2.0, 100), (0.5, 25)])
def test_golden_and_proportional_depend_on_the_ratio_only(regression, n_synthetic, rows):
    X, y = regression
    for lam, expected in (
        ("golden", optimal_real_weight(50, rows)),
        ("proportional", 50 / (50 + rows)),
    ):
        mix = RecursiveMixRegressor(Ridge(), lam=lam, n_generations=7, n_synthetic=n_synthetic)
        history = mix.fit(X, y).history_
        assert [record["n_synthetic"] for record in history] == [0] + [rows] * 7
        assert [r["real_weight"] for r in history[1:]] == pytest.approx([expected] * 7)


def test_sizes_follow_the_sum_of_the_weights(regression):
    X, y = regression
    weights = np.full(len(y), 0.5)
    mix = RecursiveMixRegressor(Ridge(), n_generations=1, n_synthetic=3.0)
    mix.fit(X, y, sample_weight=weights)
    assert [record["n_real"] for record in mix.history_] == [100, 100]
    assert mix.history_[1]["n_synthetic"] == 300


@pytest.mark.parametrize("lam", [0.3, "optimal", "golden", "proportional", np.inf])
@pytest.mark.parametrize("labels", ["predict", "sample", "joint"])
def test_weights_that_reach_the_estimator_obey_the_sum_rule(classification, labels, lam):
    X, y = classification
    sums = []

    class Recorder(LogisticRegression):
        def fit(self, X, y, sample_weight=None):
            sums.append(len(X) if sample_weight is None else sample_weight.sum())
            return super().fit(X, y, sample_weight)

    mix = RecursiveMixClassifier(Recorder(), lam=lam, labels=labels, n_generations=2).fit(X, y)
    for record, total in zip(mix.history_, sums, strict=True):
        ratio = 1 if np.isinf(record["lam"]) else 1 + record["lam"]
        assert total == pytest.approx(200 * ratio, rel=1e-12)


class GroupMeans(RegressorMixin, BaseEstimator):
    """A linear model with an intercept per group; the one column of X holds the group."""

    fit_intercept = False

    def fit(self, X, y, sample_weight=None):
        group = X[:, 0].astype(int)
        weights = np.ones(len(y)) if sample_weight is None else sample_weight
        self.coef_ = np.bincount(group, weights * y) / np.bincount(group, weights)
        self.intercept_ = 0.0
        return self

    def predict(self, X):
        return self.coef_[X[:, 0].astype(int)]


def chains(lam, *, n_generations, n_groups=400, n=20, seed=0):
    """Run one Gaussian-mean recursion per group; return the means by generation and the model."""
    design = np.repeat(np.arange(float(n_groups)), n)[:, None]
    rng = np.random.default_rng(seed)
    options = {"labels": "sample", "lam": lam, "n_synthetic": 1.0, "random_state": seed}
    mix = RecursiveMixRegressor(GroupMeans(), SameRows(design), **options)
    means = []
    for _ in range(n_generations):
        mix.partial_fit(design, rng.normal(size=len(design)))
        means.append(mix.estimator_.coef_)
    return np.array(means), mix


@pytest.mark.parametrize(
    ("lam", "expected"), [("golden", 0.618), ("optimal", 0.618), ("proportional", 2 / 3)]
)
def test_gaussian_means_settle_at_their_theoretical_variance(lam, expected):
    # From generation 10 on, less than 1e-4 of the transient is left. 400 chains of 50
    # generations: the standard error is about 1.2 percent.
    means, _ = chains(lam, n_generations=60, seed=1)
    assert 20 * np.mean(means[10:] ** 2) == pytest.approx(expected, rel=0.03)


def test_the_check_can_fail():
    # Real weight 0.2 instead of 0.618: theory says 1.889, three times as much.
    means, _ = chains(4.0, n_generations=60, seed=1)
    assert 20 * np.mean(means[20:] ** 2) > 1.5


def test_a_model_with_intercept_only_settles_at_the_golden_ratio():
    # One chain of 4,000 generations: the standard error is about 2.5 percent.
    rng = np.random.default_rng(2)
    X = np.zeros((20, 1))
    options = {"labels": "sample", "lam": "golden", "n_synthetic": 1.0, "random_state": 2}
    mix = RecursiveMixRegressor(LinearRegression(), SameRows(X), **options)
    means = []
    for _ in range(4010):
        means.append(mix.partial_fit(X, rng.normal(size=20)).estimator_.intercept_)
    assert 20 * np.mean(np.square(means[10:])) == pytest.approx(0.618, rel=0.07)


def test_synthetic_rows_only_drift_away_linearly():
    # v_t = 1 + t: after 40 generations 41 times the variance of the first fit, within three
    # standard errors over 400 chains (7 percent each).
    means, mix = chains(np.inf, n_generations=41, seed=3)
    assert 20 * np.mean(means[-1] ** 2) == pytest.approx(41, rel=0.2)
    assert mix.effective_sample_size_ == pytest.approx(20 * 400 / 41, rel=1e-9)


class Unbiased(BaseSynthesizer):
    """Draws standard normal columns whatever it is fitted on."""

    def _fit(self, columns, sample_weight, target):
        self.n_columns_ = len(columns)

    def _sample(self, n_samples, generator):
        from skcollapse._utils._tables import Column

        nothing = np.zeros(n_samples, bool)
        return [
            Column("number", generator.normal(size=n_samples), nothing)
            for _ in range(self.n_columns_)
        ]


def test_predicted_labels_reach_the_error_of_all_rows_ever_seen():
    # Theory: 1/(t+1) of the error of one batch. 150 replicates of 6 batches of 100 rows.
    rng = np.random.default_rng(4)
    errors = {"mix": [], "pooled": []}
    for seed in range(150):
        X, noise = rng.normal(size=(600, 3)), rng.normal(size=600)
        options = {"n_generations": 5, "n_synthetic": 4.0, "random_state": seed}
        options["labels"] = "predict"
        mix = RecursiveMixRegressor(LinearRegression(), Unbiased(), **options).fit(X, noise)
        errors["mix"].append(mix.estimator_.coef_)
        errors["pooled"].append(LinearRegression().fit(X, noise).coef_)
    mix, pooled = (np.mean(np.square(errors[key])) for key in ("mix", "pooled"))
    assert mix / pooled == pytest.approx(1, rel=0.1)
