"""Dey and Donoho: logistic regression refitted on labels that it drew itself
===========================================================================

The synthetic logistic regression of arXiv:2410.22812: six coefficients drawn anew for each
experiment from a standard normal law, standard normal covariates that stay the same, labels drawn
from the fit of the round before. Plotted is the mean squared error of the coefficients after g
rounds relative to the first fit: under "discard" (here Replace) it grows by one a round, when
everything is kept (Accumulate) it tends to pi^2/6, on a random subset of it (AccumulateSubsample)
to pi^2/2 - 2. These are limits for many rows; at 1,000 rows Replace soon runs away from its own.

In the published code, which runs "discard" only, one of the six coefficients is an intercept; here
all belong to covariates, which does not change the limits.

Usage::

    python examples/3_articles/dey_donoho_logistic.py [--full] [--figure FILE]

--full takes the published 10,000 rows, 50 models and 10,000 experiments (the other two
workflows: 200 experiments) instead of 1,000 rows, 8 models and 80 experiments; it runs for many
hours and takes a few gigabytes.
"""

import argparse

import numpy as np

from skcollapse.simulation import simulate_regression
from skcollapse.theory import relative_risk
from skcollapse.workflows import Accumulate, AccumulateSubsample, Replace

N_FEATURES = 6
RUNS_PER_TRUTH = 5
WORKFLOWS = {"Replace": Replace(), "Accumulate": Accumulate(), "Subsample": AccumulateSubsample()}


def variance_ratios(workflow, n_rows, n_models, n_experiments, seed):
    """Return the error of each model relative to the first, and its standard error.

    Experiments that share their coefficients are averaged before the standard error is taken.
    """
    rng = np.random.default_rng(seed)
    errors = []
    for _ in range(n_experiments // RUNS_PER_TRUTH):
        truth = rng.standard_normal(N_FEATURES)
        coefficients = simulate_regression(
            workflow, "logistic", n_rows, N_FEATURES, n_models - 1, coef=truth, redraw=False,
            n_replications=RUNS_PER_TRUTH, random_state=rng,
        )  # fmt: skip
        errors.append(((coefficients - truth) ** 2).sum(axis=2).mean(axis=0))
    scaled = np.array(errors) / np.mean(errors, axis=0)[0]
    ratio = scaled.mean(axis=0)
    return ratio, (scaled - ratio * scaled[:, :1]).std(axis=0) / np.sqrt(len(scaled))


def draw(path, ratios, exact):
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(7, 4.2), layout="constrained")
    styles = {"Replace": ("#D55E00", "s"), "Accumulate": ("#0072B2", "o"),
              "Subsample": ("#009E73", "^")}  # fmt: skip
    for name, (ratio, error) in ratios.items():
        colour, marker = styles[name]
        models = np.arange(1, len(ratio) + 1)
        axis.plot(models, exact[name], color=colour, lw=1.5, ls="--")
        axis.fill_between(models, ratio - 2 * error, ratio + 2 * error, color=colour, alpha=0.2)
        axis.plot(models, ratio, marker, ms=5, color=colour, label=name)
    axis.axhline(np.pi**2 / 6, color="0.6", lw=1)
    axis.annotate("π²/6", (len(models), np.pi**2 / 6), color="0.3", xytext=(0, 14),
                  textcoords="offset points", ha="right")  # fmt: skip
    axis.plot([], [], color="0.3", ls="--", label="exact, many rows")
    axis.set(xlabel="model", ylabel="squared error relative to the first", ylim=(0, 4.5))
    axis.legend(frameon=False, loc="lower right")
    figure.savefig(path, dpi=100)
    print(f"figure written to {path}")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--full", action="store_true", help="published size")
    parser.add_argument("--figure", help="file to draw into")
    args = parser.parse_args(arguments)
    n_rows, n_models = (10_000, 50) if args.full else (1000, 8)

    ratios, exact = {}, {}
    print("workflow     model   simulated   s.e.     exact, many rows")
    for name, workflow in WORKFLOWS.items():
        n_experiments = 80 if not args.full else 10_000 if name == "Replace" else 200
        ratios[name] = variance_ratios(workflow, n_rows, n_models, n_experiments, seed=0)
        exact[name] = relative_risk(workflow.mixing_matrix(n_models - 1))
        for model in (2, 4, n_models):
            ratio, error = (values[model - 1] for values in ratios[name])
            print(
                f"{name:<12} {model:<7} {ratio:<11.3f} {error:<8.3f} {exact[name][model - 1]:.3f}"
            )
    print(f"limits: Accumulate pi^2/6 = {np.pi**2 / 6:.3f}, Subsample {np.pi**2 / 2 - 2:.3f}")
    if args.figure:
        draw(args.figure, ratios, exact)


if __name__ == "__main__":
    main()

# sphinx_gallery_thumbnail_path = "_static/articles/dey_donoho_logistic.png"
