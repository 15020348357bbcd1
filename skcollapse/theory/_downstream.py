"""What a workflow does to a second estimator, and to a bias of its own model."""

from skcollapse.theory._checks import finite, positive
from skcollapse.theory._mixing import check_mixing, one_per_fit, propagate
from skcollapse.theory._risk import naive_variance, relative_risk

__all__ = ["downstream_risk", "shrinkage_path"]


def downstream_risk(mixing, efficiency):
    r"""Return the relative risk of a second estimator trained on the same rows.

    An efficient model feeds the recursion; in each generation another estimator of the same
    quantity is fitted to the rows of that generation, and feeds nothing.

    Parameters
    ----------
    mixing : MixingMatrix
        The workflow, which both estimators train on.
    efficiency : float
        Asymptotic variance of the model over that of the second estimator, in (0, 1]; for
        example 2 / pi for a median beside a normal mean.

    Returns
    -------
    risk : ndarray of shape (n_generations + 1,)
        Variances of the second estimator relative to its own fit on the first real batch.

    Raises
    ------
    ValueError
        If `mixing` is no `MixingMatrix` or `efficiency` lies outside (0, 1].

    See Also
    --------
    relative_risk : The risk of the model itself, and the assumptions.
    skcollapse.simulation.simulate_location : Monte Carlo twin, with `downstream`.

    Notes
    -----
    With kappa the efficiency, R the `relative_risk` and the variance that the weights alone
    give in brackets,

    .. math:: R_g^{\mathrm{down}} = \kappa R_g
       + (1 - \kappa) \left(\sum_b W_{gb}^2 / m_b + \eta_g\right),

    since the difference of an estimator and an efficient one is uncorrelated with the efficient
    one. Accumulate: :math:`\kappa H_2 + (1 - \kappa) / (g + 1)`, which can lie below 1: synthetic
    rows help an inefficient estimator. Derived. Needs a model that is efficient; not for a model
    that is worse than the second estimator, nor where `relative_risk` does not apply.

    References
    ----------
    .. [1] A. Dey, D. Donoho, "Universality of the pi^2/6 Pathway in Avoiding Model Collapse",
       arXiv:2410.22812.

    Examples
    --------
    Draws from a normal mean, fitted by the median:

    >>> import numpy as np
    >>> from skcollapse.theory import MixingMatrix, downstream_risk
    >>> mixing = MixingMatrix.pooled(parent=[-1, 0, 1], sizes=[1, 1, 1], n_pooled=[1, 2, 3])
    >>> downstream_risk(mixing, efficiency=2 / np.pi).round(3).tolist()
    [1.0, 0.977, 0.988]
    """
    check_mixing(mixing)
    kappa = float(positive(efficiency, "efficiency"))
    if kappa > 1:
        raise ValueError(f"efficiency must be <= 1, got {efficiency!r}.")
    return kappa * relative_risk(mixing) + (1 - kappa) * naive_variance(mixing)


def shrinkage_path(mixing, factor):
    r"""Return what is left of a signal if every fit shrinks it by a factor.

    Parameters
    ----------
    mixing : MixingMatrix
        The workflow.
    factor : float or array-like of shape (n_generations + 1,)
        What a fit makes of a signal of size 1 in its training rows, a >= 0; for example
        1 / (1 + penalty). One number for each generation where it depends on the rows used.

    Returns
    -------
    path : ndarray of shape (n_generations + 1,)
        Expected size of the estimated signal over the true one; ``path[0]`` is the factor.

    Raises
    ------
    ValueError
        If `mixing` is no `MixingMatrix`, `factor` is negative or not finite, or its length is
        not the number of generations.

    See Also
    --------
    relative_risk : The variance around this path.
    biased_mse : A bias that is added, not multiplied.
    skcollapse.simulation.simulate_location : Monte Carlo twin, with `factor`.

    Notes
    -----
    .. math:: x_g = a_g \sum_b W_{gb} x_{\mathrm{parent}(b)}, \qquad x_{-1} = 1.

    Replace gives :math:`a^{g+1}`; accumulate :math:`\Gamma(g+1+a) / (\Gamma(a) \Gamma(g+2))`,
    which falls like :math:`g^{-(1-a)}`: keeping all rows does not stop a bias that compounds. A
    penalty on the *sum* of losses has :math:`a_g = N / (N + c)` with N the rows used and does
    not compound under accumulate. Draws at a temperature that keeps a share a of the variance
    give ``shrinkage_path(mixing, a) / a``: they shrink what is drawn, not what is fitted. It is
    the expectation of fits that are linear in the signal; a bias that is added each time has
    `biased_mse`, a smoothing generator `kde_mise`, and the noise `relative_risk`. Derived.

    References
    ----------
    .. [1] M. Gerstgrasser et al., "Is Model Collapse Inevitable? Breaking the Curse of Recursion
       by Accumulating Real and Synthetic Data", arXiv:2404.01413 (the workflows).

    Examples
    --------
    >>> import numpy as np
    >>> from skcollapse.theory import MixingMatrix, shrinkage_path
    >>> replace = MixingMatrix(np.eye(3), parent=[-1, 0, 1], sizes=np.ones(3))
    >>> shrinkage_path(replace, 0.5).tolist()
    [0.5, 0.25, 0.125]
    """
    check_mixing(mixing)
    factor = one_per_fit(finite(factor, "factor"), mixing, "factor")
    return propagate(mixing, real=1.0, factor=factor)
