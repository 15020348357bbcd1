"""The parameters of a recursion."""

from typing import Any, NamedTuple

__all__ = ["Settings"]


class Settings(NamedTuple):
    """Parameters of the estimator that a generation depends on, with None filled in."""

    estimator: Any  # None where only rows are learned
    synthesizer: Any
    lam: Any
    n_synthetic: Any
    memory: Any = None
    n_jobs: int | None = None
