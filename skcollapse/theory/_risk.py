"""Exact risk of any workflow, from its mixing matrix alone."""

import numpy as np
from scipy.linalg import solve_triangular

from skcollapse._utils._validation import whole_number
from skcollapse.theory._mixing import check_mixing, risk_of_living_batches, risk_of_pool

__all__ = [
    "loadings",
    "relative_risk",
    "relative_risk_at",
    "risk_covariance",
    "variance_inflation",
]


def loadings(mixing):
    r"""Return how much of the sampling noise of each batch each generation carries.

    Parameters
    ----------
    mixing : MixingMatrix
        The workflow.

    Returns
    -------
    loadings : ndarray of shape (n_generations + 1, n_batches)
        ``loadings[g, b]`` multiplies the noise of batch b in the estimate of generation g. Those
        of the real batches sum to 1 for every g: what is lost is never the truth as such.

    Raises
    ------
    ValueError
        If `mixing` is no `MixingMatrix`.

    See Also
    --------
    relative_risk : What the loadings amount to.
    skcollapse.simulation.simulate_risk :
        Monte Carlo twin; the loadings give the covariance of its paths.

    Notes
    -----
    With W the mass and P the 0/1 matrix of parents (batch by generation), W P is strictly lower
    triangular and

    .. math:: C = (I - W P)^{-1} W,

    one triangular solve. Memory is that of dense arrays of this shape, time cubic in the number
    of generations. Assumptions as in `relative_risk`.

    References
    ----------
    .. [1] A. Dey, D. Donoho, "Universality of the pi^2/6 Pathway in Avoiding Model Collapse",
       arXiv:2410.22812.

    Examples
    --------
    Half the real batch, half the last model's: the real batch keeps its full influence.

    >>> from skcollapse.theory import MixingMatrix, loadings
    >>> mass = [[1, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5]]
    >>> loadings(MixingMatrix(mass, parent=[-1, 0, 1], sizes=[1, 1, 1])).tolist()
    [[1.0, 0.0, 0.0], [1.0, 0.5, 0.0], [1.0, 0.25, 0.5]]
    """
    check_mixing(mixing)
    return _solve(mixing, mixing.toarray())


def risk_covariance(mixing):
    r"""Return the covariance of the estimates of all generations.

    Parameters
    ----------
    mixing : MixingMatrix
        The workflow.

    Returns
    -------
    covariance : ndarray of shape (n_generations + 1, n_generations + 1)
        In units of V / n, the variance of an efficient fit on the first real batch. For a
        parameter vector it is the left factor of a Kronecker product with V / n.

    Raises
    ------
    ValueError
        If `mixing` is no `MixingMatrix`.

    See Also
    --------
    relative_risk : The diagonal; assumptions are told there.
    skcollapse.simulation.simulate_risk : Monte Carlo twin.

    Notes
    -----
    With C the `loadings`, m the sizes, :math:`D = (I - W P)^{-1}` and :math:`\eta` the subsample
    noise,

    .. math:: K = C \, \mathrm{diag}(1/m) \, C^T + D \, \mathrm{diag}(\eta) \, D^T.

    References
    ----------
    .. [1] A. Dey, D. Donoho, "Universality of the pi^2/6 Pathway in Avoiding Model Collapse",
       arXiv:2410.22812.

    Examples
    --------
    Keeping all batches makes the estimates a martingale: K[g, h] = K[g, g] for g <= h.

    >>> from skcollapse.theory import MixingMatrix, risk_covariance
    >>> mixing = MixingMatrix.pooled(parent=[-1, 0, 1], sizes=[1, 1, 1], n_pooled=[1, 2, 3])
    >>> risk_covariance(mixing).round(3).tolist()
    [[1.0, 1.0, 1.0], [1.0, 1.25, 1.25], [1.0, 1.25, 1.361]]
    """
    check_mixing(mixing)
    scaled = _scaled_loadings(mixing)
    return scaled @ scaled.T


