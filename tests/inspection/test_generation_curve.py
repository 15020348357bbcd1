"""Scores by generation: common random numbers, held-out rows, and what a run says of itself."""

import numpy as np
import pytest
from joblib import parallel_config
from sklearn.base import clone
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.metrics import make_scorer, r2_score
from sklearn.model_selection import KFold, ShuffleSplit

from skcollapse._utils._random import draw_entropy, seed_for
from skcollapse.inspection import generation_curve
from skcollapse.theory import real_weight_to_lam, relative_risk
from skcollapse.workflows import Fixed, Window, check_workflow

EVERY_WORKFLOW = ["fresh", "fixed", "replace", "accumulate", "accumulate_subsample", Window(3)]


def scores_at(curve, generation):
    """Scores of one generation: a row for each candidate, a column for each run."""
    records = curve.records[curve.records["generation"] == generation]
    return np.array(
        [
            records["score"][(records["workflow"] == workflow) & (records["lam"] == lam)]
            for workflow, lam in curve.candidates
        ]
    )


@pytest.mark.parametrize("shuffle", [False, True])
def test_generation_0_is_the_same_fit_for_all_workflows(regression, regressor, shuffle):
    # A forest draws random numbers of its own, which must be common as well.
    forest = RandomForestRegressor(n_estimators=3, max_depth=3)
    curve = generation_curve(
        regressor.set_params(estimator=forest, labels="predict"),
        *regression,
        workflows=[*EVERY_WORKFLOW, ("fresh", 0.5), ("fixed", 0.5)],
        n_generations=2,
        cv=2,
        n_repeats=2,
        shuffle=shuffle,
        random_state=0,
    )
    first = scores_at(curve, 0)
    assert first.shape == (8, 4)
    np.testing.assert_array_equal(first, np.broadcast_to(first[0], first.shape))
    assert len(set(first[0])) == 4  # and another one in each split and repeat
    # Where the same real rows come back, the best lam is 0: four of the eight stay what they were.
    assert len(set(scores_at(curve, 2)[:, 0])) == 5


def test_generation_0_is_the_same_fit_for_all_lams(classification, classifier):
    lams = [0, 0.5, np.inf, "golden", "optimal", "proportional", "adaptive"]
    curve = generation_curve(
        classifier, *classification, lam=lams, n_generations=1, cv=2, random_state=1
    )
    first = scores_at(curve, 0)
    np.testing.assert_array_equal(first, np.broadcast_to(first[0], first.shape))
    assert [lam for _, lam in curve.candidates] == ["0", "0.5", "inf", *lams[3:]]


def test_scores_are_those_of_partial_fit_by_hand(regression, regressor):
    X, y = regression
    cv = KFold(3)
    curve = generation_curve(regressor, X, y, lam=0.7, cv=cv, random_state=5)
    for split, (train, test) in enumerate(cv.split(X)):
        own = curve.records[curve.records["split"] == split]
        seed = seed_for(draw_entropy(5), 0, split)
        mix = clone(regressor).set_params(lam=0.7, random_state=seed)
        for t, rows in enumerate(np.array_split(train, 4)):
            mix.partial_fit(X[rows], y[rows])
            assert own["score"][t] == mix.score(X[test], y[test])
            assert own["n_real"][t] == len(rows)
            assert own["effective_sample_size"][t] == mix.effective_sample_size_
            assert own["real_weight"][t] == mix.real_weight_


@pytest.mark.parametrize("workflow", ["fixed", "replace", "accumulate"])
def test_alone_a_workflow_without_fresh_rows_takes_the_whole_training_set(
    regression, regressor, workflow
):
    X, y = regression
    curve = generation_curve(regressor, X, y, workflows=workflow, cv=4, random_state=0)
    assert set(curve.records["n_real"][curve.records["generation"] == 0]) == {180.0}
    train, test = next(KFold(4).split(X))
    plain = LinearRegression().fit(X[train], y[train]).score(X[test], y[test])
    assert curve.records["score"][0] == pytest.approx(plain, rel=1e-12)


def test_beside_fresh_rows_they_take_the_first_batch(regression, regressor):
    curve = generation_curve(regressor, *regression, workflows=["replace", "fresh"], cv=4)
    n_real = curve.records["n_real"]
    assert set(n_real[curve.records["generation"] == 0]) == {45.0}


