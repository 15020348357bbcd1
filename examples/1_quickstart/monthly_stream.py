"""Retrain every month without keeping a row
==========================================

Each month brings new rows; the old ones must be deleted. `partial_fit` runs one generation: it
draws rows from last month's synthesizer, lets last month's model label them, mixes them with the
new rows at the right weight, and refits both. What is kept from month to month is one object that
does not grow.

Needs nothing but the package.
"""

import pickle

import numpy as np
from sklearn.base import clone
from sklearn.datasets import make_friedman1
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures

from skcollapse import RecursiveMixRegressor

MONTHS, ROWS = 8, 200


# %%
# The stream and, to judge the models by, many rows without noise.


def month(number):
    """Return the rows of one month; here they come from a generator instead of a database."""
    return make_friedman1(ROWS, noise=2.0, random_state=number)


X_test, y_test = make_friedman1(5000, noise=0.0, random_state=10_000)

# %%
# Two models. Each lives through the months four times: it forgets (newest month only), it learns
# recursively with the schedule ``lam="optimal"`` or the constant ``lam="golden"``, or it keeps
# every row.
#
# ``"optimal"`` assumes that the model can represent the truth and trusts the past as much as all
# its rows deserve. A flexible learner is biased by smoothing, month after month; the constant
# weight lets go of the past, and of that bias.

models = {
    "linear model on squares": make_pipeline(PolynomialFeatures(), LinearRegression()),
    "gradient boosting": HistGradientBoostingRegressor(max_iter=60, max_leaf_nodes=8, max_bins=32),
}
for name, model in models.items():
    mixes = {
        lam: RecursiveMixRegressor(model, lam=lam, random_state=0) for lam in ("optimal", "golden")
    }
    seen = []
    print(f"\n{name}: R2 on noise-free test rows")
    print("month   forget   optimal   golden   keep all")
    for number in range(MONTHS):
        X, y = month(number)
        for mix in mixes.values():
            mix.partial_fit(X, y)  # after this line the month could be deleted

        # The two references, for comparison only.
        seen.append((X, y))
        keep = clone(model).fit(*map(np.concatenate, zip(*seen, strict=True)))
        entrants = [clone(model).fit(X, y), *mixes.values(), keep]
        if number in (0, 1, 3, 7):
            scores = [f"{entrant.score(X_test, y_test):.3f}" for entrant in entrants]
            print(f"{number + 1:>5}   " + "    ".join(scores))

# %%
# Each generation left a record, and the whole is no larger than one model and one synthesizer.

last = mixes["optimal"].history_[-1]
for key in ("generation", "n_real", "n_synthetic", "real_weight", "effective_sample_size"):
    print(f"{key:<22} {last[key]:g}")
print(f"{'pickled, in bytes':<22} {len(pickle.dumps(mixes['optimal']))}")

# sphinx_gallery_thumbnail_path = "_static/score_by_generation.png"
