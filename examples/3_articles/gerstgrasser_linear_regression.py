"""Gerstgrasser et al.: least squares on its own labels, replaced or accumulated
==============================================================================

The linear model of arXiv:2404.01413: real labels in generation 0, then labels drawn from the last
fit on the same features, with noise of the true variance. The test error in excess of the noise
grows by the same amount each time if the labels replace the earlier ones, and stays below pi^2/6
times the first if they are added to them. Beside it the case that features are drawn anew as
well, in which accumulating costs less still. All three have an exact error for any number of rows.

Usage::

    python examples/3_articles/gerstgrasser_linear_regression.py [--full] [--figure FILE]

--full takes 100 fits, as in the sweeps of arXiv:2410.16713, instead of 20.
"""

import argparse

import numpy as np

from skcollapse.simulation import simulate_regression
from skcollapse.theory import linear_regression_risk

N_ROWS, N_FEATURES = 32, 10
SETTINGS = {
    "replace": ("replace", False, "#D55E00"),
    "accumulate": ("accumulate", False, "#0072B2"),
    "accumulate, redrawn": ("accumulate", True, "#009E73"),
}


def draw(path, errors, exact):
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(7, 4), layout="constrained")
    labels = "labels replaced", "labels accumulated", "accumulated, features redrawn"
    for (name, (_, _, colour)), label in zip(SETTINGS.items(), labels, strict=True):
        axis.plot(exact[name], color=colour, lw=1.5, label=label)
        axis.plot(errors[name].mean(axis=0), "o", ms=4, color=colour)
    bound = np.pi**2 / 6 * exact["replace"][0]
    axis.axhline(bound, color="0.6", lw=1, ls="--", label="π²/6 times the first")
    axis.legend(frameon=False, title="lines exact, dots simulated")
    axis.xaxis.get_major_locator().set_params(integer=True)
    axis.set(xlabel="generation", ylabel="excess test error / noise variance",
             ylim=(0, 2.5 * bound))  # fmt: skip
    figure.savefig(path, dpi=100)
    print(f"figure written to {path}")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--full", action="store_true", help="100 fits instead of 20")
    parser.add_argument("--figure", help="file to draw into")
    args = parser.parse_args(arguments)
    n_generations, n_replications = 99 if args.full else 19, 400

    errors, exact = {}, {}
    print(f"{N_ROWS} rows, {N_FEATURES} features; excess test error")
    print("                      generation   simulated   exact     s.e.")
    for name, (workflow, redraw, _) in SETTINGS.items():
        size = N_ROWS, N_FEATURES
        coef = simulate_regression(workflow, "linear", *size, n_generations, redraw=redraw,
                                   n_replications=n_replications, random_state=0)  # fmt: skip
        # Of a new row with standard normal features, the true coefficients being ones.
        errors[name] = ((coef - 1) ** 2).sum(axis=2)
        exact[name] = linear_regression_risk(workflow, *size, 1.0, n_generations, redraw=redraw)
        deviation = errors[name].std(axis=0) / np.sqrt(n_replications)
        for g in (0, n_generations):
            print(f"{name:<25} {g:<9} {errors[name][:, g].mean():<11.4f} {exact[name][g]:<9.4f} "
                  f"{deviation[g]:.4f}")  # fmt: skip
    first, last = (errors["accumulate"][:, g].mean() for g in (0, -1))
    print(f"accumulate, last over first: {last / first:.4f} "
          f"exact {exact['accumulate'][-1] / exact['accumulate'][0]:.4f} "
          f"bound {np.pi**2 / 6:.4f}")  # fmt: skip
    slope = np.diff(errors["replace"].mean(axis=0)).mean()
    print(f"replace, growth per generation: {slope:.4f} exact {exact['replace'][0]:.4f}")
    if args.figure:
        draw(args.figure, errors, exact)


if __name__ == "__main__":
    main()

# sphinx_gallery_thumbnail_path = "_static/articles/gerstgrasser_linear_regression.png"
