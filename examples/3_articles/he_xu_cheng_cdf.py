"""He, Xu and Cheng: the weight that minimises the error of a distribution function
================================================================================

Settings of the distribution-function panels of figures 7, 8 and 9 of arXiv:2502.18049: 100 new
real rows a generation, m rows drawn from the last weighted empirical distribution function. First
the error without real rows, by generation; then against the weight on the real part at m = n;
then that of the golden weight and of the naive pool against k = n/m. The error is the integral of
(F_t - F)^2 dF, which is the same for every continuous law, so the rows are uniform and counted in
10 equal cells; what cells leave out is a known factor. The published curves cannot be read off a
table; beside each simulated value, with its standard error, stands the exact one.

Usage::

    python examples/3_articles/he_xu_cheng_cdf.py [--full] [--figure FILE]

--full takes the published sizes: 2,000 replications and 200 generations against w, 1,000 and 200
against k, 1,000 and 1,000 without real rows. Reduced: 200 and 32, without real rows 500 and 100.
"""

import argparse

import numpy as np

from skcollapse.simulation import simulate_frequencies
from skcollapse.theory import optimal_real_weight, real_weight_to_lam, variance_path

N_REAL, N_CELLS = 100, 10


def simulate(w, n_synthetic, n_generations, n_replications, seed):
    """Return the errors of all replications and generations; w = 0 takes no real rows."""
    frequencies = simulate_frequencies(
        "fresh" if w > 0 else "replace",
        np.full(N_CELLS, 1 / N_CELLS),
        N_REAL,
        n_generations,
        lam=real_weight_to_lam(w) if w > 0 else None,
        n_synthetic=n_synthetic / N_REAL,
        n_replications=n_replications,
        random_state=seed,
    )
    ends = np.arange(1, N_CELLS + 1) / N_CELLS
    errors = ((frequencies.cumsum(axis=2) - ends) ** 2).mean(axis=2)
    return errors / (1 - N_CELLS**-2)


def exact(w, n_synthetic, n_generations):
    k, c = N_REAL / n_synthetic, 1 - 1 / n_synthetic
    return variance_path(w, k, n_generations, c=c) / (6 * N_REAL)


