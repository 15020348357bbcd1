"""Every workflow in the estimators, against its matrix."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse.theory import relative_risk
from skcollapse.workflows import (
    Accumulate,
    AccumulateSubsample,
    Fixed,
    Fresh,
    MatrixWorkflow,
    Replace,
    Window,
)

N_GENERATIONS = 5
RELABEL = [[1, 0, 0, 0, 0, 0]] + [
    [1 / (t + 1)] + [0] * (t - 1) + [t / (t + 1)] + [0] * (5 - t) for t in range(1, 6)
]
CASES = [
    (Fresh(), "optimal"),
    (Fresh(), "golden"),
    (Fresh(), 0.4),
    (Fixed(), 0.7),
    (Fixed(), "proportional"),
    (Replace(), "optimal"),
    (Accumulate(), "proportional"),
    (Accumulate(), 2.0),
    (AccumulateSubsample(), "proportional"),
    (AccumulateSubsample(2.0), "proportional"),
    (Window(3), "proportional"),
    (Window(3), 0.5),
    (MatrixWorkflow(RELABEL), "optimal"),
    (MatrixWorkflow(np.tril(np.ones((6, 6))) / np.arange(1, 7)[:, None]), "optimal"),
]


def name(value):
    return type(value).__name__ if hasattr(value, "plan") else str(value)


def run(workflow, lam, X, y, n_synthetic=1.5, estimator=None, labels="sample"):
    mix = RecursiveMixRegressor(
        estimator or LinearRegression(),
        workflow=workflow,
        lam=lam,
        labels=labels,
        n_generations=N_GENERATIONS,
        n_synthetic=n_synthetic,
        random_state=0,
    )
    return mix.fit(X, y)


@pytest.mark.parametrize(("workflow", "lam"), CASES, ids=name)
def test_a_run_does_what_the_matrix_says(regression, workflow, lam):
    X, y = regression
    X, y = X[:360], y[:360]
    mix = run(workflow, lam, X, y)
    history = mix.history_[1:]
    n = mix.history_[0]["n_real"]
    lams = [record["lam"] for record in history]
    given = None if lam == "proportional" or workflow.fixes_weights else lams
    mixing = workflow.mixing_matrix(N_GENERATIONS, n, 1.5 * n, given)
    # What the run recorded about itself: the accuracy that its own weights give...
    sizes = [record["effective_sample_size"] for record in mix.history_]
    np.testing.assert_allclose(n / relative_risk(mixing), sizes, rtol=1e-9)
    # ... and the share of the real rows.
    if workflow.budget(1.0) is None:
        real = mixing.toarray()[:, np.asarray(mixing.parent) < 0].sum(axis=1)
        recorded = [record["real_weight"] for record in mix.history_]
        np.testing.assert_allclose(recorded, real, rtol=1e-9, atol=1e-12)


def weights_by_generation(workflow, lam, X, y, n_synthetic=1.0):
    """Record, by generation, the row weights that reach the estimator."""
    seen = []

    class Recorder(Ridge):
        def fit(self, X, y, sample_weight=None):
            seen.append(np.ones(len(X)) if sample_weight is None else sample_weight)
            return super().fit(X, y, sample_weight)

    run(workflow, lam, X, y, n_synthetic, Recorder(), labels="predict")
    return seen


def test_matrix_weights_reach_the_rows(regression):
    X, y = regression
    mass = np.array([[1, 0, 0], [0.3, 0.7, 0], [0.5, 0.1, 0.4]])
    matrix = np.eye(6)
    matrix[:3, :3] = mass
    seen = weights_by_generation(MatrixWorkflow(matrix), "optimal", X, y)
    for t in range(3):
        totals = [block.sum() for block in np.split(seen[t], range(400, len(seen[t]), 400))]
        np.testing.assert_allclose(np.array(totals) / sum(totals), mass[t, : t + 1], rtol=1e-12)


def test_accumulate_counts_every_row_once(regression):
    X, y = regression
    seen = weights_by_generation(Accumulate(), "proportional", X, y)
    assert [len(weights) for weights in seen] == [400 * (t + 1) for t in range(6)]
    for weights in seen:
        np.testing.assert_allclose(weights, 1, rtol=1e-12)


def test_a_budget_bounds_the_rows_of_a_fit(regression):
    X, y = regression
    seen = weights_by_generation(AccumulateSubsample(150), "proportional", X, y)
    assert [len(weights) for weights in seen] == [150] * 6


def test_a_relative_budget_counts_rows_whatever_they_weigh(regression):
    X, y = regression
    mix = RecursiveMixRegressor(
        Ridge(), workflow=AccumulateSubsample(0.5), lam="proportional", n_generations=2,
        n_synthetic=100, random_state=0,
    )  # fmt: skip
    history = mix.fit(X, y, sample_weight=np.full(400, 1 / 400)).history_
    assert history[0]["n_real"] == pytest.approx(1)
    assert all(record["n_synthetic"] <= 200 for record in history)


def test_subsets_are_drawn_anew_in_each_generation(regression):
    X, y = regression
    taken = []

    class Recorder(Ridge):
        def fit(self, X, y, sample_weight=None):
            taken.append({row.tobytes() for row in X})
            return super().fit(X, y, sample_weight)

    run(AccumulateSubsample(200), "optimal", X, y, estimator=Recorder())
    # Half of the 400 real rows each time: independent draws share a quarter of the rows, 100,
    # give or take 5.
    shared = [len(taken[t] & taken[t + 1]) for t in range(5)]
    assert all(75 < count < 125 for count in shared)


def test_window_lets_go_of_the_real_rows(regression):
    X, y = regression
    history = run(Window(3), "proportional", X, y, n_synthetic=1.0).history_
    assert [record["n_real"] for record in history] == [400, 400, 400, 0, 0, 0]
    assert [record["n_synthetic"] for record in history] == [0, 400, 800, 1200, 1200, 1200]
    np.testing.assert_allclose(history[3]["lam"], np.inf)


def test_replace_is_the_recursion_written_out(regression):
    X, y = regression
    mix = run(Replace(), np.inf, X, y, labels="predict")
    one = RecursiveMixRegressor(
        LinearRegression(), workflow="replace", n_generations=0, random_state=0
    ).fit(X, y)
    # Rows labelled by a linear model without noise give that model back, for ever.
    np.testing.assert_allclose(mix.estimator_.coef_, one.estimator_.coef_, rtol=1e-8)
    assert mix.effective_sample_size_ == pytest.approx(400)


def test_optimal_knows_that_old_rows_hold_all_there_is(regression):
    X, y = regression
    plain = LinearRegression().fit(X, y).predict(X)
    for workflow in ("accumulate", "accumulate_subsample", "fixed"):
        np.testing.assert_array_equal(run(workflow, "optimal", X, y).predict(X), plain)


@pytest.mark.parametrize("workflow", ["replace", "accumulate", "accumulate_subsample", "window"])
@pytest.mark.parametrize("labels", ["predict", "sample", "joint"])
def test_classifiers_run_all_of_them(classification, workflow, labels):
    X, y = classification
    options = {"workflow": workflow, "lam": "proportional", "labels": labels}
    mix = RecursiveMixClassifier(
        LogisticRegression(), n_generations=3, n_synthetic=1.0, random_state=0, **options
    ).fit(X, y)
    assert mix.score(X, y) > 0.5
    assert not hasattr(mix, "partial_fit")
    assert set(mix.sample(300, 0)[1]) == {"cat", "dog", "eel"}


@pytest.mark.parametrize(
    ("workflow", "lam", "message"),
    [
        ("replace", 0.5, "has no real rows to weigh"),
        ("replace", "golden", "has no real rows to weigh"),
        ("accumulate", "golden", "lam='golden' needs fresh real rows"),
        ("accumulate_subsample", 0.5, "draws its rows with equal chances"),
        (MatrixWorkflow(np.eye(6)), 0.5, "gives all weights itself"),
        (MatrixWorkflow(np.eye(3)), "optimal", "n_generations=5 is more than workflow"),
        (MatrixWorkflow([[1, 0], [2, 0]]), "optimal", "Row 1 of mass must be non-negative"),
    ],
    ids=name,
)
def test_what_a_workflow_cannot_use_is_refused(regression, workflow, lam, message):
    with pytest.raises(ValueError, match=message):
        run(workflow, lam, *regression)


def test_simulated_accuracy_follows_the_matrix():
    # A mean by an intercept-only model: 400 replicates of 4 generations of accumulate.
    X = np.zeros((30, 1))
    rng = np.random.default_rng(5)
    means = []
    for seed in range(400):
        mix = RecursiveMixRegressor(
            LinearRegression(), workflow="accumulate", lam="proportional", labels="sample",
            n_generations=4, n_synthetic=1.0, random_state=seed,
        )  # fmt: skip
        means.append(mix.fit(X, rng.normal(size=30)).estimator_.intercept_)
    theory = relative_risk(Accumulate().mixing_matrix(4))[-1]
    assert theory == pytest.approx(sum(1 / i**2 for i in range(1, 6)))
    # The standard error of a variance from 400 values is 7 percent.
    assert 30 * np.mean(np.square(means)) == pytest.approx(theory, rel=0.2)
