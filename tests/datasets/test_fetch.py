"""Downloads, from a network that is played by scikit-learn's own test data."""

import gzip
import hashlib
import io
import json
import re
import urllib.error
from importlib import resources

import numpy as np
import pytest
import sklearn.datasets
from sklearn.utils import Bunch

from skcollapse import RecursiveMixClassifier
from skcollapse.datasets import fetch_adult, fetch_california_housing, load_table

pd = pytest.importorskip("pandas")

ADULT, IRIS, TITANIC = 1590, 61, 40945


@pytest.fixture
def no_stored_copy(monkeypatch):
    monkeypatch.delenv("SKCOLLAPSE_DATA", raising=False)


@pytest.fixture
def offline(monkeypatch, no_stored_copy, tmp_path):
    def refuse(*args, **options):
        raise urllib.error.URLError("no route to host")

    monkeypatch.setattr("sklearn.datasets._openml.urlopen", refuse)
    monkeypatch.setattr("sklearn.datasets._base.urlretrieve", refuse)
    # fetch_openml waits three seconds before it gives up, whatever `delay` says.
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path))


class FakeOpenML:
    """Answers like OpenML, with the data that scikit-learn ships for its own tests."""

    def __init__(self, data_id):
        self.folder = resources.files(f"sklearn.datasets.tests.data.openml.id_{data_id}")
        self.n_requests = 0
        self.spoil = False

    def _read(self, kind):
        found = [file for file in self.folder.iterdir() if re.search(kind, file.name)]
        return gzip.decompress(found[0].read_bytes())

    def urlopen(self, request, *args, **options):
        self.n_requests += 1
        url = request.full_url if hasattr(request, "full_url") else request
        if "/download/" in url:
            content = self._read(r"-dl-.*\.arff")
        elif "/features/" in url:
            content = self._read(r"-jdf-")
        elif "/qualities/" in url:
            content = self._read(r"-jdq-")
        else:
            content = self._described(self._read(r"-jd-\d+\.json"))
        response = io.BytesIO(content)
        response.info = dict
        return response

    def _described(self, content):
        """Return the description with the checksum of the file that is handed out."""
        record = json.loads(content)
        sent = hashlib.md5(self._read(r"-dl-.*\.arff")).hexdigest()
        record["data_set_description"]["md5_checksum"] = "0" * 32 if self.spoil else sent
        return json.dumps(record).encode()


@pytest.fixture
def openml(monkeypatch, no_stored_copy, tmp_path):
    pytest.importorskip("sklearn.datasets.tests")
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path / "cache"))

    def openml(data_id):
        fake = FakeOpenML(data_id)
        monkeypatch.setattr("sklearn.datasets._openml.urlopen", fake.urlopen)
        return fake

    return openml


def test_adult_from_openml(openml, tmp_path):
    fake = openml(ADULT)
    adult = fetch_adult()
    assert (adult.name, adult.task, adult.target_name) == ("adult", "classification", "income")
    assert set(adult.target) == {"<=50K", ">50K"}
    assert adult.dropped == ["fnlwgt"]
    assert adult.licence.startswith("CC BY 4.0")
    assert list(adult.data.columns)[2:4] == ["education", "education-num"]
    assert {"sex", "native-country"} <= set(adult.data.columns)
    assert adult.n_rows == len(adult.data) == len(adult.target) == len(adult.frame)
    assert list(adult.frame.columns) == [*adult.data.columns, "income"]
    asked = fake.n_requests
    again = load_table("Adult")
    assert fake.n_requests == asked  # from the cache
    pd.testing.assert_frame_equal(again.data, adult.data)


def test_unknown_cells_of_adult_have_the_mark_of_uci(monkeypatch, no_stored_copy):
    frame = pd.DataFrame(
        {
            "age": [30, 40, 50],
            "workclass": pd.Categorical(["Private", None, "Private"]),
            "fnlwgt": [1, 2, 3],
            "class": pd.Categorical(["<=50K", ">50K", "<=50K"]),
        }
    )
    monkeypatch.setattr(sklearn.datasets, "fetch_openml", lambda **options: Bunch(frame=frame))
    data = fetch_adult().data
    assert data["workclass"].tolist() == ["Private", "?", "Private"]
    assert list(data["workclass"].cat.categories) == ["?", "Private"]


