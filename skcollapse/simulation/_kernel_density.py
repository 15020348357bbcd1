"""Kernel densities refitted recursively, for any workflow."""

from typing import NamedTuple

import numpy as np

from skcollapse._utils._bunch import Bunch
from skcollapse._utils._random import make_generator
from skcollapse._utils._validation import whole_number
from skcollapse.simulation._checks import (
    check_lams,
    check_synthetic_rows,
)
from skcollapse.simulation._recursion import Recursion
from skcollapse.workflows import Batch, check_workflow

__all__ = ["simulate_kde"]

# Replications held in memory together, fewer if their grids would hold more cells than this.
_AT_ONCE = 100
_CELLS_AT_ONCE = 2**21
# Moving a row within its cell adds at most 1 / (12 * 32**2) of the squared bandwidth.
_CELLS_PER_SCALE = 32
_MAX_CELLS = 2**18
# The truth beyond these quantiles is left out: its squared density is negligible there.
_TAIL = 1e-6
# Standard deviations of all smoothing together that are kept free on either side of the truth.
_MARGIN = 6


def simulate_kde(
    workflow,
    density,
    n_samples,
    n_generations,
    *,
    bandwidth,
    lam=None,
    n_synthetic=1.0,
    smooth=True,
    n_replications=1000,
    random_state=None,
):
    r"""Refit a kernel density recursively on real rows and on rows drawn from its own fits.

    The Monte Carlo twin of `skcollapse.theory.kde_mise` and `kde_variance_inflation` on rows, for
    one feature and a Gaussian kernel, as the plan and the masses of the workflow say.

    Parameters
    ----------
    workflow : str or BaseWorkflow instance
        Which batches train a generation: a name in `skcollapse.workflows.WORKFLOW_NAMES`, or an
        object.
    density : frozen continuous distribution of scipy.stats
        Law of the real rows. Its density must be square integrable.
    n_samples : int
        Rows of a real batch, >= 1.
    n_generations : int
        Generations after generation 0, >= 0.
    bandwidth : float or sequence of float
        Standard deviation of the kernel, > 0, in the unit of the feature: the same in all
        generations or one for each generation 0, 1, ...
    lam : float, sequence of float or None, default=None
        Total weight of the synthetic part relative to the real part, the same in all generations
        or one for each generation 1, 2, ...; None gives every row the same weight. Not used by a
        workflow that fixes all weights itself. A workflow that fits on a subsample takes None
        only.
    n_synthetic : float, default=1.0
        Rows of a synthetic batch as a multiple of `n_samples`; rounded to whole rows.
    smooth : bool, default=True
        Whether rows are drawn from the density itself. If False, training rows are drawn again as
        they are, and only the estimate is smooth. As in
        `skcollapse.synthesizers.KernelDensitySynthesizer`, where it is off by default.
    n_replications : int, default=1000
        Number of independent runs, >= 2.
    random_state : int, RandomState instance, Generator or None, default=None
        Seed of the draws. Calls that differ in `lam` only share their random numbers.

    Returns
    -------
    errors : Bunch
        With these arrays, the integrated ones in the units of the density:

        - `ise`, of shape (n_replications, n_generations + 1): integrated squared error of each
          estimate. Its mean estimates the MISE, its spread gives the standard error.
        - `squared_bias` and `variance`, of shape (n_generations + 1,): unbiased estimates of
          the two parts of the MISE, which add up to the mean of `ise`. Close to zero the first
          may be negative.
        - `second_moment`, of shape (n_replications, n_generations + 1): that of each estimate
          about the mean of the real law, in the units of the feature squared.
        - `grid`, of shape (n_cells,), and `density`, of shape (n_generations + 1, n_cells): the
          mean of all estimates, for a plot.

    Raises
    ------
    ValueError
        If an argument is out of range, the workflow names no batches for a generation, or the
        density needs too large a grid.

    See Also
    --------
    simulate_gaussian : A parametric fit, which shrinks where a kernel density spreads.

    Notes
    -----
    With row weights :math:`W_{gb}` shared equally by the :math:`n_b` rows of a batch, the normal
    density :math:`K_h` with standard deviation h and the true density f,

    .. math:: \hat f_g(x) = \sum_b \frac{W_{gb}}{n_b} \sum_{i \in b} K_{h_g}(x - x_{bi}), \qquad
       \mathrm{ISE}_g = \int (\hat f_g - f)^2 \, dx .

    A synthetic batch is drawn from :math:`\hat f_{\mathrm{parent}(b)}`, or without its kernel. For
    the average :math:`\bar f_g` over R runs, the variance is
    :math:`(\overline{\mathrm{ISE}}_g - \int (\bar f_g - f)^2) R / (R - 1)`.

    Integrals are sums over a periodic grid with cells of 1/32 of the bandwidth or less, which
    rows beyond its ends enter from the other side: the error is below 1e-3 of the result, and
    below 2e-2 if f has jumps.

    What it simulates: `kde_mise` under "fresh" and "replace"; under "fresh" without smoothing,
    the variance of generation 0 times `variance_path` at c = 1 - 1/m. The mean of `second_moment`
    less the true variance is `kde_variance_inflation` under "fresh" and "fixed", and for any
    workflow, with s the true variance for real batches,

    .. math:: s_g = h_g^2 + \sum_b W_{gb} s_{\mathrm{parent}(b)} ,

    which grows by :math:`h^2` a generation under "replace" and adds up to
    :math:`h^2 \sum_{j \le g + 1} 1 / j` under "accumulate": slowly, but without a bound.

    References
    ----------
    .. [1] J. Kazdan et al., "Collapse or Thrive? Perils and Promises of Synthetic Data in a
       Self-Generating World", arXiv:2410.16713.
    .. [2] S. Fu, S. Zhang, Y. Wang, X. Tian, D. Tao, "Towards Theoretical Understandings of
       Self-Consuming Generative Models", ICML 2024, arXiv:2402.11778.

    Examples
    --------
    Fitted to its own rows, an estimate spreads out by the squared bandwidth each time.

    >>> from scipy.stats import norm
    >>> from skcollapse.simulation import simulate_kde
    >>> errors = simulate_kde(
    ...     "replace", norm(), 100, 5, bandwidth=0.5, n_replications=200, random_state=0
    ... )
    >>> bool(abs(errors.second_moment[:, 5].mean() - (1 + 6 * 0.5**2)) < 0.15)
    True
    >>> bool(errors.squared_bias[5] > 5 * errors.squared_bias[0])
    True
    """
    workflow = check_workflow(workflow)
    n_samples = whole_number(n_samples, "n_samples", 1)
    n_generations = whole_number(n_generations, "n_generations", 0)
    n_replications = whole_number(n_replications, "n_replications", 2)
    bandwidths = _check_bandwidth(bandwidth, n_generations)
    grid = _make_grid(density, bandwidths)
    rows = (n_samples, check_synthetic_rows(n_synthetic, n_samples))
    lams = check_lams(lam, n_generations, workflow)
    generator = make_generator(random_state)
    run = _Run(workflow, density, rows, lams, bandwidths if smooth else 0 * bandwidths, generator)
    mean = density.mean()
    ise, second_moment = np.empty((2, n_replications, n_generations + 1))
    total = np.zeros((n_generations + 1, len(grid.truth)), dtype=np.complex128)
    at_once = min(_AT_ONCE, max(1, _CELLS_AT_ONCE // grid.n_cells))
    for first in range(0, n_replications, at_once):
        part = slice(first, min(first + at_once, n_replications))
        for t, (X, weights) in enumerate(run.fits(part.stop - first)):
            spectra = grid.spectra(X, weights, bandwidths[t])
            ise[part, t] = grid.squared_distance(spectra)
            second_moment[part, t] = (weights * (X - mean) ** 2).sum(axis=1) + bandwidths[t] ** 2
            total[t] += spectra.sum(axis=0)
    average = total / n_replications
    mise, factor = ise.mean(axis=0), n_replications / (n_replications - 1)
    variance = factor * (mise - grid.squared_distance(average))
    return Bunch(
        ise=ise,
        squared_bias=mise - variance,
        variance=variance,
        second_moment=second_moment,
        grid=grid.low + grid.cell * (np.arange(grid.n_cells) + 0.5),
        density=np.fft.irfft(average, grid.n_cells) / grid.cell,
    )


class _Run(Recursion):
    """The recursion of one call, for as many replications at once as asked."""

    def __init__(self, workflow, density, rows, lams, noise, generator):
        super().__init__(workflow, rows, lams, generator)
        self.density = density
        self.noise = noise

    def fits(self, n_replications):
        """Yield rows and weights, of shape (n_replications, n_rows), of each generation."""
        shape = (n_replications, self.rows["real"])
        drawn = {}

        def draw(batch):
            if batch in drawn:
                return (drawn.pop(batch),)
            return (self.density.rvs(shape, random_state=self.generator),)

        for t, (X, weights) in enumerate(self.training_sets(draw)):
            weights = np.broadcast_to(weights / weights.sum(axis=-1, keepdims=True), X.shape)
            yield X, weights
            child = Batch("synthetic", t + 1)
            if child in self.last_use:  # now, since the fit itself is not kept
                drawn[child] = self._draw(X, weights, self.noise[t])

    def _draw(self, X, weights, noise):
        """Draw a synthetic batch: rows by weight, moved by the kernel."""
        n_replications, n_rows = X.shape
        shape = (n_replications, self.rows["synthetic"])
        # Adding its number to each replication makes all of them one increasing sequence.
        number = np.arange(n_replications)[:, None]
        ends = np.cumsum(weights, axis=1) + number
        places = self.generator.random(shape) + number
        chosen = np.searchsorted(ends.ravel(), places.ravel(), side="right").reshape(shape)
        chosen = np.clip(chosen - number * n_rows, 0, n_rows - 1)  # ends are rounded
        rows = np.take_along_axis(X, chosen, axis=1)
        return rows + noise * self.generator.standard_normal(shape)


class _Grid(NamedTuple):
    """A periodic grid and the Fourier transform of the truth's probabilities of its cells."""

    low: float
    cell: float
    n_cells: int
    truth: np.ndarray

    def spectra(self, X, weights, bandwidth):
        """Return the Fourier transforms of the estimates, one a replication."""
        cells = np.floor((X - self.low) / self.cell).astype(np.intp) % self.n_cells
        cells += self.n_cells * np.arange(len(X))[:, None]
        mass = np.bincount(cells.ravel(), weights.ravel(), minlength=len(X) * self.n_cells)
        s = 2 * np.pi / (self.n_cells * self.cell) * np.arange(len(self.truth))
        kernel = np.exp(-((bandwidth * s) ** 2) / 2)
        return np.fft.rfft(mass.reshape(len(X), self.n_cells)) * kernel

    def squared_distance(self, spectra):
        """Return the integrated squared difference from the truth, by Parseval's identity."""
        squared = np.abs(spectra - self.truth) ** 2
        # Frequencies between the first and the last stand for their negatives as well.
        both = 2 * squared.sum(axis=-1) - squared[..., 0] - squared[..., -1]
        return both / (self.n_cells * self.cell)


def _make_grid(density, bandwidths):
    methods = ("cdf", "mean", "ppf", "rvs")
    if hasattr(density, "pmf") or not all(hasattr(density, name) for name in methods):
        raise ValueError("density must be a frozen continuous distribution of scipy.stats.")
    low, high = density.ppf([_TAIL, 1 - _TAIL])
    margin = _MARGIN * np.sqrt(np.sum(bandwidths**2))
    # Quantiles lie closest where the density is highest, on its own scale there.
    scale = 4 * np.min(np.diff(density.ppf(np.linspace(0.02, 0.98, 49))))
    cell = min(bandwidths.min(), scale) / _CELLS_PER_SCALE
    width = high - low + 2 * margin
    if not width <= _MAX_CELLS * cell:
        raise ValueError(
            "bandwidth is too small, or density too peaked or heavy-tailed, for a grid of "
            f"{_MAX_CELLS} cells."
        )
    n_cells = 2 ** int(np.ceil(np.log2(width / cell)))
    # Where a law with a jump at its lower end begins, so does a cell; the margin below it is at
    # the far end of the period.
    mass = np.diff(density.cdf(low + cell * np.arange(n_cells + 1)))
    return _Grid(low, cell, n_cells, np.fft.rfft(mass))


def _check_bandwidth(bandwidth, n_generations):
    """Return one bandwidth for each generation."""
    bandwidths = np.asarray(bandwidth, dtype=np.float64)
    if bandwidths.ndim and bandwidths.shape != (n_generations + 1,):
        raise ValueError(
            "bandwidth must be a number or hold one for each of the "
            f"{n_generations + 1} generations from 0 on, got shape {bandwidths.shape}."
        )
    if not (np.isfinite(bandwidths) & (bandwidths > 0)).all():
        raise ValueError(f"bandwidth must be > 0 and finite, got {bandwidth!r}.")
    return np.broadcast_to(bandwidths, n_generations + 1)
