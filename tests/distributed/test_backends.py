"""Two workers, by Dask, Ray or loky or as threads, find what one process finds."""

import os
import threading

import joblib
import numpy as np
import pytest
from sklearn.datasets import make_friedman1
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV

from skcollapse import RecursiveMixRegressor

# What a cluster leaves behind while it closes is not this package's.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning:distributed"),
]

# Workers fold sums in another order at most: results agree to rounding.
TOLERANCE = {"rtol": 1e-9, "atol": 1e-12}


@pytest.fixture(scope="module")
def table():
    return make_friedman1(300, noise=1.0, random_state=0)


@pytest.fixture(scope="module")
def cluster():
    """Two Dask processes of one thread each, which the tests share: they take seconds to start."""
    distributed = pytest.importorskip("distributed")
    try:
        cluster = distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
        )
    except RuntimeError as error:
        pytest.skip(f"Dask cannot start a cluster on this machine: {error}")
    with cluster, distributed.Client(cluster) as client:
        yield client


@pytest.fixture(scope="module")
def ray_cluster():
    """Two Ray processes; Ray would otherwise report its use over the network."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        ray = pytest.importorskip("ray")
        from ray.util.joblib import register_ray

        ray.init(num_cpus=2, include_dashboard=False)
        register_ray()
        yield
        ray.shutdown()


@pytest.fixture(params=["threading", "loky", "dask", "ray"])
def two_workers(request):
    """A context in which `n_jobs=2` means two workers of one kind."""
    clusters = {"dask": "cluster", "ray": "ray_cluster"}
    if request.param in clusters:
        request.getfixturevalue(clusters[request.param])
    return lambda: joblib.parallel_config(backend=request.param)


def mix(**parameters):
    estimator = HistGradientBoostingRegressor(max_iter=10)
    return RecursiveMixRegressor(
        estimator, n_generations=3, n_synthetic=2.0, random_state=7, **parameters
    )


def test_grid_search(table, two_workers):
    grid = {"lam": [0.5, "optimal", "adaptive"], "estimator__max_leaf_nodes": [4, 8]}

    def search(n_jobs):
        return GridSearchCV(mix(), grid, cv=2, n_jobs=n_jobs).fit(*table)

    alone = search(None)
    with two_workers():
        together = search(2)
    assert together.best_params_ == alone.best_params_
    np.testing.assert_allclose(
        together.cv_results_["mean_test_score"],
        alone.cv_results_["mean_test_score"],
        **TOLERANCE,
    )
    X, _ = table
    np.testing.assert_allclose(together.predict(X), alone.predict(X), **TOLERANCE)


def test_folds_stay_inside_a_dask_task(table, cluster, tmp_path):
    def where():
        return f"{os.getpid()}/{threading.get_ident()}"

    class Traced(Ridge):
        """Writes down where it is fitted."""

        def __init__(self, path=None):
            super().__init__()
            self.path = path

        def fit(self, X, y, sample_weight=None):
            with self.path.open("a") as file:
                file.write(f"{where()}\n")
            return super().fit(X, y, sample_weight)

    def fit(path, X, y):
        mix = RecursiveMixRegressor(Traced(path), n_generations=3, n_synthetic=2.0)
        mix.fit(X, y)
        return where()

    paths = [tmp_path / str(k) for k in range(4)]
    with joblib.parallel_config(backend="dask"):
        places = joblib.Parallel(2)(joblib.delayed(fit)(path, *table) for path in paths)
    for path, place in zip(paths, places, strict=True):
        fits = path.read_text().split()
        # Four generations; each but the first has five folds and a fit for twicing besides.
        assert fits == [place] * (4 + 3 * 6)


@pytest.mark.parametrize("labels", ["corrected", "sample"])
def test_folds_of_one_recursion(table, two_workers, labels):
    alone = mix(labels=labels).fit(*table)
    with two_workers():
        together = mix(labels=labels, n_jobs=2).fit(*table)
    X, _ = table
    np.testing.assert_allclose(together.predict(X), alone.predict(X), **TOLERANCE)
    for drawn, expected in zip(
        together.sample(50, random_state=0), alone.sample(50, random_state=0), strict=True
    ):
        np.testing.assert_allclose(drawn, expected, **TOLERANCE)


def test_generation_curve(table, two_workers):
    from skcollapse.inspection import generation_curve

    def curve(n_jobs):
        return generation_curve(
            RecursiveMixRegressor(Ridge(), n_synthetic=2.0),
            *table,
            workflows=["fresh", "replace"],
            lam="optimal",
            n_generations=3,
            cv=2,
            n_repeats=2,
            references=True,
            n_jobs=n_jobs,
            random_state=0,
        )

    alone = curve(None)
    with two_workers():
        together = curve(2)
    assert len(alone.records) == 2 * 2 * 2 * 4
    for name in ("workflow", "generation", "score", "effective_sample_size"):
        column, expected = together.records[name], alone.records[name]
        if expected.dtype.kind == "f":
            np.testing.assert_allclose(column, expected, **TOLERANCE)
        else:
            assert column.tolist() == expected.tolist()


def test_benchmark(two_workers):
    pytest.importorskip("pandas")
    from skcollapse.benchmark import run_benchmark

    def scores(n_jobs):
        rows = run_benchmark(
            "diabetes", estimator="ridge", n_batches=3, n_seeds=2, n_jobs=n_jobs
        ).rows
        keys = ["seed", "method", "lam", "generation"]
        return rows.sort_values(keys)[[*keys, "score"]].reset_index(drop=True)

    alone = scores(None)
    with two_workers():
        together = scores(2)
    assert together.drop(columns="score").equals(alone.drop(columns="score"))
    np.testing.assert_allclose(together["score"], alone["score"], **TOLERANCE)