def test_only_real_held_out_rows_are_scored(regression, regressor):
    X, y = regression
    scored = []

    def spy(mix, X, y):
        scored.append((X, y))
        return 0.0

    curve = generation_curve(regressor, X, y, workflows=["fresh", "fixed"], cv=3, scoring=spy)
    assert len(scored) == 2 * 3 * 4
    folds = [test for _, test in KFold(3).split(X)]
    for i, (found_X, found_y) in enumerate(scored):
        test = folds[i // 4 % 3]
        np.testing.assert_array_equal(found_X, X[test])
        np.testing.assert_array_equal(found_y, y[test])
    assert curve.score_name == "spy"


def test_training_never_sees_a_held_out_row(regression, regressor):
    X, y = regression
    trained = []

    class Recorder(Ridge):
        def fit(self, X, y, sample_weight=None):
            trained.append(X)
            return super().fit(X, y, sample_weight)

    regressor.set_params(estimator=Recorder(), labels="predict")
    generation_curve(regressor, X, y, cv=[(np.arange(160), np.arange(160, 240))])
    seen = {row.tobytes() for X in trained for row in X}
    held_out = {row.tobytes() for row in X[160:]}
    assert not seen & held_out
    assert len(seen & {row.tobytes() for row in X[:160]}) == 160


@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_other_joblib_backends_give_the_same_scores(regression, regressor, backend):
    options = {"workflows": ["fresh", "replace"], "cv": 2, "n_repeats": 2, "random_state": 3}
    here = generation_curve(regressor, *regression, references=True, **options)
    with parallel_config(backend=backend, n_jobs=2):
        there = generation_curve(regressor, *regression, references=True, **options)
    for name in set(here.records.dtype.names) - {"workflow", "lam", "seconds"}:
        np.testing.assert_allclose(there.records[name], here.records[name], rtol=1e-9)
    np.testing.assert_allclose(there.references["score"], here.references["score"], rtol=1e-9)


def test_a_run_does_not_depend_on_what_it_is_compared_with(regression, regressor):
    alone = generation_curve(regressor, *regression, lam=0.5, cv=2, random_state=2)
    beside = generation_curve(regressor, *regression, lam=["golden", 0.5], cv=2, random_state=2)
    np.testing.assert_array_equal(
        beside.records["score"][beside.records["lam"] == "0.5"], alone.records["score"]
    )


def test_generation_labels_form_the_batches(regression, regressor):
    X, y = regression
    month = np.random.default_rng(0).permutation(np.repeat(["a", "b", "c"], [60, 80, 100]))
    train, test = np.arange(200), np.arange(200, 240)
    curve = generation_curve(
        regressor,
        X,
        y,
        workflows=["fresh", "replace"],
        generation=month,
        cv=[(train, test)],
        references=True,
    )
    counts = [np.sum(month[train] == label) for label in "abc"]
    assert curve.records["n_real"][:4].tolist() == [*counts, counts[0]]
    by_hand = [
        LinearRegression()
        .fit(X[train][month[train] <= label], y[train][month[train] <= label])
        .score(X[test], y[test])
        for label in "abc"
    ]
    kept = curve.references["score"][curve.references["reference"] == "all_real"]
    np.testing.assert_allclose(kept, by_hand, rtol=1e-9)


def test_weights_reach_training_and_scores(regression, regressor):
    X, y = regression
    cv = [(np.arange(160), np.arange(160, 240))]
    weight = np.random.default_rng(0).integers(0, 3, 240).astype(float)
    curve = generation_curve(
        regressor, X, y, sample_weight=weight, workflows="fixed", cv=cv, references=True
    )
    plain = LinearRegression().fit(X[:160], y[:160], weight[:160])
    expected = plain.score(X[160:], y[160:], weight[160:])
    assert curve.records["score"][0] == pytest.approx(expected, rel=1e-12)
    assert curve.records["n_real"][0] == weight[:160].sum()
    np.testing.assert_allclose(curve.references["score"], expected, rtol=1e-12)


def test_references_are_the_plain_estimator(classification, classifier):
    X, y = classification
    curve = generation_curve(
        classifier, X, y, cv=[(np.arange(160), np.arange(160, 240))], references=True
    )
    model = classifier.estimator
    for name, first in (("real_only", lambda t: 40 * t), ("all_real", lambda t: 0)):
        found = curve.references["score"][curve.references["reference"] == name]
        expected = [
            clone(model)
            .fit(X[first(t) : 40 * (t + 1)], y[first(t) : 40 * (t + 1)])
            .score(X[160:], y[160:])
            for t in range(4)
        ]
        assert found.tolist() == expected
    # They start where the recursion starts.
    assert set(curve.references["score"][curve.references["generation"] == 0]) == {
        curve.records["score"][0]
    }
    assert curve.reference_summary()["n"].tolist() == [1] * 8


CASES = [
    ("fresh", 0.5),
    ("fresh", "optimal"),
    ("fresh", "golden"),
    ("fixed", 0.7),
    ("replace", "optimal"),
    ("accumulate", "proportional"),
    ("accumulate_subsample", "proportional"),
]


def test_theory_is_the_risk_of_the_mixing_matrix(regression, regressor):
    curve = generation_curve(regressor, *regression, workflows=CASES, cv=2, random_state=0)
    for name, lam in CASES:
        own = curve.records[curve.records["workflow"] == name]
        own = own[(own["lam"] == str(lam)) & (own["split"] == 0)]
        lams = None if lam == "proportional" else real_weight_to_lam(own["real_weight"][1:])
        expected = relative_risk(check_workflow(name).mixing_matrix(3, 1.0, 1.0, lams))
        theory = curve.theory[(curve.theory["workflow"] == name)]
        theory = theory["relative_risk"][theory["lam"] == str(lam)]
        np.testing.assert_allclose(theory, expected, rtol=1e-9)
        # It is also what the run says of itself.
        sizes = own["effective_sample_size"]
        np.testing.assert_allclose(theory, sizes[0] / sizes, rtol=1e-9)


@pytest.mark.parametrize("lam", ["optimal", "proportional", 0.5])
def test_theory_knows_that_mean_labels_have_no_noise(regression, regressor, lam):
    regressor.set_params(labels="predict", n_synthetic=5)
    curve = generation_curve(regressor, *regression, lam=lam, cv=2, random_state=0)
    sizes = curve.records["effective_sample_size"][:4]
    np.testing.assert_allclose(curve.theory["relative_risk"], sizes[0] / sizes, rtol=1e-9)


def test_theory_has_no_number_for_adaptive_weights(regression, regressor):
    curve = generation_curve(regressor, *regression, lam="adaptive", n_generations=1, cv=2)
    assert np.isnan(curve.theory["relative_risk"]).all()


def test_the_summary_is_what_it_says(regression, regressor):
    curve = generation_curve(regressor, *regression, cv=3, n_repeats=2, random_state=0)
    summary = curve.summary()
    assert summary["generation"].tolist() == [0, 1, 2, 3]
    last = scores_at(curve, 3).reshape(2, 3)  # repeats, splits
    assert summary["mean"][3] == pytest.approx(last.mean())
    error = np.std(last.mean(axis=0), ddof=1) / np.sqrt(3)
    assert summary["standard_error"][3] == pytest.approx(error)
    assert (summary["minimum"][3], summary["maximum"][3]) == (last.min(), last.max())
    assert set(summary["n"]) == {6}


def test_one_split_has_the_standard_error_of_its_repeats(regression, regressor):
    cv = ShuffleSplit(1, random_state=0)
    curve = generation_curve(regressor, *regression, cv=cv, n_repeats=3, random_state=0)
    last = scores_at(curve, 3)[0]
    error = np.std(last, ddof=1) / np.sqrt(3)
    assert curve.summary()["standard_error"][3] == pytest.approx(error)
    single = generation_curve(regressor, *regression, cv=cv, random_state=0)
    assert np.isnan(single.summary()["standard_error"]).all()


def test_the_frame_holds_the_records(regression, regressor):
    pytest.importorskip("pandas")
    curve = generation_curve(regressor, *regression, cv=2)
    frame = curve.to_frame()
    assert list(frame) == list(curve.records.dtype.names)
    assert frame["score"].tolist() == curve.records["score"].tolist()


def test_frames_and_weights_by_name_go_in_as_they_are(regression, regressor):
    pandas = pytest.importorskip("pandas")
    X, y = regression
    frame = pandas.DataFrame(X, columns=["a", "b", "c"], index=np.arange(240)[::-1])
    with_names = generation_curve(regressor, frame, pandas.Series(y), cv=2, random_state=0)
    without = generation_curve(regressor, X, y, cv=2, random_state=0)
    np.testing.assert_allclose(with_names.records["score"], without.records["score"])


def test_scoring_by_name_and_by_function_agree(regression, regressor):
    options = {"cv": 2, "random_state": 0}
    default = generation_curve(regressor, *regression, **options)
    for scoring in ("r2", make_scorer(r2_score)):
        curve = generation_curve(regressor, *regression, scoring=scoring, **options)
        np.testing.assert_array_equal(curve.records["score"], default.records["score"])


def test_the_estimator_is_left_alone(regression, regressor):
    before = dict(vars(regressor))
    generation_curve(regressor, *regression, workflows=Fixed(), lam=0.5, cv=2)
    assert vars(regressor) == before
    assert not hasattr(regressor, "estimator_")


def test_generations_may_be_none_but_the_first(regression, regressor):
    curve = generation_curve(regressor, *regression, n_generations=0, cv=2, random_state=0)
    assert curve.n_generations == 0
    assert curve.theory["relative_risk"].tolist() == [1.0]
