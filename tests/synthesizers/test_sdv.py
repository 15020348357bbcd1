"""The SDV adapter with SDV: rows, seeds, weights, silence, what a fitted object keeps."""

import copy
import pickle
import re
import warnings

import joblib
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from skcollapse.synthesizers import SDVSynthesizer

pytest.importorskip("sdv")
pd = pytest.importorskip("pandas")
pytestmark = pytest.mark.sdv

DEEP = ["CTGANSynthesizer", "TVAESynthesizer", "CopulaGANSynthesizer"]
ALL = ["GaussianCopulaSynthesizer", *DEEP]


def make(name="GaussianCopulaSynthesizer", random_state=0, **kwargs):
    if name in DEEP:
        kwargs = {"epochs": 1, "batch_size": 100, **kwargs}
    return SDVSynthesizer(name, synthesizer_kwargs=kwargs, random_state=random_state)


def mixed_frame(n=60, seed=0):
    rng = np.random.default_rng(seed)
    days = pd.Timestamp("2024-02-01") + pd.to_timedelta(rng.integers(0, 90, n), unit="D")
    frame = pd.DataFrame(
        {
            "state": rng.normal(size=n),  # a name that SDV's detection takes for a place
            "small": rng.normal(size=n).astype(np.float32),
            "count": pd.array(rng.integers(-3, 9, n), dtype="Int8"),
            "even": 2 * rng.integers(0, 200, n) + 10**17,
            "text": rng.choice(["u", "v", "w"], n),
            "grade": pd.Categorical(
                rng.choice(["hi", "lo"], n), ["lo", "mid", "hi"], ordered=True
            ),
            "flag": rng.random(n) < 0.3,
            "day": days,
            "zoned": days.tz_localize("Asia/Tokyo"),
            "constant": 7,
            "label": "same",
            "empty": np.nan,
        }
    )
    frame.loc[::4, ["state", "count", "day"]] = None
    frame.loc[1::3, "text"] = None
    return frame


def assert_same(first, second):
    pd.testing.assert_frame_equal(pd.DataFrame(first), pd.DataFrame(second))


@pytest.mark.parametrize("name", ALL)
def test_same_seeds_give_the_same_rows_and_other_seeds_others(name):
    X = mixed_frame()
    fitted = make(name).fit(X)
    first = fitted.sample(40, random_state=1)
    second = fitted.sample(40, random_state=2)
    assert_same(first, fitted.sample(40, random_state=1))
    assert_same(first, make(name).fit(X).sample(40, random_state=1))
    assert not first["state"].equals(second["state"])
    for column in ("state", "count", "day"):
        assert 0 < first[column].isna().sum() < 40
        assert not np.array_equal(first[column].isna(), second[column].isna()), column
    masks = first[["state", "count", "day"]].isna()
    assert not masks.T.duplicated().any()  # one generator for each column, not one for all


@pytest.mark.parametrize("name", DEEP)
def test_deep_fit_depends_on_the_seed_and_nothing_else(name):
    torch = pytest.importorskip("torch")

    def weights(random_state):
        model = make(name, random_state).fit(X).synthesizer_._model
        network = model.decoder if hasattr(model, "decoder") else model._generator
        return torch.cat([p.detach().flatten() for p in network.parameters()]).numpy()

    X = np.random.default_rng(0).normal(size=(50, 2))
    first = weights(0)
    np.random.random(7)  # noqa: NPY002
    torch.rand(5)
    assert np.array_equal(first, weights(0))
    assert not np.array_equal(first, weights(1))


@pytest.mark.parametrize("name", ALL)
def test_pickle_clone_and_deepcopy(name):
    X = mixed_frame()
    fitted = make(name).fit(X)
    expected = fitted.sample(20, random_state=3)
    assert_same(expected, pickle.loads(pickle.dumps(fitted)).sample(20, random_state=3))
    assert_same(expected, copy.deepcopy(fitted).sample(20, random_state=3))
    assert_same(expected, clone(fitted).fit(X).sample(20, random_state=3))


