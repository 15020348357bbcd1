"""The script about covariances: He, Xu and Cheng's figures 7, 8 and 9."""

import pytest


def test_he_xu_and_cheng_gaussian_covariance(run_article):
    rows = run_article("he_xu_cheng_gaussian_covariance.py")
    # The median is 0.24995 up to the rounding of the machine's linear algebra.
    (median,) = (row[4] for row in rows if row[:4] == ["median", "in", "the", "end"])
    assert float(median.rstrip(",")) == pytest.approx(0.25, abs=2e-4)
    assert ["smallest", "error", "at", "w", "=", "0.62,", "expected", "0.62"] in rows
    numbers = [list(map(float, row)) for row in rows if row and row[0].startswith("0.")]
    by_weight = {row[0]: row[1:] for row in numbers if len(row) == 4}
    assert len(by_weight) == 4
    for simulated, error, exact in by_weight.values():
        assert abs(simulated - exact) < 4 * error
    assert by_weight[0.62][2] == pytest.approx(0.03756, abs=1e-5)
    by_k = [row for row in numbers if len(row) == 7]
    assert len(by_k) == 10
    for _, golden, golden_error, golden_exact, naive, naive_error, naive_exact in by_k:
        assert abs(golden - golden_exact) < 4 * golden_error
        assert abs(naive - naive_exact) < 4 * naive_error
        assert golden < 0.75 * naive
