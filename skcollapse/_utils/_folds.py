"""Folds: who is in which, and predictions of rows by models that have not seen them."""

import numpy as np

__all__ = ["folds_in_turn", "out_of_fold"]


def folds_in_turn(order, n_folds):
    """Return the fold of each row: rows go to the folds in turn, in the given order.

    Rows that stand together in the order are spread evenly over the folds: sort by stratum, and
    at random inside each.
    """
    folds = np.empty(len(order), dtype=np.intp)
    folds[order] = np.arange(len(order)) % n_folds
    return folds


def out_of_fold(folds, n_folds, predict):
    """Return the prediction of each row by the model of the other folds.

    ``predict(fold, test)`` returns the predictions of the rows `test`, in one fold after the
    other.
    """
    tests = [np.flatnonzero(folds == fold) for fold in range(n_folds)]
    parts = [predict(fold, test) for fold, test in enumerate(tests)]
    out = np.empty((len(folds), *parts[0].shape[1:]))
    out[np.concatenate(tests)] = np.concatenate(parts)
    return out
