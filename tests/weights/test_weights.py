"""Statements about lam, row weights and effective sample sizes."""

import numpy as np
import pytest

from skcollapse.theory import optimal_real_weight, real_weight_schedule
from skcollapse.weights import (
    PartVariances,
    check_lam,
    effective_sample_size,
    mixed_sample_weight,
    resolve_lam,
)


@pytest.mark.parametrize("lam", [0.0, 0.25, 1.0, 6.5])
@pytest.mark.parametrize("seed", range(5))
def test_weights_obey_the_sum_rule(lam, seed):
    rng = np.random.default_rng(seed)
    real, synthetic = rng.uniform(0.1, 3, 17), rng.uniform(0.1, 3, 40)
    w_real, w_synthetic = mixed_sample_weight(real, synthetic, lam)
    n = real.sum()
    np.testing.assert_array_equal(w_real, real)  # the user's own weights are not touched
    assert w_synthetic.sum() == pytest.approx(lam * n, rel=1e-13)
    assert w_real.sum() + w_synthetic.sum() == pytest.approx(n * (1 + lam), rel=1e-13)
    if lam:
        np.testing.assert_allclose(w_synthetic / w_synthetic[0], synthetic / synthetic[0])


def test_each_synthetic_row_weighs_lam_n_over_m():
    _, synthetic = mixed_sample_weight(np.ones(30), np.ones(120), 0.5)
    np.testing.assert_allclose(synthetic, 0.5 * 30 / 120, rtol=1e-15)


def test_infinite_lam_drops_the_real_rows_and_keeps_the_amount_of_data():
    real, synthetic = mixed_sample_weight([2.0, 3.0], np.ones(10), np.inf)
    assert real.tolist() == [0, 0]
    assert synthetic.sum() == pytest.approx(5.0)


def fresh(n, m, previous, noise_ratio=1.0):
    """Variances of a new real batch and of rows drawn from a model of known accuracy."""
    return PartVariances(1 / n, 1 / previous + noise_ratio / m)


def same(n, m, previous):
    """Variances of the same real batch as before and of rows drawn from a model of it."""
    return PartVariances(1 / n, 1 / previous + 1 / m, shared=1 / n)


def test_proportional_weighs_all_rows_alike():
    lam = resolve_lam("proportional", n_real=20, n_synthetic=100, variances=fresh(20, 100, 20))
    real, synthetic = mixed_sample_weight(np.ones(20), np.ones(100), lam)
    np.testing.assert_allclose(synthetic, real[0], rtol=1e-15)


@pytest.mark.parametrize(("n", "m"), [(50, 50), (50, 500), (80, 10)])
def test_golden_is_the_constant_of_the_paper(n, m):
    lam = resolve_lam("golden", n_real=n, n_synthetic=m, variances=fresh(n, m, 123))
    assert 1 / (1 + lam) == pytest.approx(optimal_real_weight(n, m), rel=1e-14)


def test_optimal_follows_the_schedule_through_unequal_batches():
    rng = np.random.default_rng(0)
    n, m = rng.uniform(5, 60, 8), rng.integers(5, 60, 8)
    weight, size = real_weight_schedule(n, m, n_initial=25)
    previous = 25.0
    for t in range(8):
        variances = fresh(n[t], m[t], previous)
        lam = resolve_lam("optimal", n_real=n[t], n_synthetic=m[t], variances=variances)
        previous = effective_sample_size(lam, variances)
        assert 1 / (1 + lam) == pytest.approx(weight[t], rel=1e-12)
        assert previous == pytest.approx(size[t], rel=1e-12)
        assert previous == pytest.approx(n[t] * (1 + lam), rel=1e-12)


@pytest.mark.parametrize("shared", [0.0, 0.004, 0.009])
def test_no_lam_has_a_larger_effective_sample_size_than_optimal(shared):
    variances = PartVariances(1 / 40, 1 / 70 + 1 / 90, shared)
    lam = resolve_lam("optimal", n_real=40, n_synthetic=90, variances=variances)
    best = effective_sample_size(lam, variances)
    others = [effective_sample_size(x, variances) for x in [*np.linspace(0, 6, 61), np.inf]]
    assert max(others) <= best * (1 + 1e-12)
    assert effective_sample_size(1.1 * lam, variances) < best


def test_synthetic_rows_only_lose_what_drawing_them_costs():
    size = effective_sample_size(np.inf, fresh(40, 90, 70))
    assert 1 / size == pytest.approx(1 / 70 + 1 / 90)


def test_a_part_that_is_absent_has_no_say():
    nothing = PartVariances(np.inf, 1 / 50)
    assert resolve_lam(0.5, n_real=0, n_synthetic=50, variances=nothing) == np.inf
    assert effective_sample_size(np.inf, nothing) == pytest.approx(50)
    assert effective_sample_size(0, PartVariances(1 / 30, np.inf)) == pytest.approx(30)


@pytest.mark.parametrize("lam", [0.0, 0.3, 1.0, 5.0, np.inf])
def test_rows_that_come_back_are_never_worth_more_than_themselves(lam):
    previous = 50.0
    for _ in range(5):
        previous = effective_sample_size(lam, same(50, 80, previous))
        assert previous <= 50 * (1 + 1e-12)


def test_rows_that_come_back_reach_the_published_limit():
    # 1 + k (1 - w)^2 / (w (2 - w)) at k = 1, w = 0.3 is 1.9608.
    previous = 50.0
    for _ in range(200):
        previous = effective_sample_size(0.7 / 0.3, same(50, 50, previous))
    assert 50 / previous == pytest.approx(1 + 0.49 / (0.3 * 1.7), rel=1e-9)


def test_optimal_lam_for_rows_that_come_back_is_zero():
    assert resolve_lam("optimal", n_real=50, n_synthetic=80, variances=same(50, 80, 50)) == 0.0


def test_a_budget_costs_variance():
    assert effective_sample_size(0, fresh(50, 1, 1), subsample_noise=0.02) == pytest.approx(25)


@pytest.mark.parametrize(
    ("lam", "options", "message"),
    [
        (-0.1, {}, "lam must be a number >= 0"),
        (np.nan, {}, "lam must be a number >= 0"),
        ("best", {}, "lam must be a number >= 0 or one of"),
        ("golden", {"fresh": False}, "lam='golden' needs fresh real rows"),
        (0.5, {"n_synthetic": 0}, "n_synthetic=0 leaves nothing"),
        ("optimal", {"n_synthetic": 0}, "n_synthetic=0 leaves nothing"),
    ],
)
def test_unusable_lam_is_refused(lam, options, message):
    with pytest.raises(ValueError, match=message):
        check_lam(lam, **{"n_synthetic": 10, **options})


def test_lam_zero_needs_no_synthetic_rows():
    check_lam(0, n_synthetic=0)
