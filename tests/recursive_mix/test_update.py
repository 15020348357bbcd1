"""Updates other than a refit: labels that persist, are moved, and are read by two estimators."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone, is_classifier
from sklearn.datasets import make_friedman1
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import (
    LinearRegression,
    LogisticRegression,
    PoissonRegressor,
    QuantileRegressor,
    Ridge,
)
from sklearn.neighbors import KNeighborsRegressor
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse.synthesizers import GaussianCopulaSynthesizer

BOOSTING = {"max_iter": 20, "max_bins": 32, "early_stopping": False}
# Trees are fast, and free of the scale of weights.
TREE = {"min_samples_leaf": 5, "random_state": 0}
UPDATES = ("correct", "auto")


def stream(n_months=4, n=60, seed=0, n_classes=0):
    """Return months of a rough surface with little noise, and a table to test on."""
    X, y = make_friedman1(n_months * n + 500, n_features=5, noise=0.5, random_state=seed)
    if n_classes:
        y = np.searchsorted(np.quantile(y, np.arange(1, n_classes) / n_classes), y)
    months = [(X[t * n : (t + 1) * n], y[t * n : (t + 1) * n]) for t in range(n_months)]
    return months, (X[-500:], y[-500:])


def make(kind="numbers", **options):
    options = {"n_synthetic": 300, "random_state": 0, "update": "correct", **options}
    synthesizer = GaussianCopulaSynthesizer()
    if kind == "numbers":
        learner = options.pop("estimator", DecisionTreeRegressor(**TREE))
        return RecursiveMixRegressor(learner, synthesizer, **options)
    learner = options.pop("estimator", DecisionTreeClassifier(**TREE))
    return RecursiveMixClassifier(learner, synthesizer, **options)


def learn(mix, months, **keywords):
    for X, y in months:
        mix.partial_fit(X, y, **keywords)
    return mix


class Failing(GaussianCopulaSynthesizer):
    """Fails when it is fitted."""

    def fit(self, X, y=None, sample_weight=None, previous=None):
        raise RuntimeError("This fit fails.")


KINDS = {"numbers": 0, "two classes": 2, "three classes": 3}


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def months(kind):
    return stream(n_classes=KINDS[kind])[0]


@pytest.mark.parametrize("update", UPDATES)
def test_a_linear_model_is_refitted(update):
    """It returns its labels, so there is nothing to keep: the labels are its predictions."""
    months, (X, _) = stream()
    refit = make(estimator=LinearRegression(), update="refit", labels="predict")
    corrected = make(estimator=LinearRegression(), update=update)
    if update == "correct":
        found = learn(corrected, months).predict(X)
        np.testing.assert_allclose(found, learn(refit, months).predict(X), rtol=1e-9)
    else:
        refit.set_params(labels="corrected")
        found = learn(corrected, months).predict(X)
        np.testing.assert_array_equal(found, learn(refit, months).predict(X))
    assert isinstance(corrected.estimator_, LinearRegression)


@pytest.mark.parametrize("update", UPDATES)
def test_fit_equals_partial_fit_over_the_months(kind, months, update):
    X, y = (np.concatenate(parts) for parts in zip(*months, strict=True))
    whole = make(kind, update=update, n_generations=3).fit(X, y)
    monthly = learn(make(kind, update=update), months)
    np.testing.assert_array_equal(whole.predict(X), monthly.predict(X))
    drawn, again = whole.sample(20, random_state=0), monthly.sample(20, random_state=0)
    np.testing.assert_array_equal(drawn[0], again[0])
    np.testing.assert_array_equal(drawn[1], again[1])


@pytest.mark.parametrize("update", UPDATES)
def test_a_pickled_stream_goes_on_bit_for_bit(kind, months, update):
    plain = learn(make(kind, update=update), months)
    stored = learn(make(kind, update=update), months[:2])
    stored = learn(pickle.loads(pickle.dumps(stored)), months[2:])
    np.testing.assert_array_equal(stored.predict(months[0][0]), plain.predict(months[0][0]))


@pytest.mark.parametrize("update", UPDATES)
def test_what_is_kept_does_not_grow(update):
    months, _ = stream(n_months=14, n=40)
    sizes = []
    mix = make(update=update)
    for X, y in months:
        mix.partial_fit(X, y)
        sizes.append(len(pickle.dumps(mix)))
    assert max(sizes[8:]) < 1.15 * max(sizes[2:5])


@pytest.mark.parametrize("lam", ["optimal", "adaptive"])
@pytest.mark.parametrize("update", UPDATES)
def test_no_target_of_a_real_row_is_kept(update, lam):
    """Also where a truth that flips lets go of all synthetic rows, under "adaptive"."""
    months, _ = stream(n_months=5)
    months[3:] = [(X, 20.0 - y) for X, y in months[3:]]
    mix = make(update=update, lam=lam)
    for X, y in months:
        kept = pickle.dumps(mix.partial_fit(X, y))
        assert [value for value in y if value.tobytes() in kept] == []


@pytest.mark.parametrize(("update", "n_models"), [("correct", 2), ("auto", 3)])
def test_prediction_asks_a_handful_of_models(kind, months, update, n_models):
    mix = learn(make(kind, update=update), months)

    def leaves(estimator):
        inner = getattr(estimator, "stages", None)
        return 1 if inner is None else sum(leaves(stage) for _, stage in inner)

    assert leaves(mix.estimator_) <= n_models


@pytest.mark.parametrize(("update", "n_models"), [("correct", 3), ("auto", 4)])
def test_a_handful_of_estimators_is_kept(kind, months, update, n_models):
    last = learn(make(kind, update=update), months)._stream_.last
    seen, kept = set(), set()
    waiting = [last.estimator, last.memory, last.labeller]
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, DecisionTreeRegressor | DecisionTreeClassifier):
            kept.add(id(item))
        elif isinstance(item, list | tuple):
            waiting += item
        elif hasattr(item, "__dict__"):
            waiting += vars(item).values()
    assert 2 <= len(kept) <= n_models


def test_probabilities_are_probabilities(months, kind):
    mix = learn(make(kind), months)
    X = months[0][0]
    if not is_classifier(mix):
        assert np.isfinite(mix.predict(X)).all()
        return
    probabilities = mix.predict_proba(X)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0)
    size = mix.effective_sample_size_
    smallest = 1 / (2 * size + 2)
    assert probabilities.min() > 0.2 * smallest
    best = mix.classes_[probabilities.argmax(axis=1)]
    np.testing.assert_array_equal(mix.predict(X), best)


@pytest.mark.parametrize("update", UPDATES)
@pytest.mark.parametrize("factor", [2.0**-20, 2.0**20])
def test_the_unit_of_weights_changes_nothing(kind, months, update, factor):
    """Powers of two leave all digits alone, so every bit is the same."""
    weights = np.random.default_rng(0).uniform(0.5, 2.0, len(months[0][1]))
    found = []
    for unit in (1.0, factor):
        mix = make(kind, update=update, n_synthetic="auto")
        found.append(learn(mix, months[:3], sample_weight=unit * weights))
    one, other = found
    assert one.history_[-1]["n_synthetic"] == other.history_[-1]["n_synthetic"]
    X = np.concatenate([X for X, _ in months])
    np.testing.assert_array_equal(one.predict(X), other.predict(X))


@pytest.mark.parametrize("update", UPDATES)
def test_real_rows_only_is_the_plain_fit(kind, months, update):
    mix = learn(make(kind, update=update, lam=0), months)
    X, y = months[-1]
    plain = clone(mix.estimator).fit(X, y)
    np.testing.assert_array_equal(mix.predict(X), plain.predict(X))


@pytest.mark.parametrize("update", UPDATES)
def test_lam_inf_learns_nothing_from_real_rows(kind, months, update):
    mix = learn(make(kind, update=update, lam=np.inf), months[:2])
    X, y = months[2]
    other = np.roll(y, 7)
    one, two = clone(mix), clone(mix)
    one, two = (learn(each, months[:2]) for each in (one, two))
    one.partial_fit(X, y), two.partial_fit(X, other)
    np.testing.assert_array_equal(one.predict(X), two.predict(X))


@pytest.mark.parametrize("update", UPDATES)
def test_a_failed_month_leaves_the_last_models(kind, months, update):
    mix = learn(make(kind, update=update), months[:3])
    untouched = pickle.loads(pickle.dumps(mix))
    mix.set_params(synthesizer=Failing())
    with pytest.raises(RuntimeError, match="This fit fails"):
        mix.partial_fit(*months[3])
    assert (mix.generation_, mix.history_) == (2, untouched.history_)
    mix.set_params(synthesizer=untouched.synthesizer)
    X = months[0][0]
    np.testing.assert_array_equal(mix.predict(X), untouched.predict(X))
    found = mix.partial_fit(*months[3]).predict(X)
    np.testing.assert_array_equal(found, untouched.partial_fit(*months[3]).predict(X))


@pytest.mark.parametrize("update", UPDATES)
def test_a_month_of_one_class_is_survived(update):
    months, (X, y) = stream(n_classes=2, n_months=3)
    mix = learn(make("two classes", update=update), months[:2])
    X1, y1 = months[2]
    for one_class in (0, 1):
        rows = y1 == one_class
        after = pickle.loads(pickle.dumps(mix)).partial_fit(X1[rows], y1[rows])
        assert after.generation_ == 2
        assert after.score(X, y) > 0.6


@pytest.mark.parametrize("update", UPDATES)
def test_tiny_months_are_survived(kind, months, update):
    mix = learn(make(kind, update=update), months[:2])
    X, y = months[2]
    mix.partial_fit(X[:1], y[:1]).partial_fit(X[1:3], y[1:3])
    assert mix.generation_ == 3
    assert np.isfinite(mix.predict(X).astype(float)).all()


@pytest.mark.parametrize(
    ("estimator", "options"),
    [
        (KNeighborsRegressor(), {}),
        (HistGradientBoostingRegressor(loss="quantile", quantile=0.9, max_iter=5), {}),
        (HistGradientBoostingRegressor(loss="absolute_error", max_iter=5), {}),
        (QuantileRegressor(quantile=0.9, alpha=0.01), {}),
        (HistGradientBoostingRegressor(loss="poisson", max_iter=5), {}),
        (HistGradientBoostingRegressor(**BOOSTING), {"labels": "sample"}),
        (HistGradientBoostingRegressor(**BOOSTING), {"workflow": "fixed", "n_generations": 2}),
    ],
    ids=["no weights", "quantile", "median", "linear quantile", "counts", "labels", "workflow"],
)
def test_auto_refits_where_labels_cannot_be_corrected(estimator, options):
    (X, y), *_ = stream(n=120)[0]
    y = np.maximum(y, 0.0)
    mix = make(estimator=estimator, update="correct", **options)
    with pytest.raises(ValueError, match="update='correct' cannot be used: "):
        mix.fit(X, y)
    assert not hasattr(mix, "estimator_")
    found = [make(estimator=estimator, update=u, **options).fit(X, y) for u in ("auto", "refit")]
    np.testing.assert_array_equal(found[0].predict(X), found[1].predict(X))


def test_classes_without_probabilities_are_not_corrected():
    months, _ = stream(n_classes=2)
    with pytest.raises(ValueError, match="the classifier has no predict_proba"):
        learn(make("two classes", estimator=LinearSVC()), months)
    assert (
        learn(make("two classes", estimator=LinearSVC(), update="auto"), months).generation_ == 3
    )


def test_an_estimator_that_rejects_residuals_is_read_once():
    months, (X, _) = stream()
    months = [(X, np.round(np.maximum(y, 0))) for X, y in months]
    mix = learn(make(estimator=PoissonRegressor(), update="correct"), months)
    assert isinstance(mix.estimator_, PoissonRegressor)
    assert (mix.predict(X) > 0).all()


def test_penalised_models_are_corrected():
    for kind, learner in (("numbers", Ridge()), ("two classes", LogisticRegression())):
        months, (X, y) = stream(n_classes=KINDS[kind])
        mix = learn(make(kind, estimator=learner), months)
        refit = learn(make(kind, estimator=learner, update="refit"), months)
        assert mix.score(X, y) > refit.score(X, y) - 0.05


def test_history_says_what_moved_the_labels(kind, months):
    mix = learn(make(kind, update="auto"), months)
    first, *later = mix.history_
    assert first["averaging"] is first["correction"] is first["refit_share"] is None
    for record in later:
        assert 0 <= record["averaging"] <= 2
        assert 0 <= record["correction"] <= 6
        assert 0 <= record["refit_share"] <= 1


def test_the_update_may_change_in_the_middle_of_a_stream(kind, months):
    mix = make(kind, update="refit")
    for update, month in zip(("refit", "correct", "auto", "refit"), months, strict=True):
        mix.set_params(update=update).partial_fit(*month)
    assert mix.generation_ == 3


@pytest.mark.parametrize("update", ["none", None, 1])
def test_other_updates_are_refused_by_name(update):
    with pytest.raises(ValueError, match="The 'update' parameter"):
        make(update=update).fit(*stream()[0][0])


def test_frames_with_text_and_gaps_are_corrected():
    pandas = pytest.importorskip("pandas")
    months, _ = stream()
    boosting = HistGradientBoostingRegressor(**BOOSTING, categorical_features="from_dtype")
    mix = make(estimator=boosting)
    for t, (X, y) in enumerate(months):
        frame = pandas.DataFrame(X, columns=list("abcde"))
        frame["shop"] = pandas.Categorical([f"s{(i + t) % (3 + t)}" for i in range(len(y))])
        frame.loc[::7, "b"] = np.nan
        mix.partial_fit(frame, y)
    drawn, _ = mix.sample(5, random_state=0)
    assert drawn.dtypes.astype(str).tolist() == frame.dtypes.astype(str).tolist()


def test_auto_draws_rows_for_what_they_must_carry():
    """500 real rows first, then 20: 4 rows for each of the 520 and more, not 20 a new row."""
    X, y = make_friedman1(560, n_features=5, random_state=0)
    mix = make(n_synthetic="auto", update="refit", labels="predict")
    mix.partial_fit(X[:500], y[:500]).partial_fit(X[500:520], y[500:520])
    assert mix.history_[-1]["n_synthetic"] == 4 * 500
    mix.partial_fit(X[520:], y[520:])
    assert mix.history_[-1]["n_synthetic"] == 4 * 520


def test_what_is_known_does_not_leak():
    """Ten months with a learner that loses much in each refit: refitting falls, this does not."""
    months, (X, y) = stream(n_months=10, n=100, seed=1)
    options = {"estimator": HistGradientBoostingRegressor(**BOOSTING), "n_synthetic": 1000}
    scores = {}
    for update in ("refit", "correct", "auto"):
        mix = make(update=update, labels="corrected", **options)
        path = []
        for month in months:
            path.append(mix.partial_fit(*month).score(X, y))
        scores[update] = path
    assert scores["correct"][-1] > scores["refit"][-1] + 0.01
    assert scores["auto"][-1] > scores["refit"][-1] + 0.01
    assert scores["correct"][-1] > max(scores["correct"]) - 0.01
