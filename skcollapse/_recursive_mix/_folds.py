"""Models of all folds but one, for predictions of rows that a model has not seen."""

import numpy as np
from joblib import Parallel, delayed
from sklearn.base import clone

from skcollapse._recursive_mix._fitting import fit_weighted, seed_parameters
from skcollapse._utils._rows import take_rows

__all__ = ["MIN_ROWS", "FoldModels", "deal_folds", "fit_folds"]

N_FOLDS = 5
# With fewer rows the folds' models are too far from a fit to all of them.
MIN_ROWS = 20


def deal_folds(code, seed):
    """Deal rows to folds at random, those of a class evenly.

    Returns None if the rows outside some fold would be of a single class; a table of a single
    class to begin with (a regression's rows) is dealt all the same.
    """
    shuffled = np.random.default_rng(seed).permutation(len(code))
    folds = np.empty(len(code), dtype=np.intp)
    folds[shuffled[np.argsort(code[shuffled], kind="stable")]] = np.arange(len(code)) % N_FOLDS
    if code.any() and any(len(np.unique(code[folds != fold])) < 2 for fold in range(N_FOLDS)):
        return None
    return folds


def fit_folds(unfitted, X, y, sample_weight, folds, seed, n_jobs):
    """Fit a clone to the rows outside each fold; weights of None are a plain fit.

    Returns None if the estimator refuses the rows of some fold: a column without a single value
    there, residuals where it wants counts. The mix that comes after may still suit it.
    """
    # Everything goes as an argument: joblib then shares one copy of the table between tasks.
    given = unfitted, X, y, sample_weight, folds, seed
    try:
        fitted = Parallel(n_jobs=n_jobs)(delayed(_fit_without)(f, *given) for f in range(N_FOLDS))
    except ValueError:
        return None
    return FoldModels(fitted, folds)


def _fit_without(fold, unfitted, X, y, sample_weight, folds, seed):
    train = np.flatnonzero(folds != fold)
    model = seed_parameters(clone(unfitted), seed)
    weights = None if sample_weight is None else sample_weight[train]
    generator = np.random.default_rng([seed, fold])
    fit_weighted(model, take_rows(X, train), y[train], weights, generator)
    return model


class FoldModels:
    """One model a fold, fitted to the rows outside it."""

    def __init__(self, models, folds):
        self.models, self.folds = models, folds

    def out_of_fold(self, X, predict):
        """Predict each training row by the model that has not seen it."""
        tests = [np.flatnonzero(self.folds == fold) for fold in range(N_FOLDS)]
        parts = [predict(m, take_rows(X, t)) for m, t in zip(self.models, tests, strict=True)]
        out = np.empty((len(self.folds), *parts[0].shape[1:]))
        out[np.concatenate(tests)] = np.concatenate(parts)
        return out

    def mean(self, X, predict):
        """Average the models' predictions of new rows: less variable than a single fit."""
        return sum(predict(model, X) for model in self.models) / len(self.models)
