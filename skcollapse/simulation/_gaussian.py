"""Means and covariances of a Gaussian refitted recursively, for any workflow."""

import numpy as np

from skcollapse._utils._bunch import Bunch
from skcollapse._utils._random import make_generator
from skcollapse._utils._validation import whole_number
from skcollapse.simulation._checks import (
    check_choice,
    check_lams,
    check_synthetic_rows,
)
from skcollapse.simulation._recursion import Recursion
from skcollapse.theory import covariance_matrix
from skcollapse.workflows import check_workflow

__all__ = ["simulate_gaussian"]

# Replications held in memory together: moments are small, the rows of a subsample are not.
_AT_ONCE = 1000
_AT_ONCE_WITH_ROWS = 100


def simulate_gaussian(
    workflow,
    covariance,
    n_samples,
    n_generations,
    *,
    lam=None,
    n_synthetic=1.0,
    centring="pooled",
    n_replications=1000,
    random_state=None,
):
    r"""Refit a Gaussian recursively on real rows and on rows drawn from its own fits.

    The Monte Carlo twin of the theory of Gaussian means and covariances (see Notes): every
    replication fits what `skcollapse.synthesizers.GaussianSynthesizer` fits and draws from it, as
    the plan and the masses of the workflow say.

    Parameters
    ----------
    workflow : str or BaseWorkflow instance
        Which batches train a generation: a name in `skcollapse.workflows.WORKFLOW_NAMES`, or an
        object.
    covariance : float or array-like of shape (n_features, n_features)
        Covariance matrix of the real rows, symmetric and positive semidefinite; a number is the
        variance of one feature. Their mean is zero.
    n_samples : int
        Rows of a real batch, >= 2.
    n_generations : int
        Generations after generation 0, >= 0.
    lam : float, sequence of float or None, default=None
        Total weight of the synthetic part relative to the real part, the same in all generations
        or one for each generation 1, 2, ...; None gives every row the same weight. Not used by a
        workflow that fixes all weights itself. A workflow that fits on a subsample takes None
        only.
    n_synthetic : float, default=1.0
        Rows of a synthetic batch as a multiple of `n_samples`; rounded to whole rows.
    centring : {"pooled", "separate"}, default="pooled"
        Around which mean the covariance is taken. "pooled": the weighted mean of all rows, with
        the total weight as divisor (maximum likelihood). "separate": the real and the synthetic
        part each around its own mean with an unbiased divisor, which needs two rows or more in a
        synthetic batch and no subsample.
    n_replications : int, default=1000
        Number of independent runs, >= 1.
    random_state : int, RandomState instance, Generator or None, default=None
        Seed of the draws. Calls that differ in `lam` or `centring` only share their random
        numbers.

    Returns
    -------
    fits : Bunch
        With two arrays: `mean`, of shape (n_replications, n_generations + 1, n_features), and
        `covariance`, of shape (n_replications, n_generations + 1, n_features, n_features).

    Raises
    ------
    ValueError
        If an argument is out of range, or the workflow names no batches for a generation.

    Notes
    -----
    Batch b has :math:`n_b` rows, sample mean :math:`\bar x_b` and scatter
    :math:`A_b = \sum_{i \in b} (x_i - \bar x_b)(x_i - \bar x_b)^\top`. Real batches come from
    :math:`N(0, \Sigma)`, synthetic ones from the fit of their parent,
    :math:`N(\hat\mu_{\mathrm{parent}(b)}, \hat\Sigma_{\mathrm{parent}(b)})`. With the weights
    :math:`W_b` of a generation and :math:`\hat\mu = \sum_b W_b \bar x_b`, pooled centring gives

    .. math:: \hat\Sigma = \sum_b W_b
       \left[\frac{A_b}{n_b} + (\bar x_b - \hat\mu)(\bar x_b - \hat\mu)^\top\right] .

    Separate centring takes the same sum within each part p (real, synthetic), with its share
    :math:`W_p` and shares :math:`s_b = W_b / W_p` inside it, and
    :math:`\hat\Sigma = \sum_p W_p \hat\Sigma_p / (1 - \sum_{b \in p} s_b^2 / n_b)`; for one batch
    the divisor is the usual :math:`n_b - 1`. Only :math:`\bar x_b` and :math:`A_b` are drawn:
    independent, normal with covariance :math:`\Sigma_b / n_b` and Wishart with :math:`n_b - 1`
    degrees of freedom, which is the exact law for rows. Rows themselves are drawn where a
    workflow fits on a subsample.

    What it simulates, by function of `skcollapse.theory`:

    =======================  ========================  ==========================================
    function                 workflow                  what is averaged
    =======================  ========================  ==========================================
    `variance_path`          "fresh", separate         n times the squared mean
    `covariance_error_path`  "fresh", separate         squared error of the covariance
    `pooled_variance_path`   "fresh", pooled           n times the squared mean; the variance
    `gaussian_lam_path`      "fixed", pooled           squared mean; the variance
    `gaussian_location_mse`  "fixed", "fresh",         n times the squared mean, `lam` None
                             separate
    `gaussian_moments`       "replace", "accumulate",  squared mean; the variance
                             "accumulate_subsample",
                             pooled
    =======================  ========================  ==========================================

    With synthetic rows only, `gaussian_collapse_factor` gives the standard deviation and the
    logarithm of the variance (separate), and the variance (pooled); the average of unbiased
    variances is carried by few runs.

    References
    ----------
    .. [1] H. He, S. Xu, G. Cheng, "Recursive Learning Without Collapse: A Weighting-Based
       Stabilization Framework", arXiv:2502.18049.
    .. [2] Q. Bertrand, A. J. Bose, A. Duplessis, M. Jiralerspong, G. Gidel, "On the Stability
       of Iterative Retraining of Generative Models on their own Data", ICLR 2024,
       arXiv:2310.00429.

    Examples
    --------
    Fitted to its own rows only, a Gaussian collapses; fresh real rows hold it up.

    >>> import numpy as np
    >>> from skcollapse.simulation import simulate_gaussian
    >>> def typical_variance(workflow, lam=None):
    ...     fits = simulate_gaussian(workflow, 1.0, 20, 50, lam=lam, random_state=0)
    ...     return np.median(fits.covariance[:, -1, 0, 0])
    >>> bool(typical_variance("replace") < 0.1)
    True
    >>> bool(typical_variance("fresh", lam=0.618) > 0.9)
    True
    """
    workflow = check_workflow(workflow)
    sigma = covariance_matrix(covariance)
    check_choice(centring, ("pooled", "separate"), "centring")
    n_samples = whole_number(n_samples, "n_samples", 2)
    n_generations = whole_number(n_generations, "n_generations", 0)
    n_replications = whole_number(n_replications, "n_replications", 1)
    rows = (n_samples, check_synthetic_rows(n_synthetic, n_samples))
    lams = check_lams(lam, n_generations, workflow)
    run = _Run(sigma, centring, workflow, rows, lams, make_generator(random_state))
    if centring == "separate":
        _check_parts(workflow, rows[1], n_synthetic)
    at_once = _AT_ONCE if run.budget is None else _AT_ONCE_WITH_ROWS
    sizes = [min(at_once, n_replications - first) for first in range(0, n_replications, at_once)]
    means, covariances = zip(*(run.paths(size) for size in sizes), strict=True)
    return Bunch(mean=np.concatenate(means), covariance=np.concatenate(covariances))


