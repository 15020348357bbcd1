"""Statements that hold the theory of Gaussians against Gaussians refitted to drawn rows.

Averages over independent runs are compared with exact expectations in standard errors of the
average, which come from the runs. Within a test a few dozen correlated scores are looked at; the
largest of them exceeds 4.5 by chance less than once in a thousand seeds.
"""

import numpy as np
import pytest
from scipy.stats import ks_2samp

from skcollapse.simulation import simulate_gaussian
from skcollapse.simulation._gaussian import _Run
from skcollapse.synthesizers import GaussianSynthesizer
from skcollapse.theory import (
    covariance_error_path,
    gaussian_collapse_factor,
    gaussian_lam_path,
    gaussian_location_mse,
    gaussian_moments,
    limiting_variance,
    optimal_real_weight,
    pooled_variance_path,
    real_weight_to_lam,
    relative_risk,
    variance_path,
)
from skcollapse.workflows import (
    Accumulate,
    AccumulateSubsample,
    BaseWorkflow,
    Batch,
    Fixed,
    Fresh,
    MatrixWorkflow,
    Replace,
    Window,
)

SIGMA = np.array([[2.0, 0.6], [0.6, 0.5]])
GOLDEN_LAM = (5**0.5 - 1) / 2  # puts the weight 1 / (1 + lam) = 0.618 on real rows


def scores(values, expected):
    """How far the averages over runs lie from `expected`, in standard errors."""
    return (values.mean(axis=0) - expected) / (values.std(axis=0) / np.sqrt(len(values)))


def squared_mean(fits):
    return (fits.mean**2).sum(axis=2)


def squared_error(fits, sigma):
    return ((fits.covariance - sigma) ** 2).sum(axis=(2, 3))


def one_feature(*arguments, **settings):
    """Squared means and variances of runs with one feature of variance 1."""
    fits = simulate_gaussian(arguments[0], 1.0, *arguments[1:], **settings)
    return squared_mean(fits), fits.covariance[:, :, 0, 0]


@pytest.mark.parametrize(("lam", "k"), [(GOLDEN_LAM, 1.0), ([4.0, 0.0, 0.5, 1.0, 9.0], 0.25)])
def test_parts_centred_apart_follow_the_paths_of_mean_and_covariance(lam, k):
    fits = simulate_gaussian(
        "fresh", SIGMA, 40, 5, lam=lam, n_synthetic=1 / k, centring="separate",
        n_replications=20_000, random_state=0,
    )  # fmt: skip
    weight = 1 / (1 + np.asarray(lam))
    variance = np.trace(SIGMA) / 40 * variance_path(weight, k, 5)
    error = covariance_error_path(SIGMA, 40, 40 / k, weight, 5)
    assert np.abs(scores(squared_mean(fits), variance)).max() < 4.5
    assert np.abs(scores(squared_error(fits, SIGMA), error)).max() < 4.5
    assert np.abs(scores(fits.covariance, SIGMA)).max() < 4.5


def test_wrong_weight_is_caught():
    fits = simulate_gaussian(
        "fresh", SIGMA, 40, 5, lam=GOLDEN_LAM, centring="separate", n_replications=20_000,
        random_state=0,
    )  # fmt: skip
    variance = np.trace(SIGMA) / 40 * variance_path(0.5, 1.0, 5)
    error = covariance_error_path(SIGMA, 40, 40, 0.5, 5)
    assert (np.abs(scores(squared_mean(fits), variance)[1:]) > 5).all()
    assert (np.abs(scores(squared_error(fits, SIGMA), error)[1:]) > 5).all()
    # Nor would pooled centring pass as separate.
    pooled = simulate_gaussian(
        "fresh", SIGMA, 40, 5, lam=GOLDEN_LAM, n_replications=20_000, random_state=0
    )
    assert (np.abs(scores(pooled.covariance, SIGMA)) > 5).all()


@pytest.mark.parametrize("k", [0.1, 1.0, 4.0])
def test_long_runs_settle_at_the_golden_weight(k):
    weight = optimal_real_weight(k, 1)
    squared, _ = one_feature(
        "fresh", 100, 40, lam=real_weight_to_lam(weight), n_synthetic=1 / k,
        centring="separate", n_replications=10_000, random_state=1,
    )  # fmt: skip
    assert limiting_variance(weight, k) == pytest.approx(weight)
    assert abs(scores(100 * squared[:, -1], weight)) < 4


