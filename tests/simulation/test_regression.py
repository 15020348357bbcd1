"""Statements that hold the theory of workflows against regressions refitted on drawn rows.

Mean squared errors of generations are divided by that of generation 0. Standard errors of such
ratios come from the replications (delta method); logistic and Poisson fits also differ from the
limit by terms of order 1/n, for which their tolerance has room.
"""

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

from skcollapse.simulation import simulate_regression
from skcollapse.theory import linear_regression_risk, relative_risk
from skcollapse.workflows import (
    Accumulate,
    AccumulateSubsample,
    BaseWorkflow,
    Batch,
    Fixed,
    Fresh,
    MatrixWorkflow,
    Replace,
    Window,
    check_workflow,
)

GOLDEN_LAM = (5**0.5 - 1) / 2  # puts the weight 1 / (1 + lam) = 0.618 on real rows


def squared_errors(path, coef=1.0):
    return ((path - coef) ** 2).sum(axis=2)


def ratios(errors):
    """Risk of each generation relative to generation 0, and its standard error."""
    scaled = errors / errors[:, 0].mean()
    ratio = scaled.mean(axis=0)
    return ratio, (scaled - ratio * scaled[:, :1]).std(axis=0) / np.sqrt(len(errors))


def settled_ratio(family, lam, n_samples, n_replications):
    """Relative risk of fresh rows after it has settled: the mean of generations 4 to 7."""
    path = simulate_regression(
        "fresh",
        family,
        n_samples,
        2,
        7,
        lam=lam,
        n_replications=n_replications,
        random_state=0,
    )
    errors = squared_errors(path)
    return errors[:, 4:].mean() / errors[:, 0].mean()


@pytest.mark.parametrize(
    ("family", "n_samples", "n_replications", "tolerance"),
    [("linear", 100, 4000, 0.03), ("logistic", 500, 800, 0.08), ("poisson", 500, 800, 0.08)],
)
def test_fresh_rows_settle_at_the_golden_ratio_in_all_families(
    family, n_samples, n_replications, tolerance
):
    # Standard errors: 0.011, 0.027, 0.027. With the wrong weight 0.4 theory says 0.8125.
    found = settled_ratio(family, GOLDEN_LAM, n_samples, n_replications)
    assert abs(found - 0.618) < tolerance


def test_wrong_weight_is_caught():
    found = settled_ratio("linear", 1 / 0.4 - 1, 100, 4000)
    assert abs(found - 0.618) > 5 * 0.03
    assert abs(found - 0.8125) < 0.04


@pytest.mark.parametrize(
    ("family", "information"), [("linear", 2), ("logistic", 15.46502), ("poisson", 0.490506)]
)
def test_first_fit_has_the_variance_of_its_information(family, information):
    # n times the risk of maximum likelihood is the trace of the inverse information; s.e. 3%.
    path = simulate_regression("fresh", family, 1000, 2, 0, n_replications=1000, random_state=1)
    np.testing.assert_allclose(1000 * squared_errors(path).mean(), information, rtol=0.12)


ANY_MASS = [[1, 0, 0, 0], [0.3, 0.7, 0, 0], [0.2, 0, 0.8, 0], [0, 0.6, 0, 0.4]]

WORKFLOWS = [
    (Accumulate(), None, 1.0),
    (Replace(), None, 1.0),
    (Fixed(), 1.0, 1.0),
    (Fresh(), [0.5, 1.0, 2.0], 3.0),
    (Window(2), GOLDEN_LAM, 0.5),
    (AccumulateSubsample(), None, 1.0),
    (
        MatrixWorkflow([[1, 0, 0, 0], [0.3, 0.7, 0, 0], [0.2, 0, 0.8, 0], [0, 0.6, 0, 0.4]]),
        None,
        1,
    ),
]


@pytest.mark.parametrize(("workflow", "lam", "n_synthetic"), WORKFLOWS, ids=repr)
def test_linear_regression_follows_the_mixing_matrix(workflow, lam, n_synthetic):
    mixing = workflow.mixing_matrix(3, n_synthetic=n_synthetic, lam=lam)
    path = simulate_regression(
        workflow,
        "linear",
        200,
        2,
        3,
        lam=lam,
        n_synthetic=n_synthetic,
        n_replications=2000,
        random_state=3,
    )
    ratio, error = ratios(squared_errors(path))
    # 2% for terms of order 1/n beside four standard errors, which are 1.5 to 3%.
    expected = relative_risk(mixing)
    assert (np.abs(ratio - expected) < 4 * error + 0.02 * expected).all()


def test_matrix_of_another_workflow_is_caught():
    path = simulate_regression("replace", "linear", 200, 2, 3, n_replications=2000, random_state=3)
    ratio, error = ratios(squared_errors(path))
    wrong = relative_risk(Accumulate().mixing_matrix(3))
    assert (np.abs(ratio - wrong)[1:] > 4 * error[1:] + 0.02 * wrong[1:]).all()


@pytest.mark.parametrize("workflow", ["replace", "accumulate"])
def test_few_rows_follow_the_exact_finite_sample_risk(workflow):
    path = simulate_regression(workflow, "linear", 20, 5, 5, n_replications=8000, random_state=4)
    errors = squared_errors(path)
    expected = linear_regression_risk(workflow, 20, 5, 1.0, 5, redraw=True)
    z = (errors.mean(axis=0) - expected) / (errors.std(axis=0) / np.sqrt(len(errors)))
    assert np.abs(z).max() < 4
    # The limit for many rows would be told apart.
    limit = 5 / 20 * relative_risk(check_workflow(workflow).mixing_matrix(5))
    assert (errors.mean(axis=0) > 1.1 * limit).all()