class _Run(Recursion):
    """The recursion of one call, for as many replications at once as asked."""

    def __init__(self, sigma, centring, *recursion):
        super().__init__(*recursion, least_rows=2)
        self.root = _root(sigma)
        self.centring = centring

    def paths(self, n_replications):
        """Return the means and the covariances of all generations."""
        d = len(self.root)
        means = np.empty((n_replications, len(self.plans), d))
        covariances = np.empty((n_replications, len(self.plans), d, d))
        draw_batch = self._draw_moments if self.budget is None else self._draw_rows

        def draw(batch):
            parent, real = batch.generation - 1, batch.source == "real"
            mean = np.zeros((n_replications, d)) if real else means[:, parent]
            root = self.root if real else _root(covariances[:, parent])
            return draw_batch(self.rows[batch.source], mean, root)

        if self.budget is None:
            fits = map(self._fit_moments, self.used_batches(draw))
        else:
            fits = (self._fit_rows(*rows) for rows in self.training_sets(draw))
        for t, fit in enumerate(fits):
            means[:, t], covariances[:, t] = fit
        return means, covariances

    def _draw_moments(self, n_rows, mean, root):
        """Draw the sample mean and the scatter of rows from N(mean, root root')."""
        n_replications, d = mean.shape
        normal = self.generator.standard_normal((n_replications, d, 1))
        centre = mean + (root @ normal)[:, :, 0] / np.sqrt(n_rows)
        # Bartlett's factor of a Wishart matrix; with few rows it has fewer columns than rows.
        freedom = n_rows - 1 - np.arange(min(d, n_rows - 1))
        shape = (n_replications, d, len(freedom))
        factor = np.tril(self.generator.standard_normal(shape), -1)
        chi2 = self.generator.chisquare(freedom, (n_replications, len(freedom)))
        factor[:, range(len(freedom)), range(len(freedom))] = np.sqrt(chi2)
        spread = root @ factor
        return centre, spread @ spread.transpose(0, 2, 1)

    def _fit_moments(self, used):
        """Fit the moments of the batches that carry weight, as the Notes say."""
        mass = np.array([mass for _, _, mass in used])
        n_rows = np.array([self.rows[batch.source] for batch, _, _ in used])
        centres = np.stack([centre for _, (centre, _), _ in used])
        scatters = np.stack([scatter for _, (_, scatter), _ in used])
        separate = self.centring == "separate"
        part = np.array([separate and batch.source == "real" for batch, _, _ in used])
        covariance = np.zeros(scatters.shape[1:])
        for own in (part, ~part):
            if own.any():
                share = mass[own] / mass[own].sum()
                middle = np.tensordot(share, centres[own], 1)
                off = np.sqrt(share)[:, None, None] * (centres[own] - middle)
                spread = np.tensordot(share / n_rows[own], scatters[own], 1)
                spread += off.transpose(1, 2, 0) @ off.transpose(1, 0, 2)
                divisor = 1 - np.sum(share**2 / n_rows[own]) if separate else 1.0
                covariance += mass[own].sum() / mass.sum() * spread / divisor
        return np.tensordot(mass / mass.sum(), centres, 1), covariance

    def _draw_rows(self, n_rows, mean, root):
        """Draw the one array of a batch: rows from N(mean, root root')."""
        normal = self.generator.standard_normal((len(mean), n_rows, mean.shape[1]))
        return (mean[:, None, :] + normal @ np.swapaxes(root, -1, -2),)

    def _fit_rows(self, X, weights):
        """Fit the pooled moments of weighted rows."""
        weights = np.tile(weights, (len(X), 1)) if weights.ndim == 1 else weights
        weights = weights / weights.sum(axis=1, keepdims=True)
        mean = (weights[:, None, :] @ X)[:, 0]
        off = np.sqrt(weights)[:, :, None] * (X - mean[:, None, :])
        return mean, off.transpose(0, 2, 1) @ off


def _root(covariance):
    """Return R with R R' = covariance, for one matrix or many."""
    try:
        return np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError:  # some fit is singular: few rows, or a singular truth
        values, vectors = np.linalg.eigh(covariance)
        return vectors * np.sqrt(np.maximum(values, 0.0))[..., None, :]


def _check_parts(workflow, n_rows, n_synthetic):
    if workflow.budget(1.0) is not None:
        raise ValueError(
            f"centring must be 'pooled' with {workflow!r}: a subsample need not have two rows of "
            "each part."
        )
    if n_rows < 2:
        raise ValueError(
            "n_synthetic must make two rows or more with centring='separate', "
            f"got {n_synthetic!r}."
        )
