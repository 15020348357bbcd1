"""After a generation only the models are left, and they do not grow."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsRegressor

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse._recursive_mix.recursion._history import HISTORY_LENGTH, History
from skcollapse.synthesizers import GaussianCopulaSynthesizer


def arrays_in(thing, seen=None):
    """Yield every array that can be reached from an object."""
    seen = set() if seen is None else seen
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, np.ndarray):
        yield thing
        if thing.dtype != object:
            return
        thing = thing.ravel().tolist()
    if isinstance(thing, dict):
        children = [*thing.keys(), *thing.values()]
    elif isinstance(thing, (list, tuple, set, frozenset)):
        children = list(thing)
        if children and all(isinstance(child, (int, float)) for child in children):
            yield np.array(children)
    else:
        slots = [getattr(thing, name, None) for name in getattr(type(thing), "__slots__", ())]
        children = [getattr(thing, "__dict__", {}), *slots]
    for child in children:
        yield from arrays_in(child, seen)


def rows_found_in(thing, X):
    """Count rows of X of which at least two neighbouring values stand side by side somewhere."""
    found = 0
    pairs = {(row[j], row[j + 1]) for row in X for j in range(X.shape[1] - 1)}
    for array in arrays_in(thing):
        if array.dtype.kind not in "fc" or array.size < 2:
            continue
        for flat in (array.ravel(), array.ravel(order="F")):
            found += len(pairs & set(zip(flat[:-1].tolist(), flat[1:].tolist(), strict=True)))
    return found


@pytest.mark.parametrize("labels", ["predict", "sample", "joint"])
@pytest.mark.parametrize("workflow", ["fresh", "fixed"])
def test_no_real_row_can_be_read_back(regression, labels, workflow):
    X, y = regression
    mix = RecursiveMixRegressor(Ridge(), workflow=workflow, lam=0.5, labels=labels, random_state=0)
    mix = pickle.loads(pickle.dumps(mix.fit(X, y)))
    assert rows_found_in(mix, np.column_stack([X, y])) == 0


def test_the_search_for_rows_can_find_them(regression):
    X, y = regression
    mix = RecursiveMixRegressor(KNeighborsRegressor(), random_state=0).fit(X, y)
    assert rows_found_in(mix, X) > 0


@pytest.mark.parametrize("labels", ["predict", "sample", "joint"])
@pytest.mark.parametrize(
    ("synthesizer", "slack"), [(GaussianCopulaSynthesizer(), 1.0), (None, 1.1)]
)
def test_the_size_does_not_grow_with_the_generations(labels, synthesizer, slack):
    """To the byte with the copula; trees have some leaves more or less."""
    rng = np.random.default_rng(0)
    mix = RecursiveMixRegressor(Ridge(), synthesizer, labels=labels, random_state=0)
    sizes = []
    for _ in range(30):
        X = rng.normal(size=(40, 3))
        mix.partial_fit(X, X.sum(axis=1) + rng.normal(size=40))
        sizes.append(len(pickle.dumps(mix)))
    assert max(sizes[15:]) <= slack * max(sizes[2:15])
    assert slack > 1 or sizes[29] == sizes[2]
    assert len(mix.history_) == 30


@pytest.mark.parametrize(
    ("synthesizer", "slack", "tables"),
    [(GaussianCopulaSynthesizer(), 0.0, (500, 20_000)), (None, 0.1, (20_000, 60_000))],
)
def test_the_size_does_not_grow_with_the_rows(synthesizer, slack, tables):
    """Trees grow with the rows as long as these are few; see `TreeSynthesizer`."""
    rng = np.random.default_rng(0)
    sizes = []
    for n in tables:
        X = rng.normal(size=(n, 3))
        mix = RecursiveMixRegressor(Ridge(), synthesizer, n_generations=1, n_synthetic=2.0)
        mix.set_params(random_state=0).fit(X, X.sum(axis=1))
        sizes.append(len(pickle.dumps(mix)))
    assert sizes[1] == pytest.approx(sizes[0], rel=slack, abs=0)


def test_the_record_keeps_its_last_entries():
    history = History()
    fields = {"n_real": 1.0, "n_synthetic": 0, "lam": 0.0, "real_weight": 1.0, "resampled": False}
    fields |= {"twicing_loss": np.nan, "twicing_evidence": np.nan}
    fields |= {"averaging": np.nan, "refit_share": np.nan}
    fields |= {"correction": np.nan, "estimated_weight": np.nan, "standard_error": np.nan}
    for t in range(HISTORY_LENGTH + 7):
        history = history.with_record(
            generation=t, effective_sample_size=1.0, seconds=0.0, reason="optimal", **fields
        )
    assert history.to_list()[-1]["correction"] is None
    generations = [record["generation"] for record in history.to_list()]
    assert generations == list(range(7, HISTORY_LENGTH + 7))


def test_pickles_go_on_where_they_stopped(classification):
    X, y = classification
    mix = RecursiveMixClassifier(LogisticRegression(), random_state=0).fit(X[:300], y[:300])
    copy = pickle.loads(pickle.dumps(mix))
    np.testing.assert_array_equal(
        mix.partial_fit(X[300:], y[300:]).predict_proba(X),
        copy.partial_fit(X[300:], y[300:]).predict_proba(X),
    )


def test_clones_carry_parameters_only(regression):
    X, y = regression
    mix = RecursiveMixRegressor(Ridge(alpha=3), lam=0.5, n_synthetic=2.0).fit(X, y)
    copy = clone(mix)
    assert not hasattr(copy, "estimator_")
    assert repr(copy) == repr(clone(copy))
    assert copy.set_params(estimator__alpha=5).estimator.alpha == 5
