"""What every synthesizer owes its caller, shown on the native one."""

import datetime as dt

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import parametrize_with_checks

from skcollapse._utils._tables import Column
from skcollapse.synthesizers import BaseSynthesizer, GaussianCopulaSynthesizer


class FirstRow(BaseSynthesizer):
    """Repeats the first row; records what it was given."""

    def _fit(self, columns, sample_weight, target):
        self.given_ = columns, sample_weight, target

    def _sample(self, n_samples, generator):
        return [column.take(np.zeros(n_samples, dtype=int)) for column in self.given_[0]]


@parametrize_with_checks([GaussianCopulaSynthesizer()])
def test_scikit_learn_conventions(estimator, check):
    check(estimator)


def test_rows_of_weight_zero_never_reach_the_learner():
    X = np.array([[1.0, 5.0], [2.0, 6.0], [3.0, 7.0]])
    synthesizer = FirstRow().fit(X, sample_weight=[0, 2, 1])
    columns, weights, target = synthesizer.given_
    np.testing.assert_array_equal(columns[0].values, [2.0, 3.0])
    np.testing.assert_array_equal(weights, [2.0, 1.0])
    assert target is None


def test_target_is_the_last_column_and_keeps_its_kind():
    X, y = np.array([[1.0], [2.0]]), np.array(["no", "yes"])
    synthesizer = FirstRow().fit(X, y)
    assert synthesizer.given_[2] == 1
    X_drawn, y_drawn = synthesizer.sample(3)
    np.testing.assert_array_equal(X_drawn, np.ones((3, 1)))
    np.testing.assert_array_equal(y_drawn, ["no"] * 3)
    assert y_drawn.dtype == y.dtype


@pytest.mark.parametrize(
    "y", [np.array([1.5, 2.5, 3.5]), np.array([3, 1, 2]), [True, False, True]]
)
def test_dtype_of_target_is_restored(y):
    _, drawn = GaussianCopulaSynthesizer().fit(np.zeros((3, 1)), y).sample(5, random_state=0)
    assert drawn.dtype == np.asarray(y).dtype
    assert drawn.shape == (5,)
    assert set(drawn) <= set(y)


def test_sample_before_fit():
    with pytest.raises(NotFittedError):
        GaussianCopulaSynthesizer().sample(3)


@pytest.mark.parametrize("n_samples", [0, -1])
def test_sample_needs_a_positive_number_of_rows(n_samples):
    synthesizer = GaussianCopulaSynthesizer().fit(np.arange(4).reshape(4, 1))
    with pytest.raises(ValueError, match="n_samples"):
        synthesizer.sample(n_samples)
    with pytest.raises(TypeError, match="n_samples"):
        synthesizer.sample(2.5)


def test_input_is_not_changed():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"a": [1.0, np.nan, 3.0], "b": ["x", "y", None]}, index=[3, 4, 5])
    weights, before = np.array([1.0, 2.0, 0.0]), frame.copy(deep=True)
    GaussianCopulaSynthesizer().fit(frame, [1, 2, 3], sample_weight=weights)
    pd.testing.assert_frame_equal(frame, before)
    np.testing.assert_array_equal(weights, [1.0, 2.0, 0.0])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1.0, np.inf], "Column 'bad' contains infinity"),
        ([[1], [2]], "Column 'bad' holds unhashable objects"),
        ([1j, 2j], "Column 'bad' holds complex numbers"),
    ],
)
def test_column_that_cannot_be_learned_is_named(values, message):
    pd = pytest.importorskip("pandas")
    with pytest.raises(ValueError, match=message):
        GaussianCopulaSynthesizer().fit(pd.DataFrame({"good": [1, 2], "bad": values}))


def test_unequal_lengths_and_bad_weights_are_refused():
    X = np.zeros((3, 1))
    with pytest.raises(ValueError, match="inconsistent"):
        GaussianCopulaSynthesizer().fit(X, [1, 2])
    with pytest.raises(ValueError, match=r"[Nn]egative"):
        GaussianCopulaSynthesizer().fit(X, sample_weight=[1, -1, 1])


