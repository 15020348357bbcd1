"""Checks of arguments that the formulas share; each names the parameter it refuses."""

import numpy as np

from skcollapse._utils._validation import all_finite


def non_negative(value, name):
    """Return `value` as float64 after checking that it is >= 0 and not nan."""
    value = np.asarray(value, dtype=np.float64)
    if np.isnan(value).any() or (value < 0).any():
        raise ValueError(f"{name} must be >= 0 and not nan, got {value!r}.")
    return value


def positive(value, name):
    """Return `value` as float64 after checking that it is > 0 and not nan."""
    value = non_negative(value, name)
    if (value == 0).any():
        raise ValueError(f"{name} must be > 0, got {value!r}.")
    return value


def finite(value, name):
    """Return `value` as float64 after checking that it is >= 0 and finite."""
    value = non_negative(value, name)
    if np.isinf(value).any():
        raise ValueError(f"{name} must be finite, got {value!r}.")
    return value


def weight(value, name="real_weight"):
    """Return `value` as float64 after checking that it lies in [0, 1]."""
    value = non_negative(value, name)
    if (value > 1).any():
        raise ValueError(f"{name} must be <= 1, got {value!r}.")
    return value


def per_generation(value, n_generations, name):
    """Return one value for each of the generations 1..T from a scalar or a vector."""
    if value.ndim and value.shape != (n_generations,):
        raise ValueError(
            f"{name} must be a number or hold one value for each of the {n_generations} "
            f"generations, got shape {value.shape}."
        )
    return np.broadcast_to(value, (n_generations,))


def size(value, name, minimum=1):
    """Return one number of rows as a float after checking that it is finite and >= `minimum`."""
    value = finite(value, name)
    if value.ndim or value < minimum:
        raise ValueError(f"{name} must be one number >= {minimum}, got {value!r}.")
    return float(value)


def covariance_matrix(value):
    """Check that `value` is a covariance matrix; a number becomes a matrix of one entry."""
    sigma = np.asarray(value, dtype=np.float64)
    sigma = sigma.reshape(1, 1) if sigma.ndim == 0 else sigma
    if sigma.ndim != 2 or sigma.shape[0] != sigma.shape[1] or sigma.size == 0:
        raise ValueError(f"covariance must be a square matrix, got shape {sigma.shape}.")
    all_finite(sigma, "covariance")
    # Matrices computed from data are symmetric and definite up to rounding only.
    rounding = 1e-10 * np.abs(sigma).max()
    if np.abs(sigma - sigma.T).max() > rounding:
        raise ValueError("covariance must be symmetric.")
    smallest = np.linalg.eigvalsh(sigma)[0]
    if smallest < -rounding:
        raise ValueError(f"covariance must have no negative eigenvalue, got {smallest:.3g}.")
    return sigma
