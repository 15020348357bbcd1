"""A table that is read and built again is the same table, whatever its columns are."""

import datetime as dt

import numpy as np
import pytest

from skcollapse._utils._tables import container_of, read_table, read_target


def rebuild(table):
    columns, spec = read_table(table)
    return spec.build(columns)


def pandas_columns():
    import pandas as pd

    return {
        "int8": pd.Series([1, 2, 3, 4], dtype="int8"),
        "uint8": pd.Series([1, 2, 3, 255], dtype="uint8"),
        "int64 beyond float": pd.Series([2**53 + 1, 1, 2, 3], dtype="int64"),
        "float32": pd.Series([1.5, np.nan, 2, 3], dtype="float32"),
        "str": pd.Series(["a", "b", None, "a"]),
        "mixed objects": pd.Series([1, "x", None, 2.5], dtype=object),
        "numbers as objects": pd.Series([1, 2, None, 3], dtype=object),
        "ordered": pd.Series(
            pd.Categorical(["x", "y", None, "x"], categories=["z", "y", "x"], ordered=True)
        ),
        "category of int": pd.Series(pd.Categorical([1, 2, 1, None])),
        "bool": pd.Series([True, False, True, True]),
        "boolean": pd.Series(pd.array([True, None, False, True], dtype="boolean")),
        "Int64": pd.Series(pd.array([1, None, 2**40, 3], dtype="Int64")),
        "Float64": pd.Series(pd.array([1.0, None, 2, 3], dtype="Float64")),
        "string": pd.Series(pd.array(["q", None, "r", "q"], dtype="string")),
        "datetime": pd.Series(
            pd.to_datetime(["2020-01-01", None, "2021-01-01", "2022-05-05"]).as_unit("ns")
        ),
        "datetime s": pd.Series(
            pd.to_datetime(["2020-01-01", None, "2021-01-01", "2022-05-05"]).as_unit("s")
        ),
        "zoned": pd.Series(
            pd.to_datetime(["2020-01-01", None, "2021-01-01", "2022-05-05"]).tz_localize(
                "Europe/Paris"
            )
        ),
        "timedelta": pd.Series(pd.to_timedelta([1, 2, None, 4], unit="h")),
        "date objects": pd.Series([dt.date(2020, 1, 1), None, dt.date(2021, 1, 1), None]),
        "period": pd.Series(pd.period_range("2020", periods=4, freq="M")),
        "all nan": pd.Series([np.nan] * 4),
        "all None": pd.Series([None] * 4, dtype=object),
        5: pd.Series([1, 2, 3, 4]),
    }


def test_pandas_frame_comes_back_as_it_was():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(pandas_columns())
    before = frame.copy(deep=True)
    back = rebuild(frame)
    pd.testing.assert_frame_equal(frame, before)
    for name in frame:
        pd.testing.assert_series_equal(frame[name], back[name], obj=str(name))
    assert list(back.columns) == list(frame.columns)


def test_polars_frame_comes_back_as_it_was():
    pl = pytest.importorskip("polars")
    from polars.testing import assert_frame_equal

    moments = [dt.datetime(2020, 1, 1, 3), None, dt.datetime(2021, 1, 1)]
    frame = pl.DataFrame(
        {
            "int8": pl.Series([1, 2, None], dtype=pl.Int8),
            "float": [1.0, None, 2.0],
            "text": ["a", None, "b"],
            "bool": [True, None, False],
            "date": [dt.date(2020, 1, 1), None, dt.date(2020, 1, 2)],
            "datetime": moments,
            "zoned": pl.Series(moments).dt.replace_time_zone("Europe/Paris"),
            "duration": [dt.timedelta(1), None, dt.timedelta(2)],
            "time": [dt.time(1), None, dt.time(2, 3)],
            "categorical": pl.Series(["q", None, "r"], dtype=pl.Categorical),
            "enum": pl.Series(["q", None, "r"], dtype=pl.Enum(["r", "q", "z"])),
            "decimal": pl.Series(["1.10", None, "2.25"]).cast(pl.Decimal(10, 2)),
            "no text": pl.Series([None] * 3, dtype=pl.String),
            "null": pl.Series([None] * 3),
        }
    )
    assert_frame_equal(rebuild(frame), frame)


