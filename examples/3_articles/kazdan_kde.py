"""Kazdan et al.: a kernel density refitted to its own draws
==========================================================

Left, a setting of the released sweeps of arXiv:2410.16713: two moons with noise 0.05, a Gaussian
kernel of bandwidth 0.1, 100 rows. The negative log-likelihood of test rows climbs fast if draws
replace the rows, and slowly if they accumulate. Right, the same recursion where more is known: a
normal law in one dimension, bandwidth 0.5. How far an estimate spreads is exact for any law: the
variance grows by the squared bandwidth a generation, or by 1/2, 1/3, ... of it if rows accumulate,
which is slow but has no bound. The integrated squared error under replace is exact as well.

Usage::

    python examples/3_articles/kazdan_kde.py [--full] [--figure FILE]

--full takes 100 fits and 100 runs, as published, instead of 20 and 6 (200 of the normal law).
"""

import argparse

import numpy as np
from scipy.stats import norm
from sklearn.datasets import make_moons
from sklearn.neighbors import KernelDensity

from skcollapse.simulation import simulate_kde
from skcollapse.theory import kde_mise
from skcollapse.workflows import check_workflow

COLOURS = {"replace": "#D55E00", "accumulate": "#0072B2", "accumulate_subsample": "#009E73"}
N_ROWS = 100


def moons(workflow, n_generations, seed):
    """Return the negative log-likelihood of test rows and the spread of the fits, by generation.

    The second is the total variance about the mean of the real rows, found and expected.
    """
    workflow, h = check_workflow(workflow), 0.1
    rng = np.random.RandomState(seed)
    real, test = np.split(make_moons(2 * N_ROWS, noise=0.05, random_state=rng)[0], 2)
    new, batches, loss, spread = real, {}, [], []
    for t in range(n_generations + 1):
        batches |= {b: new for b in workflow.plan(t) if b not in batches}
        rows = np.concatenate([batches[b] for b in workflow.plan(t)])
        budget = workflow.budget(N_ROWS)
        if budget is not None:
            rows = rows[rng.permutation(len(rows))[: int(budget)]]
        estimate = KernelDensity(bandwidth=h).fit(rows)
        loss.append(-estimate.score_samples(test).mean())
        spread.append(((rows - real.mean(axis=0)) ** 2).sum(axis=1).mean() + 2 * h**2)
        new = estimate.sample(N_ROWS, random_state=rng)
    return loss, np.array(spread) - real.var(axis=0).sum()


def added(workflow, h, n_generations):
    """Return the variance that smoothing adds to each coordinate: exact, for any law."""
    fits = np.arange(1, n_generations + 2)
    return h**2 * (fits if workflow == "replace" else np.cumsum(1 / fits))


def draw(path, losses, normal):
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    for workflow, colour in COLOURS.items():
        left.plot(np.mean(losses[workflow], axis=0), "o-", ms=3, color=colour, label=workflow)
        spread = normal[workflow].second_moment
        exact = 1 + added(workflow, 0.5, spread.shape[1] - 1)
        # Two workflows share a line: dashes and crosses let the other one be seen.
        line, mark = ("--", "x") if workflow == "accumulate_subsample" else ("-", "o")
        right.plot(exact, line, color=colour, lw=1.5)
        right.plot(spread.mean(axis=0), mark, ms=4, color=colour)
    left.set(ylabel="negative log-likelihood of test rows", title="two moons, bandwidth 0.1")
    left.legend(frameon=False)
    right.set(ylabel="variance of the estimate", ylim=(0, None),
              title="normal law, bandwidth 0.5; lines exact")  # fmt: skip
    right.annotate("both that accumulate", (len(exact) - 1, exact[-1]), color="0.3",
                   xytext=(0, 8), textcoords="offset points", ha="right")  # fmt: skip
    for axis in (left, right):
        axis.set(xlabel="generation")
        axis.xaxis.get_major_locator().set_params(integer=True)
    figure.savefig(path, dpi=100)
    print(f"figure written to {path}")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--full", action="store_true", help="published size")
    parser.add_argument("--figure", help="file to draw into")
    args = parser.parse_args(arguments)
    g, n_moons, n_normal = (99, 100, 100) if args.full else (19, 6, 200)

    losses, normal = {}, {}
    print("moons                  loss: first   last     s.e.    variance added   exact   s.e.")
    for workflow in COLOURS:
        runs = [moons(workflow, g, seed) for seed in range(n_moons)]
        losses[workflow], spread = (np.array(part) for part in zip(*runs, strict=True))
        last = losses[workflow][:, -1]
        errors = [v.std() / np.sqrt(n_moons) for v in (last, spread[:, -1])]
        print(f"{workflow:<22} {losses[workflow][:, 0].mean():<13.3f} {last.mean():<8.3f} "
              f"{errors[0]:<7.3f} {spread[:, -1].mean():<16.4f} "
              f"{2 * added(workflow, 0.1, g)[-1]:<7.4f} {errors[1]:.4f}")  # fmt: skip

    print("normal law             variance      exact    s.e.    squared error    exact   s.e.")
    for workflow in COLOURS:
        normal[workflow] = simulate_kde(workflow, norm(), N_ROWS, g, bandwidth=0.5,
                                        n_replications=n_normal, random_state=0)  # fmt: skip
        spread, ise = (normal[workflow][name][:, -1] for name in ("second_moment", "ise"))
        errors = [v.std() / np.sqrt(n_normal) for v in (spread, ise)]
        exact = "-"
        if workflow == "replace":
            exact = f"{kde_mise(norm(), N_ROWS, N_ROWS, 0.0, 0.5, g).mise:.5f}"
        print(f"{workflow:<22} {spread.mean():<13.4f} {1 + added(workflow, 0.5, g)[-1]:<8.4f} "
              f"{errors[0]:<7.4f} {ise.mean():<16.5f} {exact:<7} {errors[1]:.5f}")  # fmt: skip
    if args.figure:
        draw(args.figure, losses, normal)


if __name__ == "__main__":
    main()

# sphinx_gallery_thumbnail_path = "_static/articles/kazdan_kde.png"
