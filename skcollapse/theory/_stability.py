"""Local stability of retraining on real rows and the model's own rows, with infinite samples."""

import numpy as np
from scipy import linalg

from skcollapse._utils._bunch import Bunch
from skcollapse._utils._validation import all_finite
from skcollapse.theory._checks import finite, non_negative

__all__ = ["retraining_jacobian", "stability_condition"]


def stability_condition(lam, error, lipschitz, curvature):
    r"""Return the published condition for stable retraining, and the rate it leaves out.

    Each retraining maximises the expected log-likelihood of the real law plus `lam` times that
    of the last model, started at the last model.

    Parameters
    ----------
    lam : float or array-like
        Total weight of the synthetic part relative to the real part, >= 0; `np.inf` stands for
        synthetic rows only.
    error : float or array-like
        Wasserstein-1 distance between the real law and the best model, >= 0; 0 for a
        well-specified model.
    lipschitz : float or array-like
        Lipschitz constant L, in the data, of the Hessian of the log-density in the parameters,
        >= 0.
    curvature : float or array-like
        Smallest eigenvalue alpha of the Hessian of the expected negative log-likelihood of the
        real law at the best model, > 0.

    Returns
    -------
    condition : Bunch
        With `kappa`, the constant 1 + error L / alpha; `satisfied`, whether the sufficient
        condition holds; `lam_max`, the bound on `lam` in it, to be kept strictly;
        `rate_bound`, the published bound on the factor by which a retraining shrinks the
        distance to the best model, `np.inf` once lam kappa >= 1; and `rate`, the sharper
        bound, below 1 for every finite `lam`.

    Raises
    ------
    ValueError
        If an argument is out of range; the message names it.

    See Also
    --------
    retraining_jacobian : The exact rate, given Hessian and Fisher information.
    gaussian_lam_path : What `lam` costs with a finite number of rows.
    skcollapse.simulation.simulate_gaussian : Monte Carlo twin of the rate, ``workflow="fixed"``.

    Notes
    -----
    .. math::
       \kappa = 1 + \frac{\varepsilon L}{\alpha}, \qquad
       \text{satisfied}: \lambda\kappa < \frac{1}{2}, \qquad
       \text{rate\_bound} = \frac{\lambda\kappa}{1 - \lambda\kappa}, \qquad
       \text{rate} = \frac{\lambda\kappa}{1 + \lambda\kappa}.

    The condition is of the type proved in [1]_: sufficient, not necessary. The Jacobian of a
    retraining is similar to a symmetric matrix with eigenvalues in [0, 1), which gives the
    sharper bound (derived here): with infinite samples no finite `lam` is locally unstable;
    what grows with it is the number of retrainings to convergence, about 1 + lam kappa. Both
    are statements about infinite samples near the best model. They say nothing about sampling
    noise (`gaussian_lam_path`, `variance_path`) nor about training that stops early.

    References
    ----------
    .. [1] Q. Bertrand, A. J. Bose, A. Duplessis, M. Jiralerspong, G. Gidel, "On the Stability
       of Iterative Retraining of Generative Models on their own Data", ICLR 2024,
       arXiv:2310.00429.

    Examples
    --------
    >>> from skcollapse.theory import stability_condition
    >>> condition = stability_condition(4.0, error=0.0, lipschitz=1.0, curvature=1.0)
    >>> bool(condition.satisfied), float(condition.rate_bound), float(condition.rate)
    (False, inf, 0.8)
    >>> float(condition.lam_max)
    0.5
    """
    lam, error = non_negative(lam, "lam"), finite(error, "error")
    lipschitz, curvature = finite(lipschitz, "lipschitz"), finite(curvature, "curvature")
    if (curvature == 0).any():
        raise ValueError(f"curvature must be > 0, got {curvature!r}.")
    kappa = 1 + error * lipschitz / curvature
    with np.errstate(divide="ignore", invalid="ignore"):
        rate_bound = np.where(lam * kappa < 1, lam * kappa / (1 - lam * kappa), np.inf)
    return Bunch(
        kappa=kappa[()],
        satisfied=(lam * kappa < 0.5)[()],
        lam_max=(0.5 / kappa)[()],
        rate_bound=rate_bound[()],
        rate=(1 - 1 / (1 + lam * kappa))[()],
    )


