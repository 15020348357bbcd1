"""What cannot be compared is said before anything is fitted; what fails later is said as well."""

import numpy as np
import pytest
from sklearn.exceptions import FitFailedWarning
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import KFold, LeaveOneGroupOut
from sklearn.pipeline import make_pipeline

from skcollapse.inspection import generation_curve


class Never(LinearRegression):
    def fit(self, X, y, sample_weight=None):
        raise AssertionError("fitted")


class Fails(LinearRegression):
    """Cannot be fitted on more than 100 rows, which generation 1 and later are."""

    def fit(self, X, y, sample_weight=None):
        if len(y) > 100:
            raise RuntimeError("too many rows")
        return super().fit(X, y, sample_weight)


MONTH = np.repeat(np.arange(4), 60)
CASES = {
    "workflow": ({"workflows": "forever"}, "'workflow' parameter"),
    "second workflow": ({"workflows": ["fresh", 3]}, "'workflow' parameter"),
    "lam": ({"lam": -1.0}, "'lam' parameter"),
    "lam by name": ({"lam": ["golden", "silver"]}, "'lam' parameter"),
    "pair": ({"workflows": ("fresh", 1.0, 2.0)}, r"tuple must be \(workflow, lam\)"),
    "golden alone": (
        {"workflows": ["fresh", "fixed"], "lam": ["golden"]},
        "lam='golden' needs fresh real rows",
    ),
    "replace": ({"workflows": "replace", "lam": 0.5}, "has no real rows to weigh"),
    "twice": ({"lam": [0.5, 0.5]}, "workflow=fresh, lam=0.5 twice"),
    "no workflow": ({"workflows": []}, "workflows is empty"),
    "no lam": ({"lam": []}, "lam is empty"),
    "n_generations": ({"n_generations": -1}, "'n_generations' parameter"),
    "n_repeats": ({"n_repeats": 0}, "'n_repeats' parameter"),
    "cv": ({"cv": "five"}, "'cv' parameter"),
    "error_score": ({"error_score": "skip"}, "'error_score' parameter"),
    "scoring": ({"scoring": "beauty"}, "beauty"),
    "too many generations": (
        {"n_generations": 200},
        r"Split 0 trains on 192 rows, which cannot be cut into n_generations \+ 1 = 201 batches",
    ),
    "two numbers": ({"generation": MONTH, "n_generations": 3}, "both say how many generations"),
    "one label": ({"generation": np.zeros(240)}, "single label"),
    "labels alone": (
        {"generation": MONTH, "workflows": "fixed"},
        "no workflow takes fresh rows",
    ),
    "labels lost": (
        {"generation": MONTH, "cv": LeaveOneGroupOut(), "groups": MONTH},
        "Split 0 trains on 3 of the 4 labels of generation",
    ),
    "labels short": ({"generation": MONTH[1:]}, "inconsistent numbers of samples"),
    "labels mixed": (
        {"generation": np.array([1, "a"] * 120, dtype=object)},
        "labels that can be sorted",
    ),
    "weights": ({"sample_weight": -np.ones(240)}, "Negative values in data passed to"),
    "weights of a score": (
        {"sample_weight": np.ones(240), "scoring": lambda mix, X, y: 0.0},
        "scoring takes no sample_weight",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_wrong_arguments_are_named_before_any_fit(regression, regressor, case):
    options, message = CASES[case]
    regressor.set_params(estimator=Never())
    with pytest.raises(ValueError, match=message):
        generation_curve(regressor, *regression, **options)


def test_other_estimators_are_refused(regression, regressor):
    for estimator in (LinearRegression(), make_pipeline(regressor)):
        with pytest.raises(TypeError, match="must be a RecursiveMixRegressor or a"):
            generation_curve(estimator, *regression)


def test_rows_of_X_and_y_must_match(regression, regressor):
    X, y = regression
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        generation_curve(regressor, X, y[1:])


def test_a_failed_fit_leaves_the_generations_before_it(regression, regressor):
    regressor.set_params(estimator=Fails(), labels="predict", n_synthetic=3.0)
    options = {"workflows": ["fresh", ("fresh", 0.0)], "cv": 2, "random_state": 0}
    with pytest.warns(FitFailedWarning, match=r"(?s)2 of 4 runs ended in an error.*too many rows"):
        curve = generation_curve(regressor, *regression, **options)
    # lam=0 leaves synthetic rows out, so every fit has 30 rows.
    failed = curve.records["lam"] == "optimal"
    later = curve.records["generation"] > 0
    for name in ("score", "n_real", "real_weight", "seconds"):
        np.testing.assert_array_equal(np.isnan(curve.records[name]), failed & later)
    assert curve.summary()["n"].tolist() == [2, 0, 0, 0, 2, 2, 2, 2]
    assert np.isnan(curve.theory["relative_risk"][:4]).all()


def test_error_score_stands_where_no_score_is(regression, regressor):
    regressor.set_params(estimator=Fails(), labels="predict", n_synthetic=3.0)
    with pytest.warns(FitFailedWarning):
        curve = generation_curve(regressor, *regression, cv=2, error_score=-7)
    assert curve.records["score"][1:4].tolist() == [-7.0] * 3
    with pytest.raises(RuntimeError, match="too many rows"):
        generation_curve(regressor, *regression, cv=2, error_score="raise")


def test_fits_that_all_fail_at_once_are_an_error(regression, regressor):
    with pytest.raises(ValueError, match=r"(?s)All 5 fits failed.*AssertionError: fitted"):
        generation_curve(regressor.set_params(estimator=Never()), *regression)


def test_a_score_that_fails_does_not_end_the_run(regression, regressor):
    X, y = regression

    def fussy(mix, X, y):
        if mix.generation_ == 1:
            raise RuntimeError("not this one")
        return 1.0

    options = {"cv": KFold(2), "scoring": fussy}
    with pytest.warns(FitFailedWarning, match=r"(?s)2 of 2 runs.*not this one"):
        curve = generation_curve(regressor, X, y, **options)
    assert np.isnan(curve.records["score"]).tolist() == [False, True, False, False] * 2
    assert not np.isnan(curve.records["n_real"]).any()
    with pytest.raises(RuntimeError, match="not this one"):
        generation_curve(regressor, X, y, error_score="raise", **options)


def test_a_reference_that_cannot_be_fitted_is_reported(classification, classifier):
    X, y = classification
    order = np.argsort(y[:160] == "yes", kind="stable")  # the newest batch holds one class
    X, y = np.vstack([X[order], X[160:]]), np.concatenate([y[order], y[160:]])
    generation = np.zeros(240, dtype=int)
    generation[140:160] = 1
    with pytest.warns(FitFailedWarning, match=r"(?s)1 of 3 runs.*one class only"):
        curve = generation_curve(
            classifier,
            X,
            y,
            generation=generation,
            cv=[(np.arange(160), np.arange(160, 240))],
            references=True,
        )
    assert np.isnan(curve.references["score"]).tolist() == [False, True, False, False]
