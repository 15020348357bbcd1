"""Golden master of the recursion: what 252 settings give, so that a rewrite can be held to it.

    python tests/golden/golden_master.py renew              write golden_master.json anew
    python tests/golden/golden_master.py exact write FILE   record every bit on this machine
    python tests/golden/golden_master.py exact compare FILE list the settings that differ

`golden_master.json` holds a few numbers of each setting: predictions, drawn rows and labels, the
effective sample size, the real weight and the history, or the text of its error. The test compares
them up to rounding, since last bits differ between machines. Before and after a rewrite use
``exact`` on one machine with OMP_NUM_THREADS=1: there every bit counts.

Renew the file only if numbers change on purpose, and say in the changelog why.
"""

import argparse
import hashlib
import itertools
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.tree import DecisionTreeRegressor

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor, RecursiveMixSynthesizer
from skcollapse.synthesizers import GaussianSynthesizer, TreeSynthesizer

FILE = Path(__file__).with_suffix(".json")
LABELS = ("predict", "corrected", "sample", "joint")
LAMS = ("optimal", "adaptive", "golden", "proportional", 0.4, np.inf, 0.0)
WORKFLOWS = ("fresh", "fixed", "replace", "accumulate", "accumulate_subsample", "window")
N_ROWS = 250


def _table():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(N_ROWS, 3))
    y = X @ [1.0, 2.0, 3.0] + rng.normal(size=N_ROWS) ** 2
    codes = np.clip((X[:, 0] + rng.normal(size=N_ROWS)).round(), -1, 1).astype(int) + 1
    return X, y, np.array(["a", "b", "c"])[codes]


X, NUMBERS, CLASSES = _table()


def _outcome(mix, *drawn, predict=True):
    """Return the arrays and the history of a fitted estimator."""
    arrays = [np.asarray(values) for values in drawn]
    if predict:
        arrays.insert(0, np.asarray(mix.predict(_like(mix, X))))
    history = [{k: v for k, v in r.items() if k != "seconds"} for r in mix.history_]
    return {"arrays": arrays, "history": history}


def _frame(X, names):
    # Imported here: the tests without extras read this file, too.
    import pandas as pd

    return pd.DataFrame(X, columns=names)


def _like(mix, X):
    names = getattr(mix, "feature_names_in_", None)
    return X if names is None else _frame(X, names)


def _fit(mix, y, X=X, **options):
    mix.fit(X, y, **options)
    return _outcome(mix, *mix.sample(7, random_state=1))


def _feed(mix, y):
    for rows in np.array_split(np.arange(N_ROWS), 4):
        mix.partial_fit(X[rows], y[rows])
    return _outcome(mix, *mix.sample(5, random_state=0))


def _fit_rows(mix):
    mix.fit(X)
    return _outcome(mix, mix.sample(7, random_state=1), predict=False)


