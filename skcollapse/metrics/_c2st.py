"""Classifier two-sample test."""

import numpy as np
from sklearn.metrics import roc_auc_score

from skcollapse.metrics._out_of_fold import check_classifier, out_of_fold_scores
from skcollapse.metrics._pair import read_pair

__all__ = ["c2st_auc", "pair_auc"]


def c2st_auc(
    X,
    Y,
    *,
    sample_weight_X=None,
    sample_weight_Y=None,
    classifier=None,
    cv=5,
    random_state=None,
):
    """Compute how well a classifier tells two samples apart, as an area under the curve.

    0.5 means that it cannot, 1 that it always can. This is the chance that a row of Y is given a
    higher score than a row of X by a classifier that has seen neither.

    Parameters
    ----------
    X, Y : DataFrame or array-like of shape (n_samples, n_columns) or (n_samples,)
        The samples, with the same columns; numbers of rows may differ. Frames may hold numbers,
        text, categories, booleans, dates and missing values.
    sample_weight_X, sample_weight_Y : array-like of shape (n_samples,), default=None
        Non-negative weights; None means equal ones. Only their ratios count: both samples always
        have the same total weight in the fit.
    classifier : scikit-learn classifier, default=None
        Cloned for each fold. None means ``HistGradientBoostingClassifier(max_iter=50,
        early_stopping=False)`` on numbers, in 255 bins of equal mass, and levels. Any other
        classifier gets standardised numbers and one indicator for each level, and is fitted on
        systematically resampled rows if its `fit` takes no `sample_weight` (a pipeline does not).
    cv : int, default=5
        Number of folds, >= 2. Both samples are dealt evenly into them.
    random_state : int, RandomState, Generator or None, default=None
        Deals the rows into folds and seeds the default classifier. Give an int for a value that
        can be repeated.

    Returns
    -------
    auc : float
        Mean over folds of the weighted out-of-fold area under the ROC curve.

    Raises
    ------
    ValueError
        If a table is empty or holds infinity, if the columns differ, if weights are negative, not
        finite or all zero, if `classifier` is no classifier with scores, or if a sample has fewer
        rows than folds.

    See Also
    --------
    total_variation : With ``method="classifier"``, a lower bound from the same scores.

    Notes
    -----
    For two samples of one law the value scatters around 0.5 with a standard error of about
    sqrt((1/n_X + 1/n_Y) / 12), to either side; it is not folded at 0.5.

    *Copies.* Where a numeric column has 50 or more different values and both samples have 20 or
    more different rows, all copies of a row are put in one fold and count as one row with their
    total weight. So a sample compared with itself gives exactly 0.5, weight 3 is the same as the
    row three times, and a synthesizer that hands back rows of X is judged by its law and not by
    its copies. In other tables copies are all there
    is to learn from: each row is dealt on its own, and the statements hold up to noise.

    The default classifier reads the 253 heaviest levels of a category and one for all others.

    References
    ----------
    .. [1] D. Lopez-Paz, M. Oquab, "Revisiting Classifier Two-Sample Tests", arXiv:1610.06545.

    Examples
    --------
    >>> import numpy as np
    >>> from skcollapse.metrics import c2st_auc
    >>> X = np.arange(100.0)
    >>> c2st_auc(X, X[::-1], random_state=0)
    0.5
    >>> c2st_auc(X, X + 1000, random_state=0) > 0.99
    True
    """
    check_classifier(classifier, cv)
    pair = read_pair(X, Y, sample_weight_X, sample_weight_Y)
    return pair_auc(pair, classifier, cv, random_state)


def pair_auc(pair, classifier, cv, random_state):
    """Return the mean area under the curve of the folds."""
    units, scores, folds = out_of_fold_scores(pair, classifier, cv, random_state)
    is_Y = np.repeat([0, 1], len(scores))
    mass = np.stack([units.mass_X, units.mass_Y])
    areas = [
        # Rows of mass 0 in one of the samples take no part there.
        roc_auc_score(is_Y, np.tile(scores, 2), sample_weight=(mass * (folds == fold)).ravel())
        for fold in range(folds.max() + 1)
    ]
    return float(np.mean(areas))
