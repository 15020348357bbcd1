"""The monthly stream with a synthesizer of SDV
=============================================

Any synthesizer can take the place of the built-in one. Here it is a Gaussian copula of SDV, on a
table with text columns. Written by hand, such a loop goes wrong in a way that is hard to see: SDV
restarts its random numbers after every fit, so that all months share the same draws.
`SDVSynthesizer` seeds it anew in every generation and takes care of weights, dtypes and metadata.

Needs SDV and the table's package::

    pip install torch
    pip install "skcollapse[sdv,benchmark]"
"""

import time

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor

from skcollapse import RecursiveMixRegressor
from skcollapse.datasets import load_table
from skcollapse.synthesizers import GaussianCopulaSynthesizer, SDVSynthesizer

# %%
# A table of diamonds, cut into months of 300 rows.

MONTHS, ROWS = 6, 300

diamonds = load_table("diamonds")
rows = np.random.default_rng(0).permutation(len(diamonds.target))
test, stream = rows[:4000], np.array_split(rows[4000 : 4000 + MONTHS * ROWS], MONTHS)
X_test, y_test = diamonds.data.iloc[test], diamonds.target.iloc[test]

# %%
# SDV's synthesizers go by their names; constructor arguments are passed on. A deep one would be
# ``SDVSynthesizer("TVAESynthesizer", synthesizer_kwargs={"epochs": 300})``.

synthesizers = {
    "built-in": GaussianCopulaSynthesizer(),
    "SDV": SDVSynthesizer("GaussianCopulaSynthesizer"),
}
for name, synthesizer in synthesizers.items():
    mix = RecursiveMixRegressor(HistGradientBoostingRegressor(), synthesizer, random_state=0)
    begin = time.perf_counter()
    for month in stream:
        mix.partial_fit(diamonds.data.iloc[month], diamonds.target.iloc[month])
    seconds = time.perf_counter() - begin
    print(f"{name}: R2 {mix.score(X_test, y_test):.4f} after {MONTHS} months, {seconds:.1f} s")
    X, y = mix.sample(3, random_state=0)
    print(X.assign(log_price=y.round(2)).to_string(index=False), "\n")

# %%
# For comparison: the newest month alone.

newest = HistGradientBoostingRegressor()
newest.fit(diamonds.data.iloc[stream[-1]], diamonds.target.iloc[stream[-1]])
print(f"newest month only: R2 {newest.score(X_test, y_test):.4f}")

# sphinx_gallery_thumbnail_path = "_static/score_by_generation.png"
