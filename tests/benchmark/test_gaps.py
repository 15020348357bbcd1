"""From the rows of a suite to means over tables, on results worked by hand."""

import numpy as np
import pytest

from skcollapse.benchmark import SuiteResult, format_suite
from skcollapse.benchmark._results._gaps import average_over_tables, gaps_by_table

pd = pytest.importorskip("pandas")

# Scores of two seeds by table and method. In table C all rows are no better than one batch.
SCORES = {
    ("A", "real_only"): (0.4, 0.6),
    ("A", "all_real"): (0.8, 1.0),
    ("A", "first_model"): (0.4, 0.6),
    ("A", "optimal"): (0.6, 1.0),
    ("B", "real_only"): (0.0, 0.0),
    ("B", "all_real"): (0.5, 0.5),
    ("B", "first_model"): (0.25, 0.25),
    ("B", "optimal"): (1.0, 1.0),
    ("C", "real_only"): (0.0, 1.0),
    ("C", "all_real"): (1.0, 0.2),
    ("C", "first_model"): (9.0, 9.0),
    ("C", "optimal"): (9.0, 9.0),
}


@pytest.fixture
def rows():
    return pd.DataFrame(
        [
            {
                "table": table,
                "task": "regression",
                "estimator": "ridge",
                "n_real": 300,
                "synthesizer": "tree" if method == "optimal" else "",
                "labels": "predict" if method == "optimal" else "",
                "n_synthetic": "5" if method == "optimal" else "",
                "method": "recursive_mix" if method == "optimal" else method,
                "lam": "optimal" if method == "optimal" else "",
                "seed": seed,
                "generation": 0,
                "score": score,
                "seconds": 2.0,
                "effective_sample_size": 10.0,
                "error": "",
            }
            for (table, method), scores in SCORES.items()
            for seed, score in enumerate(scores)
        ]
    )


def result_of(rows):
    gaps = gaps_by_table(rows)
    return SuiteResult(None, rows, gaps, average_over_tables(gaps))


def test_gap_and_its_limits_by_table(rows):
    gaps = gaps_by_table(rows).set_index(["table", "method"])
    mine = gaps.loc["A", "recursive_mix"]
    # As in test_summary: gap .75 with standard error .25; t with one degree of freedom is 12.706.
    assert mine["gap_recovered"] == pytest.approx(0.75)
    assert mine["gap_high"] - mine["gap_recovered"] == pytest.approx(12.7062 * 0.25, rel=1e-4)
    assert mine["gap_low"] + mine["gap_high"] == pytest.approx(1.5)
    assert gaps.loc[("B", "recursive_mix"), "gap_recovered"] == pytest.approx(2.0)
    assert gaps.loc[("B", "recursive_mix"), "gap_capped"] == 1.0
    assert gaps["has_gap"].groupby("table").first().to_dict() == {
        "A": True,
        "B": True,
        "C": False,
    }


def test_mean_over_tables_capped_and_not(rows):
    summary = average_over_tables(gaps_by_table(rows)).set_index("method")
    assert set(summary.index) == {"first_model", "recursive_mix"}
    mine = summary.loc["recursive_mix"]
    assert mine["n_tables"] == 2
    assert mine["gap_recovered"] == pytest.approx((0.75 + 2.0) / 2)
    assert mine["gap_capped"] == pytest.approx((0.75 + 1.0) / 2)
    # Table B has no spread at all, so the mean's error is half of table A's.
    assert mine["gap_se"] == pytest.approx(0.125)
    assert mine["gap_capped_se"] == pytest.approx(0.125)
    assert (mine["worst"], mine["worst_table"]) == (pytest.approx(0.75), "A")
    assert mine["n_below_half"] == 0
    old = summary.loc["first_model"]
    assert (old["worst"], old["worst_table"], old["n_below_half"]) == (0.0, "A", 1)
    assert mine["seconds"] == 2.0


def test_table_above_the_cap_adds_nothing_to_the_error_of_the_capped_mean(rows):
    noisy = rows["table"].eq("B") & rows["lam"].eq("optimal") & rows["seed"].eq(0)
    rows.loc[noisy, "score"] = 0.8
    mine = average_over_tables(gaps_by_table(rows)).set_index("method").loc["recursive_mix"]
    assert mine["gap_capped_se"] == pytest.approx(0.125)
    # Scores .8 and 1 over a gap of .5: a standard error of .1 / .5.
    assert mine["gap_se"] == pytest.approx(np.hypot(0.25, 0.2) / 2)


def test_failed_seeds_are_counted_and_do_not_enter(rows):
    lost = rows["table"].eq("A") & rows["lam"].eq("optimal") & rows["seed"].eq(0)
    rows.loc[lost, ["score", "error"]] = [np.nan, "OSError: out of luck"]
    gaps = gaps_by_table(rows).set_index(["table", "method"])
    mine = gaps.loc["A", "recursive_mix"]
    # Seed 1 alone: (1 - .6) / (1 - .6).
    assert mine["gap_recovered"] == pytest.approx(1.0)
    assert (mine["n_seeds"], mine["n_failed"]) == (1, 1)
    assert np.isnan(mine["gap_low"])


def test_text_names_the_settings_that_differ(rows):
    text = format_suite(result_of(rows))
    assert text.startswith("## ridge, batches of 300 rows\n")
    assert "| lam=optimal | 0.8" in text
    assert " | 0.75 A | 0 | 2 | 0 | 2.00 |" in text
    assert "| C | 0.500 | 0.600 | no gap | no gap |" in text
    assert "| B | 0.000 | 0.500 | 0.50 [0.50, 0.50] | 2.00 [2.00, 2.00] |" in text
    other = rows[rows["lam"] == "optimal"].assign(synthesizer="gaussian_copula")
    text = format_suite(result_of(pd.concat([rows, other], ignore_index=True)))
    assert "| lam=optimal, tree |" in text
    assert "| lam=optimal, gaussian_copula |" in text


def test_all_rows_worse_than_one_batch_is_no_gap_and_not_a_failure(rows):
    worse = rows["table"].eq("B") & rows["method"].eq("all_real")
    rows.loc[worse, "score"] = -1.0
    assert "| B | 0.000 | -1.000 | no gap | no gap |" in format_suite(result_of(rows))
