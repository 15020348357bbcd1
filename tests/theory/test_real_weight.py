"""Statements about the weights in `skcollapse.theory`."""

import numpy as np
import pytest

from skcollapse.theory import (
    lam_to_real_weight,
    optimal_real_weight,
    real_weight_schedule,
    real_weight_to_lam,
)

INVERSE_GOLDEN_RATIO = (np.sqrt(5) - 1) / 2


def mean_squared_error(w, k, squared_bias=0.0):
    """Long-run error of the constant weight w, in units of sigma^2 / n."""
    variance = (w**2 + k * (1 - w) ** 2) / (w * (2 - w))
    return variance + squared_bias * (1 - w) ** 2 / w**2


def test_lam_and_real_weight_invert_each_other():
    lam = np.array([0.0, 0.1, 1.0, 7.0, np.inf])
    np.testing.assert_allclose(real_weight_to_lam(lam_to_real_weight(lam)), lam, rtol=1e-14)


def test_equal_sizes_give_the_golden_ratio():
    assert optimal_real_weight(300, 300) == pytest.approx(INVERSE_GOLDEN_RATIO, abs=1e-15)


@pytest.mark.parametrize(
    ("k", "expected"),
    [(0.01, 0.095125), (0.1, 0.270156), (0.5, 0.5), (2, 0.732051), (5, 0.854102)],
)
def test_closed_form_at_other_ratios(k, expected):
    assert optimal_real_weight(100 * k, 100) == pytest.approx(expected, abs=5e-7)


@pytest.mark.parametrize(
    ("k", "squared_bias", "expected"),
    [
        (0.2, 0.1, 0.53207),
        (0.2, 1, 0.75157),
        (1, 0.1, 0.65892),
        (1, 1, 0.78555),
        (1, 10, 0.93381),
        (3, 1, 0.84438),
    ],
)
def test_biased_synthesizer_needs_more_real_weight(k, squared_bias, expected):
    found = optimal_real_weight(k, 1.0, squared_bias=squared_bias)
    assert found == pytest.approx(expected, abs=5e-6)


@pytest.mark.parametrize("squared_bias", [0.0, 0.3, 4.0])
@pytest.mark.parametrize("k", [0.05, 1.0, 6.0])
def test_no_other_constant_weight_does_better(k, squared_bias):
    best = optimal_real_weight(k, 1.0, squared_bias=squared_bias)
    grid = np.linspace(0.01, 1, 400)
    floor = mean_squared_error(grid, k, squared_bias).min()
    assert mean_squared_error(best, k, squared_bias) <= floor + 1e-12
    # The check can fail: a weight a little off is worse than the best point of the grid.
    off = best * 0.8
    assert mean_squared_error(off, k, squared_bias) > floor


def test_bias_tending_to_zero_meets_the_closed_form():
    assert optimal_real_weight(1.0, 1.0, squared_bias=1e-13) == pytest.approx(
        INVERSE_GOLDEN_RATIO, abs=1e-6
    )


def test_noise_free_labels_leave_all_weight_to_the_past():
    assert optimal_real_weight(100, 100, noise_ratio=0) == 0.0


def test_reused_rows_and_no_synthetic_rows_leave_all_weight_to_the_real_ones():
    assert optimal_real_weight(100, 100, fresh_fraction=0) == 1.0
    assert optimal_real_weight(100, 0) == 1.0


def test_partly_fresh_rows_act_like_a_larger_ratio():
    assert optimal_real_weight(100, 100, fresh_fraction=0.25) == optimal_real_weight(400, 100)


@pytest.mark.parametrize(("ratio", "expected"), [(4.0, 0.719), (0.25, 0.547)])
def test_information_ratio_gives_the_nominal_weight(ratio, expected):
    found = optimal_real_weight(1.0, 1.0, information_ratio=ratio)
    assert found == pytest.approx(expected, abs=5e-4)


def test_arrays_broadcast():
    found = optimal_real_weight([100.0, 200.0], 100.0, squared_bias=[0.0, 1.0])
    singly = [optimal_real_weight(100, 100), optimal_real_weight(200, 100, squared_bias=1.0)]
    np.testing.assert_array_equal(found, singly)


def test_schedule_of_equal_sizes_runs_through_fibonacci_quotients():
    weight, size = real_weight_schedule([60.0] * 40, [60.0] * 40, n_initial=60)
    np.testing.assert_allclose(weight[:5], [2 / 3, 5 / 8, 13 / 21, 34 / 55, 89 / 144], rtol=1e-14)
    assert weight[-1] == pytest.approx(INVERSE_GOLDEN_RATIO, abs=1e-14)
    np.testing.assert_allclose(size, 60 / weight, rtol=1e-14)


def test_schedule_with_noise_free_labels_pools_all_rows_ever_seen():
    n_real = np.array([30.0, 10, 50, 5])
    _, size = real_weight_schedule(n_real, [7.0] * 4, n_initial=20, noise_ratio=0)
    np.testing.assert_allclose(size, 20 + np.cumsum(n_real), rtol=1e-14)


def test_schedule_with_unequal_sizes():
    weight, size = real_weight_schedule([10, 50], [40, 10], n_initial=30)
    first = 10 + 1 / (1 / 30 + 1 / 40)
    second = 50 + 1 / (1 / first + 1 / 10)
    np.testing.assert_allclose(size, [first, second], rtol=1e-14)
    np.testing.assert_allclose(weight, [10 / first, 50 / second], rtol=1e-14)


def test_schedule_beats_every_other_sequence_at_every_generation():
    rng = np.random.default_rng(1)
    n_real, m = rng.uniform(5, 50, 6), rng.uniform(5, 50, 6)
    _, size = real_weight_schedule(n_real, m, n_initial=20)
    for _ in range(200):
        variance = 1 / 20
        for t, w in enumerate(rng.random(6)):
            variance = w**2 / n_real[t] + (1 - w) ** 2 * (variance + 1 / m[t])
            assert 1 / variance <= size[t] * (1 + 1e-12)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: lam_to_real_weight(-1), "lam"),
        (lambda: lam_to_real_weight(np.nan), "lam"),
        (lambda: real_weight_to_lam(1.5), "real_weight"),
        (lambda: optimal_real_weight(0, 10), "n_real"),
        (lambda: optimal_real_weight(10, -1), "n_synthetic"),
        (lambda: optimal_real_weight(10, 10, squared_bias=-1), "squared_bias"),
        (lambda: optimal_real_weight(10, 10, fresh_fraction=2), "fresh_fraction"),
        (lambda: optimal_real_weight(10, 10, information_ratio=0), "information_ratio"),
        (lambda: real_weight_schedule([10, 10], [10], n_initial=10), "same length"),
        (lambda: real_weight_schedule([10], [0], n_initial=10), "n_synthetic"),
        (lambda: real_weight_schedule([10], [10], n_initial=0), "n_initial"),
    ],
)
def test_invalid_input_is_named(call, name):
    with pytest.raises(ValueError, match=name):
        call()
