"""A mean or a median refitted recursively, for any workflow."""

import numpy as np

from skcollapse._utils._random import make_generator
from skcollapse._utils._validation import whole_number
from skcollapse.simulation._checks import (
    check_choice,
    check_lams,
    check_synthetic_rows,
)
from skcollapse.simulation._recursion import Recursion
from skcollapse.workflows import check_workflow

__all__ = ["simulate_location"]

_LAWS = ("normal", "laplace")

# Values held in memory together: small enough for the cache, large enough for numpy.
_VALUES_AT_ONCE = 500_000

# A cumulated weight this close to one half is one half: then the median is a midpoint.
_TIE = 1e-9


def simulate_location(
    workflow,
    statistic,
    n_samples,
    n_generations,
    *,
    law="normal",
    downstream=None,
    lam=None,
    n_synthetic=1.0,
    n_replications=1000,
    location=0.0,
    factor=1.0,
    bias=0.0,
    noise_ratio=1.0,
    random_state=None,
):
    r"""Refit a location recursively on real rows and on rows drawn around its own estimates.

    The Monte Carlo twin of four formulas: of `skcollapse.theory.relative_risk` for an estimator
    that need not be efficient, of `skcollapse.theory.downstream_risk` with `downstream`, of
    `skcollapse.theory.shrinkage_path` with `factor`, and of `skcollapse.theory.biased_mse` with
    `bias` and `noise_ratio`.

    Parameters
    ----------
    workflow : str or BaseWorkflow instance
        Which batches train a generation: a name in `skcollapse.workflows.WORKFLOW_NAMES`, or an
        object.
    statistic : {"mean", "median"}
        The estimator that the next rows are drawn around, weighted as the workflow says.
    n_samples : int
        Rows of a real batch, >= 1.
    n_generations : int
        Generations after generation 0, >= 0.
    law : {"normal", "laplace"}, default="normal"
        Law of the rows around the location, both of variance 1. The mean is efficient for the
        first, the median for the second.
    downstream : {"mean", "median"} or None, default=None
        A second estimator, fitted in each generation to the rows of that generation, that
        nothing is drawn from. If given, its estimates are returned.
    lam : float, sequence of float or None, default=None
        Total weight of the synthetic part relative to the real part, the same in all generations
        or one for each generation 1, 2, ...; None gives every row the same weight. Not used by a
        workflow that fixes all weights itself. A workflow that fits on a subsample takes None
        only.
    n_synthetic : float, default=1.0
        Rows of a synthetic batch as a multiple of `n_samples`; rounded to whole rows.
    n_replications : int, default=1000
        Number of independent runs, >= 1. Memory is that of a part of them.
    location : float, default=0.0
        The truth, around which real rows are drawn.
    factor : float or array-like of shape (n_generations + 1,), default=1.0
        What every estimate of `statistic` is multiplied by, finite and >= 0; below 1 it is
        shrunk towards zero.
    bias : float, default=0.0
        What is added to every synthetic row, in standard deviations of a real row; the same in
        all generations, and of either sign.
    noise_ratio : float, default=1.0
        Variance of a synthetic row around its centre over that of a real row, finite and >= 0;
        at 0 the rows of a batch are all alike.
    random_state : int, RandomState instance, Generator or None, default=None
        Seed of the draws. It decides the rows whatever `downstream` is, and their noise whatever
        `bias` is.

    Returns
    -------
    estimates : ndarray of shape (n_replications, n_generations + 1)
        Estimates of all generations, of `downstream` if given, else of `statistic`.

    Raises
    ------
    ValueError
        If an argument is out of range, or the workflow names no batches for a generation.

    Notes
    -----
    With weights :math:`w_i = W_{gb} / n_b` of the rows of batch b, the estimate of generation g
    is :math:`a_g` times

    .. math:: \hat\theta_g = \arg\min_\theta \sum_i w_i (x_i - \theta)^2
       \quad \mathrm{or} \quad \arg\min_\theta \sum_i w_i |x_i - \theta| ,

    the middle of an interval of medians. Real rows lie around `location`, those of batch b around
    the estimate of its parent plus `bias`. Variances of one row are 1 for the mean, and
    :math:`1 / (4 f(0)^2)` for the median: :math:`\pi / 2` for normal and 1 / 2 for Laplace rows.
    The error of the mean follows `relative_risk` and its expectation `shrinkage_path` at every
    n. The median does so for many rows only: at n = 200 its risk lies a few percent below.
    `downstream_risk` holds where `statistic` is efficient; the efficiency of the other one is
    2 / pi for normal and 1 / 2 for Laplace rows.

    `biased_mse` holds for the mean at every n under "fresh" with new real rows, after many
    generations, its `squared_bias` being n times the square of `bias`. Its `retention` is `factor`
    where `location` is 0 and ``downstream="mean"`` returns the estimates before they are shrunk.

    References
    ----------
    .. [1] A. Dey, D. Donoho, "Universality of the pi^2/6 Pathway in Avoiding Model Collapse",
       arXiv:2410.22812.

    Examples
    --------
    A median without new real rows: the risk grows by one in each generation.

    >>> from skcollapse.simulation import simulate_location
    >>> medians = simulate_location("replace", "median", 101, 3, random_state=0)
    >>> risk = 101 * (medians**2).mean(axis=0) / (3.14159 / 2)
    >>> [round(float(ratio)) for ratio in risk]
    [1, 2, 3, 4]
    """
    workflow = check_workflow(workflow)
    check_choice(statistic, tuple(_STATISTICS), "statistic")
    check_choice(law, _LAWS, "law")
    if downstream is not None:
        check_choice(downstream, tuple(_STATISTICS), "downstream")
    n_samples = whole_number(n_samples, "n_samples", 1)
    n_generations = whole_number(n_generations, "n_generations", 0)
    n_replications = whole_number(n_replications, "n_replications", 1)
    run = _Locations(
        workflow,
        (n_samples, check_synthetic_rows(n_synthetic, n_samples)),
        check_lams(lam, n_generations, workflow),
        make_generator(random_state),
        law=law,
        estimators=(statistic, downstream),
        location=_check_number(location, "location"),
        factor=_check_factor(factor, n_generations),
        departure=(_check_number(bias, "bias"), np.sqrt(_check_noise_ratio(noise_ratio))),
    )
    at_once = max(1, _VALUES_AT_ONCE // run.most_rows())
    firsts = range(0, n_replications, at_once)
    return np.concatenate([run.paths(min(at_once, n_replications - first)) for first in firsts])


class _Locations(Recursion):
    """The recursion of one call, for as many replications at once as asked."""

    def __init__(self, *recursion, law, estimators, location, factor, departure):
        super().__init__(*recursion)
        self.law, self.location, self.factor = law, location, factor
        self.bias, self.noise_scale = departure
        self.fit, self.fit_downstream = (_STATISTICS.get(name) for name in estimators)

    def most_rows(self):
        """Return the rows of the largest generation."""
        return max(sum(self.rows[batch.source] for batch in plan) for plan in self.plans)

    def paths(self, n_replications):
        """Return the estimates of all generations."""
        model = np.empty((len(self.plans), n_replications))
        returned = model if self.fit_downstream is None else np.empty_like(model)
        sets = self.training_sets(lambda batch: self._draw(batch, model))
        for t, (x, weights) in enumerate(sets):
            model[t] = self.factor[t] * self.fit(x, weights)
            if self.fit_downstream is not None:
                returned[t] = self.fit_downstream(x, weights)
        return returned.T

    def _draw(self, batch, model):
        """Draw rows around the truth or around the estimates of the parent."""
        shape = (model.shape[1], self.rows[batch.source])
        if self.law == "normal":
            noise = self.generator.standard_normal(shape)
        else:
            noise = self.generator.laplace(scale=np.sqrt(0.5), size=shape)
        if batch.source == "real":
            return (self.location + noise,)
        centre = model[batch.generation - 1][:, None] + self.bias
        return (centre + self.noise_scale * noise,)


def _mean(x, weights):
    return (x * weights).sum(axis=1) / np.broadcast_to(weights, x.shape).sum(axis=1)


def _median(x, weights):
    """Return the middle of the points that minimise the weighted sum of distances, by row."""
    order = np.argsort(x, axis=1)
    below = np.cumsum(np.take_along_axis(np.broadcast_to(weights, x.shape), order, axis=1), axis=1)
    half = 0.5 * below[:, -1:]
    first = (below >= half * (1 - _TIE)).argmax(axis=1)
    last = (below > half * (1 + _TIE)).argmax(axis=1)
    rows = np.arange(len(x))
    return (x[rows, order[rows, first]] + x[rows, order[rows, last]]) / 2


_STATISTICS = {"mean": _mean, "median": _median}


def _check_number(value, name):
    number = np.asarray(value, dtype=np.float64)
    if number.ndim or not np.isfinite(number):
        raise ValueError(f"{name} must be a finite number, got {value!r}.")
    return float(number)


def _check_noise_ratio(noise_ratio):
    number = _check_number(noise_ratio, "noise_ratio")
    if number < 0:
        raise ValueError(f"noise_ratio must be >= 0, got {noise_ratio!r}.")
    return number


def _check_factor(factor, n_generations):
    factor = np.asarray(factor, dtype=np.float64)
    if factor.ndim and factor.shape != (n_generations + 1,):
        raise ValueError(
            f"factor must be a number or hold one for each of the {n_generations + 1} "
            f"generations, got shape {factor.shape}."
        )
    if not np.isfinite(factor).all() or (factor < 0).any():
        raise ValueError(f"factor must be finite and >= 0, got {factor!r}.")
    return np.broadcast_to(factor, n_generations + 1)
