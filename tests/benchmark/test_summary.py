"""From rows to the printed table."""

import numpy as np
import pytest

from skcollapse.benchmark import format_summary, run_benchmark, summarise

pd = pytest.importorskip("pandas")


def rows_of(scores, error=""):
    """Rows of one generation from ``{(method, lam): [score of seed 0, of seed 1, ...]}``."""
    return pd.DataFrame(
        [
            {
                "method": method,
                "lam": lam,
                "seed": seed,
                "generation": 0,
                "score": score,
                "seconds": 2.0,
                "effective_sample_size": 10.0,
                "error": error,
            }
            for (method, lam), values in scores.items()
            for seed, score in enumerate(values)
        ]
    )


def test_values_worked_by_hand():
    summary = summarise(
        rows_of(
            {
                ("real_only", ""): [0.4, 0.6],
                ("all_real", ""): [0.8, 1.0],
                ("recursive_mix", "optimal"): [0.6, 1.0],
            }
        )
    ).set_index("method")
    mix = summary.loc["recursive_mix"]
    # Means .5, .9, .8: gap .3/.4. The gap is .4 in both seeds, the method gains .2 and .4, so
    # the linear part is (.2 - .3)/.4 and (.4 - .3)/.4: its standard error is .25.
    assert mix["score"] == pytest.approx(0.8)
    assert mix["score_se"] == pytest.approx(0.2)
    assert mix["gap_recovered"] == pytest.approx(0.75)
    assert mix["gap_se"] == pytest.approx(0.25)
    assert summary["gap_recovered"].tolist()[:2] == [0.0, 1.0]
    assert summary["gap_se"].tolist()[:2] == pytest.approx([0.0, 0.0])
    assert mix["seconds"] == 2.0


def test_standard_error_of_the_gap_is_the_spread_of_repeated_benchmarks():
    rng = np.random.default_rng(0)
    gaps, errors = [], []
    for _ in range(400):
        shared = rng.normal(0, 0.05, 20)
        summary = summarise(
            rows_of(
                {
                    ("real_only", ""): 0.5 + shared + rng.normal(0, 0.02, 20),
                    ("all_real", ""): 0.9 + shared + rng.normal(0, 0.02, 20),
                    ("recursive_mix", "optimal"): 0.8 + shared + rng.normal(0, 0.02, 20),
                }
            )
        ).set_index("method")
        gaps.append(summary.loc["recursive_mix", "gap_recovered"])
        errors.append(summary.loc["recursive_mix", "gap_se"])
    # 400 repeats know a standard deviation to 3.5 percent.
    assert np.mean(errors) == pytest.approx(np.std(gaps), rel=0.12)


def test_capped_gap():
    summary = summarise(
        rows_of({("real_only", ""): [0], ("all_real", ""): [1], ("recursive_mix", "1.0"): [2]})
    )
    assert summary["gap_recovered"].tolist() == [0.0, 1.0, 2.0]
    assert summary["gap_capped"].tolist() == [0.0, 1.0, 1.0]
    assert summary["score_se"].isna().all()


def test_gap_uses_the_seeds_that_all_three_have():
    scores = {
        ("real_only", ""): [0.0, 0.5, 9.0],
        ("all_real", ""): [1.0, 1.5],
        ("recursive_mix", "optimal"): [0.5, 1.0, 5.0],
    }
    summary = summarise(rows_of(scores)).set_index("method")
    assert summary.loc["recursive_mix", "gap_recovered"] == pytest.approx(0.5)
    assert summary.loc["recursive_mix", "n_seeds"] == 3


def test_no_gap_is_nan():
    summary = summarise(
        rows_of({("real_only", ""): [1], ("all_real", ""): [1], ("recursive_mix", "1.0"): [2]})
    )
    assert summary["gap_recovered"].isna().all()
    assert summary["gap_capped"].isna().all()


@pytest.mark.parametrize("with_rich", [True, False])
def test_text_has_a_line_for_each_method(table_csv, options, monkeypatch, with_rich):
    if with_rich:
        pytest.importorskip("rich")
    else:
        monkeypatch.setitem(__import__("sys").modules, "rich", None)
    text = format_summary(run_benchmark(table_csv, **options))
    assert text.startswith("small (y): 3 batches of 40 rows, each deleted after use")
    for name in ("real_only", "all_real", "lam=proportional", "lam=golden", "lam=optimal", "R²"):
        assert name in text
    assert "failed" not in text
    assert max(map(len, text.splitlines())) <= 100
