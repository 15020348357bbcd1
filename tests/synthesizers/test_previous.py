"""A synthesizer may go on from the last one: who is handed it, and when it is no start."""

import pickle

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from skcollapse.synthesizers import (
    BaseSynthesizer,
    EmpiricalSynthesizer,
    GaussianCopulaSynthesizer,
    GaussianSynthesizer,
    KernelDensitySynthesizer,
    TreeSynthesizer,
    as_synthesizer,
)

X = np.random.default_rng(0).normal(size=(60, 2))
Y = np.repeat(["a", "b", "c"], 20)


class Counter(BaseSynthesizer):
    """Counts the fits behind it; draws the mean."""

    def _fit(self, columns, sample_weight, target, previous=None):
        self.before_ = previous
        self.n_fits_ = 1 if previous is None else previous.n_fits_ + 1
        self.columns_ = columns

    def _sample(self, n_samples, generator):
        return [column.take(np.zeros(n_samples, dtype=int)) for column in self.columns_]


class OtherCounter(Counter):
    """The same under another name."""


class Learner:
    """An object of another library that goes on from the last one."""

    def fit(self, data, previous="left out"):
        self.data, self.given = data, previous

    def sample(self, n):
        return self.data[np.arange(n) % len(self.data)]


class ColdLearner(Learner):
    """One that does not: the name would be an unexpected keyword."""

    def fit(self, data):
        self.data = data


def test_fit_that_names_previous_gets_it():
    first = Counter().fit(X)
    second = Counter().fit(X, previous=first)
    third = Counter().fit(X, previous=second)
    assert (first.before_, second.before_, third.n_fits_) == (None, first, 3)


def test_a_model_of_another_class_is_no_start():
    assert Counter().fit(X, previous=OtherCounter().fit(X)).before_ is None
    assert OtherCounter().fit(X, previous=Counter().fit(X)).before_ is None


def test_an_unfitted_model_is_refused_where_it_would_be_used():
    with pytest.raises(NotFittedError):
        Counter().fit(X, previous=Counter())


@pytest.mark.parametrize(
    "synthesizer",
    [
        EmpiricalSynthesizer(),
        GaussianCopulaSynthesizer(),
        GaussianSynthesizer(),
        KernelDensitySynthesizer(bandwidth=0.5, shrink=1.0),
        TreeSynthesizer(),
    ],
    ids=lambda synthesizer: type(synthesizer).__name__,
)
def test_the_default_ignores_it(synthesizer):
    alone = pickle.dumps(synthesizer.fit(X))
    assert pickle.dumps(synthesizer.fit(X, previous=pickle.loads(alone))) == alone


def test_wrapped_object_gets_the_wrapped_object():
    first = as_synthesizer(Learner()).fit(X, Y)
    assert first.synthesizer_.given is None
    second = as_synthesizer(Learner()).fit(X, Y, previous=first)
    assert second.synthesizer_.given is first.synthesizer_


def test_wrapped_object_that_does_not_name_it_never_gets_it():
    first = as_synthesizer(ColdLearner()).fit(X)
    assert as_synthesizer(ColdLearner()).fit(X, previous=first).sample(3).shape == (3, 2)


@pytest.mark.parametrize(
    ("X_before", "y_before"),
    [(X, Y[::-1] == "a"), (X, np.repeat(["a", "b", "d"], 20)), (X, None), (X[:, :1], Y)],
    ids=["another kind of class", "another class", "no target", "fewer columns"],
)
def test_wrapped_object_starts_anew_where_its_floats_mean_something_else(X_before, y_before):
    before = as_synthesizer(Learner()).fit(X_before, y_before)
    assert as_synthesizer(Learner()).fit(X, Y, previous=before).synthesizer_.given is None


def test_wrapped_object_of_another_class_is_no_start():
    before = as_synthesizer(ColdLearner()).fit(X)
    assert as_synthesizer(Learner()).fit(X, previous=before).synthesizer_.given is None
