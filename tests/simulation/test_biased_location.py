"""Locations refitted on rows of a synthesizer that is biased, noisier, or pulls to the truth.

Scores are in standard errors of the runs: under 4 for `biased_mse`, over 6 for a slip. What a bias
does to a mean does not depend on the draws, and is held exactly.
"""

import numpy as np
import pytest

from skcollapse._utils._random import make_generator
from skcollapse.simulation import simulate_location
from skcollapse.theory import biased_mse, real_weight_to_lam

N_SAMPLES, N_GENERATIONS, N_RUNS = 20, 25, 15_000
FEW = {"n_replications": 7, "random_state": 3}


def settled_score(w, n_synthetic, options, squared_bias, **form):
    """Distance of the last squared error from `biased_mse`, in standard errors."""
    estimates = simulate_location(
        "fresh", "mean", N_SAMPLES, N_GENERATIONS, lam=real_weight_to_lam(w),
        n_synthetic=n_synthetic, n_replications=N_RUNS, random_state=0, **options,
    )[:, -1]  # fmt: skip
    squared = N_SAMPLES * estimates**2
    expected = biased_mse(w, 1 / n_synthetic, squared_bias=squared_bias, **form)
    return abs(squared.mean() - expected) / (squared.std() / np.sqrt(N_RUNS))


# Squared biases are 20 times the square of what is added to a row.
SETTINGS = [
    (0.5, 1.0, {"bias": 0.15}, {"squared_bias": 0.45}),
    (0.4, 2.0, {"bias": -0.15}, {"squared_bias": 0.45}),
    (0.6, 2.0, {"bias": 0.3, "noise_ratio": 3.0}, {"squared_bias": 1.8, "noise_ratio": 3.0}),
    (0.5, 1.0, {"bias": 0.2, "noise_ratio": 0.0}, {"squared_bias": 0.8, "noise_ratio": 0.0}),
    (
        0.4, 1.0, {"bias": 0.15, "factor": 0.8, "downstream": "mean"},
        {"squared_bias": 0.45, "retention": 0.8},
    ),
]  # fmt: skip


@pytest.mark.parametrize("law", ["normal", "laplace"])
@pytest.mark.parametrize(("w", "n_synthetic", "options", "form"), SETTINGS)
def test_means_reach_the_biased_mse(law, w, n_synthetic, options, form):
    assert settled_score(w, n_synthetic, {"law": law, **options}, **form) < 4


@pytest.mark.parametrize(
    "slip",
    [
        {"squared_bias": 0.8},  # a bias of 0.2 where 0.25 is added
        {"squared_bias": 0.0},
        {"noise_ratio": 1.0},
        {"retention": 1.0},
    ],
)
def test_a_wrong_departure_is_caught(slip):
    options = {"bias": 0.25, "noise_ratio": 2.0, "factor": 0.8, "downstream": "mean"}
    form = {"squared_bias": 1.25, "noise_ratio": 2.0, "retention": 0.8}
    assert settled_score(0.4, 1.0, options, **form) < 4
    assert settled_score(0.4, 1.0, options, **(form | slip)) > 6


# In units of the bias. Without real rows each generation adds 1; with half of them new it keeps
# half of what was there plus 1; a pool of t + 1 batches adds 1 / (t + 1).
PILED_UP = {
    "replace": (None, [0, 1, 2, 3]),
    "fresh": (1.0, [0, 1 / 2, 3 / 4, 7 / 8]),
    "accumulate": (None, [0, 1 / 2, 5 / 6, 13 / 12]),
}


@pytest.mark.parametrize("workflow", PILED_UP)
def test_a_bias_moves_every_mean_by_what_piles_up(workflow):
    lam, piled_up = PILED_UP[workflow]
    plain, biased = (
        simulate_location(workflow, "mean", 12, 3, lam=lam, bias=bias, **FEW)
        for bias in (0.0, 0.7)
    )
    np.testing.assert_allclose(biased - plain, np.tile(0.7 * np.array(piled_up), (7, 1)))


@pytest.mark.parametrize("statistic", ["mean", "median"])
def test_without_noise_and_real_rows_only_the_bias_is_left(statistic):
    found = simulate_location("replace", statistic, 9, 3, bias=-0.5, noise_ratio=0.0, **FEW)
    assert found[:, 0].std() > 0
    np.testing.assert_allclose(found - found[:, :1], np.tile([0, -0.5, -1.0, -1.5], (7, 1)))


@pytest.mark.parametrize("statistic", ["mean", "median"])
def test_noise_of_synthetic_rows_scales_with_the_root_of_its_ratio(statistic):
    once, fourfold = (
        simulate_location("replace", statistic, 9, 3, noise_ratio=ratio, **FEW)
        for ratio in (1.0, 4.0)
    )
    np.testing.assert_array_equal(once[:, 0], fourfold[:, 0])
    np.testing.assert_allclose(np.diff(fourfold), 2 * np.diff(once), atol=1e-12)


def test_without_departures_the_rows_are_the_plain_draws():
    rng = make_generator(FEW["random_state"])
    by_hand = np.cumsum([rng.standard_normal((7, 12)).mean(axis=1) for _ in range(4)], axis=0).T
    found = simulate_location("replace", "mean", 12, 3, **FEW)
    np.testing.assert_allclose(found, by_hand, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bias": np.nan}, "bias must be a finite number"),
        ({"bias": [0.1, 0.2]}, "bias must be a finite number"),
        ({"noise_ratio": np.inf}, "noise_ratio must be a finite number"),
        ({"noise_ratio": -0.1}, "noise_ratio must be >= 0"),
    ],
)
def test_invalid_departures_are_named(change, message):
    with pytest.raises(ValueError, match=message):
        simulate_location("fresh", "mean", 20, 3, **change)
