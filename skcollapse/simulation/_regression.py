"""Regressions refitted recursively, for any workflow."""

import warnings

import numpy as np
from scipy.special import expit
from sklearn.exceptions import ConvergenceWarning

from skcollapse._utils._random import make_generator
from skcollapse._utils._validation import whole_number
from skcollapse.simulation._checks import (
    check_choice,
    check_lams,
    check_synthetic_rows,
)
from skcollapse.simulation._newton import FAMILIES, fit_regressions
from skcollapse.simulation._recursion import Recursion
from skcollapse.workflows import check_workflow

__all__ = ["simulate_regression"]

# Replications held in memory together: small enough for the cache, large enough for numpy.
_AT_ONCE = 100

# numpy draws no Poisson counts of larger means; only runs that have long exploded get there.
_MAX_RATE = 1e18


def simulate_regression(
    workflow,
    family,
    n_samples,
    n_features,
    n_generations,
    *,
    lam=None,
    n_synthetic=1.0,
    redraw=True,
    n_replications=1000,
    coef=None,
    random_state=None,
):
    r"""Refit a regression recursively on real rows and on rows drawn from its own fits.

    The Monte Carlo twin of `skcollapse.theory.relative_risk` on rows: every replication draws
    data sets, fits the model by maximum likelihood and draws again, as the plan and the masses of
    the workflow say.

    Parameters
    ----------
    workflow : str or BaseWorkflow instance
        Which batches train a generation: a name in `skcollapse.workflows.WORKFLOW_NAMES`, or an
        object.
    family : {"linear", "logistic", "poisson"}
        Model of the responses given the covariates: unit normal noise, labels 0 and 1, or counts
        with logarithmic link.
    n_samples : int
        Rows of a real batch, > `n_features`.
    n_features : int
        Number of covariates, >= 1. There is no intercept.
    n_generations : int
        Generations after generation 0, >= 0.
    lam : float, sequence of float or None, default=None
        Total weight of the synthetic part relative to the real part, the same in all generations
        or one for each generation 1, 2, ...; None gives every row the same weight. Not used by a
        workflow that fixes all weights itself. A workflow that fits on a subsample takes None
        only.
    n_synthetic : float, default=1.0
        Rows of a synthetic batch as a multiple of `n_samples`; rounded to whole rows.
    redraw : bool, default=True
        Whether covariates are drawn anew for each batch. If False, the first `n_samples` are kept
        for all batches, which repeat them in turn, and only responses are new.
    n_replications : int, default=1000
        Number of independent runs, >= 1. Memory is that of a hundred of them.
    coef : array-like of shape (n_features,) or None, default=None
        True coefficients; None stands for ones.
    random_state : int, RandomState instance, Generator or None, default=None
        Seed of the draws.

    Returns
    -------
    coefficients : ndarray of shape (n_replications, n_generations + 1, n_features)
        Estimates of all generations. A run of which a fit has no unique maximum, for instance
        on separable labels, is nan from that generation on.

    Raises
    ------
    ValueError
        If an argument is out of range, or the workflow names no batches for a generation.

    Warns
    -----
    ConvergenceWarning
        If runs ended before the last generation; it tells how many.

    Notes
    -----
    Covariates of every batch, or of the first one, are drawn from :math:`N(0, I)`. Responses of a
    real batch come from the model at the true :math:`\beta`, those of a synthetic batch b from the
    model at :math:`\hat\beta_{\mathrm{parent}(b)}`. With the cumulant A of the family, row weights
    :math:`W_{gb}` shared equally by the :math:`n_b` rows of a batch, and no penalty,

    .. math:: \hat\beta_g = \arg\max_\beta \sum_b \frac{W_{gb}}{n_b} \sum_{i \in b}
       (y_i x_i^T \beta - A(x_i^T \beta)), \qquad
       n \operatorname{Cov}(\hat\beta_g) \to R_g I(\beta)^{-1},

    where :math:`I` is the Fisher information of one row and :math:`R_g` is
    ``relative_risk(workflow.mixing_matrix(...))[g]``, the same for all families. The limit is of
    first order in 1/n: small samples lie above it, logistic and Poisson fits more than linear
    ones, and where runs end the mean is over those that did not. It does not hold for
    misspecified models or synthetic covariates of another law. Linear fits have an exact risk for
    few rows as well, ``linear_regression_risk(..., redraw=redraw)``, under "replace" and
    "accumulate"; there the noise only sets the unit. A subsample of kept covariates can hold a
    row twice, so that it takes more rows to come near the limit.

    References
    ----------
    .. [1] H. He, S. Xu, G. Cheng, "Recursive Learning Without Collapse: A Weighting-Based
       Stabilization Framework", arXiv:2502.18049.
    .. [2] A. Dey, D. Donoho, "Universality of the pi^2/6 Pathway in Avoiding Model Collapse",
       arXiv:2410.22812.
    .. [3] M. Gerstgrasser et al., "Is Model Collapse Inevitable? Breaking the Curse of Recursion
       by Accumulating Real and Synthetic Data", arXiv:2404.01413.

    Examples
    --------
    Weighted by the golden ratio, the error settles at 0.618 of that of the first fit; without
    real rows it grows with every generation.

    >>> from skcollapse.simulation import simulate_regression
    >>> golden = (5**0.5 - 1) / 2
    >>> def relative_error(workflow, lam=None):
    ...     path = simulate_regression(workflow, "linear", 60, 2, 3, lam=lam, random_state=0)
    ...     mse = ((path - 1) ** 2).sum(axis=2).mean(axis=0)
    ...     return mse / mse[0]
    >>> bool(abs(relative_error("fresh", golden)[3] - 0.618) < 0.07)
    True
    >>> bool(relative_error("replace")[3] > 3.5)
    True
    """
    workflow = check_workflow(workflow)
    check_choice(family, FAMILIES, "family")
    n_features = whole_number(n_features, "n_features", 1)
    n_samples = whole_number(n_samples, "n_samples", n_features + 1)
    n_generations = whole_number(n_generations, "n_generations", 0)
    n_replications = whole_number(n_replications, "n_replications", 1)
    run = _Run(
        workflow,
        family,
        _check_coef(coef, n_features),
        (n_samples, check_synthetic_rows(n_synthetic, n_samples)),
        check_lams(lam, n_generations, workflow),
        make_generator(random_state),
        redraw,
    )
    sizes = [min(_AT_ONCE, n_replications - first) for first in range(0, n_replications, _AT_ONCE)]
    coefficients = np.concatenate([run.paths(size) for size in sizes])
    n_ended = np.isnan(coefficients[:, -1, 0]).sum()
    if n_ended:
        warnings.warn(
            f"{n_ended} of {n_replications} runs ended early, on data whose likelihood has no "
            "unique maximum; they are nan from there on. Raise n_samples to have fewer.",
            ConvergenceWarning,
            stacklevel=2,
        )
    return coefficients


