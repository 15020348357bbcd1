"""He, Xu and Cheng: category shares and a logistic regression on the Adult census
===============================================================================

Settings of figure 10 of arXiv:2502.18049: in each generation 500 new rows of the Adult table and
500 synthetic ones. (a) to (c): the shares of the levels of workclass, education and marital
status; (d): the logistic regression of income above 50K on five numbers, whose synthetic rows
take their numbers from the table and their labels from the last fit. The error against the fit on
the whole table is smallest near the weight 0.618 on the real rows. The published curves cannot be
read off a table; beside each simulated value, with its standard error, stands what theory says:
exact for the shares, the limit for many rows for the regression.

Usage::

    python examples/3_articles/he_xu_cheng_adult.py [--full] [--data FILE] [--figure FILE]

Without --data the table (48,842 rows, missing levels as a level) is downloaded from OpenML; FILE
is a CSV or Parquet file of it. --full takes the published 1,000 replications, 100 generations and
31 weights, which is an hour for (d), instead of about a tenth of each.
"""

import argparse
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from skcollapse.datasets import load_table
from skcollapse.simulation import simulate_frequencies
from skcollapse.theory import limiting_variance, optimal_real_weight, real_weight_to_lam

N_REAL = 500  # and as many synthetic rows: k = 1
SHARES = {"workclass": (9, 0.500721), "education": (16, 0.809586), "marital_status": (7, 0.660616)}
NUMBERS = ["age", "education_num", "capital_gain", "capital_loss", "hours_per_week"]
GRID = np.arange(0.20, 0.801, 0.02).round(2)


class Size(NamedTuple):
    """How much is simulated."""

    n_replications: int
    n_generations: int
    n_averaged: int


def load_adult(path, target):
    """Return the table with names in one spelling, from a file or from OpenML."""
    if path:
        table = load_table(path, target)
        frame = table.data.assign(income=table.target)
    else:
        from sklearn.datasets import fetch_openml

        try:
            bunch = fetch_openml("adult", version=2, as_frame=True, n_retries=1, delay=0.01)
        except OSError as error:
            raise SystemExit(
                f"The Adult table could not be downloaded from OpenML ({error}). Connect to a "
                "network, or give a CSV or Parquet file of it with --data FILE."
            ) from error
        frame = bunch.data.assign(income=bunch.target)
    names = frame.columns.str.lower().str.replace("[-. ]", "_", regex=True)
    frame = frame.set_axis(names.str.replace("educational", "education"), axis=1)
    missing = sorted({*SHARES, *NUMBERS} - set(frame.columns))
    if missing:
        raise SystemExit(f"The table has no column {', '.join(missing)}: is it Adult?")
    return frame


def share_errors(p, w, size, seed):
    """Return each run's squared error, averaged over levels and the last generations."""
    frequencies = simulate_frequencies(
        "fresh",
        p,
        N_REAL,
        size.n_generations,
        lam=real_weight_to_lam(w),
        n_replications=size.n_replications,
        random_state=seed,
    )
    return ((frequencies[:, -size.n_averaged :] - p) ** 2).mean(axis=(1, 2))


def minimum(weights, errors):
    """Return where a smooth curve through the errors is smallest."""
    fine = np.linspace(min(weights), max(weights), 601)
    smooth = np.polynomial.Polynomial.fit(weights, np.log(errors), min(5, len(weights) - 1))
    return fine[smooth(fine).argmin()]


def simulate_shares(frame, size):
    curves = {}
    for seed, (column, (n_levels, expected_spread)) in enumerate(SHARES.items()):
        p = frame[column].value_counts(dropna=False, normalize=True).to_numpy()
        p = p[p > 0]
        spread = 1 - np.sum(p**2)
        print(f"{column}: {len(p)} levels (expected {n_levels}), 1 - sum p^2 = {spread:.6f} "
              f"(expected {expected_spread})")  # fmt: skip
        runs = np.array([share_errors(p, w, size, seed) for w in GRID])
        found, standard_error = runs.mean(axis=1), runs.std(axis=1) / np.sqrt(runs.shape[1])
        unit = spread / (N_REAL * len(p))
        exact = unit * limiting_variance(GRID, 1.0, c=1 - 1 / N_REAL)
        print("w         simulated      s.e.         exact          real rows only")
        for i in (0, 9, 15, 21, 30):
            print(f"{GRID[i]:.2f}      {found[i]:.4e}     {standard_error[i]:.1e}      "
                  f"{exact[i]:.4e}     {unit:.4e}")  # fmt: skip
        print(f"smallest error near w = {minimum(GRID, found):.2f}, exact 0.62\n")
        curves[column] = (GRID, found, exact)
    return curves