def settings():
    """Yield the name of each setting, a function that runs it and its arguments."""
    small = {"n_synthetic": 2.0, "random_state": 3}
    for labels, lam, workflow in itertools.product(LABELS, LAMS, WORKFLOWS):
        options = {**small, "labels": labels, "lam": lam, "workflow": workflow, "n_generations": 3}
        options["update"] = "refit"
        name = f"{labels} {lam} {workflow}"
        mix = RecursiveMixRegressor(Ridge(), GaussianSynthesizer(), **options)
        yield f"regressor {name}", _fit, (mix, NUMBERS), {}
        if workflow in ("fresh", "fixed"):
            mix = RecursiveMixClassifier(LogisticRegression(), GaussianSynthesizer(), **options)
            yield f"classifier {name}", _fit, (mix, CLASSES), {}
    frame = _frame(X, list("abc"))
    for labels in LABELS:
        options = {"labels": labels, "update": "refit", "n_generations": 2, "random_state": 3}
        tree = DecisionTreeRegressor(max_depth=4)
        mix = RecursiveMixRegressor(tree, TreeSynthesizer(), n_synthetic=60, **options)
        weights = {"sample_weight": np.arange(N_ROWS) % 3}
        yield f"weighted tree {labels}", _fit, (mix, NUMBERS), weights
        mix = RecursiveMixClassifier(KNeighborsClassifier(), n_synthetic=1.0, **options)
        yield f"neighbours, classes {labels}", _fit, (mix, CLASSES, frame), {}
        mix = RecursiveMixRegressor(KNeighborsRegressor(), n_synthetic=1.0, **options)
        yield f"neighbours, numbers {labels}", _fit, (mix, NUMBERS, frame), {}
        options = {**small, "labels": labels, "lam": "adaptive", "update": "refit"}
        mix = RecursiveMixRegressor(Ridge(), GaussianSynthesizer(), **options)
        yield f"batches {labels}", _feed, (mix, NUMBERS), {}
    for lam, workflow in itertools.product(("optimal", "golden", 0.4), WORKFLOWS):
        if workflow in ("fresh", "fixed", "window", "accumulate"):
            options = {**small, "lam": lam, "workflow": workflow, "n_generations": 3}
            mix = RecursiveMixSynthesizer(GaussianSynthesizer(), **options)
            yield f"synthesizer {lam} {workflow}", _fit_rows, (mix,), {}


def run(summarise):
    """Return a summary of what each setting gives; an error is summarised by its text."""
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, function, args, options in settings():
            try:
                found[name] = summarise(function(*args, **options))
            except Exception as error:  # its text is part of the contract
                found[name] = f"{type(error).__name__}: {error}"
    return found


def numbers(outcome):
    """Return a few numbers of an outcome: mean and two values an array, and the history."""
    summary = []
    for values in outcome["arrays"]:
        if values.dtype.kind not in "fiu":
            _, values = np.unique(values.astype(str), return_inverse=True)
        values = values.ravel()
        summary += [float(values.mean()), float(values[0]), float(values[-1])]
    for record in outcome["history"]:
        summary += [value for value in record.values() if not isinstance(value, str)]
    return [float(f"{v:.9g}") if isinstance(v, float) else v for v in summary]


def digest(outcome):
    """Return a fingerprint in which every bit counts."""
    lines = [repr(outcome["history"])]
    for values in outcome["arrays"]:
        values = np.ascontiguousarray(values.astype(float if values.dtype.kind in "fiu" else "U9"))
        lines.append(values.tobytes().hex())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def versions():
    """Return the versions on which numbers depend beyond rounding."""
    minor = ".".join(sklearn.__version__.split(".")[:2])
    return {"scikit-learn": minor, "numpy": np.__version__.split(".")[0]}


def _renew():
    found = run(numbers)
    lines = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in found.items()]
    body = ",\n".join(lines)
    FILE.write_text(
        f'{{"versions": {json.dumps(versions())}, "settings": {{\n{body}\n}}}}\n', encoding="utf-8"
    )
    print(f"{len(found)} settings in {FILE}")
    return 0


def _exact(action, file):
    found = run(digest)
    if action == "write":
        file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        print(f"{len(found)} settings")
        return 0
    before = json.loads(file.read_text(encoding="utf-8"))
    differ = [name for name in before | found if before.get(name) != found.get(name)]
    for name in differ[:5]:
        print(f"{name}\n  before {before.get(name)}\n  now    {found.get(name)}")
    print(f"{len(before | found)} settings, {len(differ)} differ")
    return 1 if differ else 0


def main():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("renew", help="write golden_master.json anew")
    exact = commands.add_parser("exact", help="record or compare every bit, on one machine")
    exact.add_argument("action", choices=("write", "compare"))
    exact.add_argument("file", type=Path)
    arguments = parser.parse_args()
    if arguments.command == "renew":
        return _renew()
    return _exact(arguments.action, arguments.file)


if __name__ == "__main__":
    sys.exit(main())
