"""Which workflow? Measured beside theory
======================================

Five ways to go on after the first fit, on the same rows and the same random numbers: new real rows
in every generation (fresh), or none (replace, accumulate, accumulate_subsample, fixed). The score
here is the squared error of predictions against the true mean, which only a made-up table knows;
relative to generation 0 it is what the theory of workflows predicts.

Needs the plot extra. The command line takes the number of splits, and a file for the figure::

    python examples/2_choices/compare_workflows.py [--repeats N] [--figure FILE]
"""

import argparse

import matplotlib.pyplot as plt
import numpy as np
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import ShuffleSplit

from skcollapse import RecursiveMixRegressor
from skcollapse.inspection import GenerationCurveDisplay, generation_curve
from skcollapse.synthesizers import GaussianCopulaSynthesizer

parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
parser.add_argument("--repeats", type=int, default=12, help="random splits of the table")
parser.add_argument("--figure", help="file to draw into")
args = parser.parse_args()

# %%
# A linear truth with noise, and a score that knows the truth.

COEFFICIENTS = np.array([3.0, -2.0, 1.0, 0.0, 0.0, 0.0])
rng = np.random.default_rng(0)
X = rng.normal(size=(1500, 6))
y = X @ COEFFICIENTS + 3.0 * rng.normal(size=1500)


def neg_squared_error(mix, X, y):
    """Score predictions against the true mean; y, with its noise, is not needed."""
    return -np.mean((mix.predict(X) - X @ COEFFICIENTS) ** 2)


# %%
# Each workflow with its lam. Labels are drawn with their noise, and as many rows are drawn as
# there are real ones, from a synthesizer that can represent the columns: theory is about labels.

WORKFLOWS = [
    ("fresh", "optimal"),
    ("replace", "optimal"),
    ("accumulate", "proportional"),
    ("accumulate_subsample", "proportional"),
    ("fixed", 0.5),
]
mix = RecursiveMixRegressor(
    LinearRegression(), GaussianCopulaSynthesizer(), labels="sample", n_synthetic=1.0
)
curve = generation_curve(
    mix,
    X,
    y,
    workflows=WORKFLOWS,
    n_generations=8,
    cv=ShuffleSplit(args.repeats, test_size=300, random_state=0),
    shuffle=True,
    scoring=neg_squared_error,
    random_state=0,
)

# %%
# Splits of one table share its rows, and theory is about many rows: look at the order and at the
# rates, not at the second digit.

errors = -curve.summary()["mean"].reshape(len(WORKFLOWS), -1)
theory = curve.theory["relative_risk"].reshape(len(WORKFLOWS), -1)
print("error relative to generation 0, measured and (in theory)")
print(f"{'generation':<22}" + "".join(f"{t:>14}" for t in (1, 2, 4, 8)))
for (workflow, _), own, risk in zip(WORKFLOWS, errors, theory, strict=True):
    pairs = (f"{own[t] / own[0]:.2f} ({risk[t]:.2f})" for t in (1, 2, 4, 8))
    print(f"{workflow:<22}" + "".join(f"{pair:>14}" for pair in pairs))

# %%
# Above the measured errors, below what theory says.

display = GenerationCurveDisplay.from_curve(
    curve, name=[workflow for workflow, _ in WORKFLOWS], negate_score=True, risk=True
)
display.ax_.set_ylabel("squared error")
if args.figure:
    display.figure_.savefig(args.figure, dpi=100)
else:
    plt.show()
