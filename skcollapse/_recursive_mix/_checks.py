"""Checks that run before anything is fitted."""

import warnings

import numpy as np
from sklearn.utils.validation import _check_y, check_consistent_length, column_or_1d

from skcollapse._recursive_mix.fitting import WeightedRows, subset
from skcollapse._utils._rows import check_table, check_weights
from skcollapse._utils._tables import container_of
from skcollapse.weights import check_lam

__all__ = [
    "check_first_batch",
    "check_rows",
    "check_schema",
    "check_settings",
    "positive_rows",
    "schema_of",
    "split_into_batches",
]


def check_rows(estimator, X, y, sample_weight, *, reset, y_numeric):
    """Return the rows of positive weight, and the mask that selects them."""
    X = check_table(estimator, X, reset=reset)
    y = check_target(estimator, y, y_numeric)
    check_consistent_length(X, y)
    return positive_rows(X, y, sample_weight)


def positive_rows(X, y, sample_weight):
    """Return the rows of positive weight, and the mask that selects them."""
    if sample_weight is None:
        return WeightedRows(X, y), slice(None)
    weights = check_weights(sample_weight, X)
    positive = weights > 0
    if positive.all():
        return WeightedRows(X, y, weights), slice(None)
    return subset(WeightedRows(X, y, weights), positive), positive


def check_target(estimator, y, y_numeric):
    """Return y as a one-dimensional array without missing values."""
    if y is None:
        raise ValueError(
            f"{type(estimator).__name__} requires y to be passed, but the target y is None."
        )
    if _has_missing(y):
        raise ValueError("Input y contains missing values (NaN). Drop these rows before fitting.")
    y = _check_y(y, y_numeric=y_numeric, estimator=estimator)
    # Predicted labels are floats: real ones must be too, or the two parts could not be stacked.
    return y.astype(np.float64) if y_numeric and y.dtype.kind != "f" else y


def _has_missing(y):
    if hasattr(y, "is_null"):
        return bool(y.is_null().any())
    y = np.asarray(y)
    return y.dtype.kind == "O" and any(v is None or v != v for v in y.ravel())


def check_settings(estimator, workflow, generation_count):
    """Check the parameters that depend on each other."""
    workflow.plan(0)  # a workflow of wrong parameters says so here
    if generation_count > 0:
        check_workflow_lam(estimator.lam, workflow)
        check_lam(
            estimator.lam, n_synthetic=estimator.n_synthetic, fresh=workflow.takes_fresh_rows
        )
    if not workflow.plan(generation_count):
        raise ValueError(
            f"n_generations={generation_count} is more than workflow {workflow!r} plans for."
        )


def check_workflow_lam(lam, workflow):
    """Raise if the workflow leaves lam nothing to decide, or less than the user wants."""
    if workflow.fixes_weights:
        allowed, reason = ("optimal",), "gives all weights itself"
    elif not workflow.weighs_real_rows():
        allowed = ("optimal", "proportional", np.inf)
        reason = "has no real rows to weigh after generation 0"
    elif workflow.budget(1.0) is not None:
        allowed, reason = ("optimal", "proportional"), "draws its rows with equal chances"
    else:
        return
    if lam not in allowed:
        raise ValueError(
            f"lam={lam!r} cannot be used: workflow {workflow!r} {reason}. Use one of {allowed}."
        )


def check_first_batch(rows, classes=None):
    """Check that generation 0 can be fitted at all."""
    if rows.X.shape[0] < 2:
        raise ValueError(
            f"Generation 0 has n_samples={rows.X.shape[0]}, but at least 2 real rows are needed "
            "to learn from. Use fewer generations or larger batches."
        )
    if classes is not None and (rows.y == rows.y[0]).all():
        raise ValueError(
            "Generation 0 holds one class only, while at least 2 classes are needed. Shuffle a "
            "table that is sorted by class, or say with `generation` which rows form a batch."
        )


def split_into_batches(rows, mask, workflow, n_generations, generation, classes=None):
    """Split a table into its real batches.

    Under a workflow with fresh rows these are the groups of `generation`, in sorted order, or
    near-equal blocks in row order. Under the others the table is one batch.
    """
    if not workflow.takes_fresh_rows:
        if generation is not None:
            raise ValueError(
                f"generation= says which rows arrive when, but workflow {workflow!r} takes the "
                "whole table at once. Leave it out, or use workflow='fresh'."
            )
        return [rows]
    if generation is None:
        if rows.X.shape[0] < n_generations + 1:
            raise ValueError(
                f"n_samples={rows.X.shape[0]} rows cannot be cut into n_generations + 1 = "
                f"{n_generations + 1} batches. Lower n_generations."
            )
        parts = _blocks(rows, n_generations + 1, classes)
    else:
        parts = _groups(generation, mask, rows.X.shape[0])
    return [subset(rows, part) for part in parts]


def _blocks(rows, n_blocks, classes):
    """Cut the rows in order into near-equal blocks, of which the first holds two classes."""
    y, rows = rows.y, np.arange(rows.X.shape[0])
    parts = np.array_split(rows, n_blocks)
    if classes is None or n_blocks == 1 or (y[parts[0]] != y[0]).any():
        return parts
    others = np.flatnonzero(y != y[0])
    if not len(others) or len(y) - others[0] < n_blocks:
        return parts
    warnings.warn(
        f"The first {others[0]} rows hold one class only: generation 0 takes {others[0] + 1} rows "
        f"instead of {len(parts[0])}. Shuffle a table that is sorted by class, or say with "
        "`generation` which rows form a batch.",
        UserWarning,
        stacklevel=4,
    )
    return [rows[: others[0] + 1], *np.array_split(rows[others[0] + 1 :], n_blocks - 1)]


def _groups(generation, mask, n_rows):
    generation = column_or_1d(generation)
    if isinstance(mask, np.ndarray):
        if len(generation) != len(mask):
            raise ValueError(_length_message(len(generation), len(mask)))
        generation = generation[mask]
    elif len(generation) != n_rows:
        raise ValueError(_length_message(len(generation), n_rows))
    if generation.dtype.kind in "fmM" and (generation != generation).any():
        raise ValueError("generation contains missing values: every row needs a label.")
    try:
        labels, codes = np.unique(generation, return_inverse=True)
    except TypeError:
        raise ValueError("generation must hold labels that can be sorted.") from None
    if len(labels) < 2:
        raise ValueError(
            f"generation has a single label ({labels[0]!r}); at least two batches are needed. "
            "For a plain fit use n_generations=0 and no generation."
        )
    return [np.flatnonzero(codes == code) for code in range(len(labels))]


def _length_message(found, expected):
    return f"generation has length {found}, but X has {expected} rows."


def schema_of(X):
    """Return (container, dtypes by column) of a table."""
    container = container_of(X)
    if container == "numpy":
        return container, None
    # Levels of a category may differ from month to month; the kind of column may not.
    return container, [(str(name), str(X[name].dtype).split("(")[0]) for name in X.columns]


def check_schema(X, expected):
    """Raise if a later batch is another kind of table than the first."""
    container, columns = schema_of(X)
    if container != expected[0]:
        names = {"pandas": "a pandas frame", "polars": "a polars frame", "numpy": "an array"}
        raise ValueError(
            f"X is {names[container]}, but generation 0 was fitted on {names[expected[0]]}."
        )
    for (name, dtype), (_, first) in zip(columns or [], expected[1] or [], strict=True):
        if dtype != first:
            raise ValueError(
                f"Column {name!r} has dtype {dtype}, but it had dtype {first} in generation 0. "
                "Convert it before passing the batch."
            )