@pytest.mark.parametrize("name", ["GaussianCopulaSynthesizer", "CTGANSynthesizer"])
def test_columns_come_back_as_they_were(name):
    X = mixed_frame()
    drawn, y = make(name).fit(X, X["text"].fillna("u")).sample(200, random_state=0)
    pd.testing.assert_series_equal(drawn.dtypes, X.dtypes)
    assert set(drawn["text"].dropna()) == set(y) == {"u", "v", "w"}
    assert set(drawn["grade"]) == {"hi", "lo"}
    assert (drawn["even"] % 2 == 0).all()
    assert drawn["count"].min() >= X["count"].min()
    for day in ("day", "zoned"):
        assert drawn[day].dropna().isin(X[day].min() + pd.to_timedelta(range(90), "D")).all()
    assert (drawn["constant"] == 7).all()
    assert (drawn["label"] == "same").all()
    assert drawn["empty"].isna().all()


def test_polars_frame_comes_back_as_it_was():
    pl = pytest.importorskip("polars")
    X = pl.from_pandas(mixed_frame()[["state", "text", "flag", "day"]]).with_columns(
        level=pl.Series(["b", "a"] * 30, dtype=pl.Enum(["a", "b", "never"]))
    )
    drawn = make().fit(X).sample(30, random_state=0)
    assert drawn.schema == X.schema
    assert drawn["state"].null_count() > 0


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("n", [1, 2, 5])
def test_few_rows(name, n):
    X = mixed_frame().head(n)
    drawn = make(name).fit(X).sample(7, random_state=0)
    pd.testing.assert_series_equal(drawn.dtypes, X.dtypes)
    assert len(drawn) == 7
    if n == 1:
        assert_same(drawn, X.iloc[[0] * 7].reset_index(drop=True))


def test_nothing_to_model():
    X = np.array([[1.0, np.nan], [1.0, np.nan]])
    fitted = make().fit(X)
    assert fitted.synthesizer_ is None
    assert np.array_equal(fitted.sample(3), X[[0, 0, 0]], equal_nan=True)


def test_sdv_sees_neutral_names_and_no_range():
    X = mixed_frame().rename(columns={"even": "zip_code", "text": "email"})
    metadata = make().fit(X, X["flag"]).synthesizer_.metadata.to_dict()
    columns = metadata["tables"]["rows"]["columns"]
    assert set(columns) == {*(f"x{j}" for j in range(9)), "y"}
    assert {tuple(c.items()) for c in columns.values()} == {
        (("sdtype", "numerical"),),
        (("sdtype", "categorical"),),
    }


def test_own_metadata_is_honoured():
    from sdv.metadata import Metadata

    rng = np.random.default_rng(0)
    X = pd.DataFrame({"size": rng.choice(["s", "m", "l"], 80), "rooms": rng.integers(1, 5, 80)})
    columns = {
        "size": {"sdtype": "ordinal", "range_values": ["s", "m", "l"]},
        "rooms": {"sdtype": "categorical"},
        "unused": {"sdtype": "email"},
    }
    stated = {"tables": {"flats": {"columns": columns}}, "METADATA_SPEC_VERSION": "V2"}
    metadata = Metadata.load_from_dict({**stated, "relationships": []})
    for given in (metadata, stated, {"columns": columns}):
        fitted = SDVSynthesizer(metadata=given, random_state=0).fit(X, rng.normal(size=80))
        inner = fitted.synthesizer_.metadata.to_dict()["tables"]["rows"]["columns"]
        assert inner == {
            "size": {"sdtype": "ordinal", "range_values": ["0", "1", "2"]},
            "rooms": {"sdtype": "categorical"},
            "y": {"sdtype": "numerical"},
        }
        drawn, _ = clone(fitted).fit(X, X["rooms"]).sample(50, random_state=0)
        assert set(drawn["size"]) == {"s", "m", "l"}
        assert drawn.dtypes.equals(X.dtypes)
    order = list(fitted.synthesizer_.get_transformers()["size"].intervals)
    assert [["l", "m", "s"][int(code)] for code in ("2", "1", "0")] == ["s", "m", "l"]
    assert order == ["0", "1", "2"]
    with pytest.raises(ValueError, match=r"no entry for these columns of X: \['rooms'\]"):
        SDVSynthesizer(metadata={"columns": {"size": columns["size"]}}).fit(X)


