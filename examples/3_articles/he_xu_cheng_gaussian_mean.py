"""He, Xu and Cheng: the weight that minimises the error of a Gaussian mean
========================================================================

Settings of the Gaussian-mean panels of figures 8 and 9 of arXiv:2502.18049: two dimensions, 100
new real rows a generation, m synthetic rows drawn from the last model. First the error against
the weight on the real part at m = n, then the error of the golden weight and of the naive pool
against k = n/m. The published curves cannot be read off a table; beside each simulated value
stands the exact one.

Usage::

    python examples/3_articles/he_xu_cheng_gaussian_mean.py [--full] [--figure FILE]

--full takes the published 2,000 replications and 200 generations instead of 400 and 60.
"""

import argparse

import numpy as np

from skcollapse.theory import limiting_variance, optimal_real_weight, variance_path

N_REAL, DIMENSION = 100, 2


def simulate(weights, k, n_generations, n_replications, seed):
    """Return the squared error of the mean over the last quarter of generations, and its s.e.

    `weights` and `k` are arrays of equal shape; all settings share their random numbers.
    """
    rng = np.random.default_rng(seed)
    weights, k = np.broadcast_arrays(weights, k)
    w, noise = weights[:, None, None], np.sqrt(k / N_REAL)[:, None, None]
    shape = (n_replications, DIMENSION)
    mean = rng.normal(size=shape) / np.sqrt(N_REAL) + np.zeros_like(w)
    errors = []
    for t in range(n_generations):
        real = rng.normal(size=shape) / np.sqrt(N_REAL)
        synthetic = mean + noise * rng.normal(size=shape)
        mean = w * real + (1 - w) * synthetic
        if t >= 0.75 * n_generations:
            errors.append((mean**2).sum(axis=2))
    runs = np.mean(errors, axis=0)
    return runs.mean(axis=1), runs.std(axis=1) / np.sqrt(n_replications)


def draw(path, grid, by_weight, k, golden, naive):
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    left.plot(grid, DIMENSION / N_REAL * limiting_variance(grid, 1.0), color="0.6", label="exact")
    left.plot(grid, by_weight, "o", ms=4, color="#0072B2", label="simulated")
    left.axvline(optimal_real_weight(1, 1), color="#D55E00", lw=1)
    left.annotate("0.618", (optimal_real_weight(1, 1), by_weight.max()), color="#D55E00")
    left.set(xlabel="weight on the real part, w", ylabel="squared error", title="k = 1")
    left.legend(frameon=False)
    for errors, label, colour in ((naive, "naive pool", "#D55E00"), (golden, "golden", "#0072B2")):
        right.plot(k, errors, "o-", ms=4, color=colour)
        right.annotate(label, (k[-1], errors[-1]), color=colour, xytext=(-60, 8),
                       textcoords="offset points")  # fmt: skip
    right.set(xlabel="k = n/m", title="golden weight against the naive pool", ylim=(0, None))
    figure.savefig(path, dpi=100)
    print(f"figure written to {path}")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--full", action="store_true", help="published size")
    parser.add_argument("--figure", help="file to draw into")
    args = parser.parse_args(arguments)
    n_generations, n_replications = (200, 2000) if args.full else (60, 400)

    grid = np.arange(0.20, 0.801, 0.02)
    by_weight, error = simulate(grid, 1.0, n_generations, n_replications, seed=0)
    exact = DIMENSION / N_REAL * limiting_variance(grid, 1.0)
    print("k = 1     w     simulated   s.e.      exact")
    for i in (0, 10, 21, 30):
        print(f"        {grid[i]:.2f}    {by_weight[i]:.5f}    {error[i]:.5f}   {exact[i]:.5f}")
    print(f"smallest error at w = {grid[by_weight.argmin()]:.2f}, exact 0.62\n")

    k = np.arange(0.01, 0.191, 0.02)
    m = np.floor(N_REAL / k)
    size = n_generations, n_replications
    curves, table = [], [k]
    for weights in (optimal_real_weight(N_REAL, m), N_REAL / (N_REAL + m)):
        found, error = simulate(weights, N_REAL / m, *size, seed=1)
        ratios = zip(weights, N_REAL / m, strict=True)
        paths = [variance_path(w, ratio, n_generations) for w, ratio in ratios]
        exact = np.mean([path[3 * n_generations // 4 + 1 :] for path in paths], axis=1)
        curves.append(found)
        table += [found, error, DIMENSION / N_REAL * exact]
    print("k      golden    s.e.      exact     naive     s.e.      exact")
    for row in np.transpose(table):
        print(f"{row[0]:.2f}   " + "   ".join(f"{value:.5f}" for value in row[1:]))
    if args.figure:
        draw(args.figure, grid, by_weight, k, *curves)


if __name__ == "__main__":
    main()

# sphinx_gallery_thumbnail_path = "_static/articles/he_xu_cheng_gaussian_mean.png"
