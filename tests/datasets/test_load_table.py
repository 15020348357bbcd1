"""Tables from files: what comes out, and what is refused."""

import datetime
import decimal

import numpy as np
import pytest

from skcollapse.datasets import load_table

pd = pytest.importorskip("pandas")


@pytest.fixture
def frame():
    return pd.DataFrame(
        {
            "size": [1.5, 2.5, np.nan, 4.5],
            "colour": ["red", "blue", None, "red"],
            "count": [1, 2, 3, 4],
            "sold": [True, False, True, True],
            "price": [10.0, 20.0, 30.0, 45.5],
        }
    )


@pytest.fixture
def write(tmp_path):
    def write(text, name="table.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def saved(frame, tmp_path, name):
    path = tmp_path / name
    if name.endswith(".parquet"):
        pytest.importorskip("pyarrow")
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False, sep="\t" if ".tsv" in name else ",")
    return path


@pytest.mark.parametrize("name", ["sales.csv", "sales.csv.gz", "sales.tsv", "sales.parquet"])
def test_every_format_gives_the_same_table(frame, tmp_path, name):
    table = load_table(saved(frame, tmp_path, name), "price")
    assert (table.name, table.task, table.target_name) == ("sales", "regression", "price")
    assert table.source == str(tmp_path / name)
    assert list(table.data.columns) == ["size", "colour", "count", "sold"]
    assert [str(dtype) for dtype in table.data.dtypes] == ["float64", "category", "int64", "bool"]
    assert list(table.data["colour"].cat.categories) == ["blue", "red"]
    assert table.data["colour"].isna().tolist() == [False, False, True, False]
    np.testing.assert_array_equal(table.target, frame["price"])


def test_levels_are_those_of_the_whole_table(frame, tmp_path):
    table = load_table(saved(frame, tmp_path, "sales.csv"), "price")
    assert list(table.data.iloc[:1]["colour"].cat.categories) == ["blue", "red"]


def test_types_that_estimators_do_not_take_become_numbers(tmp_path):
    day = datetime.datetime(1970, 1, 3, 12)
    frame = pd.DataFrame(
        {
            "when": pd.to_datetime([day, None]),
            "there": pd.to_datetime([day, day]).tz_localize("UTC"),
            "lasted": pd.to_timedelta(["6h", "1D"]),
            "nullable": pd.array([1, None], dtype="Int64"),
            "exact": [decimal.Decimal("1.5"), None],
            "maybe": pd.array([True, None], dtype="boolean"),
            "y": [1.5, 2.0],
        }
    )
    data = load_table(saved(frame, tmp_path, "t.parquet"), "y").data
    np.testing.assert_array_equal(data["when"], [2.5, np.nan])
    np.testing.assert_array_equal(data["there"], [2.5, 2.5])
    np.testing.assert_array_equal(data["lasted"], [0.25, 1.0])
    np.testing.assert_array_equal(data["nullable"], [1.0, np.nan])
    np.testing.assert_array_equal(data["exact"], [1.5, np.nan])
    assert list(data["maybe"].cat.categories) == ["True"]


@pytest.mark.parametrize(
    ("values", "task", "labels"),
    [
        (["a", "b", "a"], "classification", ["a", "b", "a"]),
        ([True, False, True], "classification", [True, False, True]),
        ([0, 1, 2], "classification", [0, 1, 2]),
        ([0.5, 1.0, 2.0], "regression", [0.5, 1.0, 2.0]),
    ],
)
def test_task_is_read_from_the_target(tmp_path, values, task, labels):
    path = saved(pd.DataFrame({"x": [1, 2, 3], "y": values}), tmp_path, "t.csv")
    table = load_table(path, "y")
    assert table.task == task
    assert table.target.tolist() == labels


def test_whole_numbers_with_many_values_are_regression_unless_asked(tmp_path):
    path = saved(pd.DataFrame({"x": range(11), "y": range(11)}), tmp_path, "t.csv")
    assert load_table(path, "y").task == "regression"
    assert load_table(path, "y", task="classification").target.tolist() == list(range(11))


def test_log_target_is_the_natural_logarithm_and_is_recorded(frame, tmp_path):
    table = load_table(saved(frame, tmp_path, "t.csv"), "price", log_target=True)
    np.testing.assert_allclose(table.target, np.log(frame["price"]))
    assert (table.target_name, table.target_transform) == ("price", "log")


