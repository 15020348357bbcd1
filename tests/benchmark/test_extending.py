"""One entrant and one suite from outside the package: a file each, and nothing else."""

import runpy
from pathlib import Path

import pytest

from skcollapse.benchmark import ConfigError, run_benchmark, run_suite, write_report
from skcollapse.benchmark._entrants import ENTRANTS, Entrant
from skcollapse.benchmark._suites import SUITES, Suite, suite
from skcollapse.cli import main

pd = pytest.importorskip("pandas")
pytest.importorskip("matplotlib")

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "extending"


@pytest.fixture
def load():
    """Return a function that reads an example; what it registers goes with the test."""
    before = [(registry, dict(registry)) for registry in (ENTRANTS, SUITES)]
    yield lambda name: runpy.run_path(str(EXAMPLES / name))
    for registry, entries in before:
        registry.clear()
        registry.update(entries)


@pytest.fixture
def copies(load, table_csv):
    load("copies_suite.py")
    table = {"table": str(table_csv), "target": "y", "drop": ["kind"]}
    return {"tables": [table], "synthesizers": ["tree"], "n_learned": 60, "n_seeds": 2}


@pytest.mark.parametrize(
    ("name", "said"), [("last_two_models", "last_two_models"), ("copies_suite", "copies")]
)
def test_examples_run_as_they_are_shown(load, name, said, capsys):
    runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__")
    assert said in capsys.readouterr().out


def test_an_entrant_runs_beside_the_others(load, table_csv, options):
    load("last_two_models.py")
    chosen = ["real_only", "last_two_models"]
    result = run_benchmark(table_csv, **options, entrants=chosen, lam=[])
    assert result.n_failed == 0
    rows = result.rows.set_index(["method", "seed", "generation"])
    mine = rows.loc["last_two_models"]
    assert mine["effective_sample_size"].unstack("generation").iloc[0].tolist() == [40, 80, 80]
    # One model is the model of the newest batch; the average of two is another one.
    first = rows["score"].unstack("generation")[0]
    assert first["last_two_models"].equals(first["real_only"])
    later = rows["score"].unstack("generation")[1]
    assert not later["last_two_models"].equals(later["real_only"])


def test_an_entrant_runs_in_a_process_that_has_not_loaded_it(load, table_csv, options):
    load("last_two_models.py")
    options["n_seeds"] = 1
    result = run_benchmark(table_csv, **options, entrants=["last_two_models"], lam=[], timeout=60)
    assert result.rows["error"].tolist() == [""] * 3


def test_an_entrant_that_does_not_suit_is_left_out(load, table_csv, class_options):
    load("last_two_models.py")
    rows = run_benchmark(
        table_csv, **class_options, entrants=["real_only", "last_two_models"], lam=[]
    ).rows
    assert set(rows["method"]) == {"real_only"}


def test_without_its_file_an_entrant_is_not_known(table_csv, options):
    with pytest.raises(ConfigError, match=r"^entrants must be one of real_only, .*'last_two"):
        run_benchmark(table_csv, **options, entrants=["last_two_models"])


def test_a_suite_runs_and_is_summed_up_and_reported(copies, tmp_path):
    result = run_suite("copies", out=tmp_path / "out", **copies)
    assert result.n_failed == 0
    assert result.rows["score"].between(0, 1).all()
    (mean,) = result.summary["score"]
    assert mean == result.rows["score"].mean()
    text = write_report(result, tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Copies of real rows" in text
    assert "In plain words" not in text


def test_a_suite_is_on_the_command_line_with_its_options(copies, tmp_path, capsys, table_csv):
    path = tmp_path / "run.toml"
    path.write_text(f"suite = 'copies'\ntables = ['{table_csv}:y']\nn_seeds = 1\n", "utf-8")
    command = ["benchmark", "--config", str(path), "--synthesizers", "tree", "--n-learned", "60"]
    assert main([*command, "--quiet", "--out", str(tmp_path / "out")]) == 0
    assert "| copies |" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["benchmark", "--help"])
    assert "rows that a synthesizer learns" in capsys.readouterr().out
    assert main(["benchmark", str(table_csv), "--n-learned", "60"]) == 2
    assert "argument --n-learned: needs --suite" in capsys.readouterr().err


def test_a_suite_whose_cells_may_not_run_together_runs_them_one_by_one(copies, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "skcollapse.benchmark._suites._run.run_jobs",
        lambda jobs, store, **options: seen.append(options["n_jobs"]),
    )
    for parallel in (True, False):
        monkeypatch.setattr(type(SUITES["copies"]), "parallel", parallel)
        run_suite("copies", **copies, n_jobs=2)
    assert seen == [2, None]


@pytest.mark.parametrize("name", ["retention", "table"])
def test_a_name_belongs_to_one_suite(name):
    class Other(Suite):
        def jobs(self, config, source):
            return []

    with pytest.raises(ValueError, match=f"A suite is named '{name}' already"):
        suite(name)(Other)


def test_what_is_registered_is_complete():
    for name, kind in ENTRANTS.items():
        assert issubclass(kind, Entrant)
        assert kind.name == name
    for name, one in SUITES.items():
        assert one.name == name
        assert one.config.options()[0] == "tables"
