"""How far the law of a generation can be from the truth, in total variation."""

import numpy as np
from scipy.optimize import minimize_scalar

from skcollapse._utils._bunch import Bunch
from skcollapse._utils._validation import whole_number
from skcollapse.theory._checks import finite, positive
from skcollapse.theory._mixing import check_mixing, one_per_fit, propagate

__all__ = ["phase_transition", "tv_bound"]

_GRID = 2000  # points that bracket the maximum before it is refined


def tv_bound(mixing, error):
    r"""Bound the total variation between the law of each generation and the truth.

    Parameters
    ----------
    mixing : MixingMatrix
        The workflow. Sizes and subsample noise do not enter; they belong into `error`.
    error : float or array-like of shape (n_generations + 1,)
        Total variation, >= 0, between the fitted law of a generation and the mixture that its
        rows are drawn from. One number for each generation where it depends on the rows used,
        for example ``c * N**-0.5``.

    Returns
    -------
    bound : ndarray of shape (n_generations + 1,)
        Upper bounds T_0, ..., T_G; ``bound[0]`` is the error. A bound above 1 says nothing.

    Raises
    ------
    ValueError
        If `mixing` is no `MixingMatrix`, `error` is negative or not finite, or its length is
        not the number of generations.

    See Also
    --------
    phase_transition : The bound as a function of the synthetic rows.
    relative_risk : The error itself of a smooth, correctly specified model: errors of unbiased
        fits add in quadrature, so this bound is far too large for them.
    skcollapse.simulation.simulate_frequencies :
        Monte Carlo twin: the distance that is bounded, for categories.

    Notes
    -----
    Triangle inequality and convexity of the total variation: with e the errors,

    .. math:: T_g \le e_g + \sum_b W_{gb} T_{\mathrm{parent}(b)}, \qquad T_{-1} = 0.

    Replace: the sum of the errors. A constant real share a: at most e / a. Where the same real
    rows are used again, the rows of a generation are not a fresh sample from their mixture given
    the past, and `error` must bound the deviation uniformly over the possible mixtures.
    The recursion contains the mixing schemes of [1]_; this general form is derived.

    References
    ----------
    .. [1] S. Fu et al., "Towards Theoretical Understandings of Self-Consuming Generative Models",
       arXiv:2402.11778.

    Examples
    --------
    Half real rows in each generation double the error at most:

    >>> from skcollapse.theory import MixingMatrix, tv_bound
    >>> mass = [[1, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5]]
    >>> mixing = MixingMatrix(mass, parent=[-1, 0, 1], sizes=[1, 1, 1])
    >>> tv_bound(mixing, error=0.1).round(3).tolist()
    [0.1, 0.15, 0.175]
    """
    check_mixing(mixing)
    error = one_per_fit(finite(error, "error"), mixing, "error")
    return propagate(mixing, real=0.0, offset=error)


def phase_transition(generation, exponent, *, first_generation=True):
    r"""Find the amount of synthetic rows for which the total-variation bound is largest.

    n real rows and r n rows of the last model train each generation: with growing r the bound
    first rises, since less of the fit rests on real rows, then falls, since there are more rows.

    Parameters
    ----------
    generation : int
        Generation i >= 1 that is bounded.
    exponent : float
        A fit on N rows has error c N^(-a), a > 0: 1/2 for parametric fits, 2/5 for kernel
        densities on the line.
    first_generation : bool, default=True
        If False, leave out the error of generation 0, as if it were the truth.

    Returns
    -------
    transition : Bunch
        `ratio` : float, the ratio r of synthetic to real rows at the maximum; 0 if the bound has
        none inside (for example without generation 0 for i = 1, or for a >= 1). `peak` : float,
        the bound there. `curve` : callable, the bound at any r >= 0 (number or array). Bounds
        are in units of c n^(-a), the bound at r = 0.

    Raises
    ------
    ValueError
        If `generation` is no whole number >= 1 or `exponent` is not positive and finite. The
        curve raises it for a negative r.

    See Also
    --------
    tv_bound : Bounds for any workflow.
    gaussian_location_mse : A case where the truth is known; with fresh real rows it does the
        opposite.
    skcollapse.simulation.simulate_frequencies :
        Monte Carlo twin: the distance that is bounded, for categories.

    Notes
    -----
    The scheme in `tv_bound` unrolls, with x = r / (1 + r), to

    .. math:: B(r) = (1 + r)^{1-a} (1 - x^i) + x^i,

    without the last term if generation 0 is left out. B(0) = 1, and B returns to 1 for large r:
    infinitely many draws copy the last model. The threshold grows like i / u, where u solves
    (1 - a)(e^u - 1) = u. All this is a property of the **bound**. The true total variation
    follows where errors are biases of one sign (smoothing) or where the same real rows are used
    again; for unbiased fits with fresh real rows it first falls, then rises. Derived; it is the
    mechanism of the transition announced in [1]_.

    References
    ----------
    .. [1] S. Fu et al., "Towards Theoretical Understandings of Self-Consuming Generative Models",
       arXiv:2402.11778.

    Examples
    --------
    >>> from skcollapse.theory import phase_transition
    >>> transition = phase_transition(1, exponent=0.5)
    >>> round(transition.ratio, 4), round(transition.peak, 4)
    (3.0, 1.25)
    >>> float(transition.curve(0))
    1.0
    """
    i = whole_number(generation, "generation", 0)
    a = float(positive(finite(exponent, "exponent"), "exponent"))
    if i < 1:
        raise ValueError(f"generation must be >= 1, got {generation}.")

    def curve(r):
        r = finite(r, "r")
        with np.errstate(divide="ignore"):
            log_power = -i * np.log1p(1 / r)  # of x^i, without cancellation for large r
        bound = (1 + r) ** (1 - a) * -np.expm1(log_power)
        return bound + np.exp(log_power) if first_generation else bound

    # In log r: the maximum lies near i / u, and u is of the order of a for a near 0.
    log_r = np.linspace(np.log(1e-4), np.log(100 * (i + 1) / min(a, 1.0)), _GRID)
    best = int(np.argmax(curve(np.exp(log_r))))
    if a >= 1 or best in (0, _GRID - 1) or curve(np.exp(log_r[best])) <= 1:
        return Bunch(ratio=0.0, peak=1.0, curve=curve)
    found = minimize_scalar(
        lambda z: -curve(np.exp(z)),
        bounds=(log_r[best - 1], log_r[best + 1]),
        method="bounded",
        options={"xatol": 1e-10},
    )
    return Bunch(ratio=float(np.exp(found.x)), peak=float(-found.fun), curve=curve)
