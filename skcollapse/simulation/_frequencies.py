"""Category frequencies estimated recursively, for any workflow."""

import numpy as np

from skcollapse._utils._random import make_generator
from skcollapse._utils._validation import whole_number
from skcollapse.simulation._checks import (
    check_lams,
    check_synthetic_rows,
)
from skcollapse.simulation._recursion import Recursion
from skcollapse.workflows import check_workflow

__all__ = ["simulate_frequencies"]


def simulate_frequencies(
    workflow,
    probabilities,
    n_samples,
    n_generations,
    *,
    lam=None,
    n_synthetic=1.0,
    n_replications=1000,
    random_state=None,
):
    r"""Estimate category frequencies recursively from real rows and from their own draws.

    The Monte Carlo twin of what `skcollapse.theory` says about category shares, distribution
    functions and total variation (see Notes): every replication fits what
    `skcollapse.synthesizers.EmpiricalSynthesizer` fits and draws from it, as the plan and the
    masses of the workflow say.

    Parameters
    ----------
    workflow : str or BaseWorkflow instance
        Which batches train a generation: a name in `skcollapse.workflows.WORKFLOW_NAMES`, or an
        object.
    probabilities : array-like of shape (n_categories,)
        True probabilities of the categories, >= 0, with sum 1.
    n_samples : int
        Rows of a real batch, >= 1.
    n_generations : int
        Generations after generation 0, >= 0.
    lam : float, sequence of float or None, default=None
        Total weight of the synthetic part relative to the real part, the same in all generations
        or one for each generation 1, 2, ...; None gives every row the same weight. Not used by a
        workflow that fixes all weights itself. A workflow that fits on a subsample takes None
        only.
    n_synthetic : float, default=1.0
        Rows of a synthetic batch as a multiple of `n_samples`; rounded to whole rows.
    n_replications : int, default=1000
        Number of independent runs, >= 1. Rows are never drawn, only their counts, so time and
        memory do not depend on `n_samples`.
    random_state : int, RandomState instance, Generator or None, default=None
        Seed of the draws.

    Returns
    -------
    frequencies : ndarray of shape (n_replications, n_generations + 1, n_categories)
        Estimated probabilities of all generations.

    Raises
    ------
    ValueError
        If an argument is out of range, or the workflow names no batches for a generation.

    Notes
    -----
    Batch b has :math:`n_b` rows, of which :math:`N_{bj}` are in category j, and

    .. math:: N_b \sim \mathrm{Multinomial}(n_b, \hat p_{\mathrm{parent}(b)}), \qquad
       \hat p_g = \sum_b W_{gb} N_b / n_b,

    with the true p as the parent of a real batch. A subsample of a pool is drawn without
    replacement. Each estimate is unbiased, and without subsamples

    .. math:: n \operatorname{Cov}(\hat p_g) = R_g \, (\operatorname{diag} p - p p^T)

    for every n, with R = ``quadratic_variance_risk(workflow.mixing_matrix(...), n, -1)``, which
    is ``variance_path`` with c = 1 - 1/m under "fresh" and tends to `relative_risk` for large n.
    (Under "accumulate_subsample" with batches of n rows R is n times the mean error of
    `gaussian_moments`, which needs no normality.)
    So R multiplies the variance of each linear statistic, for instance of the mean of scores
    given to the categories, and

    * the sum of squared errors: :math:`n E |\hat p_g - p|^2 = R_g (1 - |p|^2)`;
    * a distribution function: let the categories be K cells of equal probability, in order, and
      :math:`F_g` their cumulative sums. At each of the cells' ends the error is that of a coin, so
      :math:`n E \, \frac{1}{K} \sum_j (F_g(j/K) - j/K)^2 = R_g (1 - 1/K^2) / 6`; the
      left side tends to the Cramer-von Mises error of any continuous law as K grows, and 20 cells
      are within 0.3 percent of it;
    * the total variation :math:`\frac{1}{2} |\hat p_g - p|_1`: its mean is at most
      ``tv_bound`` of the errors :math:`\frac{1}{2} ((K - 1) \sum_b W_{gb}^2 / n_b)^{1/2}`, with K
      categories, also where real rows return: no batch's noise is correlated with another's.

    A category that no batch in use contains is lost; without real rows one remains in the end.

    References
    ----------
    .. [1] H. He, S. Xu, G. Cheng, "Recursive Learning Without Collapse: A Weighting-Based
       Stabilization Framework", arXiv:2502.18049.
    .. [2] S. Fu et al., "Towards Theoretical Understandings of Self-Consuming Generative Models",
       arXiv:2402.11778.

    Examples
    --------
    Without real rows a generation of 20 draws from the last one's shares loses categories;
    weighted by the golden ratio, 20 fresh rows each time hold the error at 0.62 of the first.

    >>> import numpy as np
    >>> from skcollapse.simulation import simulate_frequencies
    >>> p = np.array([0.5, 0.3, 0.15, 0.05])
    >>> replaced = simulate_frequencies("replace", p, 20, 60, random_state=0)
    >>> bool((replaced[:, -1] > 0).sum(axis=1).mean() < 1.2)
    True
    >>> fresh = simulate_frequencies("fresh", p, 20, 60, lam=0.618, random_state=0)
    >>> error = ((fresh - p) ** 2).sum(axis=2).mean(axis=0)
    >>> bool(abs(error[-20:].mean() / error[0] - 0.62) < 0.05)
    True
    """
    workflow = check_workflow(workflow)
    probabilities = _check_probabilities(probabilities)
    n_samples = whole_number(n_samples, "n_samples", 1)
    n_generations = whole_number(n_generations, "n_generations", 0)
    n_replications = whole_number(n_replications, "n_replications", 1)
    run = _Run(
        probabilities,
        workflow,
        (n_samples, check_synthetic_rows(n_synthetic, n_samples)),
        check_lams(lam, n_generations, workflow),
        make_generator(random_state),
    )
    return run.paths(n_replications)


