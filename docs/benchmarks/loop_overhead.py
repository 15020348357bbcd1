"""Measure what the loop of RecursiveMix costs over the same generations written by hand.

    python docs/benchmarks/loop_overhead.py [--n-rows 10000] [--repeats 7]

Both runs fit the same estimator and the same synthesizer on the same rows and draw equally many
synthetic ones; the hand-written one does nothing else. They alternate, and the ratio is taken pair
by pair.
"""

import argparse
import time

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge

from skcollapse import RecursiveMixRegressor
from skcollapse.synthesizers import GaussianCopulaSynthesizer

N_GENERATIONS, MULTIPLE = 4, 5


def by_hand(estimator, batches):
    """Write the generations out: draw, label, stack, weight, fit both."""
    model = synthesizer = None
    for t, (X, y) in enumerate(batches):
        weights = None
        if t:
            drawn = synthesizer.sample(MULTIPLE * len(X), random_state=t)
            labels = model.predict(drawn)
            X, n = np.concatenate([X, drawn]), len(X)
            y = np.concatenate([y, labels])
            weights = np.concatenate([np.ones(n), np.full(len(drawn), t * n / len(drawn))])
        synthesizer = GaussianCopulaSynthesizer().fit(X, sample_weight=weights)
        model = type(estimator)(**estimator.get_params()).fit(X, y, sample_weight=weights)
    return model


def by_loop(estimator, batches):
    mix = RecursiveMixRegressor(
        estimator, GaussianCopulaSynthesizer(), n_synthetic=float(MULTIPLE), random_state=0
    )
    for X, y in batches:
        mix.partial_fit(X, y)
    return mix


def seconds(run, *args):
    begin = time.process_time()
    run(*args)
    return time.process_time() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--n-rows", type=int, default=10_000, help="real rows of a batch")
    parser.add_argument("--repeats", type=int, default=7)
    args = parser.parse_args()
    rng = np.random.default_rng(0)
    X = rng.normal(size=(args.n_rows * (N_GENERATIONS + 1), 20))
    y = X[:, 0] + X[:, 1] * X[:, 2] + rng.normal(size=len(X))
    batches = [(X[i :: N_GENERATIONS + 1], y[i :: N_GENERATIONS + 1]) for i in range(5)]
    print(f"{args.n_rows} x 20 real rows a batch, {N_GENERATIONS} generations, CPU seconds")
    for estimator in (Ridge(), HistGradientBoostingRegressor(max_iter=50, early_stopping=False)):
        pairs = []
        for _ in range(args.repeats + 1):
            pairs.append(
                (seconds(by_loop, estimator, batches), seconds(by_hand, estimator, batches))
            )
        loop, hand = np.array(pairs[1:]).T  # the first pair warms up
        ratio = np.sort(loop / hand)
        print(
            f"{type(estimator).__name__}: loop {np.median(loop):.3f}, by hand "
            f"{np.median(hand):.3f}, ratio median {np.median(ratio):.3f} "
            f"(min {ratio[0]:.3f}, max {ratio[-1]:.3f})"
        )


if __name__ == "__main__":
    main()
