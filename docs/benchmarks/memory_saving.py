"""Measure what `memory=` saves in a search over parameters of the estimator.

    python docs/benchmarks/memory_saving.py [--n-rows 3000] [--repeats 3] [--static FOLDER]

A grid of 12 candidates that differ in the estimator only, three folds, five generations, as many
synthetic as real rows, ``labels="predict"``; with an empty cache for each run, and without one.
The runs alternate; seconds are medians, and the scores of all candidates must agree exactly.
Writes `memory_saving.csv`. SDV is left out where it is not installed.
"""

import argparse
import importlib.util
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Memory
from scale import make_table
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from skcollapse import RecursiveMixRegressor
from skcollapse.synthesizers import (
    GaussianCopulaSynthesizer,
    SDVSynthesizer,
    TreeSynthesizer,
)

STATIC = Path(__file__).resolve().parents[1] / "_static"
# Finer than the default: a synthesizer that takes its time.
FINE_TREES = TreeSynthesizer(min_leaf_rows=5, max_bins=256, max_rows=None)
SYNTHESIZERS = {"copula": GaussianCopulaSynthesizer(), "tree": FINE_TREES}
if importlib.util.find_spec("sdv"):
    SYNTHESIZERS["SDV GaussianCopula"] = SDVSynthesizer("GaussianCopulaSynthesizer")


def ridge():
    """Return ridge regression on mixed columns, and 12 penalties."""
    encode = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), make_column_selector(dtype_include="category")),
        remainder=SimpleImputer(),
    )
    return make_pipeline(encode, Ridge()), {"estimator__ridge__alpha": np.logspace(-3, 3, 12)}


def boosting():
    """Return histogram gradient boosting, and 12 settings of it."""
    grid = {
        "estimator__max_leaf_nodes": [4, 8, 16, 31],
        "estimator__learning_rate": [0.05, 0.1, 0.2],
    }
    return HistGradientBoostingRegressor(max_iter=30), grid


LEARNERS = {"ridge": ridge, "boosting": boosting}


def search(learner, synthesizer, X, y, memory):
    estimator, grid = LEARNERS[learner]()
    mix = RecursiveMixRegressor(
        estimator,
        SYNTHESIZERS[synthesizer],
        labels="predict",
        n_synthetic=1.0,
        memory=memory,
        random_state=0,
    )
    start = time.perf_counter()
    result = GridSearchCV(mix, grid, cv=3, refit=False).fit(X, y)
    return time.perf_counter() - start, result.cv_results_["mean_test_score"]


def measure(learner, synthesizer, X, y, repeats):
    without, with_memory = [], []
    for _ in range(repeats):
        seconds, expected = search(learner, synthesizer, X, y, None)
        without.append(seconds)
        with tempfile.TemporaryDirectory() as folder:
            memory = Memory(folder, verbose=0)
            seconds, found = search(learner, synthesizer, X, y, memory)
            size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        with_memory.append(seconds)
        np.testing.assert_array_equal(found, expected)
    return {
        "synthesizer": synthesizer,
        "estimator": learner,
        "seconds without": np.median(without),
        "seconds with": np.median(with_memory),
        "saved": f"{1 - np.median(with_memory) / np.median(without):.0%}",
        "cache MB": size / 1e6,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--n-rows", type=int, default=3000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--static", type=Path, default=STATIC)
    args = parser.parse_args()
    X, y = make_table(args.n_rows, "regression", 0)
    records = []
    for synthesizer in SYNTHESIZERS:
        for learner in LEARNERS:
            records.append(measure(learner, synthesizer, X, y, args.repeats))
            table = pd.DataFrame(records).round(1)
            print(table.to_string(index=False), flush=True)
            args.static.mkdir(exist_ok=True)
            table.to_csv(args.static / "memory_saving.csv", index=False)


if __name__ == "__main__":
    main()
