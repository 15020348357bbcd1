"""Onlookers see each generation of a fit, and leave nothing behind."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import Ridge

from skcollapse import RecursiveMixRegressor
from skcollapse._recursive_mix import watch
from skcollapse.synthesizers import GaussianSynthesizer

X = np.random.default_rng(0).normal(size=(80, 2))
Y = X @ [1.0, -1.0]


@pytest.fixture
def mix():
    options = {"n_generations": 3, "n_synthetic": 2.0, "random_state": 0}
    return RecursiveMixRegressor(Ridge(), GaussianSynthesizer(), **options)


def test_each_generation_is_published_when_it_is_seen(mix):
    seen = []
    with watch(mix, lambda m: seen.append((m.generation_, len(m.history_), m.predict(X[:1])[0]))):
        mix.fit(X, Y)
    assert [t for t, _, _ in seen] == [0, 1, 2, 3]
    assert [n for _, n, _ in seen] == [1, 2, 3, 4]
    assert seen[-1][2] == mix.predict(X[:1])[0]


def test_several_watch_in_order_and_stop_at_the_end_of_the_block(mix):
    seen = []
    with watch(mix, lambda m: seen.append("first")), watch(mix, lambda m: seen.append("second")):
        mix.fit(X, Y)
    assert seen == ["first", "second"] * 4
    mix.fit(X, Y)
    assert len(seen) == 8


def test_an_error_of_an_onlooker_leaves_the_models_of_that_generation(mix):
    def look(m):
        if m.generation_ == 2:
            raise RuntimeError("Seen enough.")

    with pytest.raises(RuntimeError, match="Seen enough"), watch(mix, look):
        mix.fit(X, Y)
    assert mix.generation_ == 2
    mix.fit(X, Y)  # nobody watches any more
    assert mix.generation_ == 3


def test_neither_clones_nor_pickles_nor_attributes_hold_an_onlooker(mix):
    before = dict(vars(mix))
    with watch(mix, lambda m: pytest.fail("A copy was watched.")):
        assert vars(mix) == before
        clone(mix).fit(X, Y)
        pickle.loads(pickle.dumps(mix)).fit(X, Y)


def test_watching_changes_no_number(mix):
    plain = clone(mix).fit(X, Y).predict(X)
    with watch(mix, lambda m: m.sample(3)):
        watched = mix.fit(X, Y).predict(X)
    np.testing.assert_array_equal(watched, plain)