def retraining_jacobian(hessian, fisher, lam):
    r"""Return the exact linear map of one retraining near the best model.

    Each retraining maximises the expected log-likelihood of the real law plus `lam` times that
    of the last model, started at the last model.

    Parameters
    ----------
    hessian : array-like of shape (n_parameters, n_parameters)
        Hessian P of the expected negative log-likelihood of the real law at the best model,
        symmetric and positive definite.
    fisher : array-like of shape (n_parameters, n_parameters)
        Fisher information F of the best model, symmetric and positive semidefinite. Equal to
        `hessian` when the model is well specified.
    lam : float
        Total weight of the synthetic part relative to the real part, >= 0 and finite. With
        synthetic rows only no direction in which F is positive is pulled anywhere.

    Returns
    -------
    retraining : Bunch
        With `jacobian`, an ndarray of shape (n_parameters, n_parameters), and
        `spectral_radius`, the factor by which the slowest direction shrinks in one retraining.

    Raises
    ------
    ValueError
        If a matrix is not square, symmetric or definite as asked, the shapes differ, or `lam`
        is negative or infinite; the message names it.

    See Also
    --------
    stability_condition : Bounds from fewer constants.
    skcollapse.simulation.simulate_gaussian :
        Monte Carlo twin, ``workflow="fixed"``, well specified.

    Notes
    -----
    .. math::
       J = \lambda (P + \lambda F)^{-1} F, \qquad
       \rho(J) = \frac{\lambda\mu}{1 + \lambda\mu} < 1, \qquad
       \mu = \lambda_{\max}(P^{-1} F).

    Stable for every finite `lam`; [1]_ proves stability under a stronger condition. In an
    exponential family P = F for any real law, so that the radius is lam / (1 + lam). Derived
    here for infinite samples and exact local maximisation; for the noise of finite samples see
    `gaussian_lam_path` and `variance_path`.

    References
    ----------
    .. [1] Q. Bertrand, A. J. Bose, A. Duplessis, M. Jiralerspong, G. Gidel, "On the Stability
       of Iterative Retraining of Generative Models on their own Data", ICLR 2024,
       arXiv:2310.00429.

    Examples
    --------
    >>> import numpy as np
    >>> from skcollapse.theory import retraining_jacobian
    >>> retraining = retraining_jacobian(np.eye(2), np.diag([1.0, 0.25]), lam=4.0)
    >>> retraining.jacobian.round(12).tolist()
    [[0.8, 0.0], [0.0, 0.5]]
    >>> round(retraining.spectral_radius, 12)
    0.8
    """
    P, p = _symmetric(hessian, "hessian")
    if p[0] <= 0:
        raise ValueError(f"hessian must be positive definite, smallest eigenvalue {p[0]:.3g}.")
    F, f = _symmetric(fisher, "fisher")
    if f[0] < -1e-10 * abs(f[-1]):
        raise ValueError(f"fisher must have no negative eigenvalue, got {f[0]:.3g}.")
    if P.shape != F.shape:
        raise ValueError(f"fisher must have the shape of hessian, {P.shape}, got {F.shape}.")
    lam = finite(lam, "lam")
    if lam.ndim:
        raise ValueError(f"lam must be one number, got shape {lam.shape}.")
    mu = max(linalg.eigh(F, P, eigvals_only=True)[-1], 0.0)
    return Bunch(
        jacobian=linalg.solve(P + lam * F, lam * F, assume_a="pos"),
        spectral_radius=float(lam * mu / (1 + lam * mu)),
    )


def _symmetric(value, name):
    """Check that `value` is a symmetric matrix; return it with its eigenvalues, rising."""
    matrix = np.asarray(value, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.size == 0:
        raise ValueError(f"{name} must be a square matrix, got shape {matrix.shape}.")
    all_finite(matrix, name)
    # Matrices computed by quadrature or differences are symmetric up to rounding only.
    if np.abs(matrix - matrix.T).max() > 1e-8 * np.abs(matrix).max():
        raise ValueError(f"{name} must be symmetric.")
    return matrix, np.linalg.eigvalsh(matrix)
