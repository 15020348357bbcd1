"""The score on held-out rows."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from skcollapse.benchmark._streams._scoring import score_on_test
from skcollapse.benchmark._streams._stream import TableStream


class Fixed:
    """A predictor that always says the same."""

    def __init__(self, classes, probability):
        self.classes_ = np.array(classes)
        self.probability = np.array(probability)

    def predict_proba(self, X):
        return self.probability

    def predict(self, X):
        return self.probability


def stream(y, task="classification"):
    return TableStream(task, np.unique(y), None, np.array(y), None, np.array([]), 1)


def test_regression_is_r2():
    # The residuals are 1, 0, 0, 1 and the deviations from the mean 1, 1, 1, 1: 1 - 2/4.
    assert (
        score_on_test(Fixed([], [1.0, 0.0, 2.0, 1.0]), stream([0.0, 0.0, 2.0, 2.0], "regression"))
        == 0.5
    )


def test_several_classes_agree_with_scikit_learn():
    rng = np.random.default_rng(0)
    y = np.array(list("aabbbcccc") * 5)
    probability = rng.dirichlet(np.ones(3), size=len(y))
    expected = roc_auc_score(y, probability, multi_class="ovr", average="weighted")
    assert score_on_test(Fixed(list("abc"), probability), stream(y)) == pytest.approx(expected)


def test_two_classes_agree_with_scikit_learn():
    y = np.array([0, 0, 1, 1, 0])
    probability = np.array([0.1, 0.7, 0.6, 0.9, 0.2])
    both = np.column_stack([1 - probability, probability])
    found = score_on_test(Fixed([0, 1], both), stream(y))
    assert found == pytest.approx(roc_auc_score(y, probability))


def test_a_class_never_seen_counts_as_a_coin():
    # "a" against the rest is perfect (area 1), "b" has probability 0 everywhere (area 1/2).
    found = score_on_test(Fixed(["a"], [[1.0], [1.0], [0.0], [0.0]]), stream(list("aabb")))
    assert found == pytest.approx(0.75)


def test_a_test_set_of_one_class_is_an_error():
    with pytest.raises(ValueError, match="larger test_size"):
        score_on_test(Fixed(["a"], [[1.0], [1.0]]), stream(list("aa")))
