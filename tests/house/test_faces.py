"""The three estimators describe a parameter that they share in the same words."""

import inspect

import pytest

docscrape = pytest.importorskip("numpydoc.docscrape")

from skcollapse._recursive_mix import (  # noqa: E402
    RecursiveMixClassifier,
    RecursiveMixRegressor,
    RecursiveMixSynthesizer,
)


def parameters(cls):
    """Return the text of each parameter, the same for a regressor and a classifier."""
    documented = docscrape.ClassDoc(cls)["Parameters"]
    return {p.name: " ".join(p.desc).replace("regressor", "classifier") for p in documented}


def first_sentences(texts):
    """Return what each parameter is, without what a class adds."""
    return {name: text.split(". ")[0].rstrip(".") for name, text in texts.items()}


def differing(one, other):
    """Return the shared parameters whose texts differ."""
    return {name for name in one.keys() & other.keys() if one[name] != other[name]}


def test_regressor_and_classifier_say_the_same():
    texts = [parameters(cls) for cls in (RecursiveMixRegressor, RecursiveMixClassifier)]
    assert differing(*texts) == set()
    assert texts[0].keys() == texts[1].keys()


def test_synthesizer_begins_with_the_same_sentence():
    texts = [parameters(cls) for cls in (RecursiveMixRegressor, RecursiveMixSynthesizer)]
    assert differing(*map(first_sentences, texts)) == set()


def test_every_parameter_is_read():
    for cls in (RecursiveMixRegressor, RecursiveMixClassifier, RecursiveMixSynthesizer):
        assert list(parameters(cls)) == list(inspect.signature(cls).parameters)


def test_planted_differences_are_found():
    one = {"a": "Number of rows. More is better.", "b": "Seed.", "c": "Any regressor."}
    other = {"a": "Number of rows. Fewer is faster.", "b": "Source of randomness.", "d": "Own."}
    assert differing(one, other) == {"a", "b"}
    assert differing(first_sentences(one), first_sentences(other)) == {"b"}
