"""The way of a generation through the code: no call from a base class into a subclass."""

import inspect
import sys

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse._recursive_mix.recursion import Recursion
from skcollapse.labels import BaseLabeller
from skcollapse.synthesizers import GaussianSynthesizer

X = np.random.default_rng(0).normal(size=(60, 2))
Y = X @ [1.0, -1.0]


def calls_into_estimators(function, faces):
    """Run a function; return the methods of `faces` that are called meanwhile."""
    names = {
        inspect.unwrap(method).__code__: f"{cls.__name__}.{name}"
        for face in faces
        for cls in face.__mro__
        if cls.__module__.startswith("skcollapse._recursive_mix")
        for name, method in vars(cls).items()
        if inspect.isfunction(method)
    }
    called = []

    def note(frame, event, _):
        if event == "call" and frame.f_code in names:
            called.append(names[frame.f_code])

    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(None)
    return called


@pytest.mark.parametrize("labels", ["predict", "corrected", "sample", "joint"])
@pytest.mark.parametrize(
    ("face", "learner", "y"),
    [
        (RecursiveMixRegressor, Ridge(), Y),
        (RecursiveMixClassifier, LogisticRegression(), (Y > 0).astype(int)),
    ],
    ids=["numbers", "classes"],
)
def test_no_generation_calls_back_into_an_estimator(monkeypatch, face, learner, y, labels):
    called = []
    run = Recursion.run

    def watched(self, *args):
        out = []
        called.extend(calls_into_estimators(lambda: out.append(run(self, *args)), [face]))
        return out[0]

    monkeypatch.setattr(Recursion, "run", watched)
    options = {"labels": labels, "lam": "adaptive", "n_synthetic": 2.0, "random_state": 0}
    face(learner, GaussianSynthesizer(), n_generations=2, **options).fit(X, y)
    assert called == []


def test_calls_into_estimators_are_found():
    mix = RecursiveMixRegressor(Ridge(), GaussianSynthesizer(), n_generations=0).fit(X, Y)
    called = calls_into_estimators(lambda: mix.predict(X), [RecursiveMixRegressor])
    assert called[:2] == ["BaseRecursiveMix.predict", "BaseRecursiveMix._check_new"]


def test_one_private_fitted_attribute():
    mix = RecursiveMixRegressor(Ridge(), GaussianSynthesizer(), n_generations=1).fit(X, Y)
    private = {name for name in vars(mix) if name.startswith("_") and name.endswith("_")}
    assert private == {"_stream_"}


def test_a_labeller_has_one_abstract_method():
    assert BaseLabeller.__abstractmethods__ == {"label"}
