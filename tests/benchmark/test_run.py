"""A benchmark from a file to its rows."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.linear_model import Ridge

from skcollapse.benchmark import ConfigError, run_benchmark
from skcollapse.benchmark._engine._cells import COLUMNS
from skcollapse.datasets import load_table

pd = pytest.importorskip("pandas")

WITHOUT_TIME = [column for column in COLUMNS if column != "seconds"]


class FailsOnLargeTables(RegressorMixin, BaseEstimator):
    """Fit the mean, but only of few rows."""

    def __init__(self, limit=100):
        self.limit = limit

    def fit(self, X, y, sample_weight=None):
        """Fit."""
        if len(X) > self.limit:
            raise RuntimeError("too many\nrows")
        self.mean_ = np.average(y, weights=sample_weight)
        return self

    def predict(self, X):
        """Predict."""
        return np.full(len(X), self.mean_)


@pytest.fixture
def result(table_csv, options):
    return run_benchmark(table_csv, **options)


def test_each_method_seed_and_generation_has_one_row(result):
    assert tuple(result.rows.columns) == COLUMNS
    assert len(result.rows) == 5 * 2 * 3
    assert not result.rows.duplicated(["method", "lam", "seed", "generation"]).any()
    assert result.n_failed == 0
    assert result.rows["score"].notna().all()
    assert (result.rows["n_real"] == 40).all()
    assert set(result.rows["table"]) == {"small"}
    assert set(result.rows["metric"]) == {"r2"}
    assert result.rows["versions"].str.contains("scikit-learn=").all()
    assert result.files == {}


def test_all_methods_start_from_the_same_fit(result):
    first = result.rows[result.rows["generation"] == 0]
    assert (first.groupby("seed")["score"].nunique() == 1).all()
    assert first["score"].nunique() == 2


def test_references_are_plain_fits_on_the_newest_and_on_all_rows(table_csv, options):
    frame = load_table(table_csv, "y", drop=["kind", "colour"])
    frame.data = frame.data.fillna(1.0)
    sizes = {name: options[name] for name in ("n_batches", "batch_size", "n_seeds")}
    rows = run_benchmark(frame, estimator=Ridge(), lam=[], **sizes).rows

    from skcollapse.benchmark._streams._stream import StreamPlan, cut_stream

    stream = cut_stream(frame, StreamPlan(3, 40, 240 - 120), seed=1)
    last = rows[(rows["seed"] == 1) & (rows["generation"] == 2)].set_index("method")["score"]
    newest = Ridge().fit(stream.X[80:], stream.y[80:]).score(stream.X_test, stream.y_test)
    every = Ridge().fit(stream.X, stream.y).score(stream.X_test, stream.y_test)
    assert last["real_only"] == newest
    assert last["all_real"] == every


def test_lam_zero_is_real_only(table_csv, options):
    rows = run_benchmark(table_csv, **options, lam=[0.0]).rows.set_index(["seed", "generation"])
    by_method = rows.groupby("method")["score"]
    pd.testing.assert_series_equal(
        by_method.get_group("recursive_mix"), by_method.get_group("real_only")
    )


def test_effective_sample_size_of_the_references(result):
    sizes = result.rows.set_index(["method", "generation"]).sort_index()["effective_sample_size"]
    assert set(sizes["real_only"]) == {40.0}
    assert sizes["all_real", 2].tolist() == [120.0, 120.0]


def test_number_of_jobs_does_not_change_the_rows(result, table_csv, options):
    parallel = run_benchmark(table_csv, **options, n_jobs=2)
    pd.testing.assert_frame_equal(result.rows[WITHOUT_TIME], parallel.rows[WITHOUT_TIME])


def test_classification_with_text_labels(table_csv, class_options):
    result = run_benchmark(table_csv, **class_options, lam=["optimal", 0.5])
    assert set(result.rows["metric"]) == {"roc_auc"}
    assert result.n_failed == 0
    assert (result.rows["score"] > 0.5).all()
    assert result.summary["lam"].tolist() == ["", "", "optimal", "0.5"]


def test_failing_cell_becomes_a_row_and_others_go_on(table_csv, options):
    options |= {"estimator": FailsOnLargeTables()}
    result = run_benchmark(table_csv, **options, lam=[0.0])
    failed = result.rows[result.rows["error"] != ""]
    assert failed["method"].tolist() == ["all_real"] * 2
    assert failed["generation"].tolist() == [2, 2]
    assert set(failed["error"]) == {"RuntimeError: too many rows"}
    assert failed["score"].isna().all()
    assert len(result.rows) == 3 * 2 * 3
    summary = result.summary.set_index("method")
    assert summary.loc["all_real", "n_failed"] == 2
    assert summary.loc["real_only", "n_seeds"] == 2
    assert summary["gap_recovered"].isna().all()


def test_loaded_table_is_taken_as_it_is(result, table_csv, options):
    table = load_table(table_csv, options.pop("target"), drop=options.pop("drop"))
    before = table.data.copy()
    again = run_benchmark(table, **options)
    pd.testing.assert_frame_equal(result.rows[WITHOUT_TIME], again.rows[WITHOUT_TIME])
    pd.testing.assert_frame_equal(table.data, before)
    with pytest.raises(ConfigError, match=r"^target belongs to load_table"):
        run_benchmark(table, target="y", **options)


def test_estimator_that_does_not_suit_the_task_is_refused(table_csv, options):
    options["estimator"] = "logistic"
    with pytest.raises(ConfigError, match=r"^estimator 'logistic' is not for regression"):
        run_benchmark(table_csv, **options)


def test_global_random_state_is_left_alone(table_csv, options):
    np.random.seed(0)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    run_benchmark(table_csv, **options)
    np.testing.assert_array_equal(before, np.random.get_state()[1])  # noqa: NPY002
