"""Statements about the total-variation bound and its phase transition."""

import numpy as np
import pytest

from skcollapse.theory import MixingMatrix, phase_transition, tv_bound


def replace(n_generations):
    n = n_generations + 1
    return MixingMatrix(np.eye(n), np.arange(n) - 1, np.ones(n))


def accumulate(n_generations):
    n = np.arange(n_generations + 1)
    return MixingMatrix.pooled(n - 1, np.ones(len(n)), n + 1)


def fixed(n_generations, real_weight):
    mass = (1 - real_weight) * np.eye(n_generations + 1)
    mass[:, 0] = real_weight
    mass[0, 0] = 1
    return MixingMatrix(mass, np.arange(n_generations + 1) - 1, np.ones(n_generations + 1))


def test_errors_of_replace_add():
    error = np.array([0.1, 0.02, 0.3, 0.05])
    np.testing.assert_allclose(tv_bound(replace(3), error), np.cumsum(error), rtol=1e-14)


def test_real_share_bounds_the_sum():
    found = tv_bound(fixed(200, 0.25), 0.1)
    np.testing.assert_allclose(found, 0.1 * (1 - 0.75 ** np.arange(1, 202)) / 0.25, rtol=1e-12)
    assert found[-1] == pytest.approx(0.1 / 0.25)


@pytest.mark.parametrize(("a", "limit"), [(0.5, 1.860), (0.4, 2.320), (0.3, 3.107)])
def test_accumulate_unrolls_to_the_published_sum(a, limit):
    fits = np.arange(1.0, 5002)
    error = fits**-a
    found = tv_bound(accumulate(5000), error)
    before = np.cumsum(error / (fits + 1)) - error / (fits + 1)
    np.testing.assert_allclose(found, error + before, rtol=1e-12)
    # What is left of sum k^-a / (k + 1) beyond k = 5001.
    assert before[-1] + fits[-1] ** -a / a == pytest.approx(limit, abs=2e-3)


def _coin_run(mixing, n, n_runs=20_000):
    """Mean total variation to the truth, and to the mixture that the tosses came from."""
    rng = np.random.default_rng(0)
    mass, truth = mixing.toarray(), 0.4
    p = np.full((mixing.n_generations + 2, n_runs), truth)  # row -1 is the truth
    to_truth, error = np.empty(len(mass)), np.empty(len(mass))
    for g in range(len(mass)):
        mixture = mass[g] @ p[mixing.parent]
        p[g] = rng.binomial(n, np.clip(mixture, 0, 1)) / n
        to_truth[g] = np.abs(p[g] - truth).mean()
        error[g] = np.abs(p[g] - mixture).mean()
    return to_truth, error


@pytest.mark.parametrize("mixing", [replace(8), accumulate(8), fixed(8, 0.3)])
def test_refitted_coins_stay_within_the_bound(mixing):
    to_truth, error = _coin_run(mixing, n=30)
    bound = tv_bound(mixing, error)
    assert bound[0] == pytest.approx(to_truth[0], rel=1e-12)
    assert (to_truth[1:] < bound[1:]).all()
    # The check can fail: with a third of the error it is no bound.
    assert (to_truth > tv_bound(mixing, error / 3)).any()


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (-0.1, "error must be >= 0"),
        (np.inf, "error must be finite"),
        ([0.1, 0.1], "error must be a number or hold one value for each of the 4"),
    ],
)
def test_bound_refuses(error, message):
    with pytest.raises(ValueError, match=message):
        tv_bound(replace(3), error)


def test_bound_refuses_a_bare_matrix():
    with pytest.raises(ValueError, match="mixing must be a MixingMatrix"):
        tv_bound(np.eye(3), 0.1)


@pytest.mark.parametrize(
    ("i", "a", "first", "ratio", "peak"),
    [
        (2, 0.25, False, 1.50, 1.27),
        (5, 0.25, False, 6.93, 2.32),
        (20, 0.25, False, 34.19, 6.33),
        (1, 0.25, True, 5.35, 1.47),
        (2, 0.4, True, 5.03, 1.59),
        (5, 0.5, True, 7.39, 1.89),
        (10, 0.25, True, 23.69, 4.41),
        (20, 0.4, True, 27.12, 4.30),
        (20, 0.5, True, 21.84, 3.24),
    ],
)
def test_threshold_and_peak(i, a, first, ratio, peak):
    found = phase_transition(i, a, first_generation=first)
    assert found.ratio == pytest.approx(ratio, abs=6e-3)
    assert found.peak == pytest.approx(peak, abs=6e-3)
    grid = np.geomspace(1e-3, 1e4, 5001)
    assert found.curve(grid).max() <= found.peak + 1e-12
    assert found.curve(found.ratio) == pytest.approx(found.peak, rel=1e-12)


@pytest.mark.parametrize(("a", "slope"), [(0.2, 2.321), (0.25, 1.818), (0.4, 1.056), (0.5, 0.796)])
def test_threshold_grows_in_proportion_to_the_generation(a, slope):
    found = phase_transition(20_000, a, first_generation=False).ratio / 20_000
    assert found == pytest.approx(slope, abs=1e-3)
    u = 1 / found
    assert (1 - a) * np.expm1(u) == pytest.approx(u, rel=1e-3)


def test_curve_starts_at_one_and_returns_to_it():
    curve = phase_transition(7, 0.4).curve
    np.testing.assert_allclose(curve([0.0, 1e14]), 1, rtol=1e-4)
    assert curve(3.0) > 1


@pytest.mark.parametrize(("i", "a"), [(3, 0.3), (6, 0.5)])
def test_curve_is_the_bound_of_the_fixed_workflow(i, a):
    for r in (0.5, 4.0):
        error = np.full(i + 1, (1 + r) ** -a)
        error[0] = 1.0
        bound = tv_bound(fixed(i, 1 / (1 + r)), error)[-1]
        assert phase_transition(i, a).curve(r) == pytest.approx(bound, rel=1e-12)
        error[0] = 0.0
        bound = tv_bound(fixed(i, 1 / (1 + r)), error)[-1]
        dropped = phase_transition(i, a, first_generation=False)
        assert dropped.curve(r) == pytest.approx(bound, rel=1e-12)


@pytest.mark.parametrize(
    ("i", "a", "first"), [(1, 0.3, False), (5, 1.0, False), (5, 1.0, True), (5, 2.0, True)]
)
def test_no_inner_maximum_gives_ratio_zero(i, a, first):
    found = phase_transition(i, a, first_generation=first)
    assert (found.ratio, found.peak) == (0.0, 1.0)
    assert found.curve(np.geomspace(1e-3, 1e4, 1001)).max() <= 1 + 1e-12


@pytest.mark.parametrize(
    ("i", "a", "message"),
    [
        (0, 0.5, "generation must be >= 1"),
        (1.5, 0.5, "generation must be a whole number"),
        (3, 0.0, "exponent must be > 0"),
        (3, np.inf, "exponent must be finite"),
    ],
)
def test_transition_refuses(i, a, message):
    with pytest.raises(ValueError, match=message):
        phase_transition(i, a)


def test_curve_refuses_negative_ratios():
    with pytest.raises(ValueError, match="r must be >= 0"):
        phase_transition(3, 0.5).curve(-1.0)
