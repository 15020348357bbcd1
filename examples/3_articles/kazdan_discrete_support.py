"""Kazdan et al.: how many categories survive
===========================================

The discrete law of arXiv:2410.16713: equal probabilities, estimated by frequencies, then as many
draws from the estimate, and so on. The released sweeps replace the rows, until one category is
left; accumulating them or a random subset of them are added here. A category that no row holds
cannot come back, so the pool of an accumulating workflow never loses one. Expectations are exact,
from the chain of one category's counts.

Usage::

    python examples/3_articles/kazdan_discrete_support.py [--full] [--figure FILE]

--full takes 100 fits of 100 categories instead of 30; the released runs go on until one is left.
"""

import argparse

import numpy as np
from scipy.special import gammaln
from scipy.stats import binom

from skcollapse.simulation import simulate_frequencies

COLOURS = {"replace": "#D55E00", "accumulate": "#0072B2", "accumulate_subsample": "#009E73"}
N_CATEGORIES, N_ROWS = 100, 100


def expected_support(workflow, n_generations):
    """Return the expected number of categories in the estimate, by generation.

    The counts of one category are a Markov chain, whatever the others do. Its state is the joint
    law of the count in the pool (rows) and in the rows that are fitted (columns).
    """
    size = np.arange(N_ROWS + 1)
    joint = np.diag(binom.pmf(size, N_ROWS, 1 / N_CATEGORIES))
    draws = binom.pmf(size, N_ROWS, size[:, None] / N_ROWS)
    present = [1 - joint[0, 0]]
    if workflow == "accumulate":  # a draw is a category that the pool has
        return np.full(n_generations + 1, N_CATEGORIES * present[0])
    for g in range(1, n_generations + 1):
        drawn = joint @ draws
        if workflow == "replace":
            joint = np.diag(drawn.sum(axis=0))
        else:
            pool = np.zeros(len(drawn) + N_ROWS)
            for count, new in enumerate(drawn):
                pool[count : count + N_ROWS + 1] += new
            likely = 1 + np.searchsorted(np.cumsum(pool), 1 - 1e-12)  # saves nine tenths
            joint = subsample(pool[:likely], (g + 1) * N_ROWS)
        present.append(1 - joint[:, 0].sum())
    return N_CATEGORIES * np.array(present)


def subsample(counts, n_pool):
    """Return the joint law of a category's counts in the pool and in a random subset of it."""
    c, s = np.arange(len(counts))[:, None], np.arange(N_ROWS + 1)
    rest, left = n_pool - c, N_ROWS - s
    possible = (s <= c) & (left <= rest)

    def log_choose(n, k):
        k = np.where(possible, k, 0)
        return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)

    whole = gammaln(n_pool + 1) - gammaln(N_ROWS + 1) - gammaln(n_pool - N_ROWS + 1)
    log_share = log_choose(c, s) + log_choose(rest, left) - whole
    return counts[:, None] * np.where(possible, np.exp(log_share), 0)


def draw(path, found, exact):
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(7, 4), layout="constrained")
    for workflow, colour in COLOURS.items():
        axis.plot(exact[workflow], color=colour, lw=1.5)
        axis.plot(found[workflow].mean(axis=0), "o", ms=3, color=colour)
        axis.annotate(workflow, (len(exact[workflow]) - 1, exact[workflow][-1]), color=colour,
                      xytext=(0, 6), textcoords="offset points", ha="right")  # fmt: skip
    axis.set(xlabel="generation", ylabel="categories in the estimate", ylim=(0, 75),
             title=f"{N_CATEGORIES} categories, {N_ROWS} rows; lines exact")  # fmt: skip
    figure.savefig(path, dpi=100)
    print(f"figure written to {path}")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--full", action="store_true", help="100 fits instead of 30")
    parser.add_argument("--figure", help="file to draw into")
    args = parser.parse_args(arguments)
    n_generations, n_replications = (99, 1000) if args.full else (29, 250)

    found, exact = {}, {}
    p = np.full(N_CATEGORIES, 1 / N_CATEGORIES)
    print("categories left       generation   simulated   exact     s.e.")
    for workflow in COLOURS:
        shares = simulate_frequencies(workflow, p, N_ROWS, n_generations,
                                      n_replications=n_replications, random_state=0)  # fmt: skip
        found[workflow] = (shares > 0).sum(axis=2)
        exact[workflow] = expected_support(workflow, n_generations)
        error = found[workflow].std(axis=0) / np.sqrt(n_replications)
        for g in (0, 1, n_generations):
            print(f"{workflow:<21} {g:<12} {found[workflow][:, g].mean():<11.3f} "
                  f"{exact[workflow][g]:<9.3f} {error[g]:.3f}")  # fmt: skip
    if args.figure:
        draw(args.figure, found, exact)


if __name__ == "__main__":
    main()

# sphinx_gallery_thumbnail_path = "_static/articles/kazdan_discrete_support.png"
