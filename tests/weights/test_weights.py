"""Statements about lam, row weights and effective sample sizes."""

import numpy as np
import pytest

from skcollapse.theory import optimal_real_weight, real_weight_schedule
from skcollapse.weights import (
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


def test_proportional_weighs_all_rows_alike():
    lam = resolve_lam("proportional", n_real=20, n_synthetic=100, previous_size=20)
    real, synthetic = mixed_sample_weight(np.ones(20), np.ones(100), lam)
    np.testing.assert_allclose(synthetic, real[0], rtol=1e-15)


@pytest.mark.parametrize(("n", "m"), [(50, 50), (50, 500), (80, 10)])
def test_golden_is_the_constant_of_the_paper(n, m):
    lam = resolve_lam("golden", n_real=n, n_synthetic=m, previous_size=123)
    assert 1 / (1 + lam) == pytest.approx(optimal_real_weight(n, m), rel=1e-14)


def test_optimal_follows_the_schedule_through_unequal_batches():
    rng = np.random.default_rng(0)
    n, m = rng.uniform(5, 60, 8), rng.integers(5, 60, 8)
    weight, size = real_weight_schedule(n, m, n_initial=25)
    previous = 25.0
    for t in range(8):
        sizes = {"n_real": n[t], "n_synthetic": int(m[t]), "previous_size": previous}
        lam = resolve_lam("optimal", **sizes)
        previous = effective_sample_size(lam, **sizes)
        assert 1 / (1 + lam) == pytest.approx(weight[t], rel=1e-12)
        assert previous == pytest.approx(size[t], rel=1e-12)
        assert previous == pytest.approx(n[t] * (1 + lam), rel=1e-12)


def test_no_lam_has_a_larger_effective_sample_size_than_optimal():
    sizes = {"n_real": 40, "n_synthetic": 90, "previous_size": 70, "noise_ratio": 1.0}
    best = effective_sample_size(resolve_lam("optimal", **sizes), **sizes)
    others = [effective_sample_size(lam, **sizes) for lam in np.linspace(0, 6, 61)]
    assert max(others) <= best
    assert effective_sample_size(np.inf, **sizes) < best


def test_synthetic_rows_only_lose_what_drawing_them_costs():
    size = effective_sample_size(np.inf, n_real=40, n_synthetic=90, previous_size=70)
    assert 1 / size == pytest.approx(1 / 70 + 1 / 90)


@pytest.mark.parametrize("lam", [0.0, 0.3, 1.0, 5.0, np.inf])
def test_rows_that_come_back_are_never_worth_more_than_themselves(lam):
    previous = 50.0
    for _ in range(5):
        previous = effective_sample_size(
            lam, n_real=50, n_synthetic=80, previous_size=previous, fresh=False
        )
        assert previous <= 50 * (1 + 1e-12)


def test_rows_that_come_back_reach_the_published_limit():
    # 1 + k (1 - w)^2 / (w (2 - w)) at k = 1, w = 0.3 is 1.9608.
    previous = 50.0
    for _ in range(200):
        previous = effective_sample_size(
            0.7 / 0.3, n_real=50, n_synthetic=50, previous_size=previous, fresh=False
        )
    assert 50 / previous == pytest.approx(1 + 0.49 / (0.3 * 1.7), rel=1e-9)


def test_optimal_lam_for_rows_that_come_back_is_zero():
    sizes = {"n_real": 50, "n_synthetic": 80, "previous_size": 50, "fresh": False}
    assert resolve_lam("optimal", **sizes) == 0.0


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
