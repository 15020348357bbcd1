"""Bound the number of category levels a synthesizer remembers."""

import warnings
from dataclasses import replace

import numpy as np

__all__ = ["MAX_LEVELS", "limit_levels"]

# A column with more levels than this is close to an identifier or free text: its values would
# make the fitted synthesizer grow with the rows, and would be handed out again one by one.
MAX_LEVELS = 1000


def limit_levels(columns, specs, weights):
    """Forget unused levels, and all but the `MAX_LEVELS` heaviest ones.

    Rows of a forgotten level are given kept levels in proportion to their weights. The choice
    depends on the levels' total weights alone, so integer weights still equal repeated rows.
    """
    limited = []
    for column, spec in zip(columns, specs, strict=True):
        limited.append(_limit(column, spec, weights))  # a comprehension would be a frame more
    return [column for column, _ in limited], [spec for _, spec in limited]


def _limit(column, spec, weights):
    if column.kind != "category" or column.n_levels == 0:
        return column, spec
    present = ~column.missing
    mass = np.bincount(column.values[present], weights[present], minlength=column.n_levels)
    if np.count_nonzero(mass) <= MAX_LEVELS:
        return _restrict(column, spec, np.flatnonzero(mass))
    warnings.warn(
        f"Column {spec.name!r} has {np.count_nonzero(mass)} levels; only the {MAX_LEVELS} most "
        "frequent are kept. Drop the column if it is an identifier or free text.",
        UserWarning,
        stacklevel=4,
    )
    heaviest = np.argsort(-mass, kind="stable")
    kept, dropped = np.sort(heaviest[:MAX_LEVELS]), heaviest[MAX_LEVELS:]
    dropped = dropped[mass[dropped] > 0]
    shares = np.cumsum(mass[kept]) / mass[kept].sum()
    stand_in = np.searchsorted(shares, (np.arange(len(dropped)) + 0.5) / len(dropped))
    mapping = np.arange(column.n_levels)
    mapping[dropped] = kept[stand_in]
    values = np.where(column.missing, -1, mapping[np.maximum(column.values, 0)])
    return _restrict(replace(column, values=values), spec, kept)


def _restrict(column, spec, kept):
    """Renumber the codes so that only the levels `kept` exist."""
    if isinstance(spec.levels, tuple) or len(kept) == column.n_levels:
        return column, spec
    position = np.full(column.n_levels, -1)
    position[kept] = np.arange(len(kept))
    values = np.where(column.missing, -1, position[np.maximum(column.values, 0)])
    return replace(column, values=values, n_levels=len(kept)), spec.keep_levels(kept)
