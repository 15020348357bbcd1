"""A suite from its options to its files."""

import pytest

from skcollapse.benchmark import ConfigError, format_suite, run_suite
from skcollapse.benchmark._base._tables import TableSpec
from skcollapse.benchmark._options._suite_config import RowRecipe
from skcollapse.benchmark._suites._retention import RetentionConfig
from skcollapse.datasets import load_table, table_names

pd = pytest.importorskip("pandas")
pytest.importorskip("matplotlib")

SMALL = {
    "tables": ["HI", "Default"],
    "estimators": ["ridge", "logistic"],
    "synthesizers": ["gaussian_copula"],
    "lam": ["optimal"],
    "entrants": ["first_model", "warm_start"],
    "batch_sizes": [50],
    "n_batches": 2,
    "n_seeds": 2,
    "labels": ["predict"],
    "n_synthetic": [2.0],
    "min_test_size": 50,
}


@pytest.fixture
def tables(table_csv, monkeypatch):
    """A regression and a classification table under the names of two tables of the suite."""

    def load(name, *arguments, **options):
        column, other = ("y", "kind") if name == "HI" else ("kind", "y")
        if name == "SLID":
            raise OSError("no\nnetwork")
        table = load_table(table_csv, column, drop=[other])
        table.name = name
        return table

    monkeypatch.setattr("skcollapse.benchmark._base._tables.load_table", load)


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("tables", ["diamond"], "must be named tables .*diamonds.*; got 'diamond'"),
        ("tables", "diamonds", "must be a list or tuple"),
        ("tables", [], "must hold at least one value"),
        ("estimators", ["lasso"], "must be one of .*; got 'lasso'"),
        ("synthesizers", ["gan"], "must be one of .*; got 'gan'"),
        ("labels", ["copy"], "must be one of .*; got 'copy'"),
        ("lam", ["best"], "must be one of .*; got 'best'"),
        ("n_synthetic", [0], "must be a number > 0"),
        ("entrants", ["online"], "must be one of .*; got 'online'"),
        ("batch_sizes", [1], "must be an integer >= 2"),
        ("n_seeds", 0, "must be an integer >= 1"),
        ("table", "diamonds", "is not an option; did you mean tables"),
        ("min_test_size", 1, "must be an integer >= 2"),
        ("workflows", ["loop"], "must be one of accumulate, .*; got 'loop'"),
    ],
)
def test_bad_option_is_named(option, value, message):
    with pytest.raises(ConfigError, match=f"^{option} {message}") as caught:
        run_suite("retention", **{option: value})
    assert caught.value.option == option


def test_unknown_suite():
    with pytest.raises(ConfigError, match=r"^suite must be one of retention, .*; got 'size'"):
        run_suite("size")


def test_missing_sdv_is_said_before_any_work(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"^synthesizers 'sdv_tvae' needs sdv"):
        run_suite(synthesizers=["gaussian_copula", "sdv_tvae"])


def test_suite_has_ten_tables_and_more_of_both_tasks():
    config = RetentionConfig()
    assert len(config.tables) == 16
    assert {spec.table for spec in config.tables} <= set(table_names())
    assert (config.n_batches, config.batch_sizes, config.n_seeds) == (8, (300, 1000), 5)
    assert RetentionConfig(tables=["hi", "HI", "Hi"]).tables == (TableSpec("HI"),)
    assert RetentionConfig(entrants=["first_model"]).entrants == (
        *("real_only", "all_real"),
        "first_model",
    )
    recipes = RetentionConfig(n_synthetic=(5, 20)).recipes()
    assert RowRecipe("tree", "fresh", "corrected", 20.0) in recipes


def test_references_run_once_whatever_the_number_of_settings(tables, count_cells):
    options = {**SMALL, "synthesizers": ["gaussian_copula", "tree"], "lam": ["optimal", 1.0]}
    result = run_suite(**options)
    assert len(count_cells) == len(set(count_cells))
    assert sum(cell.method == "all_real" for cell in count_cells) == 2 * SMALL["n_seeds"]
    assert sum(cell.method == "recursive_mix" for cell in count_cells) == 2 * 2 * 4
    assert len(result.gaps) == 2 * (3 + 4)
    assert result.n_failed == 0
    # Each table ran with the estimator of its task only.
    pairs = set(zip(result.gaps["table"], result.gaps["estimator"], strict=True))
    assert pairs == {("HI", "ridge"), ("Default", "logistic")}


def test_suite_goes_on_and_adds_only_what_is_new(tables, count_cells, tmp_path):
    first = run_suite(out=tmp_path, **SMALL)
    assert set(first.files) == {"database", "results", "gaps", "summary", "markdown"}
    count_cells.clear()
    again = run_suite(out=tmp_path, **SMALL)
    assert count_cells == []
    pd.testing.assert_frame_equal(again.gaps, first.gaps)
    more = run_suite(out=tmp_path, **{**SMALL, "lam": ["optimal", 0.5]})
    assert {(cell.method, cell.lam) for cell in count_cells} == {("recursive_mix", "0.5")}
    assert set(more.summary["lam"]) == {"", "optimal", "0.5"}
    assert len(pd.read_csv(more.files["gaps"])) == len(more.gaps)
    assert more.files["markdown"].read_text(encoding="utf-8") == format_suite(more) + "\n"


def test_table_that_cannot_be_loaded_is_a_row(tables):
    result = run_suite(**{**SMALL, "tables": ["SLID", "HI"]})
    failed = result.rows[result.rows["error"] != ""]
    assert failed[["table", "method", "error"]].values.tolist() == [
        ["SLID", "load_table", "OSError: no network"]
    ]
    assert result.n_failed == 1
    assert set(result.gaps["table"]) == {"HI"}


def test_failed_cells_are_counted_and_the_others_go_on(tables, monkeypatch):
    def broken(*arguments):
        raise OSError("out of luck")

    monkeypatch.setattr("skcollapse.benchmark._entrants._peers.FirstModel.update", broken)
    result = run_suite(**SMALL)
    assert result.n_failed == 2 * SMALL["n_seeds"]
    summary = result.summary.set_index("method")
    assert summary.loc["first_model", "n_failed"].tolist() == [2, 2]
    assert summary.loc["recursive_mix", "n_failed"].tolist() == [0, 0]
    assert "failed" in format_suite(result)


def test_no_table_with_enough_rows(tables):
    with pytest.raises(ConfigError, match=r"^batch_sizes are too large"):
        run_suite(**{**SMALL, "batch_sizes": [150]})