def test_accumulated_logistic_fits_stay_bounded_and_replaced_ones_do_not():
    def last_ratio(name):
        path = simulate_regression(name, "logistic", 300, 2, 4, n_replications=500, random_state=5)
        return ratios(squared_errors(path))[0][-1]

    assert last_ratio("accumulate") < np.pi**2 / 6
    assert last_ratio("replace") > 4


def test_all_weight_on_real_rows_gives_independent_equal_fits():
    path = simulate_regression(
        "fresh", "linear", 50, 2, 2, lam=0.0, n_replications=4000, random_state=6
    )
    ratio, error = ratios(squared_errors(path))
    assert (np.abs(ratio - 1) < 4 * error + 1e-12).all()
    assert abs(np.corrcoef(path[:, 1, 0], path[:, 2, 0])[0, 1]) < 4 / np.sqrt(4000)


def test_all_weight_on_synthetic_rows_is_replace():
    common = {"n_replications": 30, "random_state": 0}
    replace = simulate_regression("replace", "poisson", 40, 2, 2, **common)
    matrix = simulate_regression(MatrixWorkflow(np.eye(3)), "poisson", 40, 2, 2, **common)
    fixed = simulate_regression("fixed", "poisson", 40, 2, 2, lam=np.inf, **common)
    assert np.isfinite(replace).all()
    np.testing.assert_array_equal(matrix, replace)
    np.testing.assert_array_equal(fixed, replace)


def test_true_coefficients_are_found_at_any_place():
    coef = np.array([2.0, 0.0, -1.0])
    path = simulate_regression(
        "accumulate", "linear", 100, 3, 2, coef=coef, n_replications=2000, random_state=0
    )
    assert path.shape == (2000, 3, 3)
    sd = path.std(axis=0) / np.sqrt(2000)
    assert (np.abs(path.mean(axis=0) - coef) < 4.5 * sd).all()


def test_runs_without_a_maximum_end_alone_and_are_counted():
    with pytest.warns(ConvergenceWarning, match="of 200 runs ended early"):
        path = simulate_regression(
            "replace", "logistic", 12, 2, 4, n_replications=200, random_state=0
        )
    ended = np.isnan(path).any(axis=2)
    assert 0 < ended[:, -1].sum() < 200
    assert (ended[:, 1:] >= ended[:, :-1]).all()  # once ended, a run stays ended


def test_seeds_decide_and_runs_differ():
    first = simulate_regression("fresh", "logistic", 60, 2, 2, n_replications=5, random_state=1)
    same = simulate_regression("fresh", "logistic", 60, 2, 2, n_replications=5, random_state=1)
    other = simulate_regression("fresh", "logistic", 60, 2, 2, n_replications=5, random_state=2)
    np.testing.assert_array_equal(first, same)
    assert (first != other).all()
    assert len(np.unique(first[:, 0, 0])) == 5


def test_more_than_one_block_of_replications():
    path = simulate_regression("fresh", "linear", 20, 2, 1, n_replications=230, random_state=0)
    assert path.shape == (230, 2, 2)
    assert len(np.unique(path[:, 1, 1])) == 230


class FromTheFuture(BaseWorkflow):
    """A workflow that breaks causality."""

    def plan(self, generation):
        return (Batch("synthetic" if generation else "real", 2 * generation),)


class FromNoModel(BaseWorkflow):
    """A workflow that asks for synthetic rows before any fit."""

    def plan(self, generation):
        return (Batch("synthetic", 0),)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"workflow": "forget"}, "workflow must be one of"),
        ({"workflow": FromTheFuture()}, "synthetic', generation=2.* in generation 1, when"),
        ({"workflow": FromNoModel()}, "synthetic', generation=0.* in generation 0, when"),
        ({"workflow": MatrixWorkflow(np.eye(2))}, "names no batches for generation 2"),
        ({"workflow": AccumulateSubsample(0.05)}, "must be 3 or more; raise its size"),
        ({"workflow": AccumulateSubsample(), "lam": 1.0}, "lam must be None with"),
        ({"family": "gamma"}, "family must be one of"),
        ({"family": ["linear"]}, "family must be one of"),
        ({"n_samples": 2}, "n_samples must be a whole number >= 3"),
        ({"n_samples": 20.0}, "n_samples must be a whole number"),
        ({"n_features": 0}, "n_features must be a whole number >= 1"),
        ({"n_generations": -1}, "n_generations must be a whole number >= 0"),
        ({"n_replications": True}, "n_replications must be a whole number >= 1"),
        ({"n_synthetic": 0.01}, "n_synthetic must be a finite multiple"),
        ({"n_synthetic": np.inf}, "n_synthetic must be a finite multiple"),
        ({"n_synthetic": "many"}, "n_synthetic must be a finite multiple"),
        ({"lam": -1.0}, "lam must be >= 0"),
        ({"lam": np.nan}, "lam must be >= 0"),
        ({"lam": [1.0, 1.0]}, "hold one for each of the 3 generations"),
        ({"coef": [1.0]}, "coef must hold n_features=2 finite numbers"),
        ({"coef": [1.0, np.nan]}, "coef must hold n_features=2 finite numbers"),
    ],
)
def test_invalid_arguments_are_named(change, message):
    arguments = {
        "workflow": "fresh",
        "family": "linear",
        "n_samples": 20,
        "n_features": 2,
        "n_generations": 3,
        "n_replications": 2,
    }
    with pytest.raises(ValueError, match=message):
        simulate_regression(**(arguments | change))