@pytest.mark.parametrize(
    "table",
    [
        np.arange(6).reshape(3, 2),
        np.arange(6, dtype=np.uint8).reshape(3, 2),
        np.array([[0.1, np.nan], [2, 3]], dtype=np.float32),
        np.array([["a", 1.5], ["b", None], ["c", 2.0]], dtype=object),
        np.array([["a", "x"], ["b", "y"]]),
        np.array([[True], [False]]),
        np.array([["2020-01-01"], ["NaT"]], dtype="datetime64[D]"),
    ],
    ids=lambda table: str(table.dtype),
)
def test_array_comes_back_as_it_was(table):
    back = rebuild(table)
    assert back.dtype == table.dtype
    if table.dtype == object:
        assert back[1, 1] is None or np.isnan(back[1, 1])
        back[1, 1] = table[1, 1]
    np.testing.assert_array_equal(back, table)


def test_kind_of_column_follows_its_values_not_its_container():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(
        {
            "number": [0.5, 1.0],
            "integer": [1, 2],
            "date": pd.to_datetime(["2020-01-01", "2020-01-02"]),
            "flag": [True, False],
            "text": ["a", "b"],
        }
    )
    columns, _ = read_table(frame)
    kinds = [column.kind for column in columns]
    assert kinds == ["number", "integer", "integer", "category", "category"]
    assert [column.name for column in columns] == list(frame)


def test_codes_follow_the_sorted_levels_and_missing_is_minus_one():
    column, spec = read_target(np.array(["b", "a", None, "b"], dtype=object))
    np.testing.assert_array_equal(column.values, [1, 0, -1, 1])
    np.testing.assert_array_equal(column.missing, [False, False, True, False])
    assert list(spec.levels) == ["a", "b"]
    assert column.name == "y"


@pytest.mark.parametrize("values", [[1.0, np.inf], [-np.inf, 0.0]])
def test_infinity_is_refused_by_column_name(values):
    pd = pytest.importorskip("pandas")
    with pytest.raises(ValueError, match=r"'income' contains infinity"):
        read_table(pd.DataFrame({"age": [1, 2], "income": values}))


def test_lists_and_complex_numbers_are_refused_by_column_name():
    pd = pytest.importorskip("pandas")
    with pytest.raises(ValueError, match="'tags' holds unhashable"):
        read_table(pd.DataFrame({"age": [1, 2], "tags": [["a"], ["b", "c"]]}))
    with pytest.raises(ValueError, match="'wave' holds complex"):
        read_table(pd.DataFrame({"wave": [1j, 2.0]}))
    with pytest.raises(ValueError, match="Column 1 holds unhashable"):
        read_table(np.array([[1, {}], [2, {}]], dtype=object))


def test_polars_nested_column_is_refused_by_name():
    pl = pytest.importorskip("polars")
    with pytest.raises(ValueError, match="'tags' holds values of type List"):
        read_table(pl.DataFrame({"tags": [["a"], ["b"]]}))


def test_container_of():
    pd = pytest.importorskip("pandas")
    assert container_of(np.zeros((1, 1))) == "numpy"
    assert container_of([[1]]) == "numpy"
    assert container_of(pd.DataFrame({"a": [1]})) == "pandas"
    assert container_of(pd.Series([1])) == "numpy"


def test_unsigned_integers_beyond_int64_are_refused_by_name():
    values = np.array([[2**63 + 5], [1]], dtype=np.uint64)
    with pytest.raises(ValueError, match=r"Column 0 holds integers of 2\*\*63 or more"):
        read_table(values)
    largest = np.array([[2**63 - 1], [0]], dtype=np.uint64)
    columns, spec = read_table(largest)
    np.testing.assert_array_equal(spec.build(columns), largest)
