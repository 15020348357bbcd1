"""What every metric accepts and refuses, and the codes that two tables share."""

import numpy as np
import pytest

from skcollapse.metrics import c2st_auc, energy_distance, sliced_wasserstein, total_variation
from skcollapse.metrics._pair import read_pair

METRICS = [c2st_auc, energy_distance, sliced_wasserstein, total_variation]
ALL = pytest.mark.parametrize("metric", METRICS)


@ALL
@pytest.mark.parametrize(
    ("X", "Y", "message"),
    [
        ([], [1.0], r"X is empty \(shape \(0, 1\)\)"),
        ([1.0], np.empty((0, 1)), r"Y is empty \(shape \(0, 1\)\)"),
        (np.ones((2, 2)), np.ones((2, 3)), "X has 2 columns and Y has 3"),
        (np.ones((2, 2, 2)), [1.0], "X must have one or two dimensions, got 3"),
        ([1.0, 2.0], ["a", "b"], "Column 0 holds numbers in X and categories in Y"),
        ([1.0, np.inf], [1.0], "Column 0 contains infinity"),
        (np.array(["2020"], "M8[Y]"), [2020], "Column 0 holds dates or durations"),
    ],
)
def test_tables_that_cannot_be_compared(metric, X, Y, message):
    with pytest.raises(ValueError, match=message):
        metric(X, Y)


@ALL
@pytest.mark.parametrize("side", ["X", "Y"])
@pytest.mark.parametrize(
    ("weight", "message"),
    [
        ([1.0, -1.0], "must not be negative"),
        ([0.0, 0.0], "is zero for every row"),
        ([1.0, np.nan], "must be finite"),
        ([1.0], r"must have one entry for each of the 2 rows, got shape \(1,\)"),
        (["a", "b"], "must hold numbers"),
    ],
)
def test_bad_weights_are_named(metric, side, weight, message):
    with pytest.raises(ValueError, match=f"sample_weight_{side} {message}"):
        metric([1.0, 2.0], [1.0, 2.0], **{f"sample_weight_{side}": weight})


def test_columns_of_frames_must_agree():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"a": [1.0], "b": [2.0]})
    with pytest.raises(ValueError, match="'b' is in X only"):
        energy_distance(frame, frame.rename(columns={"b": "c"}))
    with pytest.raises(ValueError, match="same columns in different order"):
        energy_distance(frame, frame[["b", "a"]])
    with pytest.raises(ValueError, match="Y has more than one column named 'a'"):
        energy_distance(frame, frame.set_axis(["a", "a"], axis=1))


def test_the_name_of_a_series_does_not_matter():
    pd = pytest.importorskip("pandas")
    X, Y = pd.Series([1.0, 2.0], name="real"), pd.Series([1.0, 3.0], name="drawn")
    found = energy_distance(X, Y)
    assert found == energy_distance(X.to_frame(), Y) == energy_distance([1.0, 2.0], [1.0, 3.0])


def _mixed(pd, seed, n=40):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "number": rng.normal(size=n),
            "count": rng.integers(0, 5, n),
            "text": rng.choice(["a", "b", "c"], n),
            "level": pd.Categorical(rng.choice(["x", "y"], n), categories=["y", "unused", "x"]),
            "flag": rng.random(n) < 0.3,
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 99, n), unit="D"),
        }
    )
    frame.loc[:4, ["number", "text", "day"]] = None
    return frame


def _fast(metric):
    if metric is not c2st_auc:
        return metric
    from sklearn.linear_model import LogisticRegression

    return lambda *tables, **options: c2st_auc(*tables, classifier=LogisticRegression(), **options)


@ALL
def test_the_container_does_not_matter(metric):
    pd, pl = pytest.importorskip("pandas"), pytest.importorskip("polars")
    X, Y = _mixed(pd, 0), _mixed(pd, 1)
    options = {} if metric is energy_distance else {"random_state": 0}
    metric = _fast(metric)
    found = metric(X, Y, **options)
    polars = [
        pl.DataFrame(
            {
                name: pl.Series(name, [None if pd.isna(v) else v for v in frame[name].tolist()])
                for name in frame
            }
        )
        for frame in (X, Y)
    ]
    assert metric(*polars, **options) == pytest.approx(found, rel=1e-6)
    # Without dates, which arrays of objects hold as they find them.
    arrays = [frame.drop(columns="day").to_numpy(dtype=object) for frame in (X, Y)]
    without = metric(X.drop(columns="day"), Y.drop(columns="day"), **options)
    assert metric(*arrays, **options) == pytest.approx(without, rel=1e-6)


@ALL
def test_inputs_are_left_as_they_were(metric):
    pd = pytest.importorskip("pandas")
    X, Y = _mixed(pd, 0), _mixed(pd, 1)
    before, weight = (X.copy(), Y.copy()), np.arange(40.0)
    _fast(metric)(X, Y, sample_weight_X=weight)
    pd.testing.assert_frame_equal(X, before[0])
    pd.testing.assert_frame_equal(Y, before[1])
    np.testing.assert_array_equal(weight, np.arange(40.0))


def test_levels_mean_the_same_in_both():
    pd = pytest.importorskip("pandas")
    X = pd.DataFrame({"a": pd.Categorical(["u", "v"], categories=["v", "u"])})
    Y = pd.DataFrame({"a": ["w", "u", "u"]})
    pair = read_pair(X, Y)
    codes = pair.columns[0].values
    assert codes[0] == codes[3] == codes[4]
    assert len({codes[0], codes[1], codes[2]}) == 3
    assert total_variation(X, Y) == pytest.approx(0.5)


def test_a_column_without_values_fits_any_kind():
    pd = pytest.importorskip("pandas")
    numbers, text = pd.Series([1.0, 2.0]), pd.Series(["a", "b"])
    empty = pd.Series([None, None], dtype=object)
    for present in (numbers, text):
        assert total_variation(empty, empty) == 0.0
        assert total_variation(present, empty, method="exact") == 1.0
        assert total_variation(empty, present, method="exact") == 1.0


def test_dates_keep_their_digits():
    days = np.array(["2024-01-01T00:00:00.000000001", "2024-01-01T00:00:00.000000003"], "M8[ns]")
    assert total_variation(days, days[:1], method="exact") == 0.5
    assert energy_distance(days[:1], days[1:], standardize=False) == 2.0  # sqrt(2 * 2 ns)


def test_rows_of_weight_zero_are_gone():
    found = energy_distance([1.0, 2.0, 1e9], [1.0, 3.0], sample_weight_X=[1, 1, 0])
    assert found == energy_distance([1.0, 2.0], [1.0, 3.0])
