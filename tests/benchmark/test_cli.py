"""The command, in this process, from its arguments to its files."""

import subprocess
import sys

import pytest

from skcollapse.cli import main
from skcollapse.datasets import load_table

pd = pytest.importorskip("pandas")
pytest.importorskip("matplotlib")

FAST = ["--target", "y", "--drop", "kind", "--estimator", "ridge", "--n-batches", "3"]
FAST += ["--batch-size", "40", "--n-seeds", "2", "--labels", "predict", "--n-synthetic", "2"]


def test_benchmark_prints_a_table_and_writes_its_files(table_csv, tmp_path, capsys):
    out = tmp_path / "out"
    code = main(
        ["benchmark", str(table_csv), *FAST, "--lam", "0.3", "--lam", "inf", "--out", str(out)]
    )
    printed = capsys.readouterr()
    assert code == 0
    for name in ("lam=proportional", "lam=golden", "lam=optimal", "lam=0.3", "lam=inf"):
        assert name in printed.out
    assert "[14/14]" in printed.err
    found = {path.name for path in out.iterdir()}
    assert found == {
        "results.csv",
        "results.sqlite",
        "score_by_generation.png",
        "score_by_generation.svg",
    }
    assert len(pd.read_csv(out / "results.csv")) == 7 * 2 * 3


def test_files_go_beside_the_caller_by_default(table_csv, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["benchmark", str(table_csv), *FAST, "--quiet"]) == 0
    assert (tmp_path / "skcollapse-benchmark" / "small" / "results.csv").is_file()
    assert capsys.readouterr().err == ""


