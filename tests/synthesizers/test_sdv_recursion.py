"""Chains of models fitted to the rows of their predecessor: errors must be independent.

SDV sets its generator to one constant after every fit. In a chain, all generations are then made
of the same latent draws: their errors add up in one direction, the same in every replicate.
"""

import numpy as np
import pytest

from skcollapse.synthesizers import SDVSynthesizer

pytest.importorskip("sdv")
pd = pytest.importorskip("pandas")
pytestmark = pytest.mark.sdv

N_ROWS, N_GENERATIONS, N_REPLICATES = 200, 20, 8
# SDV clips rows to the range it has seen. That is a drift of its own, which theory leaves out.
UNCLIPPED = {"default_distribution": "norm", "enforce_min_max_values": False}
# Log variance is a random walk with steps of variance 2 / n: this is the spread of log std.
EXPECTED_SPREAD = np.sqrt(N_GENERATIONS * 2 / N_ROWS) / 2


def adapted(random_state):
    return SDVSynthesizer(synthesizer_kwargs=UNCLIPPED, random_state=random_state)


class NaiveSDV:
    """SDV as its own documentation uses it."""

    def __init__(self, random_state):
        pass

    def fit(self, X):
        from sdv.metadata import Metadata
        from sdv.single_table import GaussianCopulaSynthesizer

        frame = pd.DataFrame(X, columns=list("abc"))
        table = {"columns": {name: {"sdtype": "numerical"} for name in frame}}
        content = {"tables": {"t": table}, "relationships": [], "METADATA_SPEC_VERSION": "V2"}
        self.model = GaussianCopulaSynthesizer(Metadata.load_from_dict(content), **UNCLIPPED)
        self.model.fit({"t": frame})
        return self

    def sample(self, n_samples, random_state):
        return self.model.sample(n_samples)["t"].to_numpy()


def final_log_stds(make):
    """Return log standard deviations after the chain, of shape (n_replicates, 3)."""
    found = []
    for replicate in range(N_REPLICATES):
        rng = np.random.default_rng(replicate)
        X = rng.normal(size=(N_ROWS, 3))
        for _ in range(N_GENERATIONS):
            seeds = rng.integers(2**31, size=2)
            synthesizer = make(random_state=int(seeds[0])).fit(X)
            X = synthesizer.sample(N_ROWS, random_state=int(seeds[1]))
        found.append(np.log(X.std(axis=0)))
    return np.array(found)


def spread_and_level(log_stds):
    """Return the spread between replicates in units of theory's, and the mean std."""
    spread = np.sqrt(log_stds.var(axis=0, ddof=1).mean())
    return spread / EXPECTED_SPREAD, np.exp(log_stds).mean()


def is_collapse_as_theory_says(log_stds):
    spread, level = spread_and_level(log_stds)
    # 21 degrees of freedom: the relative spread is within 0.54 and 1.55 in 999 of 1000 cases.
    return 0.5 < spread < 1.6 and 0.7 < level < 1.25


def test_replicates_spread_as_a_random_walk():
    log_stds = final_log_stds(adapted)
    assert is_collapse_as_theory_says(log_stds), spread_and_level(log_stds)
    assert np.exp(log_stds).std(axis=0, ddof=1).mean() > 0.12


@pytest.mark.filterwarnings("ignore")
def test_naive_use_of_sdv_fails_this_check():
    log_stds = final_log_stds(NaiveSDV)
    assert not is_collapse_as_theory_says(log_stds), spread_and_level(log_stds)
    spread, level = spread_and_level(log_stds)
    assert spread < 0.75
    assert level > 1.25  # rows spread out instead: the opposite of what happens


def samples_of_independent_models(make, sample):
    rng = np.random.default_rng(0)
    mix = np.array([[1, 0.8, 0.5], [0, 0.6, 0.3], [0, 0, 0.8]])
    fitted = [make(random_state=seed).fit(rng.normal(size=(500, 3)) @ mix) for seed in (0, 1)]
    return [sample(synthesizer, seed) for seed, synthesizer in enumerate(fitted)]


def largest_correlation(first, second):
    return max(abs(np.corrcoef(a, b)[0, 1]) for a, b in zip(first.T, second.T, strict=True))


def test_samples_of_independent_models_are_uncorrelated():
    drawn = samples_of_independent_models(
        adapted, lambda s, seed: s.sample(2000, random_state=seed)
    )
    assert largest_correlation(*drawn) < 0.1  # 4.5 standard errors


def test_sdv_object_itself_is_seeded_after_fit():
    drawn = samples_of_independent_models(
        adapted, lambda s, _: s.synthesizer_.sample(2000)["rows"].to_numpy()
    )
    assert largest_correlation(*drawn) < 0.1


@pytest.mark.filterwarnings("ignore")
def test_naive_use_of_sdv_repeats_its_latent_draws():
    drawn = samples_of_independent_models(NaiveSDV, lambda s, seed: s.sample(2000, seed))
    assert largest_correlation(*drawn) > 0.5