def test_dropped_columns_are_gone_and_recorded(frame, tmp_path):
    table = load_table(saved(frame, tmp_path, "t.csv"), "price", drop=["size", "sold"])
    assert list(table.data.columns) == ["colour", "count"]
    assert table.dropped == ["size", "sold"]


def test_rows_without_target_are_left_out_with_a_warning(frame, tmp_path):
    frame.loc[1, "price"] = np.nan
    with pytest.warns(UserWarning, match=r"1 of 4 rows of t\.csv have no value.*'price'"):
        table = load_table(saved(frame, tmp_path, "t.csv"), "price")
    assert table.target.tolist() == [10.0, 30.0, 45.5]
    assert list(table.data["colour"].cat.categories) == ["red"]
    assert table.data.index.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("", {}, "is empty"),
        ("x,y\n", {}, "t.csv has 0 rows"),
        ("y\n1\n2\n", {}, "at least one other column"),
        ("x,y,x\n1,2,3\n", {}, "several columns named 'x'"),
        ("x,price\n1,2\n", {"target": "prize"}, "target: t.csv has no column 'prize'.*'price'"),
        ("x,y\n1,2\n", {"target": None}, "say which column of t.csv to predict; it has 'x', 'y'"),
        ("x,y\n1,\n2,\n", {}, "'y' of t.csv has missing values only"),
        ("x,y\n1,5\n2,5\n", {}, "one distinct value"),
        ("x,y\n1,2\n3,4\n", {"drop": ["z"]}, "drop: t.csv has no column 'z'"),
        ("x,y\n1,2\n3,4\n", {"drop": ["y"]}, "drop names the target column 'y'"),
        ("x,y\n1,2\n3,4\n", {"drop": ["x"]}, "drop leaves no column"),
        ("x,y\n1,a\n3,b\n", {"task": "regression"}, "'y' is not numeric"),
        ("x,y\n1,a\n3,b\n", {"task": "guess"}, "task must be one of"),
        ("x,y\n1,a\n3,b\n", {"log_target": True}, "log_target is for regression"),
        ("x,y\n1,0.5\n3,-4\n", {"log_target": True}, "values <= 0"),
        ("x,y\n1,inf\n3,0.5\n", {}, "'y' contains infinity"),
        ("x,y\ninf,1.5\n3,0.5\n", {}, "'x' contains infinity"),
    ],
)
def test_bad_tables_and_options_are_refused(write, text, options, message):
    with pytest.raises(ValueError, match=message):
        load_table(write(text, "t.csv"), **{"target": "y", **options})


def test_a_column_that_is_really_called_like_a_repeated_one_is_kept(write):
    table = load_table(write("a,a.1,y\n1,2,0.5\n3,4,1.5\n"), "y")
    assert list(table.data.columns) == ["a", "a.1"]


def test_numbers_stored_as_text_ask_for_the_task(tmp_path):
    frame = pd.DataFrame({"x": range(12), "y": [str(i / 2) for i in range(12)]})
    path = saved(frame, tmp_path, "t.parquet")
    with pytest.raises(ValueError, match="'y' holds 12 different numbers, written as text"):
        load_table(path, "y")
    assert load_table(path, "y", task="regression").target.tolist() == [i / 2 for i in range(12)]
    assert load_table(path, "y", task="classification").target[3] == "1.5"


def test_numbers_stored_as_objects_are_numbers(tmp_path):
    numbers = [decimal.Decimal(i) / 2 for i in range(12)]
    frame = pd.DataFrame({"x": range(12), "y": pd.Series(numbers, dtype=object)})
    table = load_table(saved(frame, tmp_path, "t.parquet"), "y")
    assert table.task == "regression"
    assert table.target.tolist() == [i / 2 for i in range(12)]


def test_unknown_name_lists_the_known_ones():
    with pytest.raises(FileNotFoundError, match=r"'diamond' is neither a file.*diamonds"):
        load_table("diamond")


def test_unknown_ending_lists_the_known_ones(write):
    with pytest.raises(ValueError, match=r"'\.xlsx'; use \.csv, \.tsv, \.parquet"):
        load_table(write("x", "t.xlsx"), "y")


def test_broken_parquet_is_refused(write):
    pytest.importorskip("pyarrow")
    with pytest.raises(ValueError, match="cannot be read as a Parquet file"):
        load_table(write("not parquet", "t.parquet"), "y")
