"""Bad input is refused by name before anything is fitted; failures lose nothing."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression, Ridge, RidgeClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse.synthesizers import GaussianCopulaSynthesizer


class Untouchable(Ridge):
    """An estimator that must not be fitted."""

    def fit(self, X, y, sample_weight=None):
        raise AssertionError("fitted before the input was checked")


class NoSample(BaseEstimator):
    def fit(self, X, y=None):
        return self


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"lam": -1}, "'lam' parameter"),
        ({"lam": np.nan}, "'lam' parameter"),
        ({"lam": "best"}, "'lam' parameter"),
        ({"labels": "guess"}, "'labels' parameter"),
        ({"workflow": "recycle"}, "'workflow' parameter"),
        ({"n_generations": -1}, "'n_generations' parameter"),
        ({"n_generations": 1.5}, "'n_generations' parameter"),
        ({"n_synthetic": -1}, "'n_synthetic' parameter"),
        ({"synthesizer": NoSample()}, "'synthesizer' parameter"),
        ({"estimator": "ridge"}, "'estimator' parameter"),
        ({"memory": 3}, "'memory' parameter"),
        ({"random_state": "x"}, "'random_state' parameter"),
        ({"n_synthetic": 0}, "n_synthetic=0 leaves nothing to carry the weight lam='optimal'"),
        ({"n_synthetic": 0.0, "lam": 0.5}, "n_synthetic=0 leaves nothing"),
        ({"workflow": "fixed", "lam": "golden"}, "lam='golden' needs fresh real rows"),
        ({"workflow": "fixed", "lam": "adaptive"}, "lam='adaptive' needs fresh real rows"),
        ({"n_generations": 500}, "n_samples=400 rows cannot be cut into n_generations"),
    ],
    ids=str,
)
def test_parameters_that_make_no_sense(regression, options, message):
    mix = RecursiveMixRegressor(**{"estimator": Untouchable(), **options})
    with pytest.raises(ValueError, match=message):
        mix.fit(*regression)
    with pytest.raises(NotFittedError):
        mix.predict(regression[0])


@pytest.mark.parametrize(
    ("generation", "message"),
    [
        (np.zeros(400), "generation has a single label"),
        (np.arange(399), "generation has length 399, but X has 400 rows"),
        (np.where(np.arange(400) == 3, np.nan, 1.0), "generation contains missing values"),
        (np.array([1, "a"] * 200, dtype=object), "generation must hold labels that can be sorted"),
        (np.append(0, np.ones(399)), "Generation 0 has n_samples=1"),
    ],
)
def test_generations_that_make_no_sense(regression, generation, message):
    with pytest.raises(ValueError, match=message):
        RecursiveMixRegressor(Untouchable()).fit(*regression, generation=generation)


def test_generation_means_nothing_without_fresh_rows(regression):
    mix = RecursiveMixRegressor(Untouchable(), workflow="fixed")
    with pytest.raises(ValueError, match="generation= says which rows arrive when"):
        mix.fit(*regression, generation=np.arange(400))


@pytest.mark.parametrize("missing", [np.nan, None])
def test_missing_targets(regression, missing):
    X, y = regression
    y = y.astype(object)
    y[5] = missing
    with pytest.raises(ValueError, match="Input y contains missing values"):
        RecursiveMixRegressor(Untouchable()).fit(X, y)
    with pytest.raises(ValueError, match=r"Input y contains (missing values|NaN)"):
        RecursiveMixClassifier(Untouchable()).fit(X, y)


def test_missing_targets_in_frames(regression):
    pd = pytest.importorskip("pandas")
    X, y = regression
    for series in (
        pd.Series(y).mask(y > 2),
        pd.Series(y.round().astype(int), dtype="Int64").mask(y > 2),
    ):
        with pytest.raises(ValueError, match="y contains"):
            RecursiveMixRegressor(Untouchable()).fit(X, series)


def test_infinite_values_and_bad_weights(regression):
    X, y = regression
    mix = RecursiveMixRegressor(Untouchable())
    with pytest.raises(ValueError, match="contains infinity"):
        mix.fit(np.where(X > 2, np.inf, X), y)
    with pytest.raises(ValueError, match="sample_weight"):
        mix.fit(X, y, sample_weight=-np.ones(400))
    with pytest.raises(ValueError, match=r"sample_weight is zero|at least one non-zero"):
        mix.fit(X, y, sample_weight=np.zeros(400))
    with pytest.raises(ValueError, match="sample_weight"):
        mix.fit(X, y, sample_weight=np.ones(3))


def test_infinite_values_in_a_frame_name_the_column(regression):
    pd = pytest.importorskip("pandas")
    X, y = regression
    frame = pd.DataFrame(X, columns=["a", "b", "c"])
    frame.loc[4, "b"] = np.inf
    with pytest.raises(ValueError, match="'b' contains infinity"):
        RecursiveMixRegressor(Untouchable()).fit(frame, y)


@pytest.mark.parametrize("n_classes", [1, 2])
def test_generation_0_needs_two_classes(classification, n_classes):
    X, y = classification
    single = y == "cat"
    with pytest.raises(ValueError, match="one class only"):
        RecursiveMixClassifier(Untouchable()).partial_fit(
            X[single], y[single], classes=["cat", "dog"][:n_classes]
        )
    with pytest.raises(ValueError, match="one class only"):
        RecursiveMixClassifier(Untouchable()).fit(X[single], y[single])


def test_a_table_sorted_by_class_is_told_of(classification):
    X, y = classification
    order = np.argsort(y)
    mix = RecursiveMixClassifier(LogisticRegression(), n_generations=5, random_state=0)
    with pytest.warns(UserWarning, match="rows hold one class only: generation 0 takes"):
        mix.fit(X[order], y[order])
    assert mix.history_[0]["n_real"] == np.sum(y == "cat") + 1
    with pytest.raises(ValueError, match="Generation 0 holds one class only"):
        mix.fit(X, y, generation=y)


def test_partial_fit_with_one_row():
    with pytest.raises(ValueError, match="Generation 0 has n_samples=1"):
        RecursiveMixRegressor(Untouchable()).partial_fit([[1.0, 2.0]], [1.0])


def test_a_later_batch_may_have_one_row(regression):
    X, y = regression
    mix = RecursiveMixRegressor(Ridge(), random_state=0).fit(X, y)
    assert mix.partial_fit(X[:1], y[:1]).history_[-1]["n_real"] == 1


def test_classes_must_be_known(classification):
    X, y = classification
    early = y != "eel"
    mix = RecursiveMixClassifier(LogisticRegression()).partial_fit(X[early], y[early])
    with pytest.raises(ValueError, match=r"y holds classes \['eel'\] that are not in"):
        mix.partial_fit(X, y)
    with pytest.raises(ValueError, match="differs from the classes of generation 0"):
        mix.partial_fit(X[early], y[early], classes=["cat", "eel"])


def test_sampled_labels_need_probabilities(classification):
    with pytest.raises(ValueError, match="RidgeClassifier has no predict_proba"):
        RecursiveMixClassifier(RidgeClassifier(), labels="sample").fit(*classification)


def test_continuous_targets_are_no_classes(regression):
    with pytest.raises(ValueError, match="Unknown label type"):
        RecursiveMixClassifier(Untouchable()).fit(*regression)


def frames():
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(0)
    first = pd.DataFrame({"a": rng.normal(size=50), "b": rng.integers(0, 9, 50)})
    yield first.rename(columns={"b": "c"}), "b"
    yield first[["b", "a"]], "order"
    yield first.astype({"b": "float64"}), "Column 'b' has dtype float64"
    yield first.astype({"b": str}), "Column 'b' has dtype"
    yield first.drop(columns="b"), "b"
    yield first.assign(d=1), "d"


@pytest.mark.parametrize("case", range(6))
def test_later_frames_must_look_like_the_first(case):
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(0)
    first = pd.DataFrame({"a": rng.normal(size=50), "b": rng.integers(0, 9, 50)})
    mix = RecursiveMixRegressor(Ridge(), random_state=0).partial_fit(first, rng.normal(size=50))
    other, message = list(frames())[case]
    before = mix.predict(first)
    with pytest.raises(ValueError, match=message):
        mix.partial_fit(other, rng.normal(size=50))
    np.testing.assert_array_equal(mix.predict(first), before)
    assert len(mix.history_) == 1


def test_frames_and_arrays_do_not_mix(regression):
    pd = pytest.importorskip("pandas")
    X, y = regression
    mix = RecursiveMixRegressor(Ridge()).fit(X, y)
    with pytest.raises(ValueError, match="X is a pandas frame, but generation 0 was fitted on an"):
        mix.partial_fit(pd.DataFrame(X), y)


def test_labels_cannot_change_halfway(regression):
    X, y = regression
    mix = RecursiveMixRegressor(Ridge()).fit(X, y).set_params(labels="joint")
    with pytest.raises(ValueError, match="labels was 'corrected' in the generations so far"):
        mix.partial_fit(X, y)


class FailsLater(GaussianCopulaSynthesizer):
    """Learns a few times, then breaks down."""

    fits = 0

    def _fit(self, columns, sample_weight, target):
        type(self).fits += 1
        if type(self).fits > 3:
            raise RuntimeError("out of order")
        super()._fit(columns, sample_weight, target)


def test_a_failed_generation_leaves_the_last_good_models(regression):
    X, y = regression
    FailsLater.fits = 0
    mix = RecursiveMixRegressor(Ridge(), FailsLater(), random_state=0)
    with pytest.raises(RuntimeError, match="out of order"):
        mix.fit(X, y)
    good = RecursiveMixRegressor(Ridge(), GaussianCopulaSynthesizer(), random_state=0)
    for rows in np.array_split(np.arange(len(y)), 5)[:3]:
        good.partial_fit(X[rows], y[rows])
    assert [record["generation"] for record in mix.history_] == [0, 1, 2]
    np.testing.assert_array_equal(mix.predict(X), good.predict(X))
    # It goes on from there as if nothing had happened.
    mix.set_params(synthesizer=GaussianCopulaSynthesizer())
    rows = np.array_split(np.arange(len(y)), 5)[3]
    mix.partial_fit(X[rows], y[rows])
    good.partial_fit(X[rows], y[rows])
    np.testing.assert_array_equal(mix.predict(X), good.predict(X))


def test_a_failed_refit_leaves_the_earlier_fit(regression):
    X, y = regression
    mix = RecursiveMixRegressor(Ridge(), random_state=0).fit(X, y)
    before = mix.predict(X)
    with pytest.raises(ValueError, match="y contains"):
        mix.fit(X[:, :2], np.where(y > 0, np.nan, y))
    np.testing.assert_array_equal(mix.predict(X), before)
    mix.set_params(synthesizer=FailsLater())
    FailsLater.fits = 3
    with pytest.raises(RuntimeError):
        mix.fit(X[:, :2], y)
    np.testing.assert_array_equal(mix.predict(X), before)


def test_unfitted_objects_say_so():
    mix = RecursiveMixRegressor()
    for call in (lambda: mix.predict([[1.0]]), mix.sample):
        with pytest.raises(NotFittedError):
            call()
    assert not hasattr(mix, "history_")


BOOSTING = {
    RecursiveMixRegressor: HistGradientBoostingRegressor(max_iter=30),
    RecursiveMixClassifier: HistGradientBoostingClassifier(max_iter=30),
}


def table_and_target(kind, seed):
    X = np.random.default_rng(seed).normal(size=(100, 3))
    return X, X[:, 0] if kind is RecursiveMixRegressor else (X[:, 0] > 0).astype(int)


@pytest.mark.parametrize("kind", BOOSTING)
def test_an_empty_column_is_named_where_the_estimator_does_not(kind):
    pandas = pytest.importorskip("pandas")
    X, y = table_and_target(kind, 0)
    X[:, 1] = np.nan
    with pytest.raises(ValueError, match=r"columns \[1\] have no value in any of the rows"):
        kind(BOOSTING[kind]).partial_fit(X, y)
    frame = pandas.DataFrame(X, columns=["a", "sold", "c"])
    with pytest.raises(ValueError, match=r"columns \['sold'\] have no value"):
        kind(BOOSTING[kind]).partial_fit(frame, y)


@pytest.mark.parametrize("kind", BOOSTING)
def test_dates_are_named_where_the_estimator_does_not(kind):
    pandas = pytest.importorskip("pandas")
    X, y = table_and_target(kind, 0)
    days = pandas.date_range("2026-01-01", periods=100, freq="D")
    frame = pandas.DataFrame({"size": X[:, 0], "sold": days})
    with pytest.raises(TypeError, match=r"columns \['sold'\] hold dates. Drop or convert"):
        kind(BOOSTING[kind]).partial_fit(frame, y)


@pytest.mark.parametrize("kind", BOOSTING)
def test_text_is_named_unless_earlier_steps_convert_it(kind):
    pandas = pytest.importorskip("pandas")
    X, y = table_and_target(kind, 0)
    frame = pandas.DataFrame({"size": X[:, 0], "city": ["Rome", "Oslo"] * 50})
    frame["kind"] = frame["city"].astype("category")
    with pytest.raises(ValueError, match=r"columns \['city'\] hold text. Drop or convert"):
        kind(BOOSTING[kind]).partial_fit(frame, y)
    with pytest.raises(ValueError, match=r"columns \[1\] hold text"):
        kind(BOOSTING[kind]).partial_fit(frame[["size", "city"]].to_numpy(), y)
    encode = make_column_transformer((OneHotEncoder(), ["city", "kind"]), remainder="passthrough")
    refusing = make_pipeline(
        encode, Ridge() if kind is RecursiveMixRegressor else RidgeClassifier()
    )
    frame.loc[0, "size"] = np.nan
    with pytest.raises(ValueError, match="contains NaN") as refused:
        kind(refusing).partial_fit(frame, y)
    assert "hold text" not in str(refused.value)


@pytest.mark.parametrize("labels", ["corrected", "predict", "joint"])
@pytest.mark.parametrize("lam", ["optimal", "adaptive"])
@pytest.mark.parametrize("kind", BOOSTING)
def test_a_month_without_a_column_is_survived(kind, lam, labels):
    """The synthetic rows have values, so the mix can be learned although its real part cannot."""
    mix = kind(BOOSTING[kind], lam=lam, labels=labels, n_synthetic=2.0, random_state=0)
    mix.partial_fit(*table_and_target(kind, 0))
    X, y = table_and_target(kind, 1)
    X[:, 1] = np.nan
    mix.partial_fit(X, y)
    if labels == "corrected":
        assert mix.history_[-1]["correction"] == 0
    if lam == "adaptive":
        assert mix.history_[-1]["reason"] == "no fit to a fold"
    assert mix.score(*table_and_target(kind, 2)) > 0.5
