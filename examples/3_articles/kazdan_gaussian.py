"""Kazdan et al.: a Gaussian refitted to its own draws, in three workflows
========================================================================

The Gaussian of arXiv:2410.16713 in one dimension: mean and variance by maximum likelihood, then as
many draws from the fit as there were real rows, and so on. If draws replace the rows the variance
vanishes and the mean wanders off as far as the law was wide; if all rows are kept both settle; a
random subset of them, of fixed size, lies in between. The exact moments stand beside.

Usage::

    python examples/3_articles/kazdan_gaussian.py [--full] [--figure FILE]

--full takes the published sizes (10 to 1000 rows, 100 fits, 100 runs each) instead of 32 rows,
30 fits and 2,000 runs. With ten rows a few runs carry the average under replace, so that its
standard error there means little.
"""

import argparse

import numpy as np

from skcollapse.simulation import simulate_gaussian
from skcollapse.theory import gaussian_moments

COLOURS = {"replace": "#D55E00", "accumulate": "#0072B2", "accumulate_subsample": "#009E73"}


def draw(path, found, exact, n_rows):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    titles = "squared error of the mean", "expected variance"
    for j, (axis, title) in enumerate(zip(axes, titles, strict=True)):
        for workflow, colour in COLOURS.items():
            axis.plot(exact[workflow][j], color=colour, lw=1.5, label=workflow)
            axis.plot(found[workflow][j].mean(axis=0), "o", ms=3, color=colour)
        axis.set(xlabel="generation", title=title, ylim=(0, None))
    axes[0].set(ylabel="in units of the true variance")
    axes[0].legend(frameon=False, title=f"{n_rows} rows; lines exact")
    figure.savefig(path, dpi=100)
    print(f"figure written to {path}")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--full", action="store_true", help="published size")
    parser.add_argument("--figure", help="file to draw into")
    args = parser.parse_args(arguments)
    sizes = (10, 32, 100, 316, 1000) if args.full else (32,)
    n_generations, n_replications = (99, 100) if args.full else (29, 2000)

    print(f"generation {n_generations}                  mean error                    variance")
    print("workflow              rows   simulated  exact    s.e.     simulated  exact    s.e.")
    for n_rows in sizes:
        found, exact = {}, {}
        for workflow in COLOURS:
            fits = simulate_gaussian(workflow, 1.0, n_rows, n_generations,
                                     n_replications=n_replications, random_state=0)  # fmt: skip
            found[workflow] = fits.mean[:, :, 0] ** 2, fits.covariance[:, :, 0, 0]
            exact[workflow] = gaussian_moments(workflow, n_rows, n_generations)
            line = f"{workflow:<21} {n_rows:<6}"
            for simulated, moment in zip(found[workflow], exact[workflow], strict=True):
                last = simulated[:, -1]
                error = last.std() / np.sqrt(n_replications)
                line += f" {last.mean():<10.5f} {moment[-1]:<8.5f} {error:<8.5f}"
            print(line)
        if args.figure and n_rows == 32:
            draw(args.figure, found, exact, n_rows)


if __name__ == "__main__":
    main()

# sphinx_gallery_thumbnail_path = "_static/articles/kazdan_gaussian.png"
