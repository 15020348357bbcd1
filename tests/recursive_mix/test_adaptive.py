"""The weight that the newest real rows ask for."""

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor, RecursiveMixSynthesizer
from skcollapse._recursive_mix.recursion._adaptive import (
    adapted_weight,
    lead_of_fresh,
    stacking_weight,
)
from skcollapse.synthesizers import EmpiricalSynthesizer

N, BATCHES = 150, 8


def column(*values):
    return np.array(values, dtype=float)[:, None]


def test_stacking_weight_by_hand():
    # News h - s = (1, 2), errors y - s = (1, 1): w = (1 + 2) / (1 + 4).
    # Scores news (error - w news) = (.4, -.4): error sqrt(.32) / 5.
    estimate, error = stacking_weight(column(1, 2), column(1, 3), column(0, 1), np.ones(2))
    assert estimate == pytest.approx(0.6)
    assert error == pytest.approx(np.sqrt(0.32) / 5)


def test_stacking_weight_of_two_rows_or_of_one_twice():
    rng = np.random.default_rng(0)
    truth, alone, inherited = rng.normal(size=(3, 20, 2))
    weights = rng.integers(1, 4, 20)
    repeated = [np.repeat(part, weights, axis=0) for part in (truth, alone, inherited)]
    by_weight, _ = stacking_weight(truth, alone, inherited, weights.astype(float))
    by_rows, _ = stacking_weight(*repeated, np.ones(weights.sum()))
    assert by_weight == pytest.approx(by_rows, rel=1e-12)


def test_predictions_that_agree_are_no_evidence():
    same = column(1, 2, 3)
    assert np.isnan(stacking_weight(column(0, 1, 2), same, same, np.ones(3))[0])
    assert adapted_weight(0.3, np.nan, np.inf) == (0.3, "no evidence")


@pytest.mark.parametrize(
    ("estimate", "error", "weight", "reason"),
    [
        (0.44, 0.1, 0.25, "schedule holds"),
        (0.65, 0.1, 0.45, "real rows"),
        (1.50, 0.1, 1.00, "real rows"),
        (-0.9, 0.1, 0.25, "schedule holds"),
    ],
)
def test_only_what_exceeds_two_standard_errors_raises_the_weight(estimate, error, weight, reason):
    found, why = adapted_weight(0.25, estimate, error)
    assert (found, why) == (pytest.approx(weight), reason)


def test_the_lead_by_hand():
    # Squared errors 1, 4, 9 of what is inherited against 0, 0, 3: leads 1, 4, 6, mean 11/3.
    truth, alone = column(1, 2, 3), column(1, 2, 3 + np.sqrt(3))
    deviations = np.array([1, 4, 6]) - 11 / 3
    error = np.sqrt(np.sum(deviations**2)) / 3
    lead = lead_of_fresh(truth, alone, column(0, 0, 0), np.ones(3))
    assert lead == pytest.approx(11 / 3 / error)
    assert lead_of_fresh(truth, alone, alone, np.ones(3)) == 0


def test_a_clear_lead_takes_all():
    assert adapted_weight(0.25, 0.75, 0.125, lead=1.9) == (0.5, "real rows")
    assert adapted_weight(0.25, 0.75, 0.125, lead=2.1) == (1.0, "real rows")


def stream(seed, flip_at=None, drift=0.0):
    """Batches of a linear truth that turns its sign at one batch, or moves a little at each."""
    rng = np.random.default_rng(seed)
    truth, moving = np.array([2.0, -1.0, 0.5]), np.array([0.0, 0.0, 1.0])
    batches = []
    for t in range(BATCHES):
        X = rng.normal(size=(N, 3))
        sign = -1.0 if flip_at is not None and t >= flip_at else 1.0
        batches.append((X, sign * X @ (truth + drift * t * moving) + rng.normal(size=N)))
    X = rng.normal(size=(2000, 3))
    return batches, X, sign * X @ (truth + drift * (BATCHES - 1) * moving)


def final_scores(batches, X, y, **options):
    """Return R2 of the recursion and of the newest batch alone."""
    mix = RecursiveMixRegressor(LinearRegression(), random_state=0, **options)
    for batch in batches:
        mix.partial_fit(*batch)
    return mix.score(X, y), LinearRegression().fit(*batches[-1]).score(X, y), mix


@pytest.mark.parametrize("labels", ["predict", "corrected"])
def test_a_flip_is_let_go_of(labels):
    """The sign of the truth turns at batch 5 of 8; 4 seeds."""
    gains, rigid = [], []
    for seed in range(4):
        data = stream(seed, flip_at=5)
        adaptive, newest, mix = final_scores(*data, lam="adaptive", labels=labels)
        rigid.append(final_scores(*data, lam="optimal", labels="predict")[0])
        gains.append(adaptive - newest)
        if labels == "predict":
            assert mix.history_[5]["real_weight"] > 0.8
            assert mix.history_[5]["reason"] == "real rows"
        else:  # corrected labels have turned themselves: nothing is left to let go of
            assert mix.history_[5]["correction"] > 0.9
    error = np.std(gains, ddof=1) / 2
    assert np.mean(gains) > -2 * error
    assert max(rigid) < 0.7  # the schedule still believes in what was true before


