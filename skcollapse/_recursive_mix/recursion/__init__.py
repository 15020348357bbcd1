"""One generation as a function of the batches at hand and of the generation before it."""

from skcollapse._recursive_mix.recursion._generation import Generation
from skcollapse._recursive_mix.recursion._history import History, line_of
from skcollapse._recursive_mix.recursion._pool import BatchPool, n_rows_to_draw
from skcollapse._recursive_mix.recursion._recursion import Recursion
from skcollapse._recursive_mix.recursion._settings import Settings
from skcollapse._recursive_mix.recursion._task import Classification, Regression, Task

__all__ = [
    "BatchPool",
    "Classification",
    "Generation",
    "History",
    "Recursion",
    "Regression",
    "Settings",
    "Task",
    "line_of",
    "n_rows_to_draw",
]
