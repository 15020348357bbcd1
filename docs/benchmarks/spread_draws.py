"""Measure what evenly spread draws do to the variance of a recursion.

    python docs/benchmarks/spread_draws.py [--n-seeds 200] [--n-jobs 2] [--static FOLDER]

Least squares on three columns, batches of 100 rows, noise of variance 1, the constant weight w*
of ``lam="golden"``. Coefficients after nine generations: their mean squared error, divided by
that of a fit to one batch, beside w*, the theory of independent draws, and w*/(2 - w*), the limit
of draws without noise of their own. Writes `spread_draws.csv`.
"""

import argparse
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from sklearn.linear_model import LinearRegression

from skcollapse import RecursiveMixRegressor
from skcollapse.synthesizers import (
    GaussianCopulaSynthesizer,
    GaussianSynthesizer,
    TreeSynthesizer,
)
from skcollapse.theory import optimal_real_weight

STATIC = Path(__file__).resolve().parents[1] / "_static"
TRUTH = np.array([1.0, -1.0, 0.5])
N_ROWS, N_GENERATIONS = 100, 9
SYNTHESIZERS = {
    "GaussianSynthesizer": GaussianSynthesizer,
    "GaussianCopulaSynthesizer": GaussianCopulaSynthesizer,
    "TreeSynthesizer": TreeSynthesizer,
}
# Trees without labels of their own are no different from the others; jointly they smooth.
CASES = [
    *product(["joint", "sample"], ["GaussianSynthesizer"], [1.0, 4.0], ["random", "sobol"]),
    *product(["joint"], ["GaussianCopulaSynthesizer"], [1.0, 4.0], ["random", "sobol"]),
    *product(["joint"], ["TreeSynthesizer"], [4.0], ["random", "sobol"]),
]


def squared_error(labels, synthesizer, multiple, draws, seed):
    """Return the squared error of the coefficients, times n: of the recursion, of one batch."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(N_ROWS * (N_GENERATIONS + 1), 3))
    y = X @ TRUTH + rng.normal(size=len(X))
    mix = RecursiveMixRegressor(
        LinearRegression(),
        SYNTHESIZERS[synthesizer](draws=draws),
        labels=labels,
        lam="golden",
        n_synthetic=multiple,
        n_generations=N_GENERATIONS,
        random_state=seed,
    ).fit(X, y)
    alone = LinearRegression().fit(X[-N_ROWS:], y[-N_ROWS:])
    return [N_ROWS * np.sum((m.coef_ - TRUTH) ** 2) for m in (mix.estimator_, alone)]


def measure(case, n_seeds, n_jobs):
    errors = Parallel(n_jobs)(delayed(squared_error)(*case, seed) for seed in range(n_seeds))
    recursion, alone = np.mean(errors, axis=0)
    ratios = np.array(errors)[:, 0] / alone
    labels, synthesizer, multiple, draws = case
    w = float(optimal_real_weight(1.0, multiple))
    return {
        "labels": labels,
        "synthesizer": synthesizer,
        "m / n": multiple,
        "draws": draws,
        "variance": recursion / alone,
        "standard error": np.std(ratios, ddof=1) / np.sqrt(n_seeds),
        "w*": w,
        "w* / (2 - w*)": w / (2 - w),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--n-seeds", type=int, default=200)
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--static", type=Path, default=STATIC)
    args = parser.parse_args()
    table = pd.DataFrame([measure(case, args.n_seeds, args.n_jobs) for case in CASES])
    print(table.round(3).to_string(index=False))
    args.static.mkdir(exist_ok=True)
    table.round(3).to_csv(args.static / "spread_draws.csv", index=False)


if __name__ == "__main__":
    main()
