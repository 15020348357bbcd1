"""Bertrand et al.: retraining a Gaussian on the same real rows and on its own
===========================================================================

The setting of arXiv:2310.00429 where all can be computed: each retraining maximises the
likelihood of the same 20 real rows plus lam times that of rows drawn from the last model, lam
times as many. First what is left of the variance of the real rows after 30 retrainings, then the
collapse without real rows, then the rate at which a retraining pulls the model back to the real
rows, beside the published sufficient condition for stability, lam < 1/2.

Usage::

    python examples/3_articles/bertrand_gaussian.py [--full] [--figure FILE]

--full takes 100,000 runs instead of 5,000; twice as many without real rows. The paper has no
table for this case: "exact" are expectations. The average variance without real rows is carried
by ever fewer runs, so that the median stands beside every average.
"""

import argparse

import numpy as np

from skcollapse.simulation import simulate_gaussian
from skcollapse.theory import (
    gaussian_collapse_factor,
    gaussian_lam_path,
    retraining_jacobian,
    stability_condition,
)

N_REAL, N_RETRAININGS, N_FITS_ALONE = 20, 30, 50
LAMS = (0.0, 0.4, 0.5, 0.618, 1.0, 4.0, np.inf)
ONE_FIT = {1: 0.9869, 2: 0.9802, 5: 0.9594}  # expected average sd of d standardised features
INFORMATION = np.diag([1.0, 0.5])  # of mean and variance, per row of N(0, 1)


def retrain(lam, n_runs):
    """Return means around that of the real rows, and variances, in units of their variance."""
    n_synthetic = lam if 0 < lam < np.inf else 1.0
    fits = simulate_gaussian(
        "fixed", 1.0, N_REAL, N_RETRAININGS, lam=lam, n_synthetic=n_synthetic,
        n_replications=n_runs, random_state=0,
    )  # fmt: skip
    mean, variance = fits.mean[:, :, 0], fits.covariance[:, :, 0, 0]
    return (mean - mean[:, :1]) / np.sqrt(variance[:, :1]), variance / variance[:, :1]


def average(values):
    return values.mean(), values.std() / np.sqrt(len(values))


def exact_loss(lam):
    """Expected share of the real rows' variance that is lost, by retraining."""
    m = N_REAL * (lam if 0 < lam < np.inf else 1.0)
    return 1 - gaussian_lam_path(N_REAL, round(m), lam, N_RETRAININGS).variance / (1 - 1 / N_REAL)


def variance_left(runs):
    """Print what is left of the variance after the last retraining."""
    print("lam      variance   s.e.      exact     median    squared shift   s.e.      exact")
    for lam, (shift, variance) in runs.items():
        left, loss = average(variance[:, -1]), exact_loss(lam)[-1]
        moved = average(shift[:, -1] ** 2)
        print(f"{lam:<8} {left[0]:.5f}    {left[1]:.5f}   {1 - loss:.5f}   "
              f"{np.median(variance[:, -1]):.5f}   {moved[0]:.5f}         {moved[1]:.5f}   "
              f"{loss:.5f}")  # fmt: skip


def collapse(n_runs):
    """Print the fate of unbiased fits to the model's own rows; return them with N(0, 1) first."""
    settings = {"centring": "separate", "n_replications": n_runs, "random_state": 2}
    fits = simulate_gaussian("replace", 1.0, N_REAL, N_FITS_ALONE - 1, **settings)
    variance = fits.covariance[:, :, 0, 0]
    sd = gaussian_collapse_factor(N_REAL) ** N_FITS_ALONE
    log = N_FITS_ALONE * gaussian_collapse_factor(N_REAL, "log_variance")
    print(f"\nown rows only, {N_FITS_ALONE} fits       simulated   s.e.      exact")
    last = variance[:, -1]
    for name, values, exact in (
        ("standard deviation", np.sqrt(last), sd),
        ("log variance", np.log(last), log),
        ("variance", last, 1.0),
    ):
        value, error = average(values)
        print(f"average {name:<20} {value:8.4f}    {error:.4f}   {exact:8.4f}")
    print(f"median  {'variance':<20} {np.median(last):8.4f}    about    {np.exp(log):8.4f}")
    for d, expected in ONE_FIT.items():
        first = simulate_gaussian("replace", np.eye(d), N_REAL, 0, **settings).covariance[:, 0]
        value, error = average(np.sqrt(np.linalg.eigvalsh(first)).mean(axis=1))
        print(f"average sd of one fit, d = {d}   {value:8.4f}    {error:.4f}   {expected:8.4f}")
    return np.column_stack([np.ones(n_runs), variance])