@pytest.mark.parametrize("n_synthetic", [36, 1])
def test_pooled_fit_follows_its_path(n_synthetic):
    fits = simulate_gaussian(
        "fresh", SIGMA, 12, 6, lam=2.0, n_synthetic=n_synthetic / 12, n_replications=10_000,
        random_state=2,
    )  # fmt: skip
    mean_variance, variance = pooled_variance_path(12, n_synthetic, 1 / 3, 6)
    expected = np.trace(SIGMA) / 12 * mean_variance
    assert np.abs(scores(squared_mean(fits), expected)).max() < 4.5
    expected = variance[:, None, None] * SIGMA
    assert np.abs(scores(fits.covariance, expected)).max() < 4.5


@pytest.mark.parametrize(("lam", "ratio"), [(0.5, 0.5), (4.0, 4.0), (4.0, 1.0), (np.inf, 1.0)])
def test_same_real_rows_follow_the_lam_path(lam, ratio):
    squared, variance = one_feature(
        "fixed", 20, 12, lam=lam, n_synthetic=ratio, n_replications=10_000, random_state=3
    )
    path = gaussian_lam_path(20, 20 * ratio, lam, 12)
    assert np.abs(scores(squared, path.mean_error)).max() < 4.5
    assert np.abs(scores(variance, path.variance)).max() < 4.5


@pytest.mark.parametrize("workflow", ["replace", "accumulate", "accumulate_subsample"])
def test_one_real_batch_follows_the_exact_moments(workflow):
    squared, variance = one_feature(workflow, 10, 8, n_replications=10_000, random_state=4)
    mean_error, expected = gaussian_moments(workflow, 10, 8)
    assert np.abs(scores(squared, mean_error)).max() < 4.5
    assert np.abs(scores(variance, expected)).max() < 4.5


@pytest.mark.parametrize("real", ["fixed", "fresh"])
def test_mean_with_every_row_counted_alike(real):
    squared, _ = one_feature(
        real, 20, 8, n_synthetic=4.0, centring="separate", n_replications=10_000, random_state=5
    )
    other = {"fixed": "fresh", "fresh": "fixed"}[real]
    expected = gaussian_location_mse(20, 80, 8, real=real)
    assert np.abs(scores(20 * squared, expected)).max() < 4.5
    mirrored = gaussian_location_mse(20, 80, 8, real=other)
    assert (np.abs(scores(20 * squared, mirrored)[1:]) > 5).all()


def test_synthetic_rows_alone_collapse_at_the_factors():
    fits_made = np.arange(1, 32)
    common = {"n_replications": 10_000, "random_state": 6}
    _, unbiased = one_feature("replace", 20, 30, centring="separate", **common)
    assert np.abs(scores(np.sqrt(unbiased), gaussian_collapse_factor(20) ** fits_made)).max() < 4.5
    drift = gaussian_collapse_factor(20, "log_variance") * fits_made
    assert np.abs(scores(np.log(unbiased), drift)).max() < 4.5
    _, likelihood = one_feature("replace", 20, 30, **common)
    factor = gaussian_collapse_factor(20, "mle_variance")
    assert np.abs(scores(likelihood, factor**fits_made)).max() < 4.5
    # What the mean of unbiased variances hides: the typical run.
    assert abs(scores(unbiased[:, -1], 1.0)) < 4.5
    assert np.median(unbiased[:, -1]) < 0.25


ANY_MASS = [[1, 0, 0, 0], [0.3, 0.7, 0, 0], [0.2, 0, 0.8, 0], [0, 0.6, 0, 0.4]]


@pytest.mark.parametrize(
    ("workflow", "lam", "n_synthetic"),
    [
        (Accumulate(), None, 1.0),
        (Replace(), None, 1.0),
        (Fixed(), 1.0, 1.0),
        (Fresh(), [0.5, 1.0, 2.0], 3.0),
        (Window(2), GOLDEN_LAM, 0.5),
        (AccumulateSubsample(), None, 1.0),
        (MatrixWorkflow(ANY_MASS), None, 1),
    ],
    ids=repr,
)
def test_mean_has_the_weights_of_the_mixing_matrix(workflow, lam, n_synthetic):
    squared, _ = one_feature(
        workflow, 400, 3, lam=lam, n_synthetic=n_synthetic, n_replications=3000, random_state=7
    )
    risk = relative_risk(workflow.mixing_matrix(3, n_synthetic=n_synthetic, lam=lam))
    # Standard errors are 2.6%; terms of order 1/n, at most half a percent, are far below.
    assert np.abs(scores(400 * squared, risk)).max() < 4.5


