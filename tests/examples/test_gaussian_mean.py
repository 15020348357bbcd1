"""The scripts about means: He, Xu and Cheng's figures, Dey and Donoho's ratios."""

import pytest


def test_dey_and_donoho(run_article):
    rows = run_article("dey_donoho_variance_ratios.py")
    rows = [list(map(float, row[1:])) for row in rows if len(row) == 5 and row[1][0].isdigit()]
    assert len(rows) == 3
    for exact, expected, simulated, error in rows:
        assert exact == pytest.approx(expected, abs=1e-5)
        assert abs(simulated - exact) < 4 * error


def test_he_xu_and_cheng_gaussian_mean(run_article):
    rows = run_article("he_xu_cheng_gaussian_mean.py")
    assert ["smallest", "error", "at", "w", "=", "0.62,", "exact", "0.62"] in rows
    numbers = [list(map(float, row)) for row in rows if row and row[0].startswith("0.")]
    by_weight = [row for row in numbers if len(row) == 4]
    assert len(by_weight) == 4
    for _, found, error, exact in by_weight:
        assert abs(found - exact) < 4 * error
    by_k = [row for row in numbers if len(row) == 7]
    assert len(by_k) == 10
    for _, golden, golden_error, golden_exact, naive, naive_error, naive_exact in by_k:
        assert abs(golden - golden_exact) < 4 * golden_error
        assert abs(naive - naive_exact) < 4 * naive_error
        assert golden + 4 * golden_error < naive