class _Run(Recursion):
    """The recursion of one call, for as many replications at once as asked."""

    def __init__(self, workflow, family, coef, rows, lams, generator, redraw):
        super().__init__(workflow, rows, lams, generator, least_rows=len(coef) + 1)
        self.family = family
        self.redraw = redraw
        self.coef = coef

    def paths(self, n_replications):
        """Return the estimates of all generations, nan after a run has ended."""
        coefs = np.empty((len(self.plans), n_replications, len(self.coef)))
        ended = np.zeros(coefs.shape[:2], dtype=bool)
        shape = (n_replications, self.rows["real"], len(self.coef))
        kept = None if self.redraw else self.generator.standard_normal(shape)
        sets = self.training_sets(lambda batch: self._draw(batch, coefs, kept))
        for t, (X, y, weights) in enumerate(sets):
            start = np.tile(self.coef, (n_replications, 1))
            coefs[t], converged = fit_regressions(X, y, weights, self.family, start=start)
            # An ended run goes on from the truth, unseen, so that arrays keep their shape.
            coefs[t, ~converged] = self.coef
            ended[t:, ~converged] = True
        coefs[ended] = np.nan
        return coefs.transpose(1, 0, 2)

    def _draw(self, batch, coefs, kept):
        """Draw responses from the model at the coefficients of the parent, and new covariates."""
        n_replications, n_rows = coefs.shape[1], self.rows[batch.source]
        if kept is None:
            X = self.generator.standard_normal((n_replications, n_rows, len(self.coef)))
        else:
            X = kept[:, np.arange(n_rows) % kept.shape[1]]
        real = batch.source == "real"
        parent = np.tile(self.coef, (n_replications, 1)) if real else coefs[batch.generation - 1]
        eta = (X @ parent[:, :, None])[:, :, 0]
        if self.family == "linear":
            return X, eta + self.generator.standard_normal(eta.shape)
        if self.family == "logistic":
            return X, (self.generator.random(eta.shape) < expit(eta)).astype(np.float64)
        rate = np.exp(np.minimum(eta, np.log(_MAX_RATE)))
        return X, self.generator.poisson(rate).astype(np.float64)


def _check_coef(coef, n_features):
    if coef is None:
        return np.ones(n_features)
    coef = np.asarray(coef, dtype=np.float64)
    if coef.shape != (n_features,) or not np.isfinite(coef).all():
        raise ValueError(f"coef must hold n_features={n_features} finite numbers, got {coef!r}.")
    return coef
