"""Class probabilities and class draws, and the distribution of a number around its mean."""

import numpy as np
from sklearn.pipeline import Pipeline

from skcollapse._recursive_mix.fitting import assign_folds_of_copies, fit_folds

__all__ = ["Residuals", "class_probabilities", "draw_classes"]

# Residual quantiles kept for labels="sample": enough to carry skewness and tails, few enough to
# give away no row.
N_RESIDUAL_QUANTILES = 257


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
        rows : WeightedRows
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
    folds = assign_folds_of_copies(estimator.predict(rows.X), rows.y, seed)
    if folds.max() == 0:  # copies of a single row: nothing is left to fit on
        return np.zeros(len(rows.y))
    given = rows.X, rows.y, rows.full_weights()
    models = fit_folds(estimator, *given, folds, seed, n_jobs)
    residuals = rows.y.copy()
    residuals -= models.out_of_fold(rows.X, lambda model, X: model.predict(X))
    return residuals


def _moment_matched_quantiles(residuals, weights, remaining):
    """Summarise weighted residuals by quantiles of mean zero and of the right variance.

    Each is the average of the quantile function over an equal share of the total weight, read
    off the integrated quantile function. A weight of two then equals two rows.
    """
    share = weights / weights.sum()
    residuals = residuals - share @ residuals
    variance = share @ residuals**2 / remaining
    order = np.argsort(residuals, kind="stable")
    edges = np.concatenate([[0.0], np.cumsum(share[order])])
    integral = np.concatenate([[0.0], np.cumsum(share[order] * residuals[order])])
    grid = np.linspace(0.0, edges[-1], N_RESIDUAL_QUANTILES + 1)
    quantiles = np.diff(np.interp(grid, edges, integral)) * N_RESIDUAL_QUANTILES
    quantiles -= quantiles.mean()
    spread = quantiles.std()
    return quantiles * (np.sqrt(variance) / spread if spread > 0 else 0.0)