def test_gradual_drift_is_followed():
    adaptive, rigid = [], []
    for seed in range(8):
        data = stream(seed, drift=0.5)
        adaptive.append(final_scores(*data, lam="adaptive", labels="predict")[0])
        rigid.append(final_scores(*data, lam="optimal", labels="predict")[0])
    assert np.mean(adaptive) > np.mean(rigid) + 0.05


def test_without_drift_little_is_lost():
    lost = []
    for seed in range(8):
        data = stream(seed)
        adaptive = final_scores(*data, lam="adaptive", labels="predict")[0]
        lost.append(final_scores(*data, lam="optimal", labels="predict")[0] - adaptive)
    assert np.mean(lost) < 0.002  # the newest batch alone loses 0.004


def test_shuffled_columns_do_no_harm():
    """A synthesizer that draws every column on its own, target included; 4 seeds."""
    gains, trusting = [], []
    for seed in range(4):
        data = stream(seed)
        shuffling = EmpiricalSynthesizer(independent=True)
        options = {"synthesizer": shuffling, "labels": "joint", "n_synthetic": 5.0}
        adaptive, newest, _ = final_scores(*data, lam="adaptive", **options)
        trusting.append(final_scores(*data, lam="optimal", **options)[0])
        gains.append(adaptive - newest)
    error = np.std(gains, ddof=1) / 2
    assert np.mean(gains) > -max(2 * error, 1e-3)
    assert max(trusting) < 0.7


def test_noise_for_labels_does_a_flexible_learner_no_harm():
    """Boosting would lose far more by such labels than the average of predictions tells."""
    gains = []
    for seed in range(4):
        rng = np.random.default_rng(seed)
        X, Z = rng.normal(size=(3 * N, 3)), rng.normal(size=(2000, 3))
        y, truth = X.sum(axis=1) + rng.normal(size=3 * N), Z.sum(axis=1)
        boosting = HistGradientBoostingRegressor(max_iter=20, max_leaf_nodes=7, random_state=0)
        mix = RecursiveMixRegressor(
            boosting,
            EmpiricalSynthesizer(independent=True),
            lam="adaptive",
            labels="joint",
            n_synthetic=5.0,
            n_generations=2,
            random_state=seed,
        ).fit(X, y)
        newest = boosting.fit(X[2 * N :], y[2 * N :])
        gains.append(mix.score(Z, truth) - newest.score(Z, truth))
    assert np.mean(gains) > -max(np.std(gains, ddof=1), 1e-3)


def test_classes_that_swap_are_let_go_of():
    rng = np.random.default_rng(0)
    mix = RecursiveMixClassifier(LogisticRegression(), lam="adaptive", random_state=0)
    for t in range(BATCHES):
        X = rng.normal(size=(N, 2))
        y = (X[:, 0] + 0.3 * rng.normal(size=N) > 0) ^ (t >= 5)
        mix.partial_fit(X, y, classes=[False, True])
    X = rng.normal(size=(2000, 2))
    assert mix.score(X, X[:, 0] <= 0) > 0.9


def test_the_record_tells_estimate_error_and_reason(regression):
    X, y = regression
    mix = RecursiveMixRegressor(LinearRegression(), lam="adaptive", random_state=0).fit(X, y)
    first, *rest = mix.history_
    assert (first["estimated_weight"], first["reason"]) == (None, "real only")
    for record in rest:
        assert record["standard_error"] > 0
        assert record["reason"] in ("real rows", "schedule holds")
        assert record["real_weight"] == pytest.approx(1 / (1 + record["lam"]))


def test_few_rows_are_left_to_the_schedule():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 1)), rng.normal(size=30)
    options = {"n_generations": 2, "random_state": 0}
    adaptive = RecursiveMixRegressor(LinearRegression(), lam="adaptive", **options).fit(X, y)
    optimal = RecursiveMixRegressor(LinearRegression(), lam="optimal", **options).fit(X, y)
    assert adaptive.history_[-1]["reason"] == "too few rows"
    np.testing.assert_array_equal(adaptive.predict(X), optimal.predict(X))


def test_a_flexible_learner_adapts_too():
    rng = np.random.default_rng(0)
    boosting = HistGradientBoostingRegressor(max_iter=30)
    mix = RecursiveMixRegressor(boosting, lam="adaptive", n_synthetic=5.0, random_state=0)
    for t in range(4):
        X = rng.uniform(-1, 1, (300, 2))
        y = (1 if t < 3 else -1) * np.sin(3 * X[:, 0]) + 0.1 * rng.normal(size=300)
        mix.partial_fit(X, y)
    assert mix.history_[3]["real_weight"] > 0.6
    assert mix.score(X, y) > 0.8


def test_rows_without_a_target_cannot_adapt(regression):
    with pytest.raises(ValueError, match="'lam' parameter"):
        RecursiveMixSynthesizer(lam="adaptive").fit(regression[0])
