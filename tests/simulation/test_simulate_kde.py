"""Statements that hold the theory of kernel densities against estimates refitted on rows.

Errors are averages over independent runs; standard errors come from the runs, and differences
are measured in them.
"""

import numpy as np
import pytest
from scipy import stats

from skcollapse.simulation import simulate_kde
from skcollapse.theory import kde_mise, kde_variance_inflation, variance_path
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
)

LAWS = {"normal": stats.norm(), "laplace": stats.laplace(), "uniform": stats.uniform(scale=3)}


def z_scores(values, expected):
    """Differences of means from what is expected, in standard errors."""
    return (values.mean(axis=0) - expected) / (values.std(axis=0) / np.sqrt(len(values)))


def mises(density, n, m, w, h, n_generations):
    path = [kde_mise(density, n, m, w, h, t) for t in range(n_generations + 1)]
    return {name: np.array([at[name] for at in path]) for name in path[0]}


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize(("workflow", "w"), [("fresh", 0.4), ("replace", 0.0)])
def test_error_follows_the_exact_one(workflow, w, name):
    density = LAWS[name]
    lam = 1 / w - 1 if w else None
    found = simulate_kde(
        workflow,
        density,
        60,
        4,
        bandwidth=0.4,
        lam=lam,
        n_synthetic=1.5,
        n_replications=1500,
        random_state=0,
    )
    expected = mises(density, 60, 90, w, 0.4, 4)
    assert np.abs(z_scores(found.ise, expected["mise"])).max() < 4
    np.testing.assert_allclose(found.squared_bias + found.variance, found.ise.mean(axis=0))
    # The two parts one by one, to five percent of the whole (their standard error is 1.5%).
    for part in ("squared_bias", "variance"):
        assert (np.abs(found[part] - expected[part]) < 0.05 * expected["mise"]).all()


def test_wrong_weight_and_wrong_bandwidth_are_caught():
    found = simulate_kde(
        "fresh", stats.norm(), 60, 4, bandwidth=0.4, lam=1.5, n_replications=1500, random_state=0
    )
    right = mises(stats.norm(), 60, 60, 0.4, 0.4, 4)["mise"]
    assert np.abs(z_scores(found.ise, right)).max() < 4
    for w, h in ((0.7, 0.4), (0.4, 0.5)):
        wrong = mises(stats.norm(), 60, 60, w, h, 4)["mise"]
        assert np.abs(z_scores(found.ise, wrong)).max() > 8


def test_one_estimate_is_the_textbook_formula():
    # Normal law, normal kernel: Fryer (1976).
    n, h = 30, 0.5
    found = simulate_kde(
        "fresh", stats.norm(), n, 0, bandwidth=h, n_replications=3000, random_state=1
    )
    squares = h**2, 1 + h**2, 1 + h**2 / 2
    one, two, three = ((2 * np.sqrt(np.pi * value)) ** -1 for value in squares)
    mise = one / n + (1 - 1 / n) * two - 2 * three + 1 / (2 * np.sqrt(np.pi))
    assert abs(z_scores(found.ise, mise)[0]) < 4


def test_without_smoothing_only_the_variance_grows():
    n, m, w = 50, 100, 0.4
    found = simulate_kde(
        "fresh",
        stats.norm(),
        n,
        5,
        bandwidth=0.4,
        lam=1 / w - 1,
        n_synthetic=m / n,
        smooth=False,
        n_replications=1500,
        random_state=2,
    )
    first = kde_mise(stats.norm(), n, m, w, 0.4, 0)
    path = variance_path(w, n / m, 5, c=1 - 1 / m)
    expected = first.squared_bias + first.variance * path
    assert np.abs(z_scores(found.ise, expected)).max() < 4
    smoothed = mises(stats.norm(), n, m, w, 0.4, 5)["mise"]
    assert np.abs(z_scores(found.ise, smoothed)).max() > 8


ANY_MASS = [[1, 0, 0, 0], [0.3, 0.7, 0, 0], [0.2, 0, 0.8, 0], [0, 0.6, 0, 0.4]]
WORKFLOWS = [
    (Replace(), None, 1.0),
    (Accumulate(), None, 1.0),
    (Accumulate(), 3.0, 2.0),
    (AccumulateSubsample(), None, 1.0),
    (Fixed(), 1.0, 1.0),
    (Fresh(), [0.5, 1.0, 2.0], 3.0),
    (Window(2), 0.618, 0.5),
    (MatrixWorkflow(ANY_MASS), None, 1.0),
]


@pytest.mark.parametrize(("workflow", "lam", "n_synthetic"), WORKFLOWS, ids=repr)
def test_spread_follows_the_mixing_matrix(workflow, lam, n_synthetic):
    bandwidths = np.array([0.3, 0.6, 0.4, 0.5])
    found = simulate_kde(
        workflow,
        stats.norm(loc=2.0, scale=0.8),
        50,
        3,
        bandwidth=bandwidths,
        lam=lam,
        n_synthetic=n_synthetic,
        n_replications=1000,
        random_state=3,
    )
    mixing = workflow.mixing_matrix(3, n_synthetic=n_synthetic, lam=lam)
    expected = np.zeros(4)
    for g, row in enumerate(mixing.toarray()):  # batches of the future have no weight yet
        spread = np.where(mixing.parent < 0, 0.64, expected[mixing.parent])
        expected[g] = bandwidths[g] ** 2 + row @ spread
    assert np.abs(z_scores(found.second_moment, expected)).max() < 4