def test_matrix_of_another_workflow_is_caught():
    squared, _ = one_feature("replace", 400, 3, n_replications=3000, random_state=7)
    wrong = relative_risk(Accumulate().mixing_matrix(3))
    assert (np.abs(scores(400 * squared, wrong))[1:] > 5).all()


@pytest.mark.parametrize("centring", ["pooled", "separate"])
def test_a_fit_is_that_of_the_synthesizer_on_the_same_rows(centring):
    rng = np.random.default_rng(8)
    sources = {"real": 7, "synthetic": 5}
    plan = [Batch("real", 0), Batch("real", 2), Batch("synthetic", 1), Batch("synthetic", 2)]
    masses = [0.1, 0.2, 0.4, 0.3]
    batches = [rng.normal(batch.generation, 1, (sources[batch.source], 3)) for batch in plan]
    moments = [(X.mean(axis=0)[None], len(X) * np.cov(X.T, ddof=0)[None]) for X in batches]
    run = _Run(np.eye(3), centring, Accumulate(), tuple(sources.values()), [None], rng)
    mean, covariance = run._fit_moments(list(zip(plan, moments, masses, strict=True)))
    expected = GaussianSynthesizer(centring).fit(
        np.concatenate(batches),
        sample_weight=np.repeat(masses, [len(X) for X in batches])
        / np.repeat([7, 7, 5, 5], [7, 7, 5, 5]),
        groups=np.repeat(["real", "synthetic"], [14, 10]),
    )
    np.testing.assert_allclose(mean[0], expected.mean_, rtol=1e-12)
    np.testing.assert_allclose(covariance[0], expected.covariance_, rtol=1e-12)


@pytest.mark.parametrize("n_samples", [2, 5])
def test_moments_drawn_directly_have_the_law_of_rows(n_samples):
    # A subsample as large as the pool is the pool, but its rows are drawn one by one. Two rows
    # in three dimensions also try the Wishart law of less than full rank.
    sigma = np.diag([1.0, 2.0, 3.0]) + 0.5
    common = {"n_replications": 4000, "random_state": 9}
    moments = simulate_gaussian("accumulate", sigma, n_samples, 2, **common)
    rows = simulate_gaussian(AccumulateSubsample(3.0), sigma, n_samples, 2, **common)
    for statistic in (
        lambda fits: fits.covariance[:, 2, 0, 0],
        lambda fits: fits.covariance[:, 2, 0, 1],
        lambda fits: fits.mean[:, 2, 2],
        lambda fits: np.linalg.norm(fits.covariance[:, 2], axis=(1, 2)),
        lambda fits: np.linalg.det(fits.covariance[:, 2]),
    ):
        assert ks_2samp(statistic(moments), statistic(rows)).pvalue > 1e-3


def test_all_weight_on_real_rows_gives_independent_equal_fits():
    squared, variance = one_feature("fresh", 30, 2, lam=0.0, n_replications=5000, random_state=10)
    assert np.abs(scores(30 * squared, 1.0)).max() < 4
    assert np.abs(scores(variance, 1 - 1 / 30)).max() < 4
    assert abs(np.corrcoef(variance[:, 1], variance[:, 2])[0, 1]) < 4 / np.sqrt(5000)


def test_all_weight_on_synthetic_rows_is_replace():
    common = {"n_replications": 30, "random_state": 0}
    replace = simulate_gaussian("replace", SIGMA, 10, 3, **common)
    for workflow, lam in (("fixed", np.inf), (MatrixWorkflow(np.eye(4)), None)):
        same = simulate_gaussian(workflow, SIGMA, 10, 3, lam=lam, **common)
        np.testing.assert_array_equal(same.mean, replace.mean)
        np.testing.assert_array_equal(same.covariance, replace.covariance)


