"""A synthesizer that goes on from the last one: when it is handed over, and when it is not."""

import pickle

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from skcollapse import RecursiveMixRegressor, RecursiveMixSynthesizer
from skcollapse.synthesizers import BaseSynthesizer

X = np.random.default_rng(0).normal(size=(90, 2))
Y = X @ [1.0, -1.0]
GIVEN = []


class Counter(BaseSynthesizer):
    """Counts the fits behind it, notes what it was given, draws the rows of its first fit."""

    def _fit(self, columns, sample_weight, target, previous=None):
        GIVEN.append(None if previous is None else previous.n_fits_)
        if previous is not None and previous.n_fits_ == getattr(Counter, "fail_at", None):
            raise ValueError("This fit fails.")
        self.n_fits_ = 1 if previous is None else previous.n_fits_ + 1
        # Copies: joblib takes a view and its contiguous copy for two things.
        self.columns_ = [column.take(np.arange(len(sample_weight))) for column in columns]

    def _sample(self, n_samples, generator):
        rows = generator.integers(len(self.columns_[0].values), size=n_samples)
        return [column.take(rows) for column in self.columns_]


@pytest.fixture(autouse=True)
def given(monkeypatch):
    monkeypatch.setattr(Counter, "fail_at", None, raising=False)
    GIVEN.clear()
    return GIVEN


@pytest.fixture(params=["regressor", "rows only"])
def recursive(request):
    options = {"synthesizer": Counter(), "n_generations": 2, "random_state": 0}
    if request.param == "rows only":
        return RecursiveMixSynthesizer(**options), (X,)
    return RecursiveMixRegressor(Ridge(), labels="predict", **options), (X, Y)


def test_generation_0_of_every_fit_starts_anew(recursive, given):
    mix, rows = recursive
    mix.fit(*rows).fit(*rows).partial_fit(*rows)
    assert given == [None, 1, 2, None, 1, 2, 3]


def test_after_pickling_the_stream_goes_on(recursive, given):
    mix, rows = recursive
    pickle.loads(pickle.dumps(mix.fit(*rows))).partial_fit(*rows)
    assert given == [None, 1, 2, 3]


def test_a_failed_generation_leaves_the_last_synthesizer_whole(recursive, given, monkeypatch):
    mix, rows = recursive
    mix.fit(*rows)
    before = pickle.dumps(mix.synthesizer_)
    monkeypatch.setattr(Counter, "fail_at", 3)
    with pytest.raises(ValueError, match="This fit fails"):
        mix.partial_fit(*rows)
    assert pickle.dumps(mix.synthesizer_) == before
    monkeypatch.setattr(Counter, "fail_at", None)
    mix.partial_fit(*rows)
    assert given == [None, 1, 2, 3, 3]


def test_with_a_cache_a_repeated_fit_runs_nothing_and_gives_the_same(recursive, given, tmp_path):
    mix, rows = recursive
    mix.set_params(memory=str(tmp_path)).fit(*rows)
    first = mix.synthesizer_
    mix.fit(*rows)
    assert given == [None, 1, 2]
    assert mix.synthesizer_.n_fits_ == first.n_fits_ == 3


def test_fit_equals_partial_fit_over_the_batches(recursive, given):
    mix, rows = recursive
    whole = mix.fit(*rows).synthesizer_.sample(5, random_state=0)
    del mix._stream_
    for part in np.array_split(np.arange(len(X)), 3):
        mix.partial_fit(*(values[part] for values in rows))
    drawn = mix.synthesizer_.sample(5, random_state=0)
    np.testing.assert_array_equal(drawn, whole)
    assert given == [None, 1, 2, None, 1, 2]


def test_a_synthesizer_that_starts_anew_is_handed_nothing(monkeypatch):
    seen = []
    fit = BaseSynthesizer.fit

    def spy(self, X, y=None, sample_weight=None, previous=None):
        seen.append(previous)
        return fit(self, X, y, sample_weight, previous)

    monkeypatch.setattr(BaseSynthesizer, "fit", spy)
    RecursiveMixRegressor(Ridge(), labels="predict", n_generations=2, random_state=0).fit(X, Y)
    assert seen == [None, None, None]
