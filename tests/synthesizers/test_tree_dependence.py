"""Dependence that a Gaussian copula cannot carry, judged by a classifier."""

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict

from skcollapse.synthesizers import GaussianCopulaSynthesizer, TreeSynthesizer

N = 3000


def distinguishability(real, drawn):
    """AUC of a classifier that tells real from drawn rows, out of fold: 0.5 if it cannot."""
    X, is_drawn = np.concatenate([real, drawn]), np.repeat([0, 1], [len(real), len(drawn)])
    classifier = HistGradientBoostingClassifier(max_iter=30)
    scores = cross_val_predict(classifier, X, is_drawn, cv=3, method="predict_proba")
    return roc_auc_score(is_drawn, scores[:, 1])


def xor(rng):
    """Each pair of columns is independent; the sign of the third is the product of the signs."""
    X = rng.standard_normal((N, 3))
    X[:, 2] = np.abs(X[:, 2]) * np.sign(X[:, 0] * X[:, 1])
    return X


def circle(rng):
    angle = rng.uniform(0, 2 * np.pi, N)
    return np.column_stack([np.cos(angle), np.sin(angle)]) + 0.1 * rng.standard_normal((N, 2))


def clusters(rng):
    """A number whose spread, not its mean, depends on a category."""
    group = rng.integers(0, 2, N)
    return np.column_stack([group, rng.standard_normal(N) * np.where(group, 0.1, 2.0)])


@pytest.mark.parametrize("make", [xor, circle, clusters])
@pytest.mark.parametrize("leaves", ["sketches", "values"])
def test_trees_carry_what_a_copula_cannot(make, leaves):
    """New rows of the law against drawn ones, over three draws.

    A draw moves the AUC by about 0.01; sketches of the circle have a mean of 0.605 over ten draws.
    """
    seen, new = make(np.random.default_rng(0)), make(np.random.default_rng(1))
    trees = TreeSynthesizer(leaves=leaves).fit(seen)
    found = [distinguishability(new, trees.sample(N, random_state=seed)) for seed in range(3)]
    copula = GaussianCopulaSynthesizer().fit(seen).sample(N, random_state=0)
    assert np.mean(found) < 0.63
    assert distinguishability(new, copula) > 0.7