class _Run(Recursion):
    """The recursion of one call, for all replications at once."""

    def __init__(self, probabilities, *recursion):
        super().__init__(*recursion)
        self.probabilities = probabilities

    def paths(self, n_replications):
        """Return the frequencies of all generations."""
        frequencies = np.empty((len(self.plans), n_replications, len(self.probabilities)))

        def draw(batch):
            real = batch.source == "real"
            parent = self.probabilities if real else frequencies[batch.generation - 1]
            return self.generator.multinomial(self.rows[batch.source], parent, n_replications)

        for t, used in enumerate(self.used_batches(draw)):
            frequencies[t] = self._fit(used)
        return frequencies.transpose(1, 0, 2)

    def _fit(self, used):
        """Return the weighted shares of the batches, or of a subsample of their rows."""
        n_rows = np.array([self.rows[batch.source] for batch, _, _ in used])
        row_weights = np.array([mass for _, _, mass in used]) / n_rows
        counts = [drawn for _, drawn, _ in used]
        if self.budget is None or self.budget >= n_rows.sum():
            return sum(weight * drawn for weight, drawn in zip(row_weights, counts, strict=True))
        drawn = self._subsample(np.stack(counts, axis=1), n_rows)
        total = np.tensordot(drawn, row_weights, axes=(1, 0))
        return total / total.sum(axis=1, keepdims=True)

    def _subsample(self, counts, n_rows):
        """Draw as many rows as the budget allows, first among batches, then among categories."""
        wanted = self.generator.multivariate_hypergeometric(n_rows, self.budget, len(counts))
        left = np.broadcast_to(n_rows, wanted.shape)
        drawn = np.empty_like(counts)
        for j in range(counts.shape[2]):
            left = left - counts[:, :, j]
            drawn[:, :, j] = self.generator.hypergeometric(counts[:, :, j], left, wanted)
            wanted = wanted - drawn[:, :, j]
        return drawn


def _check_probabilities(probabilities):
    p = np.asarray(probabilities, dtype=np.float64)
    if p.ndim != 1 or not len(p) or not (p >= 0).all() or abs(p.sum() - 1) > 1e-9:
        raise ValueError(
            "probabilities must hold one number >= 0 for each category and sum to 1; divide "
            f"counts by their sum. Got {probabilities!r}."
        )
    return p / p.sum()
