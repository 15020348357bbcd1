"""Statements that hold the theory of shares against frequencies estimated again and again.

Squared errors are compared by z-scores: runs are independent, so the standard error of a mean
comes from them.
"""

import numpy as np
import pytest
from scipy.stats import hypergeom

from skcollapse.simulation import simulate_frequencies
from skcollapse.synthesizers import EmpiricalSynthesizer
from skcollapse.theory import (
    gaussian_moments,
    limiting_variance,
    loadings,
    optimal_real_weight,
    phase_transition,
    quadratic_variance_risk,
    real_weight_to_lam,
    relative_risk,
    tv_bound,
    variance_path,
)
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

P = np.array([0.5, 0.3, 0.15, 0.05])
GINI = 1 - np.sum(P**2)
N_RUNS = 10_000
GOLDEN_LAM = (5**0.5 - 1) / 2  # puts the weight 1 / (1 + lam) = 0.618 on real rows


def relative_errors(frequencies, n_samples, p=P):
    """Squared errors of each run and generation, in units of those of n real rows."""
    return ((frequencies - p) ** 2).sum(axis=2) * n_samples / (1 - np.sum(p**2))


def z_scores(errors, expected):
    return (errors.mean(axis=0) - expected) / (errors.std(axis=0) / np.sqrt(len(errors)))


ANY_MASS = [[1, 0, 0, 0], [0.3, 0.7, 0, 0], [0.2, 0, 0.8, 0], [0, 0.6, 0, 0.4]]

WORKFLOWS = [
    (Replace(), None, 1.0),
    (Replace(), None, 2.5),
    (Fixed(), 1.0, 1.0),
    (Fixed(), [0.5, 2.0, 4.0], 3.0),
    (Fresh(), GOLDEN_LAM, 1.0),
    (Fresh(), [0.5, 1.0, 2.0], 4.0),
    (Accumulate(), None, 1.0),
    (Accumulate(), None, 0.5),
    (Window(2), 0.7, 2.0),
    (MatrixWorkflow(ANY_MASS), None, 1.0),
]


@pytest.mark.parametrize("n_samples", [4, 50])
@pytest.mark.parametrize(("workflow", "lam", "n_synthetic"), WORKFLOWS, ids=repr)
def test_squared_error_is_exact_for_every_workflow_and_size(workflow, lam, n_synthetic, n_samples):
    frequencies = simulate_frequencies(
        workflow,
        P,
        n_samples,
        3,
        lam=lam,
        n_synthetic=n_synthetic,
        n_replications=N_RUNS,
        random_state=0,
    )
    mixing = workflow.mixing_matrix(3, n_synthetic=n_synthetic, lam=lam)
    expected = quadratic_variance_risk(mixing, n_samples, curvature=-1)
    # 80 z-scores in all, many of them correlated.
    assert np.abs(z_scores(relative_errors(frequencies, n_samples), expected)).max() < 4.5
    np.testing.assert_allclose(frequencies.sum(axis=2), 1, atol=1e-12)


def test_limit_for_many_rows_is_told_from_the_exact_risk():
    frequencies = simulate_frequencies(
        "accumulate", P, 4, 3, n_replications=N_RUNS, random_state=0
    )
    wrong = relative_risk(Accumulate().mixing_matrix(3))
    assert (z_scores(relative_errors(frequencies, 4), wrong)[1:] < -4.5).all()


@pytest.mark.parametrize("k", [0.25, 1.0, 4.0])
def test_fresh_rows_follow_the_variance_path(k):
    n, m = 40, int(40 / k)
    w = float(optimal_real_weight(n, m))
    frequencies = simulate_frequencies(
        "fresh",
        P,
        n,
        12,
        lam=real_weight_to_lam(w),
        n_synthetic=1 / k,
        n_replications=N_RUNS,
        random_state=1,
    )
    errors = relative_errors(frequencies, n)
    assert np.abs(z_scores(errors, variance_path(w, k, 12, c=1 - 1 / m))).max() < 4.5


