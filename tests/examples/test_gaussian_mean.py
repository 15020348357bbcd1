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
    by_k = [list(map(float, row)) for row in rows if len(row) == 5 and row[0].startswith("0.")]
    assert len(by_k) == 10
    for _, golden, exact_golden, naive, exact_naive in by_k:
        assert golden == pytest.approx(exact_golden, rel=0.1)
        assert naive == pytest.approx(exact_naive, rel=0.1)
        assert golden < naive
