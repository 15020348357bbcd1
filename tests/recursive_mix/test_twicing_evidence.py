"""Real rows tell whether what a fit loses of its labels was knowledge or noise."""

import numpy as np
import pytest
from sklearn.datasets import make_friedman1
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse._recursive_mix.labelling._evidence import TwicingEvidence
from skcollapse._recursive_mix.labelling._twicing import twice_log_odds, twice_means

SMALL = {"max_iter": 40, "max_leaf_nodes": 15}


def column(*values):
    return np.array(values, dtype=np.float64)[:, None]


def test_by_hand():
    """Losses 1 and -1 with errors -2 and 1 of weights 1 and 3: scores -2 and -3, size 4."""
    found = TwicingEvidence().after(column(3, 3), column(5, 2), column(4, 3), np.array([1.0, 3.0]))
    assert found == (-5.0, 4.0, 13.0)
    assert found.value == 5 / 4
    assert found.standard_error == pytest.approx(np.sqrt(13) / 4)
    assert found.share == pytest.approx(1 - (5 / 4 - np.sqrt(13) / 4))


def test_batches_add_up():
    rng = np.random.default_rng(0)
    truth, taught, learned = rng.normal(size=(3, 50, 1))
    weights = rng.uniform(1, 2, size=50)
    whole = TwicingEvidence().after(truth, taught, learned, weights)
    halves = TwicingEvidence()
    for half in (slice(0, 20), slice(20, 50)):
        halves = halves.after(truth[half], taught[half], learned[half], weights[half])
    np.testing.assert_allclose(halves, whole)


@pytest.mark.parametrize("right", [0.0, 1.0, 1.5])
@pytest.mark.parametrize("n_outputs", [1, 3])
def test_value_is_the_share_of_the_loss_that_was_noise(right, n_outputs):
    """Truths around h - b (h - s); 20 seeds of 500 rows, mean within four standard errors."""
    values, errors = [], []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        learned, lost, noise = rng.normal(size=(3, 500, n_outputs))
        truth = learned + lost - right * lost + 2.0 * noise
        found = TwicingEvidence().after(truth, learned + lost, learned, np.ones(500))
        values.append(found.value)
        errors.append(found.standard_error)
    assert np.mean(values) == pytest.approx(right, abs=4 * np.std(values) / np.sqrt(20))
    if right == 0:
        assert np.mean(errors) == pytest.approx(np.std(values, ddof=1), rel=0.5)
    else:
        assert np.mean(errors) > np.std(values, ddof=1)


def test_without_evidence_all_is_added():
    nothing = TwicingEvidence()
    assert np.isnan(nothing.value)
    assert nothing.share == 1
    same = column(1, 2, 3)
    assert nothing.after(column(0, 0, 0), same, same, np.ones(3)) == nothing


@pytest.mark.parametrize(("score", "share"), [(50.0, 1.0), (-50.0, -1.0), (0.0, 1.0)])
def test_share_is_bounded(score, share):
    assert TwicingEvidence(score, 10.0, 1.0).share == share


def test_share_of_means_and_of_odds():
    taught, learned = column(1, 3), column(1.5, 2.5)
    np.testing.assert_array_equal(twice_means(taught, learned, -1.0).means, learned)
    np.testing.assert_array_equal(twice_means(taught, learned, 0.0).means, taught)
    taught = np.array([[0.2, 0.8], [0.6, 0.4]])
    learned = np.array([[0.4, 0.6], [0.5, 0.5]])
    np.testing.assert_allclose(twice_log_odds(taught, learned, 0.0).means, taught)
    np.testing.assert_allclose(twice_log_odds(taught, learned, -1.0).means, learned)


@pytest.mark.parametrize("seed", range(3))
def test_noise_is_told_from_detail(seed):
    """Noise of which little is signal, and squares of a chess board without noise."""
    X, y = make_friedman1(1200, noise=12.0, random_state=seed)
    boosting = HistGradientBoostingRegressor(**SMALL)
    mix = RecursiveMixRegressor(boosting, n_generations=3, n_synthetic=3.0, random_state=seed)
    assert mix.fit(X, y).history_[-1]["twicing_evidence"] > 0.5
    y = np.sign(np.sin(8 * X[:, 0])) * np.sign(np.sin(8 * X[:, 1]))
    found = [
        h["twicing_evidence"]
        for h in mix.fit(X, y).history_[1:]
        if h["twicing_evidence"] is not None
    ]
    assert not found or found[-1] < 0.5


def test_rows_that_corrected_the_labels_have_no_say():
    X, y = make_friedman1(1000, noise=1.0, random_state=0)
    boosting = HistGradientBoostingRegressor(**SMALL)
    mix = RecursiveMixRegressor(boosting, n_synthetic=3.0, random_state=0).fit(X, y)
    before = mix.history_[0]["twicing_evidence"]
    corrected = 0
    for record in mix.history_[1:]:
        if record["correction"] > 0:
            assert record["twicing_evidence"] == before
            corrected += 1
        before = record["twicing_evidence"]
    assert corrected > 0


def test_a_model_that_loses_nothing_has_no_twicing_evidence():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(500, 3))
    y = X @ [1.0, 2.0, 3.0] + rng.normal(size=500)
    mix = RecursiveMixRegressor(LinearRegression(), random_state=0).fit(X, y)
    assert [record["twicing_evidence"] for record in mix.history_] == [None] * 5


def test_evidence_is_carried_by_pickles_and_partial_fit():
    import pickle

    rng = np.random.default_rng(0)
    X = rng.normal(size=(800, 3))
    y = (X[:, 0] + 2 * rng.normal(size=800) > 0).astype(int)
    boosting = HistGradientBoostingClassifier(**SMALL)
    options = {"n_synthetic": 3.0, "random_state": 0}
    whole = RecursiveMixClassifier(boosting, n_generations=3, **options).fit(X, y)
    monthly = RecursiveMixClassifier(boosting, **options)
    for rows in np.split(np.arange(800), 4):
        monthly = pickle.loads(pickle.dumps(monthly.partial_fit(X[rows], y[rows])))
    found = [record["twicing_evidence"] for record in monthly.history_]
    assert found == [record["twicing_evidence"] for record in whole.history_]
    assert found[-1] is not None
