"""Statements that hold the exact risk of least squares against fits on drawn labels.

The unit normal noise of `simulate_regression` sets the unit of the risk; features are drawn anew
for each batch or kept. Differences are in standard errors, from the replications.
"""

import numpy as np
import pytest

from skcollapse.simulation import simulate_regression
from skcollapse.theory import linear_regression_risk, relative_risk
from skcollapse.workflows import AccumulateSubsample, Replace


def squared_distances(workflow, redraw, n_rows=20, n_replications=4000, **arguments):
    path = simulate_regression(
        workflow,
        "linear",
        n_rows,
        5,
        5,
        redraw=redraw,
        n_replications=n_replications,
        random_state=0,
        **arguments,
    )
    return ((path - 1) ** 2).sum(axis=2)


def z_scores(values, expected):
    return (values.mean(axis=0) - expected) / (values.std(axis=0) / np.sqrt(len(values)))


@pytest.mark.parametrize("redraw", [False, True])
@pytest.mark.parametrize("workflow", ["replace", "accumulate"])
def test_few_rows_follow_the_exact_risk(workflow, redraw):
    found = squared_distances(workflow, redraw)
    expected = linear_regression_risk(workflow, 20, 5, 1.0, 5, redraw=redraw)
    assert np.abs(z_scores(found, expected)).max() < 4
    if workflow == "accumulate":  # kept and redrawn features are told apart
        wrong = linear_regression_risk(workflow, 20, 5, 1.0, 5, redraw=not redraw)
        assert np.abs(z_scores(found, wrong)).max() > 5


def test_noise_sets_the_unit():
    risk = linear_regression_risk("accumulate", 20, 5, 1.0, 5)
    np.testing.assert_allclose(linear_regression_risk("accumulate", 20, 5, 4.0, 5), 4 * risk)


def test_prediction_error_is_the_squared_distance():
    path = simulate_regression(
        "replace", "linear", 20, 5, 3, redraw=False, n_replications=4000, random_state=1
    )
    rows = np.random.default_rng(2).standard_normal((4000, 5, 4))
    excess = (((path - 1) @ rows) ** 2).mean(axis=2)
    assert np.abs(z_scores(excess, linear_regression_risk("replace", 20, 5, 1.0, 3))).max() < 4


def test_subsamples_of_kept_features_need_more_rows():
    # A subsample that holds a row twice carries less; in units of the first fit's risk.
    limit = relative_risk(AccumulateSubsample().mixing_matrix(5))[-1]
    few, many = (
        squared_distances("accumulate_subsample", False, n, 2000)[:, -1].mean() / (5 / (n - 6))
        for n in (20, 100)
    )
    assert abs(many / limit - 1) < 0.1  # standard error 0.02
    assert few / limit > 1.15


def test_features_are_kept_or_redrawn():
    # Fits on real rows only vary from generation to generation as the features of a run have it.
    arguments = {"n_replications": 400, "random_state": 3, "lam": 0.0}
    correlations = []
    for redraw in (False, True):
        path = simulate_regression("fresh", "linear", 8, 3, 40, redraw=redraw, **arguments)
        halves = np.log(path[:, :20, 0].var(axis=1)), np.log(path[:, 20:, 0].var(axis=1))
        correlations.append(np.corrcoef(*halves)[0, 1])
    assert correlations[0] > 0.5
    assert abs(correlations[1]) < 4 / np.sqrt(400)


def test_longer_batches_repeat_the_features():
    # Twice the rows on the same features halve the noise of a fit to them.
    once, twice = (
        squared_distances(Replace(), False, n_synthetic=size).mean(axis=0) for size in (1.0, 2.0)
    )
    steps = np.diff(twice).mean() / np.diff(once).mean()
    assert abs(steps - 0.5) < 0.05


def test_labels_on_kept_features_serve_all_families():
    for family in ("logistic", "poisson"):
        path = simulate_regression(
            "accumulate", family, 300, 2, 4, redraw=False, n_replications=300, random_state=4
        )
        errors = ((path - 1) ** 2).sum(axis=2).mean(axis=0)
        assert abs(errors[4] / errors[0] - 1.464) < 0.3  # standard error 0.07


def test_seeds_decide():
    first, same, other = (
        simulate_regression(
            "replace", "linear", 20, 2, 2, redraw=False, n_replications=3, random_state=seed
        )
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, same)
    assert (first != other).all()