def relative_risk(mixing):
    r"""Return the variance of each generation relative to a fit on the first real batch.

    Parameters
    ----------
    mixing : MixingMatrix
        The workflow.

    Returns
    -------
    risk : ndarray of shape (n_generations + 1,)
        Variances in units of V / n, the variance of the same estimator fitted to the first real
        batch (n rows). ``risk[0]`` is 1 if generation 0 is fitted on that batch and all of its
        rows. 1 / risk is the asymptotic relative efficiency.

    Raises
    ------
    ValueError
        If `mixing` is no `MixingMatrix`.

    See Also
    --------
    relative_risk_at : One generation, without a matrix.
    quadratic_variance_risk : Exact for small n, where the variance depends on the mean.
    gaussian_moments : Mean and variance of a normal law estimated together, any n.
    linear_regression_risk : Least squares, any n.
    downstream_risk : The rows come from one model and train another.
    shrinkage_path : Fits that pull towards zero, and draws with a temperature.
    skcollapse.simulation.simulate_risk : Monte Carlo twin of the limit.
    skcollapse.simulation.simulate_location : Monte Carlo twin on rows, for a mean or a median.
    skcollapse.simulation.simulate_regression : Monte Carlo twin on rows, for regressions.

    Notes
    -----
    .. math:: R_g = K_{gg} = \sum_b C_{gb}^2 / m_b + \sum_j D_{gj}^2 \eta_j,

    K being the `risk_covariance`. It follows from the sequential limit

    .. math:: T_g = \sum_b W_{gb} (T_{\mathrm{parent}(b)} + \epsilon_b) + \xi_g, \qquad
       T_{-1} = 0, \quad \epsilon_b \sim N(0, 1/m_b), \quad \xi_g \sim N(0, \eta_g),

    in which neither the model nor the estimator appears: the risk is universal. Pools of
    `MixingMatrix.pooled` in which each model's rows enter with the next generation take O(G) by

    .. math:: A_g = \left(1 - \frac{r_g}{N_g}\right)^2 A_{g-1}
       + \left(\frac{s_g}{N_g}\right)^2 \eta_{g-1} + \frac{r_g + s_g}{N_g^2}, \qquad
       R_g = A_g + \eta_g,

    with r_g real and s_g synthetic rows added to a pool of N_g. Where the pool has a given
    `real_weight`, a recursion for the means of its real and its synthetic part takes O(G) too.
    Sparse masses take the time of a covariance of the batches in use, O(G L^2) for a window of L
    batches. All others take one triangular solve, O(G^2 n_batches).

    The limit holds for many rows, a fixed number of generations and a smooth, correctly
    specified model whose own draws are the synthetic rows, unfiltered. It does **not** hold for
    a misspecified model, for trees, boosting and neighbours, for a smoothing synthesizer (see
    `kde_mise`), for penalised fits (see `shrinkage_path`), for real rows that drift (see
    `optimal_real_weight`) and for batches of unknown provenance.

    References
    ----------
    .. [1] A. Dey, D. Donoho, "Universality of the pi^2/6 Pathway in Avoiding Model Collapse",
       arXiv:2410.22812.
    .. [2] J. Kazdan et al., "Collapse or Thrive? Perils and Promises of Synthetic Data in a
       Self-Generating World", arXiv:2410.16713.

    Examples
    --------
    Each generation drops all rows but those of the last model: the risk grows by one.

    >>> import numpy as np
    >>> from skcollapse.theory import MixingMatrix, relative_risk
    >>> replace = MixingMatrix(np.eye(4), parent=[-1, 0, 1, 2], sizes=np.ones(4))
    >>> relative_risk(replace).tolist()
    [1.0, 2.0, 3.0, 4.0]

    Keeping all rows bounds it by pi^2 / 6 = 1.6449:

    >>> g = np.arange(10_001)
    >>> accumulate = MixingMatrix.pooled(parent=g - 1, sizes=np.ones(10_001), n_pooled=g + 1)
    >>> round(float(relative_risk(accumulate)[-1]), 4)
    1.6448
    """
    check_mixing(mixing)
    for fast_engine in (risk_of_pool, risk_of_living_batches):
        risk = fast_engine(mixing)
        if risk is not None:
            return risk
    scaled = _scaled_loadings(mixing)
    return np.einsum("gb,gb->g", scaled, scaled)


