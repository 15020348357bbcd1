"""Frames with text, categories, dates and missing values."""

import numpy as np
import pytest
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import make_scorer
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor

pd = pytest.importorskip("pandas")


def encoder():
    def encode_dates(frame):  # local, so that it travels to other processes by value
        return frame.assign(since=(frame["since"] - pd.Timestamp("2020-01-01")).dt.days)

    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    text = OneHotEncoder(handle_unknown="ignore")
    return make_pipeline(
        FunctionTransformer(encode_dates),
        make_column_transformer(
            (numbers, make_column_selector(dtype_include="number")),
            (text, make_column_selector(dtype_include=["object", "category", "bool"])),
        ),
    )


@pytest.mark.parametrize("labels", ["predict", "sample", "joint"])
def test_a_mixed_frame_runs_and_comes_back_as_it_went_in(mixed_frame, labels):
    X, y = mixed_frame
    before = X.copy(deep=True)
    mix = RecursiveMixRegressor(make_pipeline(encoder(), Ridge()), labels=labels, random_state=0)
    mix.fit(X, y)
    rows, drawn = mix.sample(300, random_state=0)
    pd.testing.assert_series_equal(rows.dtypes, X.dtypes)
    assert rows["town"].isna().any()
    assert rows["income"].isna().any()
    assert set(rows["town"].dropna()) <= {"Aa", "Bo", "Cy"}
    assert rows["since"].between(X["since"].min(), X["since"].max()).all()
    assert (rows["since"].dt.normalize() == rows["since"]).all()
    assert drawn.shape == (300,)
    assert mix.feature_names_in_.tolist() == list(X.columns)
    pd.testing.assert_frame_equal(X, before)


def test_estimators_see_frames_untouched(mixed_frame):
    X, y = mixed_frame
    seen = []

    class Recorder(HistGradientBoostingRegressor):
        def fit(self, X, y, sample_weight=None):
            seen.append(X)
            return super().fit(X[["age", "income", "grade"]], y, sample_weight)

        def predict(self, X):
            return super().predict(X[["age", "income", "grade"]])

    mix = RecursiveMixRegressor(
        Recorder(max_iter=5), labels="predict", n_generations=3, random_state=0
    )
    mix.fit(X, y)
    for frame in seen:
        pd.testing.assert_series_equal(frame.dtypes, X.dtypes)
    pd.testing.assert_frame_equal(seen[0], X[:100])
    pd.testing.assert_frame_equal(seen[1][:100], X[100:200].reset_index(drop=True))


def test_polars_frames_stay_polars_frames(mixed_frame):
    pl = pytest.importorskip("polars")
    X, y = mixed_frame
    X = pl.DataFrame({name: X[name].tolist() for name in ("age", "income", "town")})
    seen = []

    class Recorder(Ridge):
        def fit(self, X, y, sample_weight=None):
            seen.append(X)
            return super().fit(X[["age"]].to_numpy(), y, sample_weight)

        def predict(self, X):
            return super().predict(X[["age"]].to_numpy())

    mix = RecursiveMixRegressor(Recorder(), n_generations=2, random_state=0).fit(X, y)
    assert all(isinstance(frame, pl.DataFrame) and frame.schema == X.schema for frame in seen)
    rows, _ = mix.sample(50, 0)
    assert rows.schema == X.schema


def test_months_may_know_other_levels_of_a_category():
    rng = np.random.default_rng(0)
    mix = RecursiveMixRegressor(HistGradientBoostingRegressor(max_iter=5), random_state=0)
    for levels in (["a", "b"], ["b", "c"], ["a", "c", "d"]):
        values = pd.Categorical(rng.choice(levels, 60))
        X = pd.DataFrame({"x": rng.normal(size=60), "level": values})
        mix.partial_fit(X, rng.normal(size=60))
    assert set(mix.sample(500, 0)[0]["level"]) == set("abcd")


def test_search_over_everything_at_once_on_text_columns(mixed_frame):
    X, y = mixed_frame
    target = np.where(y > np.median(y), "high", "low")
    seen = []

    def accuracy(estimator, X, y):
        seen.append(X)
        return estimator.score(X, y)

    grid = {
        "recursivemixclassifier__lam": ["optimal", 0.5],
        "recursivemixclassifier__estimator__logisticregression__C": [0.1, 1.0],
        "recursivemixclassifier__synthesizer__shrinkage": [1e-4, 0.1],
    }
    from skcollapse.synthesizers import GaussianCopulaSynthesizer

    mix = RecursiveMixClassifier(
        make_pipeline(encoder(), LogisticRegression()),
        GaussianCopulaSynthesizer(),
        n_generations=2,
        n_synthetic=2.0,
        random_state=0,
    )
    pipeline = make_pipeline(FunctionTransformer(), mix)
    search = GridSearchCV(pipeline, grid, cv=3, n_jobs=2).fit(X, target)
    assert len(search.cv_results_["params"]) == 8
    assert search.score(X, target) > 0.6
    # Synthetic rows never reach a validation fold: every scored row is a row of the table.
    GridSearchCV(pipeline, {}, cv=3, scoring=accuracy).fit(X, target)
    assert len(seen) == 3
    pd.testing.assert_frame_equal(pd.concat(seen).sort_index(), X)


def test_text_in_object_arrays(mixed_frame):
    X, y = mixed_frame
    array = X[["age", "town"]].to_numpy(dtype=object)
    pipeline = make_pipeline(OneHotEncoder(handle_unknown="ignore"), Ridge())
    mix = RecursiveMixRegressor(pipeline, n_generations=2, random_state=0).fit(array, y)
    rows, _ = mix.sample(20, 0)
    assert rows.dtype == object
    assert set(rows[:, 1]) <= {"Aa", "Bo", "Cy", None}


def test_scorers_and_series_targets(mixed_frame):
    X, y = mixed_frame
    series = pd.Series(y, index=np.arange(1000, 1400))
    model = HistGradientBoostingRegressor(max_iter=5)
    mix = RecursiveMixRegressor(model, n_generations=1, random_state=0)
    columns = ["age", "income", "grade"]
    by_series = mix.fit(X[columns], series).predict(X[columns])
    by_array = mix.fit(X[columns], y).predict(X[columns])
    np.testing.assert_array_equal(by_series, by_array)
    assert make_scorer(lambda a, b: 1.0)(mix, X[columns], y) == 1.0
