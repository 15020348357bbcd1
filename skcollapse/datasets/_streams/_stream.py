"""What all made streams share: checks, seeds and the record that is returned."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from typing import Any

import numpy as np
from sklearn.utils import Bunch

from skcollapse._utils._random import draw_entropy
from skcollapse._utils._validation import whole_number

__all__ = [
    "Generators",
    "check_noise",
    "check_vector",
    "make_stream",
]

Generators = tuple[np.random.Generator, np.random.Generator]


def make_stream(
    n_batches: int,
    batch_size: Any,
    random_state: Any,
    draw: Callable[[int, int, Generators], tuple[np.ndarray, np.ndarray]],
    **record: Any,
) -> Bunch:
    """Draw the batches one after the other and stack them.

    ``draw(batch, n_rows, generators)`` returns rows and targets of a batch. A batch has two
    generators of its own, one for rows and one for targets, which depend on `random_state` and
    the number of the batch only: a longer stream, or one of larger batches, starts with the same
    rows.
    """
    sizes = _check_sizes(n_batches, batch_size)
    entropy = draw_entropy(random_state)
    batches = []
    for batch, size in enumerate(sizes):
        seeds = np.random.SeedSequence(entropy, spawn_key=(batch,)).spawn(2)
        rows, targets = (np.random.default_rng(seed) for seed in seeds)
        batches.append(draw(batch, size, (rows, targets)))
    return Bunch(
        X=np.concatenate([X for X, _ in batches]),
        y=np.concatenate([y for _, y in batches]),
        generation=np.repeat(np.arange(len(sizes)), sizes),
        n_batches=len(sizes),
        batch_size=batch_size,
        **record,
    )


def _check_sizes(n_batches: int, batch_size: Any) -> list[int]:
    n_batches = whole_number(n_batches, "n_batches", 1)
    if np.ndim(batch_size) == 0:
        return [whole_number(batch_size, "batch_size", 1)] * n_batches
    sizes = [whole_number(size, "batch_size", 1) for size in batch_size]
    if len(sizes) != n_batches:
        raise ValueError(
            f"batch_size must be a number, or hold one for each of the {n_batches} batches; got "
            f"{len(sizes)}."
        )
    return sizes


def check_noise(noise: Any) -> float:
    """Return a standard deviation >= 0."""
    if not isinstance(noise, Real) or not 0 <= float(noise) < np.inf:
        raise ValueError(f"noise must be a finite standard deviation >= 0, got {noise!r}.")
    return float(noise)


def check_vector(value: Any, name: str, length: int) -> np.ndarray:
    """Return `length` finite numbers."""
    vector = np.asarray(value, dtype=np.float64)
    if vector.shape != (length,) or not np.isfinite(vector).all():
        raise ValueError(f"{name} must hold {length} finite numbers, got {value!r}.")
    return vector
