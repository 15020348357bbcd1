"""Objects with fit and sample from elsewhere, used as synthesizers."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture
from sklearn.neighbors import KernelDensity
from sklearn.utils.estimator_checks import parametrize_with_checks

from skcollapse.synthesizers import (
    BaseSynthesizer,
    GaussianCopulaSynthesizer,
    SynthesizerAdapter,
    as_synthesizer,
)


class Recorder:
    """A plain object, no scikit-learn estimator: keeps what it was fitted on."""

    def fit(self, data):
        self.data = data

    def sample(self, n):
        return self.data[np.arange(n) % len(self.data)]


class WrongShape(Recorder):
    def sample(self, n):
        return self.data[:n, :1]


def two_blobs(n=400, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.integers(2, size=n)
    return np.c_[rng.normal(size=n) + 6 * y, rng.normal(size=n)], y


@parametrize_with_checks(
    [SynthesizerAdapter(GaussianMixture()), SynthesizerAdapter(KernelDensity())]
)
def test_scikit_learn_conventions(estimator, check):
    check(estimator)


def test_own_synthesizers_pass_through():
    synthesizer = GaussianCopulaSynthesizer()
    assert as_synthesizer(synthesizer) is synthesizer
    adapter = as_synthesizer(KernelDensity())
    assert isinstance(adapter, BaseSynthesizer)
    assert as_synthesizer(adapter) is adapter


@pytest.mark.parametrize(
    ("thing", "message"),
    [
        (BaseEstimator(), "no fit and no sample"),
        ("copula", "no fit and no sample"),
        (None, "no fit and no sample"),
        (KernelDensity, r"pass KernelDensity\(\)"),
    ],
)
def test_other_objects_are_refused(thing, message):
    with pytest.raises(TypeError, match=message):
        as_synthesizer(thing)


@pytest.mark.parametrize(
    "learner",
    [
        GaussianMixture(n_components=2),
        BayesianGaussianMixture(n_components=2),
        KernelDensity(bandwidth=0.2),
    ],
    ids=lambda learner: type(learner).__name__,
)
def test_joint_draw_keeps_the_dependence_of_y_on_x(learner):
    """The two classes lie 6 standard deviations apart: a cut at 3 tells them in drawn rows."""
    X, y = two_blobs()
    adapter = SynthesizerAdapter(learner, random_state=0).fit(X, y)
    X_drawn, y_drawn = adapter.sample(500, random_state=0)
    assert y_drawn.dtype == y.dtype
    assert set(y_drawn) == {0, 1}
    assert np.mean((X_drawn[:, 0] > 3) == y_drawn) > 0.97
    # Rows come in random order: the halves have the same share of classes.
    assert abs(y_drawn[:250].mean() - y_drawn[250:].mean()) < 0.15


@pytest.mark.parametrize("labels", [["no", "yes"], [0.0, 1.0], [False, True]])
def test_labels_come_back_as_labels(labels):
    X, y = two_blobs()
    y = np.array(labels)[y]
    _, drawn = as_synthesizer(KernelDensity(bandwidth=1.0)).fit(X, y).sample(300, random_state=0)
    assert drawn.dtype == y.dtype
    assert set(drawn) == set(labels)


def test_integers_are_rounded_and_stay_in_range():
    X = np.random.default_rng(0).integers(0, 3000, size=(200, 2))
    drawn = as_synthesizer(KernelDensity(bandwidth=500.0)).fit(X).sample(500, random_state=0)
    assert drawn.dtype == X.dtype
    assert drawn.min() >= 0
    assert drawn.max() <= X.max()
    few = np.array([[1], [2], [40]] * 5)
    drawn = as_synthesizer(KernelDensity(bandwidth=5.0)).fit(few).sample(500, random_state=0)
    assert set(drawn[:, 0]) == {1, 2, 40}


def test_continuous_numbers_are_left_alone():
    X = np.random.default_rng(0).normal(size=(10, 1))
    drawn = as_synthesizer(KernelDensity(bandwidth=0.5)).fit(X).sample(100, random_state=0)
    assert len(np.unique(drawn)) == 100


def test_frame_comes_back_as_frame():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(
        {"a": np.arange(30, dtype="int8"), "b": np.linspace(0, 1, 30, dtype="float32")}
    )
    drawn = as_synthesizer(GaussianMixture()).fit(frame).sample(5, random_state=0)
    pd.testing.assert_series_equal(drawn.dtypes, frame.dtypes)


def test_weights_reach_a_learner_that_takes_them():
    X = np.array([[0.0], [10.0]])
    adapter = as_synthesizer(KernelDensity(bandwidth=0.1)).fit(X, sample_weight=[3.0, 1.0])
    drawn = adapter.sample(4000, random_state=0)
    assert adapter.synthesizer_.tree_.sample_weight is not None
    assert abs((drawn < 5).mean() - 0.75) < 4 * np.sqrt(0.75 * 0.25 / 4000)


@pytest.mark.parametrize(
    ("weights", "counts"),
    [
        ([1, 1, 1], [1, 1, 1]),
        ([5, 5, 5], [1, 1, 1]),
        ([1, 2, 0], [1, 2, 0]),
        ([1, 0.5, 1], [2, 1, 2]),
    ],
)
def test_weights_become_repeated_rows_for_a_learner_without(weights, counts):
    adapter = as_synthesizer(Recorder()).fit(np.arange(3.0)[:, None] / 7, sample_weight=weights)
    found = [np.sum(adapter.synthesizer_.data == k / 7) for k in range(3)]
    assert found == counts


def test_other_weights_become_twice_the_rows_by_random_state():
    X, weights = np.arange(50.0)[:, None] / 7, np.random.default_rng(0).random(50)
    fits = [
        SynthesizerAdapter(Recorder(), random_state=seed).fit(X, sample_weight=weights)
        for seed in (0, 0, 1)
    ]
    data = [adapter.synthesizer_.data for adapter in fits]
    assert len(data[0]) == 100
    np.testing.assert_array_equal(data[0], data[1])
    assert not np.array_equal(data[0], data[2])


def test_given_object_is_neither_fitted_nor_changed():
    for learner in (GaussianMixture(), Recorder()):
        before = dict(vars(learner))
        SynthesizerAdapter(learner, random_state=0).fit(two_blobs()[0]).sample(3)
        assert vars(learner) == before


@pytest.mark.parametrize("learner", [GaussianMixture(n_components=2), KernelDensity()])
def test_fit_and_sample_are_reproducible(learner):
    X, y = two_blobs()
    first, second = (SynthesizerAdapter(learner, random_state=3).fit(X, y) for _ in range(2))
    a, b = first.sample(20, random_state=0), second.sample(20, random_state=0)
    np.testing.assert_array_equal(a[0], b[0])
    np.testing.assert_array_equal(a[1], b[1])
    state = getattr(first.synthesizer_, "random_state", None)
    assert not np.array_equal(first.sample(20, random_state=1)[0], a[0])
    assert getattr(first.synthesizer_, "random_state", None) == state


def test_nested_parameters_reach_the_object():
    adapter = SynthesizerAdapter(GaussianMixture())
    adapter.set_params(synthesizer__n_components=3)
    assert adapter.synthesizer.n_components == 3
    copied = clone(adapter)
    assert copied.synthesizer is not adapter.synthesizer
    assert copied.get_params()["synthesizer__n_components"] == 3


def test_who_keeps_rows():
    assert as_synthesizer(KernelDensity()).stores_rows
    assert as_synthesizer(Recorder()).stores_rows
    assert not as_synthesizer(GaussianMixture()).stores_rows
    assert not as_synthesizer(BayesianGaussianMixture()).stores_rows
    honest = Recorder()
    honest.stores_rows = False
    assert not as_synthesizer(honest).stores_rows


def test_columns_that_cannot_be_learned_are_named():
    pd = pytest.importorskip("pandas")
    adapter = as_synthesizer(KernelDensity())
    with pytest.raises(ValueError, match=r"'city' holds text.*KernelDensity"):
        adapter.fit(pd.DataFrame({"x": [1.0, 2.0], "city": ["a", "b"]}))
    with pytest.raises(ValueError, match=r"'x' has missing values.*KernelDensity"):
        adapter.fit(pd.DataFrame({"x": [1.0, np.nan]}))


def test_object_that_draws_the_wrong_shape():
    adapter = as_synthesizer(WrongShape()).fit(np.random.default_rng(0).normal(size=(30, 2)))
    with pytest.raises(ValueError, match=r"WrongShape returned an array of shape \(5, 1\)"):
        adapter.sample(5)
