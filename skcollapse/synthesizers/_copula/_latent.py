"""The latent Gaussian: scores of values, their correlation, and its Cholesky factor.

A column with atoms has scores s(Z) that are constant on intervals of its latent normal Z. Scores
of two such columns are less correlated than their latents. By Mehler's formula

    corr(s_i(Z_i), s_j(Z_j)) = sum_k rho^k c_ik c_jk,    c_ik = E[s_i(Z) h_k(Z)] / sd(s_i),

with orthonormal Hermite polynomials h_k, so the latent correlation rho is found by inverting a
power series. Without this step every refit on drawn rows would weaken the dependence again.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

__all__ = [
    "ScoreFunction",
    "cholesky_factor",
    "correlate",
    "interval_scores",
    "latent_correlation",
    "leading_direction",
    "mixed_scores",
    "plain_scores",
    "step_scores",
]

# Terms of the power series. The rest matters for latent correlations near one only, where it
# makes the estimate larger than it should be by about one percent.
_N_TERMS = 20
_ROOTS = np.sqrt(np.arange(_N_TERMS + 1))
_N_NEWTON = 12
# A variance below this times the overall one is rounding: the column is constant there.
_NO_VARIANCE = 1e-10


@dataclass(frozen=True)
class ScoreFunction:
    """Scores of the distinct values, and the Hermite coefficients of the score function."""

    values: np.ndarray
    hermite: np.ndarray


def plain_scores(values):
    """Return the score function of a column without atoms, the latent itself."""
    return ScoreFunction(values, np.eye(1, _N_TERMS - 1)[0])


def mixed_scores(values, lower, upper, on_atoms):
    """Return the score function equal to the latent itself but on the intervals of atoms."""
    moments = np.empty((_N_TERMS + 1, len(lower)))
    moments[0] = ndtr(upper) - ndtr(lower)
    moments[1:] = (_hermite_densities(lower) - _hermite_densities(upper)) / _ROOTS[1:, None]
    first = _ROOTS[2:, None] * moments[2:] + _ROOTS[1:-1, None] * moments[:-2]
    change = (on_atoms * moments[1:-1] - first).sum(axis=1)
    change[0] += 1.0
    second = moments[0] + lower * _density(lower) - upper * _density(upper)
    variance = 1.0 - (second - moments[0] * on_atoms**2).sum()
    return ScoreFunction(values, change / np.sqrt(variance))


def step_scores(edges, probabilities):
    """Return the score function of values on adjacent intervals that cover the line."""
    lower, upper = np.r_[-np.inf, edges], np.r_[edges, np.inf]
    values = interval_scores(lower, upper, probabilities)
    variance = (probabilities * values**2).sum()
    if not variance > 0:
        return plain_scores(values)
    # A sum of score times moment over the intervals is one of jump times density over the edges.
    jumps = _hermite_densities(edges)[:-1] @ np.diff(values)
    return ScoreFunction(values, jumps / _ROOTS[1:-1] / np.sqrt(variance))


def interval_scores(lower, upper, probabilities):
    """Return E[Z | lower < Z < upper] for a standard normal Z."""
    return (_density(lower) - _density(upper)) / probabilities


def _density(z):
    return np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)


def _hermite_densities(z):
    """Return h_k(z) times the normal density for k = 0.._N_TERMS - 1, one row each.

    The integral of h_k times the density from a to b is the difference of row k - 1 between a
    and b, over the square root of k.
    """
    rows = np.empty((_N_TERMS, len(z)))
    rows[0] = _density(z)
    rows[1] = z * rows[0]
    for k in range(2, _N_TERMS):
        rows[k] = (z * rows[k - 1] - _ROOTS[k - 1] * rows[k - 2]) / _ROOTS[k]
    return rows


def correlate(scores, weights, present=None):
    """Weighted correlation of the rows of `scores`; rows without variance get zeros.

    Parameters
    ----------
    scores : ndarray of shape (n_latents, n_samples)
        Overwritten. Zero where not present.
    weights : ndarray of shape (n_samples,)
    present : ndarray of bool of shape (n_latents, n_samples), default=None
        If given, the covariance of two rows uses the samples present in both.
    """
    if present is None:
        scores -= (scores @ weights / weights.sum())[:, None]
        before = (scores * scores) @ weights
        scores *= np.sqrt(weights)
        product = scores @ scores.T
        return _ratio(product, np.diag(product), before.max(initial=0.0))
    return _correlate_pairs(scores, weights, present)


def _correlate_pairs(scores, weights, present):
    """Covariance over the samples present in both rows, in units of each row's own deviation.

    A value and its own missingness are never seen together and count as uncorrelated, so the
    deviation of another row differs between all samples and those where the value is present;
    dividing by the latter would make the rows drawn as present depend too much on each other.
    """
    mass = np.maximum(present @ weights, np.finfo(float).tiny)
    scores -= (scores @ weights / mass)[:, None]
    scores *= present
    variance = (scores * scores) @ weights / mass
    present = present.astype(np.float64)
    joint = (present * weights) @ present.T
    joint[joint <= 0] = np.inf  # never seen together: everything below becomes zero
    weighted = scores * weights
    mean = weighted @ present.T / joint
    product = weighted @ scores.T / joint - mean * mean.T
    return _ratio(product, variance, 1.0)


def _ratio(product, variance, scale):
    valid = variance > _NO_VARIANCE * scale
    root = np.sqrt(np.where(valid, variance, np.inf))
    correlation = np.clip(product / root / root[:, None], -1.0, 1.0)
    np.fill_diagonal(correlation, 1.0)
    return correlation


def latent_correlation(observed, hermite):
    """Return the correlation of the latents, given that of the scores.

    Parameters
    ----------
    observed : ndarray of shape (n_latents, n_latents)
    hermite : ndarray of shape (n_latents, n_terms)
    """
    linear = np.outer(hermite[:, 0], hermite[:, 0])
    latent = np.clip(observed / linear, -1.0, 1.0)
    stepped = np.flatnonzero(np.any(hermite[:, 1:] != 0, axis=1))
    first, second = (stepped[index] for index in np.triu_indices(len(stepped), 1))
    series = (hermite[first] * hermite[second]).T
    latent[first, second] = _invert_series(series, observed[first, second])
    latent[second, first] = latent[first, second]
    np.fill_diagonal(latent, 1.0)
    return latent


def _invert_series(series, observed):
    """Solve sum_k series[k-1] * rho^k = observed for rho in [-1, 1] by safeguarded Newton."""
    low, high = -np.ones_like(observed), np.ones_like(observed)
    rho = np.clip(observed / series[0], -1.0, 1.0)
    for _ in range(_N_NEWTON):
        value, slope = np.zeros_like(rho), np.zeros_like(rho)
        for term in series[::-1]:
            slope = slope * rho + value
            value = value * rho + term
        slope = slope * rho + value
        error = value * rho - observed
        low, high = np.where(error < 0, rho, low), np.where(error > 0, rho, high)
        step = rho - error / np.where(slope > 0, slope, 1.0)
        inside = (slope > 0) & (step >= low) & (step <= high)
        rho = np.where(inside, step, (low + high) / 2)
    return rho


def leading_direction(correlation):
    """Return the direction of the first principal axis, by a fixed number of power steps.

    Unlike an eigenvector it has one sign and does not jump when two eigenvalues are equal, so
    rounding cannot turn the order of categories around.
    """
    power = correlation
    for _ in range(5):
        power = power @ power
        power /= np.abs(power).max()
    direction = power @ (1.0 / np.arange(1, len(power) + 1))
    return direction / np.linalg.norm(direction)


def cholesky_factor(correlation, shrinkage):
    """Return the shrunk correlation matrix and its Cholesky factor.

    A matrix that is not positive definite (pairwise estimates need not be) is first projected on
    the positive semi-definite ones and rescaled to a unit diagonal.
    """
    identity = np.eye(len(correlation))
    for ridge in (0.0, 1e-9, 1e-6, 1e-3):
        share = max(shrinkage, ridge)
        shrunk = (1 - share) * correlation + share * identity
        try:
            return shrunk, np.linalg.cholesky(shrunk)
        except np.linalg.LinAlgError:
            correlation = _project(correlation)
    raise np.linalg.LinAlgError("The correlation of the scores could not be made positive.")


def _project(correlation):
    values, vectors = np.linalg.eigh(correlation)
    # The product does not depend on the signs or the order of the eigenvectors.
    positive = (vectors * np.maximum(values, 0.0)) @ vectors.T
    scale = np.sqrt(np.diag(positive))
    return positive / np.outer(scale, scale)
