"""The script about retraining on the same real rows: Bertrand et al.'s Gaussian."""

import pytest


def test_bertrand_gaussian(run_article):
    rows = run_article("bertrand_gaussian.py")
    by_lam = [row for row in rows if len(row) == 8 and row[0] not in ("lam", "own")]
    assert [row[0] for row in by_lam] == ["0.0", "0.4", "0.5", "0.618", "1.0", "4.0", "inf"]
    for row in by_lam:
        _, variance, error, exact, median, shift, shift_error, shift_exact = map(float, row)
        assert abs(variance - exact) <= 4 * error
        assert abs(shift - shift_exact) <= 4 * shift_error
        assert median <= variance
    # What 20 real rows lose of their variance at lam = 1 and 4, as worked out for 30 retrainings.
    assert float(by_lam[4][7]) == pytest.approx(0.01639, abs=5.1e-6)
    assert float(by_lam[5][7]) == pytest.approx(0.02174, abs=5.1e-6)

    alone = [list(map(float, row[-3:])) for row in rows if row[:1] == ["average"]]
    assert len(alone) == 6
    for simulated, error, exact in alone:
        assert abs(simulated - exact) < 4 * error
    assert [round(row[2], 4) for row in alone[:2]] == [0.5181, -2.6777]
    median = next(float(row[2]) for row in rows if row[:2] == ["median", "variance"])
    assert median == pytest.approx(0.07, abs=0.006)

    rates = [row for row in rows if len(row) == 7 and row[0][0].isdigit()]
    assert [row[-1] for row in rates] == ["0.6667", "none", "none", "none", "none"]
    for row in rates:
        lam, exact, of_mean, mean_error, of_square, square_error = map(float, row[:-1])
        assert exact == pytest.approx(lam / (1 + lam), abs=5.1e-5)
        assert abs(of_mean - exact) < 4 * mean_error
        assert abs(of_square - exact) < 4 * square_error
