"""Models of all folds but one, for predictions of rows that a model has not seen."""

import numpy as np
from joblib import Parallel, delayed
from sklearn.base import clone

from skcollapse._recursive_mix.fitting._seeds import seed_parameters
from skcollapse._recursive_mix.fitting._weighted import fit_weighted
from skcollapse._utils._folds import folds_in_turn, out_of_fold
from skcollapse._utils._rows import take_rows

__all__ = [
    "MIN_ROWS",
    "FoldModels",
    "assign_folds",
    "assign_folds_of_copies",
    "fit_folds",
    "fit_folds_or_none",
]

N_FOLDS = 5
# With fewer rows the folds' models are too far from a fit to all of them.
MIN_ROWS = 20


def assign_folds(strata, seed):
    """Assign rows to folds at random, the rows of each stratum evenly.

    Returns None if the rows outside some fold would be of a single stratum. A table of a single
    stratum to begin with (a regression's rows) is assigned all the same.
    """
    shuffled = np.random.default_rng(seed).permutation(len(strata))
    folds = folds_in_turn(shuffled[np.argsort(strata[shuffled], kind="stable")], N_FOLDS)
    if strata.any() and any(len(np.unique(strata[folds != fold])) < 2 for fold in range(N_FOLDS)):
        return None
    return folds


def assign_folds_of_copies(predicted, y, seed):
    """Assign rows to folds at random, copies of a row to the same fold.

    With copies in two folds a flexible estimator could look up the answer, and a weight of two
    would not equal two rows. Rows with equal target and prediction count as copies.
    """
    keys = np.column_stack([np.ravel(predicted), y])
    # Rounded, since the same row may be predicted with another last bit elsewhere in a table.
    keys = np.round(keys / (np.abs(keys).max() or 1.0), 9)
    _, group = np.unique(keys, axis=0, return_inverse=True)
    group = group.ravel()  # numpy 2.0 returned a column here
    n_groups = group.max() + 1
    shuffled = np.random.default_rng(seed).permutation(n_groups)
    return shuffled[group] % min(N_FOLDS, n_groups)


def fit_folds(unfitted, X, y, sample_weight, folds, seed, n_jobs):
    """Fit a clone to the rows outside each fold; ``sample_weight=None`` is a plain fit."""
    # Everything goes as an argument: joblib then shares one copy of the table between jobs.
    given = unfitted, X, y, sample_weight, folds, seed
    n_folds = folds.max() + 1
    fitted = Parallel(n_jobs=n_jobs)(delayed(_fit_without)(f, *given) for f in range(n_folds))
    return FoldModels(fitted, folds)


def fit_folds_or_none(*args, **kwargs):
    """Do the same; return None if the estimator rejects the rows of some fold.

    There may be a column without a single value in a fold, or residuals where the estimator wants
    counts. It may still accept the mix that comes after.
    """
    try:
        return fit_folds(*args, **kwargs)
    except ValueError:
        return None


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

        def predict_fold(fold, test):
            return predict(self.models[fold], take_rows(X, test))

        return out_of_fold(self.folds, len(self.models), predict_fold)

    def mean(self, X, predict):
        """Average the models' predictions of new rows: less variable than a single fit."""
        return sum(predict(model, X) for model in self.models) / len(self.models)