def test_published_setting_settles_where_theory_says():
    # Levels computed from the limit; the error of the golden weight is 0.0078.
    for w, level in ((0.3, 0.01417), (0.618, 0.00782), (0.8, 0.00899)):
        assert limiting_variance(w, 1.0, c=1 - 1 / 50) * GINI / 50 == pytest.approx(
            level, rel=2e-3
        )
        frequencies = simulate_frequencies(
            "fresh", P, 50, 30, lam=1 / w - 1, n_replications=3000, random_state=2
        )
        settled = ((frequencies[:, 20:] - P) ** 2).sum(axis=2).mean(axis=1)
        assert abs(settled.mean() - level) < 4.5 * settled.std() / np.sqrt(3000) + 0.002 * level


def test_whole_covariance_is_that_of_the_first_fit_times_the_risk():
    frequencies = simulate_frequencies(
        "fresh", P, 30, 4, lam=0.7, n_synthetic=2.0, n_replications=40_000, random_state=3
    )
    found = 30 * np.cov(frequencies[:, 4].T)
    risk = variance_path(1 / 1.7, 0.5, 4, c=1 - 1 / 60)[-1]
    expected = risk * (np.diag(P) - np.outer(P, P))
    variances = np.outer(np.diag(expected), np.diag(expected)) + expected**2
    assert (np.abs(found - expected) / np.sqrt(variances / 40_000)).max() < 4.5
    z = (frequencies.mean(axis=0) - P) / (frequencies.std(axis=0) / np.sqrt(40_000))
    assert np.abs(z).max() < 4.5  # no generation is biased


@pytest.mark.parametrize("n_samples", [5, 30])
def test_subsamples_have_the_mean_error_of_a_gaussian(n_samples):
    frequencies = simulate_frequencies(
        "accumulate_subsample", P, n_samples, 4, n_replications=N_RUNS, random_state=4
    )
    expected = n_samples * gaussian_moments("accumulate_subsample", n_samples, 4)[0]
    errors = relative_errors(frequencies, n_samples)
    assert np.abs(z_scores(errors, expected)).max() < 4.5
    if n_samples == 5:  # the limit for many rows would be told apart
        limit = relative_risk(AccumulateSubsample().mixing_matrix(4))
        assert (z_scores(errors, limit)[2:] < -4.5).all()


def test_subsamples_have_as_many_rows_as_the_budget():
    frequencies = simulate_frequencies(
        AccumulateSubsample(size=7), P, 20, 3, n_replications=50, random_state=0
    )
    rows = 7 * frequencies
    np.testing.assert_allclose(rows, rows.round(), atol=1e-9)
    np.testing.assert_allclose(rows.sum(axis=2), 7)


def test_budget_beyond_the_pool_is_no_budget():
    common = {"n_replications": 20, "random_state": 0}
    pool = simulate_frequencies("accumulate", P, 10, 2, **common)
    large = simulate_frequencies(AccumulateSubsample(size=3.0), P, 10, 2, **common)
    np.testing.assert_array_equal(large, pool)


class WeightedSubsample(Accumulate):
    """Fits on half the rows of a pool in which the first batch carries most of the weight."""

    fixes_weights = True

    def masses(self, generation, sizes, lam=None):
        sizes = np.array(sizes, dtype=float)
        sizes[0] *= 9
        return sizes / sizes.sum()

    def budget(self, n_real):
        return n_real


def test_rows_of_a_subsample_keep_the_weights_of_their_batches():
    frequencies = simulate_frequencies(
        WeightedSubsample(), P, 10, 1, n_replications=N_RUNS, random_state=5
    )
    # f of the 10 rows used are real and weigh 9, the others come from the mean of all 10.
    f = np.arange(11)
    total = 9 * f + (10 - f)
    through_the_model = (10 - f) / (10 * total)
    real_rows = f * (9 / total + through_the_model) ** 2 + (10 - f) * through_the_model**2
    noise = real_rows + (10 - f) / total**2 * (1 - 1 / 10)
    expected = noise @ hypergeom(20, 10, 10).pmf(f)
    assert abs(z_scores(relative_errors(frequencies, 1)[:, 1], expected)) < 4.5


