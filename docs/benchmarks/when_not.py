"""Measure where synthetic rows cannot help: a truth that moves, a synthesizer that misleads.

    python docs/benchmarks/when_not.py [--n-seeds 10] [--n-jobs 2] [--static FOLDER]

Eight batches of 300 rows with four columns. A linear truth moves at batch 5 ("shift": at once,
"gradual": over four batches), or the two classes change places ("label flip"). "wrong
synthesizer" is a truth that stays and a synthesizer that draws every column on its own; "joint"
lets it draw the target too. Scores are the share of the true mean's variance that predictions
explain in the last batch, on new rows. Writes `when_not.csv`.

Then the same rows again and again ("fixed"), least squares: the variance of the coefficients by
lam, over that of lam = 0, beside theory. Writes `same_rows.csv`.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import r2_score

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse.datasets import make_stream_drift, make_stream_glm
from skcollapse.synthesizers import (
    EmpiricalSynthesizer,
    GaussianCopulaSynthesizer,
    GaussianSynthesizer,
)

STATIC = Path(__file__).resolve().parents[1] / "_static"
SIZES = {"n_batches": 8, "batch_size": 300, "n_features": 4}
LINEAR = {
    "linear": LinearRegression(),
    "boosting": HistGradientBoostingRegressor(max_iter=50, random_state=0),
}
LOGISTIC = {
    "linear": LogisticRegression(),
    "boosting": HistGradientBoostingClassifier(max_iter=50, random_state=0),
}
LAMS = ("optimal", "golden", "adaptive")
# The columns are normal, so that it is right about them.
RIGHT = GaussianCopulaSynthesizer()
INDEPENDENT = EmpiricalSynthesizer(independent=True)
# What moves, the learners, and how RecursiveMix departs from its defaults.
CASES = {
    "shift": ("shift", LINEAR, {"synthesizer": RIGHT}),
    "gradual": ("gradual", LINEAR, {"synthesizer": RIGHT}),
    "label flip": ("label_flip", LOGISTIC, {"synthesizer": RIGHT}),
    "wrong synthesizer": (None, LINEAR, {"synthesizer": INDEPENDENT}),
    "wrong synthesizer, joint": (None, LINEAR, {"synthesizer": INDEPENDENT, "labels": "joint"}),
}
WEIGHTS = (0.0, 0.25, 0.5, 1.0)


def make_stream(kind, seed):
    if kind is None:
        return make_stream_glm(**SIZES, random_state=seed)
    length = {"drift_length": 4} if kind == "gradual" else {}
    drift_at = 4 if kind == "gradual" else 5
    return make_stream_drift(**SIZES, kind=kind, drift_at=drift_at, **length, random_state=seed)


def scores_of(case, learner, seed):
    """Return the score of each method on the last batch's truth."""
    kind, learners, options = CASES[case]
    stream, estimator = make_stream(kind, seed), learners[learner]
    X_test = np.random.default_rng([seed, 1]).normal(size=(5000, 4))
    truth = stream.truth(X_test, 7) if kind is not None else stream.truth(X_test)
    regression = stream.task == "regression"
    newest = stream.generation == 7
    models = {
        "real_only": clone(estimator).fit(stream.X[newest], stream.y[newest]),
        "all_real": clone(estimator).fit(stream.X, stream.y),
    }
    mix = RecursiveMixRegressor if regression else RecursiveMixClassifier
    for lam in LAMS:
        model = mix(estimator, lam=lam, random_state=seed, **options)
        models[lam] = model.fit(stream.X, stream.y, generation=stream.generation)
    return {
        name: r2_score(
            truth, model.predict(X_test) if regression else model.predict_proba(X_test)[:, 1]
        )
        for name, model in models.items()
    }


def measure_moves(n_seeds, n_jobs):
    keys = [(case, learner) for case in CASES for learner in CASES[case][1]]
    jobs = [(*key, seed) for key in keys for seed in range(n_seeds)]
    found = Parallel(n_jobs)(delayed(scores_of)(*job) for job in jobs)
    rows = []
    for i, (case, learner) in enumerate(keys):
        scores = pd.DataFrame(found[i * n_seeds : (i + 1) * n_seeds])
        error = scores.std(ddof=1) / np.sqrt(n_seeds)
        cells = {name: f"{scores[name].mean():.3f} ± {error[name]:.3f}" for name in scores}
        rows.append({"case": case, "learner": learner, **cells})
    return pd.DataFrame(rows)


def coefficient_errors(seed, n=100, n_generations=8):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3))
    y = X.sum(axis=1) + rng.normal(size=n)
    errors = []
    for lam in WEIGHTS:
        mix = RecursiveMixRegressor(
            LinearRegression(),
            GaussianSynthesizer(),
            workflow="fixed",
            lam=lam,
            labels="sample",
            n_synthetic=1.0,
            n_generations=n_generations,
            random_state=seed,
        ).fit(X, y)
        errors.append(np.sum((mix.estimator_.coef_ - 1) ** 2))
    return errors


def measure_same_rows(n_seeds, n_jobs):
    errors = np.array(Parallel(n_jobs)(delayed(coefficient_errors)(s) for s in range(n_seeds)))
    w = 1 / (1 + np.array(WEIGHTS))
    alone = errors[:, 0].mean()
    return pd.DataFrame(
        {
            "lam": WEIGHTS,
            "variance": errors.mean(axis=0) / alone,
            "standard error": (errors / alone).std(axis=0, ddof=1) / np.sqrt(n_seeds),
            "theory": 1 + (1 - w) ** 2 / (w * (2 - w)),
        }
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--n-seeds", type=int, default=10)
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--static", type=Path, default=STATIC)
    args = parser.parse_args()
    moves = measure_moves(args.n_seeds, args.n_jobs)
    print(moves.to_string(index=False))
    same = measure_same_rows(40 * args.n_seeds, args.n_jobs)
    print(same.round(3).to_string(index=False))
    args.static.mkdir(exist_ok=True)
    moves.to_csv(args.static / "when_not.csv", index=False)
    same.round(3).to_csv(args.static / "same_rows.csv", index=False)


if __name__ == "__main__":
    main()
