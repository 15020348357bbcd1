"""Checks of arguments that all rooms share; each error names the argument.

The first two return whether a value is a number; an option of the benchmark raises an error of
its own kind. The others raise ValueError and return the value in its plain type.
"""

from numbers import Integral, Real

import numpy as np

__all__ = [
    "all_finite",
    "boolean",
    "is_number",
    "is_whole_number",
    "numbers",
    "share",
    "whole_number",
]


def is_number(value):
    """Return whether `value` is one real number; a bool is none."""
    return isinstance(value, Real) and not isinstance(value, bool)


def is_whole_number(value, minimum):
    """Return whether `value` is an integer of at least `minimum`; a bool is none."""
    return isinstance(value, Integral) and not isinstance(value, bool) and value >= minimum


def whole_number(value, name, minimum):
    """Return `value` as an int after checking that it is a whole number >= `minimum`."""
    if not is_whole_number(value, minimum):
        raise ValueError(f"{name} must be a whole number >= {minimum}, got {value!r}.")
    return int(value)


def share(value, name):
    """Return `value` as a float after checking that it is a number from 0 to 1."""
    if not is_number(value) or not 0 <= value <= 1:
        raise ValueError(f"{name} must be a number from 0 to 1, got {value!r}.")
    return float(value)


def boolean(value, name):
    """Return `value` as a bool after checking that it is one."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} must be a bool, got {value!r}.")
    return bool(value)


def numbers(values, name):
    """Return one number or an array of numbers as float64."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be a number or an array of numbers.") from error


def all_finite(values, name):
    """Return one number or an array of numbers as float64 after checking that all are finite."""
    values = numbers(values, name)
    if not np.isfinite(values).all():
        raise ValueError(f"{name} must be finite.")
    return values