def test_all_options_reach_the_benchmark(table_csv, tmp_path, monkeypatch, capsys):
    seen = {}

    def record(table, **options):
        seen.update(options, table=table)
        raise KeyboardInterrupt

    monkeypatch.setattr("skcollapse.cli._benchmark.run_benchmark", record)
    arguments = "benchmark t --target y --task regression --drop a --drop b --no-log-target "
    arguments += (
        "--n-batches 4 --batch-size 50 --test-size 0.5 --lam golden --lam 2 --labels joint "
    )
    arguments += "--n-synthetic 5 --estimator ridge --synthesizer sdv --n-seeds 3 --n-jobs 2 "
    arguments += "--out there --overwrite --quiet"
    assert main(arguments.split()) == 130
    assert "goes on from here" in capsys.readouterr().err
    assert seen == {
        "table": "t",
        "target": "y",
        "task": "regression",
        "drop": ["a", "b"],
        "log_target": False,
        "n_batches": 4,
        "batch_size": 50,
        "test_size": 0.5,
        "lam": ["proportional", "golden", "optimal", "golden", 2.0],
        "labels": "joint",
        "n_synthetic": 5.0,
        "estimator": "ridge",
        "synthesizer": "sdv",
        "n_seeds": 3,
        "n_jobs": 2,
        "out": "there",
        "overwrite": True,
        "progress": False,
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--n-batches", "1"], "argument --n-batches: must be an integer >= 2, got 1."),
        (["--n-batches", "many"], "argument --n-batches: invalid int value: 'many'"),
        (["--lam", "best"], "argument --lam: must be one of"),
        (["--lam", "-1"], "argument --lam: must hold numbers >= 0"),
        (["--labels", "x"], "argument --labels: must be one of corrected, joint, predict, sample"),
        (["--estimator", "lasso"], "argument --estimator: must be one of hist_gradient_boosting"),
        (["--estimator", "logistic"], "argument --estimator: 'logistic' is not for regression"),
        (["--batch-size", "300"], "argument --batch-size: is too large: the table has 240 rows"),
        (["--test-size", "big"], "argument --test-size: invalid"),
        (["--target", "z"], "target: small.csv has no column 'z'"),
        (["--nonsense"], "unrecognized arguments: --nonsense"),
    ],
)
def test_wrong_option_is_one_line_that_names_it(table_csv, tmp_path, capsys, arguments, message):
    fixed = ["benchmark", str(table_csv), *FAST, "--out", str(tmp_path / "out")]
    assert main([*fixed, *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"skcollapse: error: {message}")
    assert printed.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_suite_prints_its_means_and_writes_its_files(table_csv, tmp_path, capsys, monkeypatch):
    table = load_table(table_csv, "y", drop=["kind"])
    table.name = "HI"
    monkeypatch.setattr("skcollapse.benchmark._base._tables.load_table", lambda *_, **__: table)
    arguments = "benchmark --suite retention --tables HI --estimators ridge,logistic --n-seeds 2 "
    arguments += "--synthesizers gaussian_copula --entrants first_model --batch-size 20 "
    arguments += "--batch-size 40 --n-batches 2 --labels predict --labels joint --lam golden "
    arguments += "--n-synthetic 2 --min-test-size 50"
    assert main([*arguments.split(), "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr()
    assert "## ridge, batches of 20 rows" in printed.out
    assert "| lam=golden, joint |" in printed.out
    assert (
        "HI/ridge-40/gaussian_copula-fresh-joint-2, seed 1: recursive_mix, lam=golden"
        in printed.err
    )
    for name in ("results.sqlite", "results.csv", "gaps.csv", "summary.csv", "summary.md"):
        assert (tmp_path / name).is_file()
        assert str(tmp_path / name) in printed.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--suite", "size"], "argument --suite: must be one of retention, workflows, weights"),
        (["--suite", "retention", "--target", "y"], "argument --target: is not for a suite"),
        (["--suite", "retention", "wine"], "argument TABLE: is not for a suite"),
        (["--suite", "retention", "--batch-size", "1"], "argument --batch-size: must be an"),
        (["--suite", "retention", "--tables", "x"], "argument --tables: must be named tables"),
        (["--tables", "HI"], "argument --tables: needs --suite"),
        (["--suite", "speed", "--entrants", "first_model"], "argument --entrants: is not an opt"),
        (["--suite", "weights", "--timeout", "-1"], "argument --timeout: must be None or a num"),
        (["--suite", "weights", "--n-jobs", "0"], "argument --n-jobs: must be None or an int"),
    ],
)
def test_wrong_option_of_a_suite(arguments, message, capsys):
    assert main(["benchmark", *arguments]) == 2
    assert capsys.readouterr().err.startswith(f"skcollapse: error: {message}")


def test_no_command_and_unknown_table(capsys):
    assert main([]) == 2
    assert main(["benchmark", "no-such-table"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert "COMMAND" in lines[0]
    assert "neither a file nor a known table" in lines[1]


def test_results_of_something_else_in_the_folder(table_csv, tmp_path, capsys):
    (tmp_path / "results.csv").write_text("mine")
    assert main(["benchmark", str(table_csv), *FAST, "--quiet", "--out", str(tmp_path)]) == 2
    assert "argument --out:" in capsys.readouterr().err
    assert (tmp_path / "results.csv").read_text() == "mine"


def test_failed_cells_are_reported_and_the_code_says_so(table_csv, tmp_path, capsys, monkeypatch):
    def broken(*arguments):
        raise OSError("out of luck")

    monkeypatch.setattr("skcollapse.benchmark._entrants._references.RealOnly.update", broken)
    code = main(["benchmark", str(table_csv), *FAST, "--out", str(tmp_path)])
    printed = capsys.readouterr()
    assert code == 1
    assert "failed" in printed.out
    assert "OSError: out of luck" in printed.err
    assert "2 cells failed" in printed.err


def test_rows_without_target_are_a_note(table_csv, tmp_path, capsys):
    frame = pd.read_csv(table_csv)
    frame.loc[0, "y"] = None
    path = tmp_path / "holes.csv"
    frame.to_csv(path, index=False)
    assert main(["benchmark", str(path), *FAST, "--quiet", "--out", str(tmp_path / "out")]) == 0
    error = capsys.readouterr().err
    assert error.startswith("skcollapse: note: 1 of 240 rows of holes")
    assert error.count("\n") == 1


@pytest.mark.parametrize("arguments", [["--help"], ["benchmark", "--help"], ["--version"]])
def test_help_and_version_end_well(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0
    assert "skcollapse" in capsys.readouterr().out


def test_module_is_the_command():
    command = [sys.executable, "-m", "skcollapse", "benchmark", "--n-seeds", "0"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("skcollapse: error: argument --n-seeds")
