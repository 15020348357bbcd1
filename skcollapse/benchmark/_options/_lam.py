"""Checks of the values of lam."""

from __future__ import annotations

from typing import Any

from skcollapse._recursive_mix import check_workflow_lam
from skcollapse._utils._validation import is_number
from skcollapse.benchmark._base import ConfigError, as_tuple, check_choice
from skcollapse.weights import LAM_NAMES, check_lam
from skcollapse.workflows import check_workflow

__all__ = ["checked_lam", "lam_problem", "lam_suits"]


def lam_suits(lam: str | float, workflow: str) -> bool:
    """Return whether a workflow can run with this lam."""
    return lam_problem(lam, workflow) == ""


def lam_problem(lam: str | float, workflow: str) -> str:
    """Return why a workflow cannot run with this lam, or an empty text if it can."""
    rule = check_workflow(workflow)
    try:
        check_workflow_lam(lam, rule)
        check_lam(lam, n_synthetic=1, fresh=rule.takes_fresh_rows)
    except ValueError as error:
        return f"does not suit the workflow: {error}"
    return ""


def checked_lam(values: Any) -> tuple[str | float, ...]:
    """Return names and numbers for lam, each once, the numbers as floats."""
    checked: list[str | float] = []
    for value in as_tuple("lam", values):
        if isinstance(value, str):
            check_choice("lam", value, LAM_NAMES)
        elif not is_number(value) or not value >= 0:
            raise ConfigError(
                "lam",
                f"must hold numbers >= 0 or names ({', '.join(LAM_NAMES)}), got {value!r}.",
            )
        else:
            value = float(value)
        if value not in checked:
            checked.append(value)
    return tuple(checked)
