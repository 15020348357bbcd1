"""Which weight? Scores of a grid beside the rules
================================================

The score of the last generation for fixed weights of the real rows, with the rules "golden" and
"optimal" marked. A linear model finds the rules where theory puts them, at the top of the curve.
Gradient boosting on small batches errs by what it cannot resolve as well as by noise, so the curve
need not agree: it has to be measured, which takes a minute more.

Needs the plot extra. The command line takes gradient boosting as a second model, and a file for
the figure::

    python examples/2_choices/compare_weights.py [--boosting] [--repeats N] [--figure FILE]
"""

import argparse

import matplotlib.pyplot as plt
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

parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
parser.add_argument("--boosting", action="store_true", help="gradient boosting as well")
parser.add_argument("--repeats", type=int, default=1, help="repeats of three folds")
parser.add_argument("--figure", help="file to draw into")
args = parser.parse_args()

# %%
# Six batches of 167 training rows, and five synthetic rows for each real one. Every lam sees the
# same splits and the same random numbers.

X, y = make_friedman1(1500, noise=3.0, random_state=0)
cv = RepeatedKFold(n_splits=3, n_repeats=args.repeats, random_state=0)
curves = {}
for name in list(MODELS)[: 2 if args.boosting else 1]:
    mix = RecursiveMixRegressor(MODELS[name], labels="predict", n_synthetic=5.0, n_generations=5)
    curves[name] = generation_curve(mix, X, y, lam=LAMS, cv=cv, random_state=0)

for name, curve in curves.items():
    print(f"\n{name}\nlam        R2 of generation 5")
    for row in curve.summary():
        if row["generation"] == 5:
            print(f"{row['lam']:<10} {row['mean']:.3f} +- {row['standard_error']:.3f}")

# %%
# The real weight is w = 1/(1 + lam). Under "optimal" it falls from generation to generation; drawn
# is the last one. :doc:`/guide/inspection` has the figure with both models.

figure, axes = plt.subplots(
    len(curves), figsize=(7.6, 4 * len(curves)), squeeze=False, layout="constrained"
)
for ax, (name, curve) in zip(axes[:, 0], curves.items(), strict=True):
    WeightCurveDisplay.from_curve(curve, ax=ax, name=name)
if args.figure:
    figure.savefig(args.figure, dpi=100)
else:
    plt.show()
