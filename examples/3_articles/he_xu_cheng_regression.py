"""He, Xu and Cheng: the weight that minimises the error of three regressions
===========================================================================

Settings of the linear, logistic and Poisson panels of figures 8 and 9 of arXiv:2502.18049: two
standard normal covariates, coefficients (1, 1), no intercept, 100 new real rows a generation and
m rows drawn from the last fit. First the error against the weight on the real part at m = n,
then the error of the golden and of the proportional weight (all rows count alike) against
k = n/m. The published curves cannot be read off a table; beside each simulated value stands the
limit for many rows. A hundred rows lie above it, by about 2 percent in the linear, 12 percent in
the logistic and 22 percent in the Poisson panel, hardly depending on the weight.

Usage::

    python examples/3_articles/he_xu_cheng_regression.py [--full] [--figure FILE]

--full takes the published grids, 200 generations and 2,000 (weights) or 1,000 (k) replications
instead of 16 generations and 150 or 25 replications; it runs for hours, since k = 0.01 means
10,100 rows in each fit.
"""

import argparse

import numpy as np

from skcollapse.simulation import simulate_regression
from skcollapse.theory import (
    limiting_variance,
    optimal_real_weight,
    real_weight_to_lam,
    variance_path,
)

N_REAL, DIMENSION = 100, 2
GOLDEN = optimal_real_weight(1, 1)

# Trace of the inverse Fisher information of one row, and the error at weight 0.62 that an
# independent simulation of 1,500 replications gave.
PANELS = {"linear": (2.0, 0.0126), "logistic": (15.46502, 0.107), "poisson": (0.490506, 0.0037)}


def settle(family, weight, m, n_generations, n_replications, seed):
    """Return each replication's squared error, averaged over the last quarter of generations."""
    coefficients = simulate_regression(
        "fresh", family, N_REAL, DIMENSION, n_generations - 1, lam=real_weight_to_lam(weight),
        n_synthetic=m / N_REAL, n_replications=n_replications, random_state=seed,
    )  # fmt: skip
    errors = ((coefficients - 1) ** 2).sum(axis=2)
    return errors[:, int(0.75 * n_generations) :].mean(axis=1)


def lowest_point(grid, errors, n_resamples=500):
    """Return where a parabola through the logarithm of the errors is lowest, and its s.e.

    `errors` has a row for each weight; replications are resampled for the standard error. From
    errors without noise it finds 0.624.
    """
    rng = np.random.default_rng(0)
    drawn = rng.integers(errors.shape[1], size=(n_resamples, errors.shape[1]))
    drawn[0] = np.arange(errors.shape[1])
    curves = np.log(errors[:, drawn].mean(axis=2))
    a, b, _ = np.polyfit(grid, curves, 2)
    lowest = -b / (2 * a)
    return lowest[0], lowest[1:].std()


def against_weight(grid, n_generations, n_replications):
    """Run the weights at k = 1, print a summary of each family and return mean and s.e."""
    print("k = 1      lowest at  s.e.   expected   error at 0.62  s.e.      expected  many rows")
    curves = {}
    for seed, (family, (trace, expected)) in enumerate(PANELS.items()):
        errors = np.array(
            [settle(family, w, N_REAL, n_generations, n_replications, seed) for w in grid]
        )
        mean, error = errors.mean(axis=1), errors.std(axis=1) / np.sqrt(n_replications)
        curves[family] = mean, error
        where, spread = lowest_point(grid, errors)
        i = np.abs(grid - 0.62).argmin()
        limit = trace / N_REAL * limiting_variance(grid[i], 1.0)
        print(
            f"{family:<10} {where:<10.3f} {spread:<6.3f} {GOLDEN:<10.3f} {mean[i]:<14.5f} "
            f"{error[i]:<9.5f} {expected:<9} {limit:.5f}"
        )
    return curves


def against_k(k, n_generations, n_replications):
    """Run both weights at each k, print them beside the limit, and return mean and s.e."""
    print("\nfamily     k     golden    s.e.     many rows  proportional  s.e.     many rows")
    m = np.floor(N_REAL / k).astype(int)
    window = slice(int(0.75 * n_generations), None)
    curves = {}
    for seed, (family, (trace, _)) in enumerate(PANELS.items(), start=3):
        rows = []
        for size in m:
            for weight in (optimal_real_weight(N_REAL, size), N_REAL / (N_REAL + size)):
                errors = settle(family, weight, size, n_generations, n_replications, seed)
                path = variance_path(weight, N_REAL / size, n_generations - 1)[window]
                spread = errors.std() / np.sqrt(n_replications)
                rows.append((errors.mean(), spread, trace / N_REAL * path.mean()))
        curves[family] = np.reshape(rows, (len(k), 2, 3))
        for ratio, (golden, proportional) in zip(k, curves[family], strict=True):
            print(
                f"{family:<10} {ratio:.2f}  {golden[0]:.5f}   {golden[1]:.5f}  {golden[2]:.5f}    "
                f"{proportional[0]:.5f}       {proportional[1]:.5f}  {proportional[2]:.5f}"
            )
    return curves


def draw(path, grid, by_weight, k, by_k):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 3, figsize=(11, 6.5), layout="constrained")
    for column, (family, (trace, _)) in enumerate(PANELS.items()):
        upper, lower = axes[:, column]
        mean, error = by_weight[family]
        limit = trace / N_REAL * limiting_variance(grid, 1.0)
        upper.plot(grid, limit, color="0.5", ls="--", label="many rows")
        upper.errorbar(grid, mean, 2 * error, fmt="o", ms=4, color="#0072B2", label="100 rows")
        upper.axvline(GOLDEN, color="#D55E00", lw=1)
        upper.annotate("0.618", (GOLDEN, 1), xycoords=("data", "axes fraction"), color="#D55E00",
                       xytext=(4, -12), textcoords="offset points")  # fmt: skip
        upper.set(
            title=f"{family.capitalize()}, k = 1",
            xlabel="weight on the real part, w",
            ylim=(0, None),
        )
        styles = (("golden", "#0072B2", "o"), ("proportional", "#D55E00", "s"))
        for i, (label, colour, marker) in enumerate(styles):
            mean, error, limit = by_k[family][:, i].T
            lower.plot(k, limit, color=colour, ls="--", lw=1)
            lower.errorbar(k, mean, 2 * error, fmt=marker, ms=4, color=colour, label=label)
        lower.set(title=f"{family.capitalize()}, two weights", xlabel="k = n/m", ylim=(0, None))
    for axis in axes[:, 0]:
        axis.set_ylabel("squared error")
        axis.legend(frameon=False, loc="lower left")
    figure.savefig(path, dpi=100)
    print(f"figure written to {path}")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--full", action="store_true", help="published size")
    parser.add_argument("--figure", help="file to draw into")
    args = parser.parse_args(arguments)
    n_generations = 200 if args.full else 16
    grid = np.arange(0.20, 0.801, 0.02) if args.full else np.arange(0.22, 0.781, 0.08)
    k = np.arange(0.01, 0.191, 0.02) if args.full else np.array([0.05, 0.11, 0.19])

    by_weight = against_weight(grid, n_generations, 2000 if args.full else 150)
    by_k = against_k(k, n_generations, 1000 if args.full else 25)
    if args.figure:
        draw(args.figure, grid, by_weight, k, by_k)


if __name__ == "__main__":
    main()

# sphinx_gallery_thumbnail_path = "_static/articles/he_xu_cheng_regression.png"