def settled(w, n_synthetic, n_generations, n_replications, seed):
    """Average the last quarter of generations: simulated, standard error, exact."""
    last = slice(-(n_generations // 4), None)
    runs = simulate(w, n_synthetic, n_generations, n_replications, seed)[:, last].mean(axis=1)
    standard_error = runs.std() / np.sqrt(n_replications)
    return runs.mean(), standard_error, exact(w, n_synthetic, n_generations)[last].mean()


def without_real_rows(n_generations, n_replications):
    print(
        "no real rows (figure 7)\ngeneration    simulated   s.e.       exact     (1 - .99^(t+1))/6"
    )
    errors = simulate(0.0, N_REAL, n_generations, n_replications, seed=0)
    mean, standard_error = errors.mean(axis=0), errors.std(axis=0) / np.sqrt(n_replications)
    theory = exact(0.0, N_REAL, n_generations)
    for t in (g for g in (0, 10, 30, 60, 100, 999) if g <= n_generations):
        closed = (1 - 0.99 ** (t + 1)) / 6
        print(
            f"{t:<13} {mean[t]:.5f}     {standard_error[t]:.5f}    {theory[t]:.5f}   {closed:.5f}"
        )
    return mean, theory


def against_the_weight(n_generations, n_replications):
    grid = np.arange(0.20, 0.801, 0.02)
    found = np.array([settled(w, N_REAL, n_generations, n_replications, 1) for w in grid])
    print("\nk = 1 (figure 8)\nw             simulated   s.e.       exact")
    for i in (0, 10, 21, 30):
        print(f"{grid[i]:.2f}          {found[i, 0]:.6f}    {found[i, 1]:.6f}   {found[i, 2]:.6f}")
    # Neighbours on the grid differ by less than the noise: a smooth curve finds the minimum.
    fine = np.linspace(0.2, 0.8, 601)
    smooth = np.polynomial.Polynomial.fit(grid, np.log(found[:, 0]), 5)
    print(f"smallest error near w = {fine[smooth(fine).argmin()]:.2f}, exact 0.62")
    return grid, found


def against_k(n_generations, n_replications):
    k = np.arange(0.01, 0.191, 0.02)
    rows = np.floor(N_REAL / k)
    curves = {}
    for seed, name in enumerate(("golden weight", "naive pool")):
        naive = name == "naive pool"
        weights = N_REAL / (N_REAL + rows) if naive else optimal_real_weight(N_REAL, rows)
        pairs = zip(weights, rows, strict=True)
        curves[name] = np.array(
            [settled(w, m, n_generations, n_replications, 2 + seed) for w, m in pairs]
        )
    print("\nagainst k (figure 9): golden weight, then naive pool")
    print("k        simulated   s.e.       exact       simulated   s.e.       exact")
    for i in range(len(k)):
        numbers = [f"{x:.6f}" for found in curves.values() for x in found[i]]
        print(f"{k[i]:.2f}     " + "    ".join(numbers))
    return k, curves


def draw(path, by_generation, by_weight, by_k):
    import matplotlib.pyplot as plt

    blue, red = "#0072B2", "#D55E00"
    figure, axes = plt.subplots(1, 3, figsize=(12, 3.8), layout="constrained")
    mean, theory = by_generation
    axes[0].plot(theory, color="0.6", label="exact")
    shown = np.unique(np.linspace(0, len(mean) - 1, 25).astype(int))
    axes[0].plot(shown, mean[shown], "o", ms=4, color=blue, label="simulated")
    axes[0].axhline(1 / 6, color="0.4", lw=1, ls="--")
    axes[0].annotate("1/6: one row repeated", (0, 1 / 6), color="0.4", xytext=(0, -12),
                     textcoords="offset points")  # fmt: skip
    axes[0].set(xlabel="generation", ylabel="Cramér-von Mises error", title="no real rows")
    grid, found = by_weight
    axes[1].plot(grid, found[:, 2], color="0.6", label="exact")
    axes[1].plot(grid, found[:, 0], "o", ms=4, color=blue, label="simulated")
    axes[1].axvline(0.618, color=red, lw=1)
    axes[1].annotate(" 0.618", (0.618, found[:, 0].max()), color=red, va="top")
    axes[1].set(xlabel="weight on the real part, w", title="k = 1")
    axes[1].legend(frameon=False, loc="upper center")
    k, curves = by_k
    for (name, values), colour, shift in zip(curves.items(), (blue, red), (-30, 14), strict=True):
        axes[2].plot(k, values[:, 2], color="0.6")
        axes[2].plot(k, values[:, 0], "o", ms=4, color=colour)
        axes[2].annotate(name, (k[-1], values[-1, 0]), color=colour, ha="right",
                         xytext=(0, shift), textcoords="offset points")  # fmt: skip
    axes[2].set(xlabel="k = n/m", title="golden weight against the naive pool", ylim=(0, None))
    figure.savefig(path, dpi=100)
    print(f"figure written to {path}")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--full", action="store_true", help="published size")
    parser.add_argument("--figure", help="file to draw into")
    args = parser.parse_args(arguments)
    by_generation = without_real_rows(*((999, 1000) if args.full else (100, 500)))
    by_weight = against_the_weight(*((200, 2000) if args.full else (32, 200)))
    by_k = against_k(*((200, 1000) if args.full else (32, 200)))
    if args.figure:
        draw(args.figure, by_generation, by_weight, by_k)


if __name__ == "__main__":
    main()

# sphinx_gallery_thumbnail_path = "_static/articles/he_xu_cheng_cdf.png"
