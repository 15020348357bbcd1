"""Checks of options that several metrics share."""

from numbers import Integral, Real

import numpy as np

__all__ = ["check_bool", "check_count", "check_share"]


def check_bool(value, name):
    """Refuse anything but a bool."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} must be a bool, got {value!r}.")


def check_count(value, name, least):
    """Refuse anything but a whole number of at least `least`."""
    if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name} must be a whole number >= {least}, got {value!r}.")


def check_share(value, name):
    """Refuse anything but a number from 0 to 1."""
    if not isinstance(value, Real) or isinstance(value, bool) or not 0 <= value <= 1:
        raise ValueError(f"{name} must be a number from 0 to 1, got {value!r}.")