class Regression:
    """Penalised logistic regression on the table's rows, many fits at once.

    Columns are standardised, so the penalty of each counts in its own unit.
    """

    def __init__(self, frame):
        numbers = frame[NUMBERS].to_numpy(dtype=np.float64)
        mean, sd = numbers.mean(axis=0), numbers.std(axis=0)
        self.X = np.c_[(numbers - mean) / sd, np.ones(len(numbers))]
        self.y = frame["income"].astype(str).str.contains(">50K").to_numpy(dtype=np.float64)
        self.penalty = np.r_[1 / sd**2, 0]
        self.to_raw = np.diag(np.r_[1 / sd, 1])  # maps coefficients to the columns' own units
        self.to_raw[-1, :-1] = -mean / sd
        self.coef = self.fit(self.X[None], self.y[None], np.ones(len(self.y)), np.zeros((1, 6)))[0]

    def loss(self, X, y, weights, coef):
        eta = (X @ coef[:, :, None])[:, :, 0]
        fit = (weights * (np.logaddexp(0, eta) - y * eta)).sum(axis=1)
        return fit + (self.penalty * coef**2).sum(axis=1) / 2

    def fit(self, X, y, weights, start):
        """Newton's method with steps halved until the loss falls; six columns make it cheap."""
        coef = start.copy()
        before = self.loss(X, y, weights, coef)
        for _ in range(50):
            mean = expit((X @ coef[:, :, None])[:, :, 0])
            transposed = X.transpose(0, 2, 1)
            gradient = (transposed @ (weights * (mean - y))[:, :, None])[:, :, 0]
            hessian = transposed @ (X * (weights * mean * (1 - mean))[:, :, None])
            hessian += np.diag(self.penalty)
            step = np.linalg.solve(hessian, (gradient + self.penalty * coef)[:, :, None])[:, :, 0]
            if np.abs(step).max() < 1e-5:  # the next error is of the order of its square
                return coef - step
            after = self.loss(X, y, weights, coef - step)
            while (worse := after > before + 1e-9 * before).any():
                step[worse] /= 2
                after[worse] = self.loss(X[worse], y[worse], weights, (coef - step)[worse])
            coef, before = coef - step, after
        raise RuntimeError("A logistic regression did not converge.")

    def asymptotics(self):
        """Return the limit of n times the error of real rows alone, and the noise ratio."""
        mean = expit(self.X @ self.coef)
        information = self.X.T @ (self.X * (mean * (1 - mean))[:, None]) / len(mean)
        scores = self.X.T @ (self.X * ((self.y - mean) ** 2)[:, None]) / len(mean)
        inverse = self.to_raw @ np.linalg.inv(information)
        sandwich = np.trace(inverse @ scores @ inverse.T)
        return sandwich, np.trace(inverse @ self.to_raw.T) / sandwich

    def errors(self, w, n_replications, n_generations, n_averaged, seed):
        """Return each run's squared error of the coefficients over the last generations."""
        rng = np.random.default_rng(seed)
        start = np.tile(self.coef, (n_replications, 1))
        weights = np.repeat([2 * w, 2 * (1 - w)], N_REAL)  # they sum to the number of rows
        rows = rng.integers(len(self.y), size=(n_replications, N_REAL))
        coef = self.fit(self.X[rows], self.y[rows], np.ones(N_REAL), start)
        errors = []
        for t in range(1, n_generations + 1):
            rows = rng.integers(len(self.y), size=(n_replications, 2 * N_REAL))
            X, y = self.X[rows], self.y[rows]
            chance = expit((X[:, N_REAL:] @ coef[:, :, None])[:, :, 0])
            y[:, N_REAL:] = rng.random(chance.shape) < chance
            coef = self.fit(X, y, weights, start)
            if t > n_generations - n_averaged:
                errors.append((((coef - self.coef) @ self.to_raw.T) ** 2).sum(axis=1))
        return np.mean(errors, axis=0)


def simulate_regression(frame, size, weights):
    regression = Regression(frame)
    sandwich, noise_ratio = regression.asymptotics()
    best = optimal_real_weight(1, 1, noise_ratio=noise_ratio)
    print(f"logistic regression: noise ratio {noise_ratio:.3f} (expected 1.025), "
          f"best weight {best:.3f} (expected 0.622)")  # fmt: skip
    runs = np.array([regression.errors(w, *size, seed=10) for w in weights])
    found, standard_error = runs.mean(axis=1), runs.std(axis=1) / np.sqrt(runs.shape[1])
    limit = sandwich / N_REAL * limiting_variance(GRID, noise_ratio)
    print("w         simulated      s.e.         limit for many rows")
    for i, w in enumerate(weights):
        theory = limit[np.searchsorted(GRID, w)]
        print(f"{w:.2f}      {found[i]:.3f}          {standard_error[i]:.3f}        {theory:.3f}")
    print(f"smallest error near w = {minimum(weights, found):.2f}, limit 0.62")
    return weights, found, limit


def draw(path, curves):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 4, figsize=(14, 3.6), layout="constrained")
    for axis, (title, (weights, found, theory)) in zip(axes, curves.items(), strict=True):
        axis.plot(GRID, theory, color="0.6", label="theory")
        axis.plot(weights, found, "o", ms=4, color="#0072B2", label="simulated")
        axis.axvline(0.618, color="#D55E00", lw=1)
        axis.set(xlabel="weight on the real part, w", title=title.replace("_", " "))
        axis.ticklabel_format(axis="y", scilimits=(-2, 2))
    axes[0].set_ylabel("squared error")
    axes[0].annotate(" 0.618", (0.618, max(curves["workclass"][1])), color="#D55E00", va="top")
    axes[0].legend(frameon=False, loc="upper center", bbox_to_anchor=(0.42, 1))
    figure.savefig(path, dpi=100)
    print(f"figure written to {path}")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--full", action="store_true", help="published size")
    parser.add_argument("--data", help="CSV or Parquet file of the Adult table")
    parser.add_argument("--target", default="income", help="its column of incomes")
    parser.add_argument("--figure", help="file to draw into")
    args = parser.parse_args(arguments)
    size, size_of_fits, weights = Size(100, 20, 10), Size(40, 14, 7), GRID[[5, 13, 21, 29]]
    if args.full:
        size, size_of_fits, weights = Size(1000, 100, 20), Size(1000, 100, 20), GRID
    frame = load_adult(args.data, args.target)
    curves = simulate_shares(frame, size)
    curves["income, regression"] = simulate_regression(frame, size_of_fits, weights)
    if args.figure:
        draw(args.figure, curves)


if __name__ == "__main__":
    main()

# sphinx_gallery_thumbnail_path = "_static/articles/he_xu_cheng_adult.png"
