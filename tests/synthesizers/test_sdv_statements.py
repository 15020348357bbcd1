"""The parts of the SDV adapter that run without SDV: its codecs, its checks, its parameters."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.utils._param_validation import InvalidParameterError

from skcollapse._utils._tables import read_table, read_target
from skcollapse.synthesizers import SDVSynthesizer
from skcollapse.synthesizers._sdv._codecs import ConstantCodec, LatticeCodec, make_codec
from skcollapse.synthesizers._sdv._metadata import (
    column_names,
    complete_kwargs,
    read_metadata,
    rename_distributions,
)

X = np.random.default_rng(0).normal(size=(20, 2))


class Drawn:
    """The two methods of a pandas Series that codecs use."""

    def __init__(self, values):
        self.values = values

    def map(self, index):
        return Drawn([index.get(v, np.nan) for v in self.values])

    def to_numpy(self, dtype, na_value):
        return np.array(self.values, dtype=dtype)


def _column(values):
    return read_target(np.asarray(values))[0]


def _there_and_back(values, sdtype, order=None):
    column = _column(values)
    codec = make_codec(column, {"sdtype": sdtype, "order": order})
    return column, codec, codec.decode(Drawn(list(codec.encode(column))))


@pytest.mark.parametrize(
    ("values", "sdtype"),
    [
        ([1.5, -2.0, np.nan], "numerical"),
        ([1.5, -2.0, np.nan], "categorical"),
        ([3, 9, 6], "numerical"),
        ([3, 9, 6, 9], "ordinal"),
        ([2**62, -(2**62), 0], "numerical"),
        (np.array(["2024-02-29", "NaT", "1677-09-22"], dtype="datetime64[ns]"), "datetime"),
        (np.array(["b", "a", None], dtype=object), "categorical"),
        ([True, False, True], "boolean"),
        ([True, False, True], "categorical"),
    ],
)
def test_codec_returns_what_it_was_given(values, sdtype):
    column, _, back = _there_and_back(values, sdtype)
    assert (back.kind, back.n_levels) == (column.kind, column.n_levels)
    assert np.array_equal(back.missing, column.missing)
    present = ~column.missing
    assert np.array_equal(back.values[present], column.values[present])
    assert back.values.dtype == column.values.dtype


def test_dates_are_counted_in_whole_days():
    days = np.array(["2024-01-01", "2024-01-08", "2024-01-03"], dtype="datetime64[ns]")
    column, codec, _ = _there_and_back(days, "datetime")
    assert isinstance(codec, LatticeCodec)
    assert list(codec.encode(column)) == [0, 7, 2]
    between = codec.decode(Drawn([3.4, 99.0, -5.0])).values.astype("datetime64[ns]")
    assert list(between.astype(str)) == [
        f"2024-01-{day}T00:00:00.000000000" for day in ("04", "08", "01")
    ]


@pytest.mark.parametrize("values", [[5.0], [4, 4, 4], [np.nan, np.nan], ["a", "a"]])
def test_column_without_variation_is_kept_from_sdv(values):
    codec = make_codec(_column(values), {"sdtype": "numerical", "order": None})
    assert isinstance(codec, ConstantCodec)
    drawn = codec.repeat(3)
    assert np.array_equal(
        drawn.values, np.repeat(_column(values).values[:1], 3), equal_nan=values[0] != "a"
    )


def test_one_value_with_gaps_is_no_constant():
    assert not isinstance(_there_and_back([1.0, np.nan], "numerical")[1], ConstantCodec)


def test_codec_refuses_gaps_that_were_not_learned():
    _, codec, _ = _there_and_back([1.0, 2.0], "numerical")
    with pytest.raises(RuntimeError, match="no value in 1 of 2 rows of column 'y'"):
        codec.decode(Drawn([1.0, np.nan]))


def test_ordinal_levels_are_labelled_in_the_stated_order():
    column, codec, _ = _there_and_back([30, 10, 20], "ordinal", np.array([20, 40, 10, 30]))
    assert list(codec.encode(column)) == ["2", "1", "0"]  # 40 does not occur
    assert codec.statement == {"sdtype": "ordinal", "range_values": ["0", "1", "2"]}
    with pytest.raises(ValueError, match="column 'y', but 1 of its values"):
        _there_and_back([30, 10, 20], "ordinal", np.array([10, 20]))
    with pytest.raises(ValueError, match="column 'y' as boolean, but it has 3 values"):
        _there_and_back([30, 10, 20], "boolean")


def _read(metadata, names=("a", "b"), X=X, target=None):
    return read_metadata(metadata, list(names), read_table(X)[1].columns, target)


def test_metadata_states_every_column_or_fails():
    assert [s["sdtype"] for s in _read(None)] == ["numerical", "numerical"]
    stated = {"columns": {"a": {"sdtype": "ordinal"}, "b": {"sdtype": "numerical"}, "c": {}}}
    assert [s["sdtype"] for s in _read(stated)] == ["ordinal", "numerical"]
    assert _read({"tables": {"t": stated}}) == _read(stated)
    assert _read(SimpleNamespace(to_dict=lambda: {"tables": {"t": stated}})) == _read(stated)
    with pytest.raises(ValueError, match=r"no entry for these columns of X: \['d'\]"):
        _read(stated, names=("a", "d"))
    assert _read(stated, names=("a", "y"), target=1)[1]["sdtype"] == "numerical"
    with pytest.raises(ValueError, match=r"occur twice: \['a'\]"):
        _read(stated, names=("a", "a"))
    with pytest.raises(ValueError, match="one table, but describes 2"):
        _read({"tables": {"t": stated, "u": stated}})
    with pytest.raises(ValueError, match="must be SDV metadata of one table"):
        _read({"a": {"sdtype": "numerical"}})


@pytest.mark.parametrize("sdtype", ["id", "email", "datetime", "boolean", None])
def test_metadata_that_does_not_fit_the_values_is_refused(sdtype):
    stated = {"columns": {"a": {"sdtype": sdtype}, "b": {"sdtype": "numerical"}}}
    with pytest.raises(ValueError, match="states column 'a' as"):
        _read(stated)


def test_order_of_text_levels_becomes_an_order_of_codes():
    text = np.array([["mid"], ["low"], ["high"]], dtype=object)  # codes: high 0, low 1, mid 2
    ranges = ["low", "mid", "mid", "never", "high"]
    stated = {"columns": {"a": {"sdtype": "ordinal", "range_values": ranges}}}
    assert list(_read(stated, names=["a"], X=text)[0]["order"]) == [1, 2, 0]
    with pytest.raises(ValueError, match="'a' range_values that are not numbers"):
        _read(stated, names=["a"], X=X[:, :1])


def test_columns_are_called_by_text_names_or_by_position():
    specs = [SimpleNamespace(name=name) for name in ("y", 1, "c", "target")]
    assert column_names(specs, 3) == ["y", "x1", "c", "y_"]
    assert column_names(specs, None) == ["y", "x1", "c", "target"]


def test_distributions_are_renamed_for_sdv():
    numeric = [True, None, False]
    given = {"a": "gamma", "b": "beta"}
    assert rename_distributions(given, ["a", "b", "c"], ["x0", "x1", "x2"], numeric) == {
        "x0": "gamma"
    }
    with pytest.raises(ValueError, match=r"does not have: \['d'\]"):
        rename_distributions({"d": "beta"}, ["a"], ["x0"], [True])
    with pytest.raises(ValueError, match=r"no numbers: \['c'\]"):
        rename_distributions({"c": "beta"}, ["a", "b", "c"], ["x0", "x1", "x2"], numeric)


class Gan:
    def __init__(self, metadata, batch_size=500, pac=10, enable_gpu=True):
        pass


def test_kwargs_are_completed_and_checked():
    assert complete_kwargs(Gan, None) == {"enable_gpu": False}
    assert complete_kwargs(Gan, {"enable_gpu": True}) == {"enable_gpu": True}
    for wrong in ({"epoch": 1}, {"metadata": None}):
        with pytest.raises(
            ValueError, match=r"synthesizer_kwargs: \['\w+'\] cannot be given to Gan"
        ):
            complete_kwargs(Gan, wrong)
    assert complete_kwargs(Gan, {"batch_size": 6, "pac": 3})["batch_size"] == 6
    for batch_size in (9, 8):
        with pytest.raises(ValueError, match=f"batch_size={batch_size} must be even"):
            complete_kwargs(Gan, {"batch_size": batch_size, "pac": 3})


def test_single_kwargs_can_be_set_without_touching_the_others():
    given = {"epochs": 1, "pac": 5}
    synthesizer = SDVSynthesizer("CTGANSynthesizer", synthesizer_kwargs=given)
    assert synthesizer.get_params()["synthesizer_kwargs__pac"] == 5
    assert "synthesizer_kwargs__pac" not in synthesizer.get_params(deep=False)
    copied = clone(synthesizer).set_params(synthesizer_kwargs__epochs=3, random_state=7)
    assert copied.synthesizer_kwargs == {"epochs": 3, "pac": 5}
    assert copied.random_state == 7
    assert given == synthesizer.synthesizer_kwargs == {"epochs": 1, "pac": 5}
    both = {"synthesizer_kwargs__epochs": 9, "synthesizer_kwargs": {"pac": 2}}
    assert copied.set_params(**both).synthesizer_kwargs == {"pac": 2, "epochs": 9}
    assert SDVSynthesizer().set_params(synthesizer_kwargs__pac=1).synthesizer_kwargs == {"pac": 1}
    with pytest.raises(ValueError, match="Invalid parameter 'epochs'"):
        SDVSynthesizer().set_params(epochs=3)


def test_rows_are_stored_by_kernel_densities_and_perhaps_by_foreign_classes():
    assert not SDVSynthesizer().stores_rows
    assert not SDVSynthesizer("TVAESynthesizer", synthesizer_kwargs={"epochs": 1}).stores_rows
    kde = "gaussian_kde"
    assert SDVSynthesizer(synthesizer_kwargs={"default_distribution": kde}).stores_rows
    assert SDVSynthesizer(synthesizer_kwargs={"numerical_distributions": {"a": kde}}).stores_rows
    assert SDVSynthesizer(Gan).stores_rows


@pytest.mark.parametrize(
    ("module", "found"),
    [(None, "sdv"), (SimpleNamespace(__version__="1.38.5"), "Found sdv 1.38.5")],
)
def test_missing_or_old_sdv_is_named_with_the_extra(monkeypatch, module, found):
    monkeypatch.setitem(sys.modules, "sdv", module)
    synthesizer = SDVSynthesizer()
    with pytest.raises(ImportError, match=r"pip install \"skcollapse\[sdv\]\"") as caught:
        synthesizer.fit(X)
    assert "torch" in str(caught.value)
    assert found in str(caught.value)
    assert not hasattr(synthesizer, "synthesizer_")


@pytest.mark.parametrize(
    "params",
    [
        {"synthesizer": "GaussianCopula"},
        {"synthesizer": 3},
        {"metadata": "table.json"},
        {"synthesizer_kwargs": ["epochs"]},
        {"random_state": "seed"},
    ],
)
def test_wrong_parameter_is_named_before_sdv_is_asked_for(params):
    with pytest.raises(InvalidParameterError, match=f"The '{next(iter(params))}' parameter"):
        SDVSynthesizer(**params).fit(X)