def test_frame_of_all_pandas_dtypes_is_drawn_with_the_same_dtypes():
    pd = pytest.importorskip("pandas")
    n, rng = 40, np.random.default_rng(0)
    stamps = pd.Series(pd.date_range("2020-01-01", periods=n, freq="D"))
    gap = np.arange(n) % 7 == 0
    frame = pd.DataFrame(
        {
            "int8": rng.integers(0, 100, n).astype("int8"),
            "float32": rng.normal(size=n).astype("float32"),
            "Int64": pd.array(np.where(gap, None, np.arange(n)), dtype="Int64"),
            "Float64": pd.array(np.where(gap, None, rng.normal(size=n)), dtype="Float64"),
            "boolean": pd.array(np.where(gap, None, np.arange(n) % 2 == 0), dtype="boolean"),
            "bool": np.arange(n) % 3 == 0,
            "str": pd.Series(np.where(gap, None, "a"), dtype="str"),
            "object": pd.Series(np.where(gap, None, "a"), dtype=object),
            "category": pd.Categorical(np.where(gap, "u", "v"), categories=["w", "v", "u"]),
            "datetime": stamps,
            "zoned": stamps.dt.tz_localize("UTC"),
            "delta": stamps - stamps[0],
            "period": pd.period_range("2020", periods=n, freq="M"),
            "int64": np.arange(n),
        }
    )
    drawn = GaussianCopulaSynthesizer().fit(frame).sample(60, random_state=0)
    pd.testing.assert_series_equal(drawn.dtypes, frame.dtypes)
    assert list(drawn.index) == list(range(60))
    for name in ["bool", "category", "object", "boolean", "str"]:
        assert set(drawn[name].dropna()) <= set(frame[name].dropna())
    assert drawn["datetime"].between(stamps.min(), stamps.max()).all()
    assert (drawn["datetime"] == drawn["datetime"].dt.normalize()).all()


def test_polars_frame_is_drawn_with_the_same_schema():
    pl = pytest.importorskip("polars")
    days = [dt.date(2020, 1, 1) + dt.timedelta(weeks=k) for k in range(30)]
    frame = pl.DataFrame(
        {
            "x": np.random.default_rng(0).normal(size=30),
            "n": pl.Series(range(30), dtype=pl.UInt16),
            "day": days,
            "text": ["a", "b", None] * 10,
            "flag": [True, None, False] * 10,
            "enum": pl.Series(["u", "v"] * 15, dtype=pl.Enum(["w", "v", "u"])),
        }
    )
    drawn = GaussianCopulaSynthesizer().fit(frame).sample(50, random_state=0)
    assert drawn.schema == frame.schema
    assert set(drawn["day"]) <= set(days)


def test_array_of_text_and_numbers():
    X = np.array([["a", 1.5], ["b", None], ["a", 2.5], ["c", 1.0]] * 5, dtype=object)
    drawn = GaussianCopulaSynthesizer().fit(X).sample(50, random_state=0)
    assert drawn.dtype == object
    assert set(drawn[:, 0]) == {"a", "b", "c"}


def test_more_levels_than_the_limit_are_cut_with_a_warning_that_names_the_column():
    pd = pytest.importorskip("pandas")
    names = [f"id {k}" for k in range(1500)] + ["frequent"] * 500
    frame = pd.DataFrame({"id": names, "x": np.arange(2000) % 7})
    with pytest.warns(UserWarning, match="'id' has 1501 levels; only the 1000") as record:
        synthesizer = GaussianCopulaSynthesizer().fit(frame)
    assert record[0].filename == __file__
    drawn = synthesizer.sample(4000, random_state=0)
    assert drawn["id"].nunique() <= 1000
    # Rows of forgotten levels are spread over kept ones by weight: (500 + 501 * 500/1499) / 2000.
    share = (500 + 501 * 500 / 1499) / 2000
    assert abs((drawn["id"] == "frequent").mean() - share) < 4 * np.sqrt(share / 4000)


def test_column_take():
    column = Column("number", np.array([1.0, 2.0]), np.array([False, True]), name="a")
    taken = column.take([1])
    assert taken.values.tolist() == [2.0]
    assert taken.missing.tolist() == [True]
    assert taken.name == "a"