@pytest.mark.parametrize("n_cells", [2, 20, 200])
def test_distribution_function_has_the_error_of_a_coin_at_every_end_of_a_cell(n_cells):
    n, m, w = 30, 60, 0.4
    cells = np.full(n_cells, 1 / n_cells)
    frequencies = simulate_frequencies(
        "fresh", cells, n, 5, lam=1 / w - 1, n_synthetic=2.0, n_replications=2000, random_state=6
    )
    ends = np.arange(1, n_cells + 1) / n_cells
    errors = ((frequencies.cumsum(axis=2) - ends) ** 2).mean(axis=2)
    v = variance_path(w, n / m, 5, c=1 - 1 / m)
    assert np.abs(z_scores(errors, v / (6 * n) * (1 - n_cells**-2))).max() < 4.5


def squared_distance_from_uniform(points, weights):
    """Integral over [0, 1] of the squared difference of a weighted step function and x."""
    order = np.argsort(points)
    steps = np.r_[0, np.cumsum(weights[order])]
    ends = np.r_[0, points[order], 1]
    return np.sum((ends[1:] - steps) ** 3 - (ends[:-1] - steps) ** 3) / 3


def test_synthesizer_has_the_error_of_infinitely_many_cells():
    n, m, w = 30, 60, 0.4
    rng = np.random.default_rng(7)
    weights = np.repeat([w / n, (1 - w) / m], [n, m])
    errors = []
    for seed in range(400):
        model = EmpiricalSynthesizer().fit(rng.random((n, 1)))
        drawn = np.asarray(model.sample(m, random_state=seed))[:, 0]
        points = np.r_[rng.random(n), drawn]
        errors.append(squared_distance_from_uniform(points, weights))
    expected = variance_path(w, n / m, 1, c=1 - 1 / m)[1] / (6 * n)
    assert abs(z_scores(np.array(errors), expected)) < 4.5


def fit_noise(mixing, n_samples, n_categories):
    """Bound of the expected total variation between a fit and the mixture of its rows."""
    mass = mixing.toarray()
    return np.sqrt((n_categories - 1) * (mass**2 / mixing.sizes).sum(axis=1) / n_samples) / 2


@pytest.mark.parametrize(
    ("workflow", "lam", "n_synthetic"),
    [
        (Replace(), None, 1.0),
        (Fixed(), None, 4.0),
        (Fresh(), None, 4.0),
        (Accumulate(), None, 1.0),
    ],
    ids=repr,
)
def test_true_total_variation_is_below_its_bound(workflow, lam, n_synthetic):
    p = 1 / np.arange(1, 21)
    p /= p.sum()
    frequencies = simulate_frequencies(
        workflow, p, 200, 8, lam=lam, n_synthetic=n_synthetic, n_replications=500, random_state=8
    )
    distance = np.abs(frequencies - p).sum(axis=2).mean(axis=0) / 2
    mixing = workflow.mixing_matrix(8, n_synthetic=n_synthetic, lam=lam)
    bound = tv_bound(mixing, fit_noise(mixing, 200, 20))
    assert (distance < bound).all()
    # The bound has to allow for errors that add up; here they add in quadrature.
    assert (distance[4:] < 0.7 * bound[4:]).all()
    # It could fail: half the noise of a fit is too little already for generation 0.
    assert distance[0] > tv_bound(mixing, fit_noise(mixing, 200, 20) / 2)[0]


@pytest.mark.parametrize("ratio", [0.0, 1.0, 3.0, 20.0])
def test_distance_stays_below_the_transition_of_its_bound(ratio):
    # Equal shares of 20 categories: a fit to N rows misses by (19 / 4 N)^(1/2) at most.
    p, n, g = np.full(20, 1 / 20), 40, 3
    frequencies = simulate_frequencies(
        "fixed", p, n, g, n_synthetic=ratio or 1.0, lam=ratio, n_replications=2000,
        random_state=12,
    )  # fmt: skip
    distance = np.abs(frequencies[:, g] - p).sum(axis=1).mean() / 2
    error = np.sqrt(19 / (4 * n))
    transition = phase_transition(g, exponent=0.5)
    assert distance < error * transition.curve(ratio) <= error * transition.peak * (1 + 1e-12)
    # The check can fail: three quarters are no bound where all rows are real.
    assert (distance > 0.75 * error * transition.curve(ratio)) == (ratio == 0)