def test_adult_of_another_spelling_has_the_same_columns(monkeypatch, tmp_path):
    pytest.importorskip("pyarrow")
    frame = pd.DataFrame(
        {
            "age": [30, 40],
            "fnlwgt": [1, 2],
            "educational-num": [9, 13],
            "gender": ["Male", "Female"],
            "income": ["<=50K", ">50K"],
        }
    )
    frame.to_parquet(tmp_path / "adult.parquet")
    monkeypatch.setenv("SKCOLLAPSE_DATA", str(tmp_path))
    X, y = fetch_adult(return_X_y=True)
    assert list(X.columns) == ["age", "education-num", "sex"]
    assert y.tolist() == ["<=50K", ">50K"]
    pd.testing.assert_frame_equal(load_table("Adult").data, X)


def test_california_housing_is_read_from_the_folder_that_the_variable_names(monkeypatch, tmp_path):
    pytest.importorskip("pyarrow")
    frame = pd.DataFrame({"MedInc": [1.5, 2.5], "MedHouseVal": [0.5, 1.0]})
    frame.to_parquet(tmp_path / "california_housing.parquet")
    monkeypatch.setenv("SKCOLLAPSE_DATA", str(tmp_path))
    housing = fetch_california_housing()
    assert (housing.n_rows, housing.task) == (2, "regression")
    pd.testing.assert_frame_equal(housing.frame, frame)


def test_california_housing_asks_scikit_learn_for_what_was_asked(monkeypatch, no_stored_copy):
    asked = {}

    def fetch(**options):
        asked.update(options)
        return Bunch(frame=pd.DataFrame({"MedInc": [1.5, 2.5], "MedHouseVal": [0.5, 1.0]}))

    monkeypatch.setattr(sklearn.datasets, "fetch_california_housing", fetch)
    X, y = fetch_california_housing(data_home="folder", n_retries=5, delay=0.5, return_X_y=True)
    assert asked == {"as_frame": True, "data_home": "folder", "n_retries": 5, "delay": 0.5}
    assert (list(X), y.tolist()) == (["MedInc"], [0.5, 1.0])


def test_any_data_set_of_openml_by_its_number(openml):
    openml(IRIS)
    table = load_table(f"openml:{IRIS}")
    assert (table.name, table.task, table.target_name) == ("iris", "classification", "class")
    assert table.data.shape == (150, 4)
    assert table.source == "OpenML (iris, data set 61)"
    assert table.licence == "Public, as OpenML states it"
    assert load_table(f"openml:{IRIS}", "petalwidth").task == "regression"


def test_mixed_table_of_openml_can_be_learned(openml):
    openml(TITANIC)
    table = load_table(f"openml:{TITANIC}", drop=["name", "ticket", "cabin", "boat", "home.dest"])
    assert table.target_name == "survived"
    assert table.data["age"].isna().any()
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = RecursiveMixClassifier(
        HistGradientBoostingClassifier(max_iter=20, categorical_features="from_dtype"),
        n_generations=1,
        n_synthetic=1.0,
        random_state=0,
    )
    order = np.random.default_rng(0).permutation(table.n_rows)
    X, y = table.data.iloc[order], table.target.iloc[order]
    assert model.fit(X, y).score(X, y) > 0.75


@pytest.mark.parametrize("table", ["openml:", "openml:0", "openml:adult", "openml:-3"])
def test_openml_is_asked_by_number_only(table):
    with pytest.raises(ValueError, match="write openml:ID, for example openml:574"):
        load_table(table)


@pytest.mark.filterwarnings("ignore:Invalid cache, redownloading")
def test_spoiled_download_is_refused(openml):
    openml(ADULT).spoil = True
    with pytest.raises(ValueError, match="md5 checksum"):
        fetch_adult()


@pytest.mark.parametrize(
    "fetch",
    [
        lambda: fetch_adult(n_retries=1, delay=0.01),
        lambda: fetch_california_housing(n_retries=1, delay=0.01),
        lambda: load_table("adult"),
        lambda: load_table("california_housing"),
    ],
)
def test_without_a_network_the_error_says_what_to_do(offline, fetch):
    message = "could not .*no route.*Connect to a network, put a Parquet file .*SKCOLLAPSE_DATA"
    with pytest.raises(OSError, match=message):
        fetch()


def test_without_a_network_openml_tables_need_a_file(offline):
    with pytest.raises(OSError, match=r"Connect to a network, or pass the path of a CSV"):
        load_table("openml:574")


def test_delay_and_retries_are_checked_by_scikit_learn(offline):
    with pytest.raises(ValueError, match="'delay' parameter of fetch_openml"):
        fetch_adult(delay=0.0)
