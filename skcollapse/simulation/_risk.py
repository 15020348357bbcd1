"""Paths of the sequential limit of any workflow."""

import numpy as np

from skcollapse._utils._random import make_generator
from skcollapse._utils._validation import whole_number
from skcollapse.theory import MixingMatrix

__all__ = ["simulate_risk"]


def simulate_risk(mixing, n_paths, random_state=None):
    r"""Draw the errors of all generations from their sequential limit.

    The Monte Carlo twin of `skcollapse.theory.relative_risk`: it shares no code with it but the
    record of the workflow.

    Parameters
    ----------
    mixing : MixingMatrix
        The workflow.
    n_paths : int
        Number of independent runs, >= 1. Memory is that of n_paths times n_batches numbers.
    random_state : int, RandomState instance, Generator or None, default=None
        Seed of the draws.

    Returns
    -------
    paths : ndarray of shape (n_paths, n_generations + 1)
        Error of the estimate of each generation, in units of sqrt(V / n): mean 0 and variance
        ``relative_risk(mixing)``. So ``(paths**2).mean(axis=0)`` estimates the risk, with
        relative standard error ``sqrt(2 / n_paths)``.

    Raises
    ------
    ValueError
        If `mixing` is no `MixingMatrix` or `n_paths` no whole number >= 1.

    Notes
    -----
    .. math:: T_g = \sum_b W_{gb} (T_{\mathrm{parent}(b)} + \epsilon_b) + \xi_g, \qquad
       T_{-1} = 0, \quad \epsilon_b \sim N(0, 1/m_b), \quad \xi_g \sim N(0, \eta_g),

    drawn as it stands. Which models and estimators it stands for is told in
    `skcollapse.theory.relative_risk`.

    References
    ----------
    .. [1] A. Dey, D. Donoho, "Universality of the pi^2/6 Pathway in Avoiding Model Collapse",
       arXiv:2410.22812.

    Examples
    --------
    >>> import numpy as np
    >>> from skcollapse.simulation import simulate_risk
    >>> from skcollapse.theory import MixingMatrix
    >>> replace = MixingMatrix(np.eye(3), parent=[-1, 0, 1], sizes=np.ones(3))
    >>> paths = simulate_risk(replace, 100_000, random_state=0)
    >>> bool(np.abs((paths**2).mean(axis=0) - [1, 2, 3]).max() < 0.05)
    True
    """
    if not isinstance(mixing, MixingMatrix):
        raise ValueError(f"mixing must be a MixingMatrix, got {type(mixing).__name__}.")
    n_paths = whole_number(n_paths, "n_paths", 1)
    generator = make_generator(random_state)
    noise_sd = np.sqrt(mixing.noise)
    # A batch's mean error: its own noise now, plus its model's error once that is drawn.
    means = generator.standard_normal((mixing.n_batches, n_paths))
    means /= np.sqrt(mixing.sizes)[:, None]
    paths = np.empty((mixing.n_generations + 1, n_paths))
    for g in range(mixing.n_generations + 1):
        batches, mass = mixing.row(g)
        paths[g] = mass @ means[batches]
        if noise_sd[g] > 0:
            paths[g] += noise_sd[g] * generator.standard_normal(n_paths)
        means[mixing.children[g]] += paths[g]
    return paths.T
