"""Who labels the synthetic rows: the previous estimator or the synthesizer."""

import numpy as np
from joblib import Parallel, delayed
from sklearn.base import clone
from sklearn.model_selection import KFold
from sklearn.pipeline import Pipeline

from skcollapse._recursive_mix._fitting import fit_weighted
from skcollapse._utils._rows import take_rows

__all__ = ["Residuals", "class_probabilities", "draw_classes"]

# Residual quantiles kept for labels="sample": enough to carry skewness and tails, few enough to
# give away no row.
N_RESIDUAL_QUANTILES = 257
N_FOLDS = 5


def class_probabilities(estimator, X, classes):
    """Return probabilities of shape (n_rows, n_classes) with a column for each known class.

    The estimator may have been fitted on a batch in which some classes were absent. One without
    `predict_proba` gives probability one to the class it predicts.
    """
    out = np.zeros((X.shape[0], len(classes)))
    if hasattr(estimator, "predict_proba"):
        columns = np.searchsorted(classes, estimator.classes_)
        out[:, columns] = estimator.predict_proba(X)
    else:
        out[np.arange(len(out)), np.searchsorted(classes, estimator.predict(X))] = 1.0
    return out


def draw_classes(probabilities, classes, generator):
    """Draw one class per row from its probabilities."""
    edges = np.cumsum(probabilities, axis=1)
    points = generator.random(len(probabilities)) * edges[:, -1]
    # A point on an edge belongs to the class above: a class of probability zero is never drawn.
    return classes[np.minimum((edges <= points[:, None]).sum(axis=1), len(classes) - 1)]


class Residuals:
    """Distribution of y around the regression function, from which labels are drawn."""

    def __init__(self, quantiles):
        self.quantiles = quantiles

    @classmethod
    def estimate(cls, estimator, rows, *, shrinkage_per_parameter, seed, n_jobs):
        """Estimate it from the training rows of a generation.

        A linear model's own residuals are corrected for degrees of freedom. Any other
        estimator's say little about new rows, so it is refitted out of fold.

        Parameters
        ----------
        estimator : estimator
            Fitted on `rows`.
        rows : Rows
            Training rows and their weights in the fit.
        shrinkage_per_parameter : float
            Fraction of the noise variance that one fitted parameter takes out of the weighted
            residual variance: 1/n on n real rows, and 1/E_t - (1 - w_t)/E_{t-1} on a mix, since
            the synthetic rows scatter around the last model instead of the truth.
        seed : int
            Seed of the folds.
        n_jobs : int or None
            Folds fitted in parallel.
        """
        weights = rows.full_weights()
        explained = _n_parameters(estimator)
        remaining = None if explained is None else 1.0 - explained * shrinkage_per_parameter
        # Beyond half the noise the correction is a guess; refitting is the better measure.
        if remaining is not None and remaining > 0.5:
            residuals = rows.y - estimator.predict(rows.X)
        else:
            residuals, remaining = _out_of_fold(estimator, rows, seed, n_jobs), 1.0
        return cls(_moment_matched_quantiles(residuals, weights, remaining))

    def draw(self, n_rows, generator):
        """Draw residuals; their mean is zero and their variance the estimated one, exactly."""
        return self.quantiles[generator.integers(len(self.quantiles), size=n_rows)]


def _n_parameters(estimator):
    """Count the coefficients of a linear model, or return None for any other estimator."""
    last = estimator.steps[-1][1] if isinstance(estimator, Pipeline) else estimator
    coefficients = getattr(last, "coef_", None)
    if coefficients is None or not hasattr(last, "intercept_"):
        return None
    return np.count_nonzero(coefficients) + int(getattr(last, "fit_intercept", True))


def _out_of_fold(estimator, rows, seed, n_jobs):
    n_rows, weights = len(rows.y), rows.full_weights()
    if n_rows < 2:
        return np.zeros(n_rows)
    folds = KFold(min(N_FOLDS, n_rows), shuffle=True, random_state=seed).split(rows.y)

    def predict_fold(fold, train, test):
        model = clone(estimator)
        generator = np.random.default_rng([seed, fold])
        fit_weighted(model, take_rows(rows.X, train), rows.y[train], weights[train], generator)
        return test, model.predict(take_rows(rows.X, test))

    residuals = np.asarray(rows.y, dtype=np.float64).copy()
    tasks = (delayed(predict_fold)(i, *fold) for i, fold in enumerate(folds))
    for test, predicted in Parallel(n_jobs=n_jobs)(tasks):
        residuals[test] -= predicted
    return residuals


def _moment_matched_quantiles(residuals, weights, remaining):
    """Summarise weighted residuals by quantiles of mean zero and of the right variance."""
    share = weights / weights.sum()
    variance = share @ (residuals - share @ residuals) ** 2 / remaining
    order = np.argsort(residuals, kind="stable")
    cumulated = np.cumsum(share[order])
    grid = (np.arange(N_RESIDUAL_QUANTILES) + 0.5) / N_RESIDUAL_QUANTILES
    quantiles = np.interp(grid, cumulated - share[order] / 2, residuals[order])
    quantiles -= quantiles.mean()
    spread = quantiles.std()
    return quantiles * (np.sqrt(variance) / spread if spread > 0 else 0.0)
