"""scikit-learn's own checks."""

import pytest
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.utils.estimator_checks import parametrize_with_checks

from skcollapse import (
    RecursiveMixClassifier,
    RecursiveMixRegressor,
    RecursiveMixSynthesizer,
)

ORDER = (
    "the check shuffles the weighted table but not the repeated one, and without `generation` "
    "the table is cut into batches by row order"
)


# Fewer rows and rounds than by default: the checks are about the contract, not about accuracy.
SMALL = {"n_generations": 2, "n_synthetic": 2.0}


def instances():
    for labels in ("predict", "corrected", "sample", "joint"):
        for workflow, lam in (("fresh", "optimal"), ("fixed", "optimal"), ("fixed", 0.7)):
            options = {"workflow": workflow, "lam": lam, "labels": labels, **SMALL}
            yield RecursiveMixRegressor(Ridge(), **options)
            yield RecursiveMixClassifier(LogisticRegression(), **options)
    for workflow in ("replace", "accumulate", "window"):
        options = {"workflow": workflow, "lam": "proportional", **SMALL}
        yield RecursiveMixRegressor(Ridge(), **options)
        yield RecursiveMixClassifier(LogisticRegression(), **options)
    for labels in ("corrected", "joint"):
        yield RecursiveMixRegressor(Ridge(), lam="adaptive", labels=labels, **SMALL)
        yield RecursiveMixClassifier(LogisticRegression(), lam="adaptive", labels=labels, **SMALL)
    yield RecursiveMixRegressor(Ridge(), workflow="accumulate_subsample", **SMALL)
    yield RecursiveMixSynthesizer(**SMALL)
    yield RecursiveMixSynthesizer(workflow="fixed", lam=0.5, **SMALL)
    yield RecursiveMixRegressor(Ridge())
    yield RecursiveMixClassifier(LogisticRegression())


def expected_failures(mix):
    # A synthesizer predicts nothing, so that the check has nothing to compare.
    if mix.workflow != "fresh" or not hasattr(mix, "predict"):
        return {}
    return {"check_sample_weight_equivalence_on_dense_data": ORDER}


# Tiny tables sorted by class are part of the checks; the warning about them has its own test.
@pytest.mark.filterwarnings("ignore:The first .* rows hold one class only:UserWarning")
@parametrize_with_checks(list(instances()), expected_failed_checks=expected_failures)
def test_scikit_learn_contract(estimator, check):
    check(estimator)
