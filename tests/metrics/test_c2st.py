import numpy as np
import pytest
from scipy.stats import norm
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skcollapse.metrics import c2st_auc
from skcollapse.metrics._out_of_fold import out_of_fold_scores
from skcollapse.metrics._pair import read_pair


def _normal(n, shift=0.0, columns=2, seed=0):
    return np.random.default_rng(seed).normal(shift, size=(n, columns))


def _logistic(X, Y, **options):
    return c2st_auc(X, Y, classifier=LogisticRegression(), **{"random_state": 0, **options})


@pytest.mark.parametrize("classifier", [None, LogisticRegression(), KNeighborsClassifier()])
def test_a_sample_and_itself_cannot_be_told_apart(classifier):
    X = _normal(100)
    found = c2st_auc(X, X[::-1], classifier=classifier, random_state=0)
    assert found == pytest.approx(0.5, abs=1e-12)


def test_a_bootstrap_sample_is_judged_by_its_law_and_not_by_its_copies():
    X = _normal(200)
    drawn = X[np.random.default_rng(1).integers(0, 200, 200)]
    assert abs(c2st_auc(X, drawn, random_state=0) - 0.5) < 4 * np.sqrt(2 / 200 / 12)


def test_samples_of_one_law_scatter_around_one_half_as_stated():
    n, m = 150, 100
    found = [_logistic(_normal(n, seed=s), _normal(m, seed=500 + s)) for s in range(40)]
    stated = np.sqrt((1 / n + 1 / m) / 12)
    assert abs(np.mean(found) - 0.5) < 4 * stated / np.sqrt(40)
    assert 0.6 * stated < np.std(found) < 1.4 * stated


@pytest.mark.parametrize("shift", [0.5, 1.5])
def test_the_best_rule_reaches_the_area_of_two_normal_laws(shift):
    # In one dimension the score is the value itself, and P(X < Y) = Phi(d / sqrt 2).
    n = 2000
    found = _logistic(_normal(n, columns=1, seed=1), _normal(n, shift, columns=1, seed=2))
    assert abs(found - norm.cdf(shift / np.sqrt(2))) < 4 * np.sqrt(2 / n / 12)


def test_grows_with_a_shift():
    X = _normal(300, seed=1)
    found = [_logistic(X, _normal(300, shift, seed=2)) for shift in (0.0, 0.5, 1.0, 2.0)]
    assert np.all(np.diff(found) > 0.05)


def test_exchanging_the_samples_changes_no_more_than_noise():
    X, Y = _normal(300, seed=1), _normal(300, 0.5, seed=2)
    assert abs(_logistic(X, Y) - _logistic(Y, X)) < 0.02


def test_boosting_sees_dependence_that_no_column_shows():
    rng = np.random.default_rng(0)
    angle = rng.uniform(0, 2 * np.pi, 400)
    X = np.c_[np.cos(angle), np.sin(angle)]
    Y = np.c_[X[:, 0], rng.permutation(X[:, 1])]
    assert c2st_auc(X, Y, random_state=0) > 0.75
    assert _logistic(X, Y) < 0.6


@pytest.mark.parametrize(
    "classifier",
    [None, LogisticRegression(), make_pipeline(StandardScaler(), LogisticRegression())],
)
def test_integer_weights_equal_repeated_rows(classifier):
    X, Y = _normal(80, seed=1), _normal(70, 0.5, seed=2)
    counts = np.random.default_rng(3).integers(0, 4, size=80)
    options = {"classifier": classifier, "random_state": 0}
    weighted = c2st_auc(X, Y, sample_weight_X=counts, **options)
    repeated = c2st_auc(np.repeat(X, counts, axis=0), Y, **options)
    assert weighted == pytest.approx(repeated, abs=1e-12)
    if not isinstance(classifier, HistGradientBoostingClassifier | None):
        assert weighted != pytest.approx(c2st_auc(X, Y, **options), abs=1e-4)


def test_weights_can_undo_a_difference():
    rng = np.random.default_rng(0)
    X = rng.choice(["a", "b"], 4000, p=[0.5, 0.5])
    Y = rng.choice(["a", "b"], 4000, p=[0.8, 0.2])
    # The best rule calls "b" X: P(b in X, a in Y) + half the ties = 0.5 + (0.8 - 0.5) / 2.
    assert c2st_auc(X, Y, random_state=0) == pytest.approx(0.65, abs=0.02)
    weight = np.where(X == "a", 0.8, 0.2)
    found = c2st_auc(X, Y, sample_weight_X=weight, random_state=0)
    assert found == pytest.approx(0.5, abs=0.02)


def test_copies_share_a_fold_in_continuous_tables():
    X, Y = _normal(60, seed=1), _normal(50, seed=2)
    pair = read_pair(np.r_[X, X], np.r_[Y, X[:20]])
    units, scores, folds = out_of_fold_scores(pair, LogisticRegression(), 5, 0)
    assert len(scores) == len(folds) == len(units.mass_X) == 110
    for mass in (units.mass_X, units.mass_Y):
        assert np.ptp(np.bincount(folds[mass > 0])) <= 1


def test_a_sample_of_one_value_is_told_apart():
    assert c2st_auc(_normal(300, columns=1), np.zeros(300), random_state=0) > 0.95


def test_discrete_tables_are_dealt_row_by_row():
    pair = read_pair(np.repeat([0, 1], 20), np.repeat([0, 1], 15))
    _, scores, _ = out_of_fold_scores(pair, LogisticRegression(), 5, 0)
    assert len(scores) == 70


def test_scores_are_made_without_the_rows_own_fold():
    # Numbers without any structure: a classifier that remembers finds nothing.
    rng = np.random.default_rng(0)
    X, Y = rng.random(200), rng.random(200)
    found = c2st_auc(X, Y, classifier=KNeighborsClassifier(1), random_state=0)
    assert abs(found - 0.5) < 4 * np.sqrt(2 / 200 / 12)


def test_classifiers_without_probabilities_serve():
    X, Y = _normal(200, seed=1), _normal(200, 1.0, seed=2)
    found = c2st_auc(X, Y, classifier=RidgeClassifier(), random_state=0)
    assert found == pytest.approx(_logistic(X, Y), abs=0.02)


def test_many_levels_do_not_stop_the_default():
    rng = np.random.default_rng(0)
    X, Y = rng.integers(0, 400, 900).astype(str), rng.integers(0, 400, 900).astype(str)
    X[:300], Y[:300] = "heavy in X", "heavy in Y"
    assert c2st_auc(X, Y, random_state=0) > 0.6


def test_seed_repeats_the_value():
    X, Y = _normal(60, seed=1), _normal(60, 0.3, seed=2)
    assert _logistic(X, Y) == _logistic(X, Y)
    assert _logistic(X, Y) != _logistic(X, Y, random_state=1)


@pytest.mark.parametrize("bad", ["boosting", LogisticRegression, StandardScaler()])
def test_classifier_must_be_one(bad):
    with pytest.raises(ValueError, match="classifier must be None or a scikit-learn classifier"):
        c2st_auc([1.0], [2.0], classifier=bad)


def test_too_few_rows_for_the_folds():
    with pytest.raises(ValueError, match=r"cv=5 folds need at least 5 rows .* in Y, got 4"):
        c2st_auc(_normal(5), _normal(4))
    with pytest.raises(ValueError, match="cv must be a whole number >= 2"):
        c2st_auc([1.0], [2.0], cv=1)