def test_normal_marginal_unless_stated_otherwise():
    X = pd.DataFrame(np.random.default_rng(0).normal(size=(50, 2)) ** 2, columns=["a", "b"])

    def marginals(**kwargs):
        learned = make(**kwargs).fit(X).synthesizer_.get_learned_distributions()
        return {name: found["distribution"] for name, found in learned.items()}

    assert marginals() == {"x0": "norm", "x1": "norm"}
    assert marginals(default_distribution="uniform") == {"x0": "uniform", "x1": "uniform"}
    assert marginals(numerical_distributions={"b": "gamma"}) == {"x0": "norm", "x1": "gamma"}
    assert make("CopulaGANSynthesizer").fit(X).synthesizer_.default_distribution == "norm"
    assert make("CTGANSynthesizer").fit(X).synthesizer_.enable_gpu is False


def test_whole_weights_equal_repeated_rows():
    rng = np.random.default_rng(0)
    X, weights = rng.normal(size=(80, 3)), rng.integers(0, 3, 80)
    weighted = make().fit(X, sample_weight=weights * 0.25).synthesizer_
    repeated = make().fit(np.repeat(X, weights, axis=0)).synthesizer_
    plain = make().fit(X).synthesizer_

    def moments(synthesizer):
        learned = synthesizer.get_learned_distributions().values()
        scales = [m["learned_parameters"][key] for m in learned for key in ("loc", "scale")]
        return np.r_[scales, np.ravel(synthesizer._model.correlation)]

    assert moments(weighted) == pytest.approx(moments(repeated), abs=1e-12)
    assert np.abs(moments(weighted) - moments(plain)).max() > 0.01


def test_other_weights_are_followed_closely():
    rng = np.random.default_rng(1)
    X, weights = rng.normal(size=(300, 30)), rng.random(300)
    learned = make().fit(X, sample_weight=weights).synthesizer_._model.to_dict()["univariates"]
    means = np.average(X, axis=0, weights=weights)
    error = np.array([marginal["loc"] for marginal in learned]) - means
    assert np.linalg.norm(error) < 0.5 * np.linalg.norm(X.mean(axis=0) - means)


@pytest.mark.parametrize("name", ["GaussianCopulaSynthesizer", "TVAESynthesizer"])
def test_global_state_is_left_alone(name):
    torch = pytest.importorskip("torch")

    def state():
        numpy_state = str(np.random.get_state())  # noqa: NPY002
        return numpy_state, torch.get_rng_state().tolist(), torch.get_num_threads()

    np.random.random(3)  # noqa: NPY002
    torch.rand(3)
    n_threads = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        before = state()
        filters = list(warnings.filters)
        fitted = make(name).fit(mixed_frame())
        fitted.sample(5, random_state=0)
        assert state() == before
        assert warnings.filters == filters
        wrong = "epochs" if name in DEEP else "default_distribution"
        with pytest.raises((TypeError, ValueError), match=r"wrong|str"):
            make(name, **{wrong: "wrong"}).fit(mixed_frame())
        assert state() == before
    finally:
        torch.set_num_threads(n_threads)


def test_no_output_and_no_warning(capfd, recwarn):
    # 1,000 levels make CTGAN print an alert, 500 rows make it ask for worker processes.
    X = pd.DataFrame({"a": np.arange(1000).astype(str), "b": np.arange(1000) % 17})
    warnings.simplefilter("always")
    make("CTGANSynthesizer", generator_dim=(4,), discriminator_dim=(4,)).fit(X).sample(600)
    make().fit(mixed_frame()).sample(10)
    assert capfd.readouterr() == ("", "")
    assert [str(w.message) for w in recwarn] == []


def test_output_that_was_asked_for_appears(capfd):
    make("TVAESynthesizer", verbose=True).fit(mixed_frame())
    assert "Loss" in capfd.readouterr().err


@pytest.mark.parametrize("name", ["GaussianCopulaSynthesizer", "CTGANSynthesizer"])
def test_threads_give_the_rows_of_one_thread(name):
    X = mixed_frame()[["state", "text", "flag", "count"]]

    def job(seed):
        return make(name, seed).fit(X).sample(50, random_state=seed)

    jobs = [joblib.delayed(job)(seed) for seed in range(8)]
    threaded = joblib.Parallel(n_jobs=4, backend="threading")(jobs)
    for seed, rows in enumerate(threaded):
        assert_same(rows, job(seed))


