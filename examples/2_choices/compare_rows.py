"""How good are the rows? Real and synthetic rows by generation
============================================================

A table whose columns depend on each other in ways of different kinds. Without new real rows, each
generation learns the rows of the last one, and both marginals and dependence drift away. With new
rows the marginals come closer from generation to generation, and the dependence stays, also that
of column 3, which is about the square of column 0.

Needs the plot extra. The command line takes another workflow, and a file for the figure::

    python examples/2_choices/compare_rows.py [--workflow NAME] [--figure FILE]
"""

import argparse

import matplotlib.pyplot as plt
import numpy as np

from skcollapse import RecursiveMixSynthesizer
from skcollapse.inspection import FidelityDisplay

parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
parser.add_argument("--workflow", default="replace", help="for instance fresh")
parser.add_argument("--figure", help="file to draw into")
args = parser.parse_args()

# %%
# The table: two normal columns, a skewed one, one that bends, and counts.


def draw_table(n_rows, seed):
    rng = np.random.default_rng(seed)
    a = rng.normal(size=n_rows)
    b = 0.8 * a + 0.6 * rng.normal(size=n_rows)
    skewed = np.exp(0.5 * b + 0.5 * rng.normal(size=n_rows))
    bends = a**2 + 0.3 * rng.normal(size=n_rows)
    counts = rng.poisson(np.exp(0.5 * a)).clip(max=5).astype(float)
    return np.column_stack([a, b, skewed, bends, counts])


# %%
# Twenty generations on 100 rows each: the first 100 real rows and then only synthetic ones, or,
# with ``--workflow fresh``, 100 new real rows in every generation.

n_rows = 100 if args.workflow == "replace" else 2100
recursive = RecursiveMixSynthesizer(workflow=args.workflow, n_generations=20, n_synthetic=1.0)
display = FidelityDisplay.from_estimator(
    recursive,
    draw_table(n_rows, seed=0),
    X_test=draw_table(5000, seed=1),
    generations=[0, 5, 20],
    random_state=0,
)
if args.figure:
    display.figure_.savefig(args.figure, dpi=100)
else:
    plt.show()

# %%
# The same in numbers: how far each column's marginal is from that of real rows, and how strongly
# the square depends on its root.

print("distance of the marginals, by column")
for t, distances in zip(display.generations, display.marginal_distance(), strict=True):
    print(f"generation {t:>2}: " + "  ".join(f"{value:.2f}" for value in distances))
print("\ndependence of columns 0 and 3")
print(f"real rows: {display.dependence_real[0, 3]:.2f}")
for t, dependence in zip(display.generations, display.dependence[:, 0, 3], strict=True):
    print(f"generation {t:>2}: {dependence:.2f}")