def slope(values):
    """Regress the values of a retraining on those of the one before; return slope and s.e."""
    before, after = values[:, 5:-1], values[:, 6:]
    rate = (before * after).sum() / (before**2).sum()
    return rate, np.sqrt((before**2 * (after - rate * before) ** 2).sum()) / (before**2).sum()


def contraction(runs):
    """Print the rates at which retraining pulls mean and second moment back; return them."""
    print("\nlam      exact rate   of the mean    s.e.     of 2nd moment   s.e.     published")
    rates = {}
    for lam, (shift, variance) in runs.items():
        if not 0 < lam < np.inf:
            continue
        rates[lam] = (*slope(shift), *slope(variance + shift**2 - 1))
        exact = retraining_jacobian(INFORMATION, INFORMATION, lam).spectral_radius
        bound = stability_condition(lam, error=0.0, lipschitz=1.0, curvature=0.5).rate_bound
        published = f"{bound:.4f}" if bound < 1 else "none"
        print(f"{lam:<8} {exact:.4f}       {rates[lam][0]:.4f}         {rates[lam][1]:.4f}   "
              f"{rates[lam][2]:.4f}          {rates[lam][3]:.4f}   {published}")  # fmt: skip
    return rates


def draw_variances(left, middle, runs, alone):
    colours = {0.0: "#000000", 0.5: "#0072B2", 1.0: "#009E73", 4.0: "#D55E00"}
    for lam, colour in colours.items():
        mean, exact = runs[lam][1].mean(axis=0), 1 - exact_loss(lam)
        left.plot(exact, color=colour)
        left.plot(mean, "o", ms=3, color=colour)
        left.plot(np.median(runs[lam][1], axis=0), color=colour, ls=":")
        left.annotate(f"λ = {lam:g}", (N_RETRAININGS, exact[-1]), color=colour, xytext=(5, -3),
                      textcoords="offset points")  # fmt: skip
    left.set(xlim=(-1, 36), xlabel="retraining", ylabel="variance, of that of the real rows")
    left.set_title("same real rows: average (line exact), median dotted")
    exact = 1 - exact_loss(np.inf)
    middle.plot(exact, color="#0072B2")
    middle.plot(runs[np.inf][1].mean(axis=0), "o", ms=3, color="#0072B2")
    middle.plot(alone.mean(axis=0), "o", ms=3, color="#D55E00")
    middle.axhline(1, color="#D55E00", lw=1)
    middle.plot(np.median(alone, axis=0), color="#D55E00", ls=":")
    for text, place, colour in (
        ("unbiased fit, average", (14, 1.12), "#D55E00"),
        ("its median", (36, 0.19), "#D55E00"),
        ("maximum likelihood,\naverage", (1, 0.2), "#0072B2"),
    ):
        middle.annotate(text, place, color=colour)
    middle.set(xlabel="retraining", ylim=(0, 1.4), title="λ = ∞: own rows only")


def draw(path, runs, alone, rates):
    import matplotlib.pyplot as plt

    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(14, 4), layout="constrained")
    draw_variances(left, middle, runs, alone)
    lam = np.linspace(0, 4.2, 400)
    condition = stability_condition(lam, error=0.0, lipschitz=1.0, curvature=0.5)
    right.axvspan(0, condition.lam_max, color="0.9")
    right.annotate("grey: condition λ < 1/2", (0.55, 0.04), color="0.4")
    inside = condition.rate_bound < 1
    right.plot(lam[inside], condition.rate_bound[inside], color="#D55E00")
    right.annotate("published bound", (0.55, 0.93), color="#D55E00")
    right.plot(lam, lam / (1 + lam), color="#0072B2")
    right.plot(list(rates), [rate[0] for rate in rates.values()], "o", color="#0072B2")
    right.annotate("rate: line exact, points simulated", (1.05, 0.42), color="#0072B2")
    right.set(xlabel="λ", ylim=(0, 1), title="factor left of a shift by one retraining")
    figure.savefig(path, dpi=100)
    print(f"figure written to {path}")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--full", action="store_true", help="100,000 runs")
    parser.add_argument("--figure", help="file to draw into")
    args = parser.parse_args(arguments)
    n_runs = 100_000 if args.full else 5_000
    runs = {lam: retrain(lam, n_runs) for lam in LAMS}
    variance_left(runs)
    alone = collapse(2 * n_runs)
    rates = contraction(runs)
    if args.figure:
        draw(args.figure, runs, alone, rates)


if __name__ == "__main__":
    main()

# sphinx_gallery_thumbnail_path = "_static/articles/bertrand_gaussian.png"