def test_grid_search_over_single_arguments():
    X = np.random.default_rng(0).normal(size=(60, 2))
    search = GridSearchCV(
        make("TVAESynthesizer"),
        {"synthesizer_kwargs__epochs": [1, 3], "synthesizer": ALL[2:]},
        scoring=lambda fitted, X, y=None: fitted.synthesizer_.get_parameters()["epochs"],
        cv=2,
        error_score="raise",
    ).fit(X)
    assert search.cv_results_["mean_test_score"].tolist() == [1, 3, 1, 3]


def _numbers_in(thing, seen):
    """Yield every array of numbers inside an object, wherever it hangs."""
    if id(thing) in seen or isinstance(thing, (type, str)):
        return
    seen[id(thing)] = thing  # kept alive, so that no id is used twice
    if hasattr(thing, "detach"):
        thing = thing.detach()
    if hasattr(thing, "__array__"):
        yield np.asarray(thing)
    elif isinstance(thing, dict):
        for value in thing.values():
            yield from _numbers_in(value, seen)
    elif isinstance(thing, (list, tuple, set)):
        yield np.array([v for v in thing if isinstance(v, (int, float))])
        for value in thing:
            yield from _numbers_in(value, seen)
    else:
        yield from _numbers_in(getattr(thing, "__dict__", {}), seen)


def _longest_trace(fitted, X):
    """Count the values of X's continuous column, and row numbers, in one array of the object."""
    restored = pickle.loads(pickle.dumps(fitted))
    traces = [0]
    for found in _numbers_in(vars(restored), {}):
        if found.dtype.kind in "fiuO" and found.dtype.names is None:
            values = pd.to_numeric(found.astype(object).ravel(), errors="coerce").astype(float)
            traces.append(int(np.isin(np.round(values, 9), np.round(X["a"], 9)).sum()))
            if values.size > 30 and np.array_equal(np.sort(values), np.unique(values)):
                traces.append(int(np.isin(np.arange(len(X)), values).sum()))
    return max(traces)


@pytest.mark.parametrize("name", ALL)
def test_fitted_object_holds_no_rows(name):
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"a": rng.normal(size=300), "b": rng.choice(["u", "v"], 300)})
    fitted = make(name).fit(X)
    fitted.sample(5, random_state=0)
    assert _longest_trace(fitted, X) <= 2  # the smallest and largest value, to clip at
    assert not fitted.stores_rows


def test_walk_finds_rows_where_they_are():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"a": rng.normal(size=300), "b": rng.choice(["u", "v"], 300)})
    kde = make(default_distribution="gaussian_kde").fit(X)
    assert kde.stores_rows
    assert _longest_trace(kde, X) == 300
    gan = make("CTGANSynthesizer").fit(X)
    gan.synthesizer_._model._data_sampler._rid_by_cat_cols = [[np.flatnonzero(X["b"] == "u")]]
    assert _longest_trace(gan, X) > 100


def test_class_in_place_of_a_name():
    from sdv.single_table import GaussianCopulaSynthesizer

    class Own(GaussianCopulaSynthesizer):
        pass

    X = np.random.default_rng(0).normal(size=(30, 2))
    by_name = make().fit(X).sample(9, random_state=0)
    for given in (GaussianCopulaSynthesizer, Own):
        fitted = SDVSynthesizer(given, random_state=0).fit(X)
        assert type(fitted.synthesizer_) is given
        assert np.array_equal(fitted.sample(9, random_state=0), by_name)
    with pytest.raises(ValueError, match="got the class SDVSynthesizer"):
        SDVSynthesizer(SDVSynthesizer).fit(X)


def test_error_of_sdv_tells_how_columns_are_called():
    X = pd.DataFrame({"price": [1.0, 2.0, 3.0]})
    with pytest.raises(Exception, match=re.escape("epochs") + "|int") as caught:
        make("TVAESynthesizer", epochs="many").fit(X)
    assert caught.value.__notes__ == ["SDV was given the columns ['price'] as ['x0']."]