def test_wrong_weight_is_caught():
    frequencies = simulate_frequencies(
        "fresh", P, 50, 10, lam=GOLDEN_LAM, n_replications=N_RUNS, random_state=9
    )
    errors = relative_errors(frequencies, 50)
    for wrong in (1 - 0.618, 0.5, 0.75):  # parts exchanged; a tenth off on either side
        z = z_scores(errors, variance_path(wrong, 1.0, 10, c=1 - 1 / 50))
        assert np.abs(z[2:]).min() > 4.5


def test_one_category_survives_without_real_rows():
    frequencies = simulate_frequencies("replace", P, 10, 150, n_replications=2000, random_state=10)
    assert ((frequencies[:, -1] > 0).sum(axis=1) == 1).all()
    # Which one: the category's own probability, since shares are martingales.
    survivors = frequencies[:, -1].mean(axis=0)
    assert (np.abs(survivors - P) < 4.5 * np.sqrt(P * (1 - P) / 2000)).all()


def test_all_weight_on_one_part():
    common = {"n_replications": 20, "random_state": 0}
    replace = simulate_frequencies("replace", P, 30, 3, **common)
    matrix = simulate_frequencies(MatrixWorkflow(np.eye(4)), P, 30, 3, **common)
    np.testing.assert_array_equal(matrix, replace)
    real_only = simulate_frequencies("fresh", P, 30, 3, lam=0.0, **common)
    np.testing.assert_allclose(30 * real_only, (30 * real_only).round(), atol=1e-9)
    assert loadings(Fixed().mixing_matrix(3, lam=0.0))[3, 0] == 1
    fixed = simulate_frequencies("fixed", P, 30, 3, lam=0.0, **common)
    np.testing.assert_array_equal(fixed, np.repeat(fixed[:, :1], 4, axis=1))


def test_empty_categories_stay_empty_and_the_input_stays_as_it_is():
    p = np.array([0.0, 0.25, 0.75, 0.0])
    kept = p.copy()
    frequencies = simulate_frequencies("fresh", p, 9, 4, lam=1.3, n_replications=50)
    assert (frequencies[:, :, [0, 3]] == 0).all()
    np.testing.assert_array_equal(p, kept)


def test_seeds_decide_and_runs_differ():
    def run(seed):
        return simulate_frequencies("fixed", P, 100, 3, lam=1, n_replications=5, random_state=seed)

    np.testing.assert_array_equal(run(1), run(1))
    assert (run(1) != run(2)).any(axis=(1, 2)).all()
    assert run(1).shape == (5, 4, 4)
    assert len(np.unique(run(1)[:, 0, 0])) > 1


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
        ({"workflow": AccumulateSubsample(0.01)}, "must be 1 or more"),
        ({"workflow": AccumulateSubsample(), "lam": 1.0}, "lam must be None with"),
        ({"probabilities": [0.5, 0.4]}, "probabilities must hold .* sum to 1; divide counts"),
        ({"probabilities": [1.5, -0.5]}, "probabilities must hold one number >= 0"),
        ({"probabilities": [np.nan, 1.0]}, "probabilities must hold one number >= 0"),
        ({"probabilities": [[0.5, 0.5]]}, "probabilities must hold one number >= 0"),
        ({"probabilities": []}, "probabilities must hold one number >= 0"),
        ({"n_samples": 0}, "n_samples must be a whole number >= 1"),
        ({"n_samples": 20.0}, "n_samples must be a whole number"),
        ({"n_generations": -1}, "n_generations must be a whole number >= 0"),
        ({"n_replications": True}, "n_replications must be a whole number >= 1"),
        ({"n_synthetic": 0.01}, "n_synthetic must be a finite multiple"),
        ({"n_synthetic": np.inf}, "n_synthetic must be a finite multiple"),
        ({"lam": -1.0}, "lam must be >= 0"),
        ({"lam": [1.0, 1.0]}, "hold one for each of the 3 generations"),
    ],
)
def test_invalid_arguments_are_named(change, message):
    arguments = {
        "workflow": "fresh",
        "probabilities": [0.5, 0.5],
        "n_samples": 20,
        "n_generations": 3,
        "n_replications": 2,
    }
    with pytest.raises(ValueError, match=message):
        simulate_frequencies(**(arguments | change))
