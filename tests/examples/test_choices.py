"""The scripts that compare workflows, weights and rows."""

import runpy
from pathlib import Path

import pytest

CHOICES = Path(__file__).resolve().parents[2] / "examples" / "2_choices"


@pytest.fixture
def run_choice(capsys, monkeypatch, tmp_path):
    """Run a script with a figure; return the printed lines, split into words."""

    def run(name, *arguments):
        pytest.importorskip("matplotlib").use("agg")
        figure = tmp_path / "figure.png"
        monkeypatch.setattr("sys.argv", [name, "--figure", str(figure), *arguments])
        runpy.run_path(str(CHOICES / name), run_name="__main__")
        assert figure.stat().st_size > 10_000
        return [line.split() for line in capsys.readouterr().out.splitlines()]

    return run


def test_measured_errors_are_those_of_theory(run_choice):
    rows = run_choice("compare_workflows.py", "--repeats", "10")
    found = {row[0]: [float(word.strip("()")) for word in row[1:]] for row in rows[2:7]}
    assert list(found) == ["fresh", "replace", "accumulate", "accumulate_subsample", "fixed"]
    for measured, theory in ((row[::2], row[1::2]) for row in found.values()):
        # Ten splits of one table are few, and theory is about many rows.
        assert measured == pytest.approx(theory, rel=0.4)
    assert found["replace"][1::2] == [2.0, 3.0, 5.0, 9.0]
    assert found["accumulate"][7] == 1.54


def test_rules_are_near_the_top_of_a_linear_model(run_choice):
    rows = run_choice("compare_weights.py", "--repeats", "1")
    start = next(i for i, row in enumerate(rows) if row[:1] == ["splines"])
    scores = {row[0]: float(row[1]) for row in rows[start + 2 : start + 11]}
    numbers = [score for lam, score in scores.items() if lam[0].isdigit()]
    assert len(numbers) == 7
    assert min(scores["golden"], scores["optimal"]) > max(numbers) - 0.02
    assert scores["0"] < scores["golden"] - 0.1


def test_without_new_rows_columns_drift_away(run_choice):
    def distances(*arguments):
        rows = run_choice("compare_rows.py", *arguments)
        return [float(row[2]) for row in rows if row[:1] == ["generation"]]

    replace, fresh = distances(), distances("--workflow", "fresh")
    assert replace[0] < replace[1] < replace[2]
    assert fresh[2] < fresh[0]
