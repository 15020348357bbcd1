"""Dey and Donoho: variance ratios of discard, augment and subsample
=================================================================

The Gaussian limit of arXiv:2410.22812: the variance of an estimator after g rounds, relative to
the first fit, when each round trains on the last synthetic batch only ("discard", here Replace),
on everything so far (Accumulate) or on a random subset of it (AccumulateSubsample). The ratio does
not depend on the estimator: it grows by one a round, tends to pi^2/6, or to pi^2/2 - 2.

Usage::

    python examples/3_articles/dey_donoho_variance_ratios.py [--full] [--figure FILE]

--full simulates the published 1,000,000 paths instead of 50,000 (takes a few gigabytes).
"""

import argparse

import numpy as np

from skcollapse.simulation import simulate_risk
from skcollapse.theory import relative_risk
from skcollapse.workflows import Accumulate, AccumulateSubsample, Replace

N_MODELS = 100  # the paper counts models from 1, so the last one is generation 99 here
EXPECTED = {"Replace": 100.0, "Accumulate": 1.63498, "AccumulateSubsample": 2.90495}


def draw(path, ratios):
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(7, 4), layout="constrained")
    colours = {"Replace": "#D55E00", "Accumulate": "#0072B2", "AccumulateSubsample": "#009E73"}
    for name, values in ratios.items():
        axis.plot(range(1, N_MODELS + 1), values, color=colours[name], lw=2)
        inside = min(int(np.searchsorted(values, 3.6)), N_MODELS - 1)
        side = {"ha": "right"} if inside > 50 else {"ha": "left"}
        axis.annotate(name, (inside + 1, values[inside]), color=colours[name],
                      xytext=(-2, 6), textcoords="offset points", **side)  # fmt: skip
    for level, label in ((np.pi**2 / 6, "π²/6"), (np.pi**2 / 2 - 2, "π²/2 - 2")):
        axis.axhline(level, color="0.6", lw=1, ls="--")
        axis.annotate(label, (45, level), color="0.4", xytext=(0, 3), textcoords="offset points")
    axis.set(xlabel="model", ylabel="variance relative to the first", ylim=(0, 4))
    figure.savefig(path, dpi=100)
    print(f"figure written to {path}")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--full", action="store_true", help="published number of paths")
    parser.add_argument("--figure", help="file to draw into")
    args = parser.parse_args(arguments)
    n_paths = 1_000_000 if args.full else 50_000

    ratios = {}
    print("model 100             exact      expected   simulated    s.e.")
    for workflow in (Replace(), Accumulate(), AccumulateSubsample()):
        name = type(workflow).__name__
        mixing = workflow.mixing_matrix(N_MODELS - 1)
        ratios[name] = relative_risk(mixing)
        simulated = np.mean(simulate_risk(mixing, n_paths, random_state=0)[:, -1] ** 2)
        error = ratios[name][-1] * np.sqrt(2 / n_paths)
        exact, expected = ratios[name][-1], EXPECTED[name]
        print(f"{name:<20} {exact:<10.5f} {expected:<10} {simulated:<12.5f} {error:.5f}")
    if args.figure:
        draw(args.figure, ratios)


if __name__ == "__main__":
    main()

# sphinx_gallery_thumbnail_path = "_static/articles/dey_donoho_variance_ratios.png"
