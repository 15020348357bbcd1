"""He, Xu and Cheng: the weight that minimises the error of a Gaussian covariance
==============================================================================

Settings of the covariance panels of figures 7, 8 and 9 of arXiv:2502.18049; the error is the
squared Frobenius norm, parts are centred at their own means. Figure 7: synthetic rows only, four
dimensions. Figure 8: 100 new real rows and 100 synthetic ones a generation, two dimensions,
against the weight on the real part. Figure 9: the golden weight and the naive pool against k =
n/m. The published curves cannot be read off a table; beside each simulated value stand its
standard error and the exact expectation.

Usage::

    python examples/3_articles/he_xu_cheng_gaussian_covariance.py [--full] [--figure FILE]

--full takes the published size: 200 generations instead of 40 in figures 8 and 9, and 1,000
replications (2,000 in figure 8) instead of 400 (100 in figure 7). The average of figure 7 is
carried by a few runs: only its median has settled.
"""

import argparse

import numpy as np

from skcollapse.simulation import simulate_gaussian
from skcollapse.theory import covariance_error_path, optimal_real_weight, real_weight_to_lam

N_REAL, SIGMA = 100, np.eye(2)
SIGMA_ALONE = np.eye(4) / 4  # figure 7


def squared_errors(workflow, sigma, n_generations, n_replications, **settings):
    """Return the squared error of every run in every generation."""
    fits = simulate_gaussian(
        workflow, sigma, N_REAL, n_generations - 1, centring="separate",
        n_replications=n_replications, random_state=0, **settings,
    )  # fmt: skip
    return ((fits.covariance - sigma) ** 2).sum(axis=(2, 3))


def settled(lam, n_synthetic, n_generations, n_replications):
    """Return the average over the last quarter of generations, its s.e. and its expectation."""
    size = {"lam": lam, "n_synthetic": n_synthetic / N_REAL}
    errors = squared_errors("fresh", SIGMA, n_generations, n_replications, **size)
    last = slice(3 * n_generations // 4, None)
    runs = errors[:, last].mean(axis=1)
    weight = N_REAL / (N_REAL + n_synthetic) if lam is None else 1 / (1 + lam)
    exact = covariance_error_path(SIGMA, N_REAL, n_synthetic, weight, n_generations - 1)
    return runs.mean(), runs.std() / np.sqrt(n_replications), exact[last].mean()


def figure_7(n_replications):
    """Print and return the path without real rows: average, median and expectation."""
    errors = squared_errors("replace", SIGMA_ALONE, 1000, n_replications)
    exact = covariance_error_path(SIGMA_ALONE, N_REAL, N_REAL, 0.0, 999)
    mean, median = errors.mean(axis=0), np.median(errors, axis=0)
    print("generation   average    median    exact expectation")
    for t in (0, 10, 100, 999):
        print(f"{t:10}   {mean[t]:.5f}   {median[t]:.5f}   {exact[t]:.5g}")
    print(f"median in the end {median[-1]:.4f}, expected {np.sum(SIGMA_ALONE**2):.4f}\n")
    return mean, median, exact


def figure_8(n_generations, n_replications):
    """Print and return the error against the weight at k = 1."""
    grid = np.arange(0.20, 0.801, 0.02)
    lams = real_weight_to_lam(grid)
    table = np.array([settled(lam, N_REAL, n_generations, n_replications) for lam in lams])
    print("k = 1    w    simulated   s.e.      exact")
    for i in (0, 10, 21, 30):
        print("      {:.2f}    {:.5f}    {:.5f}   {:.5f}".format(grid[i], *table[i]))
    print(f"smallest error at w = {grid[table[:, 0].argmin()]:.2f}, expected 0.62\n")
    return grid, table


def figure_9(n_generations, n_replications):
    """Print and return the errors of the golden weight and of the naive pool against k."""
    k = np.arange(0.01, 0.191, 0.02)
    size = (n_generations, n_replications)
    tables = []
    print("k      golden     s.e.      exact     naive     s.e.      exact")
    for n_synthetic in np.floor(N_REAL / k):
        golden = real_weight_to_lam(optimal_real_weight(N_REAL, n_synthetic))
        tables.append([*settled(golden, n_synthetic, *size), *settled(None, n_synthetic, *size)])
        print(f"{k[len(tables) - 1]:.2f}  ", "   ".join(f"{value:.5f}" for value in tables[-1]))
    return k, np.array(tables)


def draw(path, alone, by_weight, by_k):
    import matplotlib.pyplot as plt

    blue, orange, grey = "#0072B2", "#D55E00", "0.55"
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 4), layout="constrained")
    labels = (("average", blue, (330, 0.7)), ("median", orange, (330, 0.12)),
              ("expected", grey, (-20, 30)))  # fmt: skip
    for values, (name, colour, place) in zip(alone, labels, strict=True):
        left.plot(values, color=colour, lw=1.5)
        left.annotate(name, place, color=colour)
    left.set(yscale="log", ylim=(0.008, 100), xlabel="generation", ylabel="squared error")
    left.set_title("synthetic rows only")
    grid, table = by_weight
    middle.plot(grid, table[:, 2], color=grey)
    middle.plot(grid, table[:, 0], "o", ms=4, color=blue)
    middle.axvline(optimal_real_weight(1, 1), color=orange, lw=1)
    middle.annotate(" 0.618", (optimal_real_weight(1, 1), table[:, 0].max()), color=orange)
    middle.set(xlabel="weight on the real part, w", title="k = 1: points simulated, line exact")
    k, table = by_k
    for first, name, colour, drop in (
        (3, "naive pool", orange, -20),
        (0, "golden weight", blue, 10),
    ):
        right.plot(k, table[:, first + 2], color=grey)
        right.plot(k, table[:, first], "o", ms=4, color=colour)
        right.annotate(name, (k[-1], table[-1, first]), color=colour, ha="right",
                       xytext=(0, drop), textcoords="offset points")  # fmt: skip
    right.set(xlabel="k = n/m", title="golden weight against the naive pool", ylim=(0, None))
    figure.savefig(path, dpi=100)
    print(f"figure written to {path}")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--full", action="store_true", help="published size")
    parser.add_argument("--figure", help="file to draw into")
    args = parser.parse_args(arguments)
    n_generations = 200 if args.full else 40
    alone = figure_7(1000 if args.full else 100)
    by_weight = figure_8(n_generations, 2000 if args.full else 400)
    by_k = figure_9(n_generations, 1000 if args.full else 400)
    if args.figure:
        draw(args.figure, alone, by_weight, by_k)


if __name__ == "__main__":
    main()

# sphinx_gallery_thumbnail_path = "_static/articles/he_xu_cheng_gaussian_covariance.png"
