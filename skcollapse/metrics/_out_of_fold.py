"""Out-of-fold scores of a classifier that tells rows of X from rows of Y."""

import numpy as np
from sklearn.base import clone, is_classifier
from sklearn.utils.validation import has_fit_parameter

from skcollapse._utils._folds import folds_in_turn, out_of_fold
from skcollapse._utils._random import make_generator
from skcollapse._utils._rows import rows_in_proportion
from skcollapse._utils._validation import whole_number
from skcollapse.metrics._coordinates import coordinates
from skcollapse.metrics._grid import grid_cells
from skcollapse.metrics._pair import value_codes

__all__ = ["check_classifier", "out_of_fold_scores"]

# From so many different values on, a numeric column is taken for a continuous one, in which a
# classifier learns what it needs about a row from its neighbours and not from its copies.
_MANY_VALUES = 50

# Below so many different rows, a sample is a few atoms: nothing is learnt about one from others.
_FEW_ROWS = 20

# What histogram gradient boosting takes a column; the last level is that of all lighter ones.
_MAX_BINS = 255
_MAX_LEVELS = 254

_MAX_SEED = 2**31 - 1


def check_classifier(classifier, cv):
    """Refuse what is no classifier with graded scores, and a number of folds below 2."""
    whole_number(cv, "cv", 2)
    if classifier is None:
        return
    graded = hasattr(classifier, "predict_proba") or hasattr(classifier, "decision_function")
    if isinstance(classifier, type) or not graded or not is_classifier(classifier):
        raise ValueError(
            "classifier must be None or a scikit-learn classifier with predict_proba or "
            f"decision_function, got {classifier!r}."
        )


def out_of_fold_scores(pair, classifier, cv, random_state):
    """Score every row by a classifier that has not seen it.

    Parameters
    ----------
    pair : Pair
    classifier : classifier or None
    cv : int
    random_state : int, RandomState, Generator or None

    Returns
    -------
    units : Pair
        The rows that were scored. In continuous tables these are the different rows, so that all
        copies of a row are in one fold; otherwise all rows.
    scores : ndarray of shape (n_units,)
        Positive where the classifier holds a row to be one of Y.
    folds : ndarray of shape (n_units,) of int
    """
    generator = make_generator(random_state)
    units = _units(pair)
    folds = _folds(units, cv, generator)
    if classifier is None:
        features = _features(units)
        classifier = _boosting(units.columns, int(generator.integers(_MAX_SEED)))
    else:
        features = coordinates(units.columns, units.mixture).dense()

    def score(fold, test):
        model = _fit(clone(classifier), features, units, folds != fold, generator)
        return _score(model, features[test])

    return units, out_of_fold(folds, cv, score), folds


def _units(pair):
    # `value_codes` counts one code for missing.
    is_continuous = any(
        column.kind != "category" and value_codes(column)[1] > _MANY_VALUES
        for column in pair.columns
    )
    if not is_continuous:
        return pair
    units = pair.distinct()
    n_rows = [np.count_nonzero(mass) for mass in (units.mass_X, units.mass_Y)]
    return units if min(n_rows) >= _FEW_ROWS else pair


def _folds(units, cv, generator):
    """Deal the rows of X, those of both and those of Y into folds, in random order."""
    for mass, name in ((units.mass_X, "X"), (units.mass_Y, "Y")):
        if np.count_nonzero(mass) < cv:
            raise ValueError(
                f"cv={cv} folds need at least {cv} rows of positive weight in {name}, "
                f"got {np.count_nonzero(mass)}."
            )
    # In this order the rows of X stand together and so do those of Y: no fold is without either.
    kind = np.sign(units.mass_Y) - np.sign(units.mass_X)
    return folds_in_turn(np.lexsort((generator.random(len(kind)), kind)), cv)


def _boosting(columns, seed):
    from sklearn.ensemble import HistGradientBoostingClassifier

    # No early stopping: its inner split knows nothing of copies. Half the usual rounds tell XOR,
    # a circle and a shift apart as well as all of them, in half the time.
    return HistGradientBoostingClassifier(
        max_iter=50,
        categorical_features=[column.kind == "category" for column in columns],
        early_stopping=False,
        random_state=seed,
    )


def _features(units):
    """Return bins of numbers and codes of levels as floats, nan where missing."""
    features = np.empty((len(units.mass_X), len(units.columns)))
    for j, column in enumerate(units.columns):
        if column.kind != "category":
            # Boosting would find bins itself, in each fold anew; with weights that takes longer
            # than all the rest. No label is used here, so the folds need not be kept apart.
            values = grid_cells(column, units.mixture, _MAX_BINS)
        elif column.n_levels > _MAX_LEVELS:
            values = _lump(column, units.mixture)
        else:
            values = column.values
        features[:, j] = np.where(column.missing, np.nan, values)
    return features


def _lump(column, mass):
    """Keep the heaviest levels and make one of the rest."""
    shares = np.bincount(column.values[~column.missing], mass[~column.missing], column.n_levels)
    heaviest = np.argsort(-shares, kind="stable")[: _MAX_LEVELS - 1]
    codes = np.full(column.n_levels, _MAX_LEVELS - 1)
    codes[heaviest] = np.arange(_MAX_LEVELS - 1)
    return codes[np.maximum(column.values, 0)]


def _fit(model, features, units, train, generator):
    """Fit on both samples with equal total weight."""
    rows = [np.flatnonzero(train & (mass > 0)) for mass in (units.mass_X, units.mass_Y)]
    n_rows = len(rows[0]) + len(rows[1])
    weights = [
        mass[own] * (n_rows / 2 / mass[own].sum())
        for mass, own in zip((units.mass_X, units.mass_Y), rows, strict=True)
    ]
    taken, is_Y = np.concatenate(rows), np.repeat([0, 1], [len(own) for own in rows])
    weight = np.concatenate(weights)
    if has_fit_parameter(model, "sample_weight"):
        return model.fit(features[taken], is_Y, sample_weight=weight)
    drawn = rows_in_proportion(weight, generator)
    return model.fit(features[taken[drawn]], is_Y[drawn])


def _score(model, features):
    if hasattr(model, "predict_proba"):
        return model.predict_proba(features)[:, 1] - 0.5
    return model.decision_function(features)
