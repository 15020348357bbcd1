"""Which weight? Scores of a grid beside the rules
==============================================

The score of the last generation for fixed weights of the real rows, with the rules "golden" and
"optimal" marked. A linear model finds the rules where theory puts them, at the top of the curve.
Gradient boosting on small batches errs by what it cannot resolve as well as by noise, so the curve
need not agree: it has to be measured.

    python examples/2_choices/compare_weights.py [--repeats N] [--model NAME] [--figure FILE]
"""

import argparse

from sklearn.datasets import make_friedman1
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import RepeatedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import SplineTransformer

from skcollapse import RecursiveMixRegressor
from skcollapse.inspection import WeightCurveDisplay, generation_curve

LAMS = [0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 9.0, "golden", "optimal"]
MODELS = {
    "splines and a linear model": make_pipeline(SplineTransformer(), LinearRegression()),
    "gradient boosting": HistGradientBoostingRegressor(max_iter=40, max_bins=32),
}


def measure(model, n_repeats):
    X, y = make_friedman1(1500, noise=3.0, random_state=0)
    mix = RecursiveMixRegressor(model, labels="predict", n_synthetic=5.0, n_generations=5)
    cv = RepeatedKFold(n_splits=3, n_repeats=n_repeats, random_state=0)
    return generation_curve(mix, X, y, lam=LAMS, cv=cv, random_state=0)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=2, help="repeats of three folds")
    parser.add_argument("--model", choices=MODELS, help="one of the two models only")
    parser.add_argument("--figure", help="file to draw into")
    args = parser.parse_args(arguments)

    names = MODELS if args.model is None else [args.model]
    curves = {name: measure(MODELS[name], args.repeats) for name in names}
    for name, curve in curves.items():
        print(f"\n{name}\nlam        R2 of generation 5")
        for row in curve.summary():
            if row["generation"] == 5:
                print(f"{row['lam']:<10} {row['mean']:.3f} +- {row['standard_error']:.3f}")

    if args.figure:
        import matplotlib.pyplot as plt

        figure, axes = plt.subplots(
            len(curves), figsize=(7.6, 4 * len(curves)), squeeze=False, layout="constrained"
        )
        for ax, (name, curve) in zip(axes[:, 0], curves.items(), strict=True):
            WeightCurveDisplay.from_curve(curve, ax=ax, name=name)
        figure.savefig(args.figure, dpi=100)
        print(f"figure written to {args.figure}")


if __name__ == "__main__":
    main()
