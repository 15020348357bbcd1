"""The generative recursion alone."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import KernelDensity

from skcollapse import RecursiveMixSynthesizer
from skcollapse.synthesizers import (
    EmpiricalSynthesizer,
    GaussianCopulaSynthesizer,
    GaussianSynthesizer,
    KernelDensitySynthesizer,
    TreeSynthesizer,
)
from skcollapse.theory import optimal_real_weight


def normal(n, seed=0):
    rng = np.random.default_rng(seed)
    return rng.multivariate_normal([1.0, -2.0], [[1.0, 0.6], [0.6, 2.0]], size=n)


def test_no_generations_is_the_plain_synthesizer():
    X = normal(300)
    plain = TreeSynthesizer().fit(X)
    for options in ({"n_generations": 0}, {"workflow": "fixed", "lam": 0}, {"workflow": "fixed"}):
        recursive = RecursiveMixSynthesizer(**options).fit(X)
        np.testing.assert_array_equal(
            recursive.sample(50, random_state=1), plain.sample(50, random_state=1)
        )


@pytest.mark.parametrize("lam", ["optimal", "golden", "proportional", 0.4, np.inf])
def test_fit_equals_partial_fit_bit_for_bit(lam):
    X = normal(500)
    recursive = RecursiveMixSynthesizer(lam=lam, random_state=3)
    streamed = clone(recursive)
    for rows in np.array_split(np.arange(500), 5):
        streamed.partial_fit(X[rows])
    at_once = clone(recursive).fit(X)
    np.testing.assert_array_equal(at_once.sample(40, 0), streamed.sample(40, 0))
    assert at_once.effective_sample_size_ == streamed.effective_sample_size_


def test_rows_carry_their_noise_so_the_schedule_tends_to_the_golden_ratio():
    recursive = RecursiveMixSynthesizer(n_generations=9, n_synthetic=2.0).fit(normal(1000))
    weights = [record["real_weight"] for record in recursive.history_]
    assert weights[1] == pytest.approx(1.5 / 2.5)
    assert weights[-1] == pytest.approx(optimal_real_weight(1, 2), abs=1e-4)


@pytest.mark.parametrize(
    "workflow", ["fresh", "fixed", "replace", "accumulate", "accumulate_subsample", "window"]
)
def test_every_workflow_runs_and_keeps_means(workflow):
    recursive = RecursiveMixSynthesizer(
        workflow=workflow, lam="proportional", n_generations=3, n_synthetic=1.0, random_state=0
    ).fit(normal(4000))
    drawn = recursive.sample(20_000, random_state=0)
    np.testing.assert_allclose(drawn.mean(axis=0), [1, -2], atol=0.2)
    assert np.corrcoef(drawn.T)[0, 1] == pytest.approx(0.6 / np.sqrt(2), abs=0.1)
    assert hasattr(recursive, "partial_fit") == (workflow == "fresh")


def test_densities_are_there_where_the_synthesizer_has_them():
    X = normal(600)
    for synthesizer in (GaussianMixture(random_state=0), KernelDensity(bandwidth=0.3)):
        recursive = RecursiveMixSynthesizer(synthesizer, n_generations=2, random_state=0).fit(X)
        near, far = recursive.score_samples([[1.0, -2.0], [9.0, 9.0]])
        assert near > far
    assert not hasattr(RecursiveMixSynthesizer(), "score_samples")


def test_frames_come_back_as_they_went_in(mixed_frame):
    X, _ = mixed_frame
    drawn = RecursiveMixSynthesizer(n_generations=2, random_state=0).fit(X).sample(100, 0)
    assert drawn.dtypes.equals(X.dtypes)
    assert drawn["town"].isna().any()


def test_groups_of_equal_weight_are_told_apart():
    # At lam = 1 and m = n a synthetic row weighs as much as a real one; the paper's estimator
    # still centres the two parts separately: its covariance is the mean of the two.
    seen = []

    class Recorder(GaussianSynthesizer):
        def fit(self, X, y=None, sample_weight=None, groups=None):
            seen.append((X, groups))
            return super().fit(X, y, sample_weight, groups)

    recursive = RecursiveMixSynthesizer(
        Recorder(centring="separate"), lam=1.0, n_generations=1, n_synthetic=1.0, random_state=0
    ).fit(normal(60))
    rows, groups = seen[1]
    assert seen[0][1] is None
    assert groups.sum() == 30
    parts = [np.cov(rows[groups == part].T) for part in (False, True)]
    np.testing.assert_allclose(recursive.synthesizer_.covariance_, np.mean(parts, axis=0))


@pytest.mark.parametrize(
    "synthesizer", [EmpiricalSynthesizer(), GaussianSynthesizer(), KernelDensitySynthesizer()]
)
def test_synthesizers_of_the_papers_run(synthesizer):
    recursive = RecursiveMixSynthesizer(synthesizer, n_generations=3, random_state=0)
    drawn = recursive.fit(normal(2000)).sample(5000, 0)
    np.testing.assert_allclose(drawn.mean(axis=0), [1, -2], atol=0.15)


def test_weights_generation_and_size():
    X = normal(400)
    month = np.arange(400) % 2
    weights = np.where(np.arange(400) < 100, 0.0, 1.0)
    recursive = RecursiveMixSynthesizer(GaussianCopulaSynthesizer(), random_state=0)
    recursive.fit(X, sample_weight=weights, generation=month)
    assert [record["n_real"] for record in recursive.history_] == [150, 150]
    sizes = []
    for seed in range(12):
        recursive.partial_fit(normal(100, seed))
        sizes.append(len(pickle.dumps(recursive)))
    assert sizes[-1] == sizes[2]


def test_a_failed_generation_leaves_the_last_good_one():
    recursive = RecursiveMixSynthesizer(random_state=0).fit(normal(400))
    before = recursive.sample(10, 0)
    with pytest.raises(ValueError, match="contains infinity"):
        recursive.partial_fit(np.full((5, 2), np.inf))
    with pytest.raises(ValueError, match="n_synthetic=0"):
        recursive.set_params(n_synthetic=0).partial_fit(normal(50))
    np.testing.assert_array_equal(recursive.sample(10, 0), before)
