"""`memory` reuses synthesizers and their draws wherever the estimator has no say in them."""

import numpy as np
import pytest
from joblib import Memory
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse.synthesizers import GaussianCopulaSynthesizer

# Two folds of five generations.
FITS_OF_ONE_CANDIDATE = 2 * 5
TWELVE = {
    "estimator__{}": np.logspace(-2, 2, 6).tolist(),
    "estimator__fit_intercept": [True, False],
}


class Counted(GaussianCopulaSynthesizer):
    """Counts what is really done."""

    fits = draws = 0

    def _fit(self, columns, sample_weight, target):
        type(self).fits += 1
        super()._fit(columns, sample_weight, target)

    def _sample(self, n_samples, generator):
        type(self).draws += 1
        return super()._sample(n_samples, generator)


@pytest.fixture
def counts():
    """Start to count; return what was counted so far."""
    Counted.fits = Counted.draws = 0
    return lambda: (Counted.fits, Counted.draws)


@pytest.fixture
def memory(tmp_path):
    return Memory(tmp_path, verbose=0)


def search(mix, grid, table, memory):
    mix.set_params(memory=memory)
    return GridSearchCV(mix, grid, cv=2, refit=False).fit(*table).cv_results_["mean_test_score"]


def grid_of(penalty):
    return {name.format(penalty): values for name, values in TWELVE.items()}


@pytest.mark.parametrize("lam", ["optimal", "golden", 0.7])
@pytest.mark.parametrize("labels", ["corrected", "predict", "sample"])
def test_twelve_candidates_fit_the_synthesizers_of_one(regression, memory, counts, labels, lam):
    mix = RecursiveMixRegressor(
        Ridge(), Counted(), labels=labels, lam=lam, n_synthetic=2.0, random_state=0
    )
    one = {"estimator__alpha": [1.0]}
    search(mix, one, regression, None)
    alone = counts()
    assert alone[0] == FITS_OF_ONE_CANDIDATE
    cached = search(mix, grid_of("alpha"), regression, memory)
    assert counts() == (2 * alone[0], 2 * alone[1])
    # Neither the values nor a run without it tell the difference.
    np.testing.assert_array_equal(cached, search(mix, grid_of("alpha"), regression, None))
    assert counts() == (14 * alone[0], 14 * alone[1])


def test_classes_drawn_with_the_rows_are_reused_too(classification, memory, counts):
    mix = RecursiveMixClassifier(LogisticRegression(), Counted(), labels="joint", random_state=0)
    search(mix, grid_of("C"), classification, memory)
    assert counts() == (FITS_OF_ONE_CANDIDATE, 2 * 4)


def test_a_later_search_finds_the_cache(regression, memory, counts):
    mix = RecursiveMixRegressor(Ridge(), Counted(), random_state=0)
    search(mix, {"estimator__alpha": [1.0]}, regression, memory)
    before = counts()
    search(mix, {"estimator__alpha": [2.0, 3.0]}, regression, memory)
    assert counts() == before


@pytest.mark.parametrize("change", [{"random_state": 1}, {"n_synthetic": 3.0}, {"lam": 0.5}])
def test_what_changes_the_rows_is_fitted_anew(regression, memory, counts, change):
    mix = RecursiveMixRegressor(Ridge(), Counted(), random_state=0).set_params(memory=memory)
    mix.fit(*regression)
    before = counts()[0]
    mix.set_params(**change).fit(*regression)
    # All but generation 0, whose rows are real and which takes no seed from anywhere.
    assert counts()[0] == 2 * before - 1


def test_weights_that_the_estimator_decides_are_fitted_anew(regression, memory, counts):
    mix = RecursiveMixRegressor(Ridge(), Counted(), lam="adaptive", random_state=0)
    X, _ = regression
    # The truth turns its sign in every generation, and the newest rows take over, unless the
    # penalty is so large that they say nothing.
    batch = np.arange(len(X)) * FITS_OF_ONE_CANDIDATE // len(X)
    turning = np.where(batch % 2 == 0, 1.0, -1.0) * X[:, 0]
    search(mix, {"estimator__alpha": [1e-3, 1e6]}, (X, turning), memory)
    assert FITS_OF_ONE_CANDIDATE < counts()[0] <= 2 * FITS_OF_ONE_CANDIDATE
