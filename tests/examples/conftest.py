"""How the tests run the examples: as a user does, from a file, with arguments."""

import runpy
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture
def run_quickstart(capsys):
    """Run a script of the quickstart and return what it printed."""

    def run(name):
        runpy.run_path(str(EXAMPLES / "1_quickstart" / name), run_name="__main__")
        return capsys.readouterr().out

    return run


@pytest.fixture
def run_article(capsys, monkeypatch, tmp_path):
    """Run an article's script at its reduced size; return the printed lines, split into words."""

    def run(name, *arguments):
        pytest.importorskip("matplotlib").use("agg")
        figure = tmp_path / "figure.png"
        monkeypatch.setattr("sys.argv", [name, "--figure", str(figure), *arguments])
        runpy.run_path(str(EXAMPLES / "3_articles" / name), run_name="__main__")
        assert figure.stat().st_size > 10_000
        return [line.split() for line in capsys.readouterr().out.splitlines()]

    return run