def test_scale_of_the_truth_is_the_scale_of_the_fits():
    common = {"lam": 1.0, "n_replications": 20, "random_state": 0}
    small = simulate_gaussian("fresh", SIGMA, 10, 3, **common)
    large = simulate_gaussian("fresh", 100 * SIGMA, 10, 3, **common)
    np.testing.assert_allclose(large.mean, 10 * small.mean, rtol=1e-8)
    np.testing.assert_allclose(large.covariance, 100 * small.covariance, rtol=1e-8)


def test_singular_covariance_stays_singular():
    fits = simulate_gaussian("fresh", np.ones((2, 2)), 10, 3, lam=1.0, n_replications=50)
    np.testing.assert_allclose(fits.mean[:, :, 0], fits.mean[:, :, 1], atol=1e-7)
    np.testing.assert_allclose(fits.covariance[..., 0, 0], fits.covariance[..., 0, 1], atol=1e-7)


def test_seeds_decide_and_runs_differ():
    for workflow in ("fresh", "accumulate_subsample"):
        first, same, other = (
            simulate_gaussian(workflow, SIGMA, 10, 2, n_replications=5, random_state=seed)
            for seed in (1, 1, 2)
        )
        np.testing.assert_array_equal(first.mean, same.mean)
        np.testing.assert_array_equal(first.covariance, same.covariance)
        assert (first.covariance != other.covariance).all()
        assert len(np.unique(first.mean[:, 1, 0])) == 5


def test_neighbouring_weights_share_their_random_numbers():
    first, second = (
        simulate_gaussian("fresh", SIGMA, 10, 4, lam=lam, n_replications=20, random_state=0)
        for lam in (1.0, 1.0 + 1e-9)
    )
    np.testing.assert_allclose(first.covariance, second.covariance, atol=1e-7)


@pytest.mark.parametrize(("workflow", "n"), [("fresh", 2300), ("accumulate_subsample", 230)])
def test_more_than_one_block_of_replications(workflow, n):
    fits = simulate_gaussian(workflow, SIGMA, 5, 1, n_replications=n, random_state=0)
    assert fits.mean.shape == (n, 2, 2)
    assert fits.covariance.shape == (n, 2, 2, 2)
    assert len(np.unique(fits.mean[:, 1, 1])) == n


class FromNoModel(BaseWorkflow):
    """A workflow that asks for synthetic rows before any fit."""

    def plan(self, generation):
        return (Batch("synthetic", 0),)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"workflow": "forget"}, "workflow must be one of"),
        ({"workflow": FromNoModel()}, "synthetic', generation=0.* in generation 0, when"),
        ({"workflow": MatrixWorkflow(np.eye(2))}, "names no batches for generation 2"),
        ({"workflow": AccumulateSubsample(0.05)}, "fits on 1 rows, which must be 2 or more"),
        ({"workflow": AccumulateSubsample(), "lam": 1.0}, "lam must be None with"),
        (
            {"workflow": AccumulateSubsample(), "centring": "separate"},
            "centring must be 'pooled' with AccumulateSubsample",
        ),
        ({"covariance": [1.0, 2.0]}, "covariance must be a square matrix"),
        ({"covariance": [[1.0, 2.0], [0.0, 1.0]]}, "covariance must be symmetric"),
        ({"covariance": -1.0}, "covariance must have no negative eigenvalue"),
        ({"covariance": np.nan}, "covariance must be finite"),
        ({"n_samples": 1}, "n_samples must be a whole number >= 2"),
        ({"n_samples": 20.0}, "n_samples must be a whole number"),
        ({"n_generations": -1}, "n_generations must be a whole number >= 0"),
        ({"n_replications": 0}, "n_replications must be a whole number >= 1"),
        ({"n_synthetic": 0.01}, "n_synthetic must be a finite multiple"),
        ({"n_synthetic": 0.05, "centring": "separate"}, "n_synthetic must make two rows or more"),
        ({"lam": -1.0}, "lam must be >= 0"),
        ({"lam": [1.0, 1.0]}, "hold one for each of the 3 generations"),
        ({"centring": "together"}, "centring must be one of"),
    ],
)
def test_invalid_arguments_are_named(change, message):
    arguments = {
        "workflow": "fresh",
        "covariance": 1.0,
        "n_samples": 20,
        "n_generations": 3,
        "n_replications": 2,
    }
    with pytest.raises(ValueError, match=message):
        simulate_gaussian(**(arguments | change))
