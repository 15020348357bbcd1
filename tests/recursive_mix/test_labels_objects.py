"""`labels` takes a strategy object beside a name."""

import pickle
from dataclasses import dataclass

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression, Ridge

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse._recursive_mix import LABELLERS
from skcollapse.labels import BaseLabeller, Corrected, Labelled, Predict, Sample
from skcollapse.synthesizers import TreeSynthesizer

X = np.random.default_rng(0).normal(size=(120, 2))
NUMBERS = X @ [1.0, -1.0] + np.random.default_rng(1).normal(size=120)
CLASSES = np.where(NUMBERS > 0, "yes", "no")
FACES = {
    "numbers": (RecursiveMixRegressor, Ridge(), NUMBERS),
    "classes": (RecursiveMixClassifier, LogisticRegression(), CLASSES),
}


@dataclass(frozen=True)
class Counting(BaseLabeller):
    """Predictions; counts the generations that it has labelled."""

    count: int = 0

    def label(self, here, drawn, fresh, weight):
        rows = here.task.labelled(drawn, here.last_means(drawn))
        return Labelled(Counting(self.count + 1), rows, measured={"correction": self.count})


class Plain(BaseLabeller):
    """Not a dataclass: two objects of the same content are not equal."""

    def label(self, here, drawn, fresh, weight):
        return Labelled(self, here.task.labelled(drawn, here.last_means(drawn)))


@pytest.fixture(params=FACES, name="face")
def _face(request):
    cls, learner, y = FACES[request.param]

    def make(labels):
        options = {"n_generations": 3, "n_synthetic": 2.0, "random_state": 0}
        return cls(learner, TreeSynthesizer(), labels=labels, **options)

    return make, y


@pytest.mark.parametrize("name", LABELLERS)
def test_an_object_does_what_its_name_does(face, name):
    make, y = face
    by_name, by_object = make(name).fit(X, y), make(LABELLERS[name]()).fit(X, y)
    np.testing.assert_array_equal(by_name.predict(X), by_object.predict(X))
    np.testing.assert_array_equal(by_name.sample(5, 0)[1], by_object.sample(5, 0)[1])


def test_a_strategy_from_outside_runs_and_remembers(face):
    make, y = face
    mix = make(Counting()).fit(X, y)
    assert [r["correction"] for r in mix.history_] == [None, 0.0, 1.0, 2.0]
    np.testing.assert_array_equal(mix.predict(X), make("predict").fit(X, y).predict(X))


def test_the_parameter_stays_as_it_was(face):
    make, y = face
    labels = Sample()
    mix = make(labels).fit(X, y)
    assert mix.labels is labels
    assert labels == Sample()
    assert clone(mix).labels == labels


def test_a_second_fit_starts_from_the_parameter_again(face):
    make, y = face
    mix = make(Counting()).fit(X, y).fit(X, y)
    assert mix.history_[1]["correction"] == 0.0


@pytest.mark.parametrize("labels", [Counting(), Plain()], ids=["dataclass", "plain class"])
def test_a_stream_goes_on_after_pickling(face, labels):
    make, y = face
    mix = pickle.loads(pickle.dumps(make(labels).partial_fit(X, y)))
    assert mix.partial_fit(X, y).generation_ == 1


@pytest.mark.parametrize("other", [Corrected(), "corrected", Counting(7)])
def test_labels_cannot_change_in_the_middle_of_a_stream(face, other):
    make, y = face
    mix = make(Counting()).partial_fit(X, y).set_params(labels=other)
    with pytest.raises(ValueError, match="labels was Counting"):
        mix.partial_fit(X, y)
    assert mix.generation_ == 0


@pytest.mark.parametrize("labels", [Predict, "truth", None])
def test_anything_else_is_refused_by_name(face, labels):
    make, y = face
    with pytest.raises(ValueError, match="The 'labels' parameter of RecursiveMix"):
        make(labels).fit(X, y)


def test_history_has_room_for_known_measures_only():
    with pytest.raises(ValueError, match=r"measured holds \['bias'\]"):
        Labelled(Predict(), measured={"bias": 1.0})


def test_two_targets_are_refused_by_name():
    two = np.column_stack([NUMBERS, NUMBERS])
    for lam in ("adaptive", "optimal"):
        mix = RecursiveMixRegressor(Ridge(), lam=lam, random_state=0)
        with pytest.raises(ValueError, match=r"y should be a 1d array, got an array of shape"):
            mix.fit(X, two)


def test_sampled_labels_under_corrected_are_plain_predictions():
    """Corrections serve the next generation's rows; users get what the last estimator says."""
    mix = RecursiveMixRegressor(Ridge(), TreeSynthesizer(), n_synthetic=2.0, random_state=0)
    drawn, labels = mix.fit(X, NUMBERS).sample(20, random_state=0)
    np.testing.assert_array_equal(labels, mix.predict(drawn))