@pytest.mark.parametrize("workflow", ["fresh", "fixed"])
def test_spread_is_the_variance_inflation(workflow):
    n, m, c, g = 40, 120, 1.0, 4
    bandwidths = np.full(g + 1, c * (n + m) ** -0.2)
    bandwidths[0] = c * n**-0.2
    found = simulate_kde(
        workflow,
        stats.norm(),
        n,
        g,
        bandwidth=bandwidths,
        n_synthetic=m / n,
        n_replications=2000,
        random_state=4,
    )
    expected = 1 + kde_variance_inflation(n, m, np.arange(g + 1), c)
    assert np.abs(z_scores(found.second_moment, expected)).max() < 4
    # Off by one generation would be seen.
    assert abs(z_scores(found.second_moment, np.append(expected[1:], np.nan))[0]) > 8


@pytest.mark.parametrize("workflow", ["accumulate", "accumulate_subsample"])
def test_accumulated_spread_grows_with_the_harmonic_numbers(workflow):
    h, n_generations = 0.5, 12
    found = simulate_kde(
        workflow,
        stats.norm(),
        40,
        n_generations,
        bandwidth=h,
        n_replications=800,
        random_state=5,
    )
    expected = 1 + h**2 * np.cumsum(1 / np.arange(1, n_generations + 2))
    assert np.abs(z_scores(found.second_moment, expected)).max() < 4


def test_mean_density_is_a_density_of_the_spread_found():
    found = simulate_kde(
        "replace", stats.norm(), 100, 3, bandwidth=0.5, n_replications=300, random_state=6
    )
    cell = found.grid[1] - found.grid[0]
    np.testing.assert_allclose(cell * found.density.sum(axis=1), 1)
    # Rows left of the grid enter from the right, so a period is taken off there.
    period = cell * len(found.grid)
    x = found.grid - period * (found.grid > found.grid[0] + 0.6 * period)
    moments = cell * found.density @ x**2
    np.testing.assert_allclose(moments, found.second_moment.mean(axis=0), rtol=2e-3)
    wanted = stats.norm(scale=np.sqrt(1 + 4 * 0.25)).pdf(x)
    np.testing.assert_allclose(found.density[3], wanted, atol=0.02)


def test_units_do_not_matter():
    common = {"n_replications": 20, "random_state": 7}
    one = simulate_kde("fresh", stats.norm(), 30, 2, bandwidth=0.4, **common)
    ten = simulate_kde("fresh", stats.norm(5, 10), 30, 2, bandwidth=4.0, **common)
    np.testing.assert_allclose(10 * ten.ise, one.ise, rtol=1e-6)
    np.testing.assert_allclose(ten.second_moment, 100 * one.second_moment)


def test_seeds_decide_and_weights_share_their_numbers():
    def run(seed, lam=1.0):
        arguments = {"bandwidth": 0.4, "lam": lam, "n_replications": 130}
        return simulate_kde("fresh", stats.norm(), 20, 2, random_state=seed, **arguments).ise

    np.testing.assert_array_equal(run(1), run(1))
    assert (run(1) != run(2)).all()
    assert len(np.unique(run(1)[:, 0])) == 130  # more than one block of runs
    np.testing.assert_array_equal(run(1, lam=0.5)[:, 0], run(1)[:, 0])


class FromTheFuture(BaseWorkflow):
    """A workflow that breaks causality."""

    def plan(self, generation):
        return (Batch("synthetic" if generation else "real", 2 * generation),)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"workflow": "forget"}, "workflow must be one of"),
        ({"workflow": FromTheFuture()}, "synthetic', generation=2.* in generation 1, when"),
        ({"workflow": MatrixWorkflow(np.eye(2))}, "names no batches for generation 2"),
        ({"workflow": AccumulateSubsample(0.01)}, "fits on 0 rows, which must be 1"),
        ({"workflow": AccumulateSubsample(), "lam": 1.0}, "lam must be None with"),
        ({"density": np.ones(3)}, "density must be a frozen continuous"),
        ({"density": stats.poisson(3)}, "density must be a frozen continuous"),
        ({"density": stats.cauchy()}, "heavy-tailed"),
        ({"bandwidth": 1e-6}, "bandwidth is too small"),
        ({"bandwidth": 0.0}, "bandwidth must be > 0 and finite"),
        ({"bandwidth": np.inf}, "bandwidth must be > 0 and finite"),
        ({"bandwidth": [0.3, 0.3]}, "hold one for each of the 3 generations from 0"),
        ({"n_samples": 0}, "n_samples must be a whole number >= 1"),
        ({"n_generations": 1.0}, "n_generations must be a whole number >= 0"),
        ({"n_replications": 1}, "n_replications must be a whole number >= 2"),
        ({"n_synthetic": 0.0}, "n_synthetic must be a finite multiple"),
        ({"lam": -1.0}, "lam must be >= 0"),
    ],
)
def test_invalid_arguments_are_named(change, message):
    arguments = {
        "workflow": "fresh",
        "density": stats.norm(),
        "n_samples": 20,
        "n_generations": 2,
        "bandwidth": 0.4,
        "n_replications": 2,
    }
    with pytest.raises(ValueError, match=message):
        simulate_kde(**(arguments | change))
