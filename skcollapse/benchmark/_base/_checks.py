"""Checks of single options, and the error they raise."""

from __future__ import annotations

import math
from difflib import get_close_matches
from numbers import Integral
from typing import Any

from skcollapse._utils._validation import is_number, is_whole_number

__all__ = [
    "ConfigError",
    "as_tuple",
    "check_choice",
    "check_integer",
    "check_known",
    "check_n_jobs",
    "check_n_synthetic",
    "check_test_size",
    "check_timeout",
]


class ConfigError(ValueError):
    """Error in an option of the benchmark.

    Parameters
    ----------
    option : str
        Name of the option.
    problem : str
        What is wrong with it and what is allowed, as a sentence without a subject.

    Examples
    --------
    >>> from skcollapse.benchmark import ConfigError
    >>> str(ConfigError("n_batches", "must be at least 2, got 1."))
    'n_batches must be at least 2, got 1.'
    """

    def __init__(self, option: str, problem: str) -> None:
        super().__init__(f"{option} {problem}")
        self.option = option
        self.problem = problem


def check_known(options: dict[str, Any], known: list[str]) -> None:
    """Raise a ConfigError for the first option that is not known."""
    for option in options:
        if option not in known:
            near = get_close_matches(option, known, n=1)
            advice = f"did you mean {near[0]}? Allowed" if near else "allowed"
            raise ConfigError(option, f"is not an option; {advice} are {', '.join(known)}.")


def check_timeout(timeout: float | None) -> None:
    """Raise a ConfigError unless `timeout` is None or a positive number of seconds."""
    if timeout is not None and not (is_number(timeout) and timeout > 0 and math.isfinite(timeout)):
        raise ConfigError("timeout", f"must be None or a number of seconds > 0, got {timeout!r}.")


def check_n_jobs(n_jobs: int | None) -> None:
    """Raise a ConfigError unless `n_jobs` is None or what joblib takes."""
    whole = isinstance(n_jobs, Integral) and is_number(n_jobs)
    if n_jobs is not None and not (whole and n_jobs != 0):
        raise ConfigError("n_jobs", f"must be None or an integer other than 0, got {n_jobs!r}.")


def check_choice(option: str, value: Any, allowed: tuple[str, ...]) -> None:
    """Raise a ConfigError unless `value` is one of `allowed`."""
    if value not in allowed:
        raise ConfigError(option, f"must be one of {', '.join(allowed)}; got {value!r}.")


def check_integer(option: str, value: Any, at_least: int) -> None:
    """Raise a ConfigError unless `value` is a whole number and large enough."""
    if not is_whole_number(value, at_least):
        raise ConfigError(option, f"must be an integer >= {at_least}, got {value!r}.")


def check_test_size(value: Any) -> None:
    """Raise a ConfigError unless `value` is a number of rows or a share."""
    share = isinstance(value, float) and 0 < value < 1
    if not (share or is_whole_number(value, 2)):
        raise ConfigError(
            "test_size",
            f"must be an integer >= 2 (rows) or a share between 0 and 1, got {value!r}.",
        )


def check_n_synthetic(value: Any) -> None:
    """Raise a ConfigError unless `value` is a positive number."""
    if not is_number(value) or not math.isfinite(value) or value <= 0:
        raise ConfigError("n_synthetic", f"must be a number > 0, got {value!r}.")


def as_tuple(option: str, values: Any) -> tuple:
    """Return a list or another iterable as a tuple; raise an error for a single text."""
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise ConfigError(option, f"must be a list or tuple, got {values!r}.")
    for value in values:
        if isinstance(value, list | set):
            raise ConfigError(option, f"must hold single values, got {value!r}.")
    return tuple(values)