def relative_risk_at(mixing, generation):
    r"""Return the relative risk of one generation, without solving for the others.

    Parameters
    ----------
    mixing : MixingMatrix
        The workflow.
    generation : int
        From 0 to ``mixing.n_generations``.

    Returns
    -------
    risk : float
        ``relative_risk(mixing)[generation]``.

    Raises
    ------
    ValueError
        If `mixing` is no `MixingMatrix` or `generation` is none of its generations.

    See Also
    --------
    relative_risk : All generations; units and assumptions are told there.
    skcollapse.simulation.simulate_risk : Monte Carlo twin.

    Notes
    -----
    The adjoint sweep: with :math:`u_G = 1`, for g = G, G - 1, ..., 0

    .. math:: c_b \leftarrow c_b + u_g W_{gb}, \qquad
       u_g = \sum_{b:\, \mathrm{parent}(b) = g} c_b, \qquad
       R_G = \sum_b c_b^2 / m_b + \sum_g u_g^2 \eta_g.

    Each row of the mass is looked at once, so the time is that of reading them and nothing but
    two vectors is stored.

    References
    ----------
    .. [1] A. Dey, D. Donoho, "Universality of the pi^2/6 Pathway in Avoiding Model Collapse",
       arXiv:2410.22812.

    Examples
    --------
    >>> import numpy as np
    >>> from skcollapse.theory import MixingMatrix, relative_risk_at
    >>> mixing = MixingMatrix(np.eye(4), parent=[-1, 0, 1, 2], sizes=np.ones(4))
    >>> relative_risk_at(mixing, 2)
    3.0
    """
    check_mixing(mixing)
    last = whole_number(generation, "generation", 0)
    if last > mixing.n_generations:
        raise ValueError(f"generation must be <= {mixing.n_generations}, got {last}.")
    c = np.zeros(mixing.n_batches)
    subsampling = 0.0
    for g in range(last, -1, -1):
        u = 1.0 if g == last else c[mixing.children[g]].sum()
        batches, mass = mixing.row(g)
        c[batches] += u * mass
        subsampling += u**2 * mixing.noise[g]
    return float(np.sum(c**2 / mixing.sizes) + subsampling)


def variance_inflation(mixing):
    r"""Return by how much the variance exceeds that of as many real rows.

    Whoever takes all rows of a fit for real and independent reports a variance that is too small
    by this factor.

    Parameters
    ----------
    mixing : MixingMatrix
        The workflow.

    Returns
    -------
    inflation : ndarray of shape (n_generations + 1,)
        Ratios, 1 where a fit rests on real rows only. Widen standard errors by the square root.

    Raises
    ------
    ValueError
        If `mixing` is no `MixingMatrix`.

    See Also
    --------
    relative_risk : The variance itself; assumptions are told there.
    skcollapse.simulation.simulate_risk : Monte Carlo twin of the variance.
    skcollapse.simulation.simulate_location :
        Monte Carlo twin on rows, for the coverage of an interval.

    Notes
    -----
    .. math:: \mathrm{VIF}_g = R_g / \left( \sum_b W_{gb}^2 / m_b + \eta_g \right),

    where the bracket is the variance that the weights alone would give: 1 / N for an unweighted
    fit on N rows (in units of n), so that VIF = N R. A naive 95 percent interval covers with
    probability :math:`2 \Phi(1.96 / \sqrt{\mathrm{VIF}}) - 1`. A batch of infinite size adds
    nothing to the bracket; where nothing is left, the ratio is infinite.

    References
    ----------
    .. [1] A. Dey, D. Donoho, "Universality of the pi^2/6 Pathway in Avoiding Model Collapse",
       arXiv:2410.22812.

    Examples
    --------
    >>> from skcollapse.theory import MixingMatrix, variance_inflation
    >>> mixing = MixingMatrix.pooled(parent=[-1, 0, 1], sizes=[1, 1, 1], n_pooled=[1, 2, 3])
    >>> variance_inflation(mixing).round(4).tolist()  # 1, 2 (1 + 1/4), 3 (1 + 1/4 + 1/9)
    [1.0, 2.5, 4.0833]
    """
    check_mixing(mixing)
    with np.errstate(divide="ignore"):
        return relative_risk(mixing) / naive_variance(mixing)


def naive_variance(mixing):
    """Return the variance in units of V / n if all rows were real and independent."""
    naive = mixing.noise.copy()
    for g in range(len(naive)):
        batches, mass = mixing.row(g)
        naive[g] += np.sum(mass**2 / mixing.sizes[batches])
    return naive


def _solve(mixing, right):
    """Solve (I - W P) x = right; LAPACK looks neither at the diagonal nor above it."""
    minus = -mixing.model_mass()
    return solve_triangular(minus, right, lower=True, unit_diagonal=True, check_finite=False)


def _scaled_loadings(mixing):
    """Return the loadings of all noises scaled to variance one: their Gram matrix is K."""
    right = mixing.toarray() / np.sqrt(mixing.sizes)
    if mixing.noise.any():
        right = np.hstack([right, np.diag(np.sqrt(mixing.noise))])
    return _solve(mixing, right)
