"""Checks of arguments that the twins share; each names the parameter it refuses."""

from numbers import Real

import numpy as np


def check_choice(value, choices, name):
    """Raise ValueError unless the value is one of the texts in `choices`."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} must be one of {list(choices)}, got {value!r}.")


def check_synthetic_rows(n_synthetic, n_samples):
    """Return the rows that a multiple of `n_samples` makes, or raise ValueError below one."""
    number = isinstance(n_synthetic, Real) and np.isfinite(n_synthetic)
    if not number or round(n_synthetic * n_samples) < 1:
        raise ValueError(
            "n_synthetic must be a finite multiple of n_samples that makes a row or more, "
            f"got {n_synthetic!r}."
        )
    return round(n_synthetic * n_samples)


def check_lams(lam, n_generations, workflow):
    """Return one lam for each generation, None for generation 0 and for equal weights."""
    if lam is None:
        return [None] * (n_generations + 1)
    if workflow.budget(1.0) is not None:
        raise ValueError(
            f"lam must be None with {workflow!r}: the rows of a subsample all count the same."
        )
    lams = np.asarray(lam, dtype=np.float64)
    if lams.ndim and lams.shape != (n_generations,):
        raise ValueError(
            f"lam must be a number or hold one for each of the {n_generations} generations, "
            f"got shape {lams.shape}."
        )
    if not (lams >= 0).all():
        raise ValueError(f"lam must be >= 0, got {lam!r}.")
    return [None, *np.broadcast_to(lams, n_generations).tolist()]


def check_plan(workflow, generation):
    """Return the batches of a generation, or raise ValueError if one cannot exist by then."""
    plan = workflow.plan(generation)
    if not plan:
        raise ValueError(f"{workflow!r} names no batches for generation {generation}.")
    for batch in plan:
        # Rows of generation 0 are real: there is no model yet that could have drawn others.
        oldest = 0 if batch.source == "real" else 1
        if not oldest <= batch.generation <= generation:
            raise ValueError(
                f"{workflow!r} names {batch} in generation {generation}, when it cannot exist."
            )
    return plan


def check_budget(budget, minimum):
    """Return the whole rows of a budget, None where all rows are fitted."""
    if budget is None:
        return None
    if int(budget) < minimum:
        raise ValueError(
            f"The workflow fits on {int(budget)} rows, which must be {minimum} or more; raise its "
            "size or n_samples."
        )
    return int(budget)
