"""What a generation leaves behind."""

from dataclasses import dataclass
from typing import Any, NamedTuple

__all__ = ["Fitted", "Generation"]


class Fitted(NamedTuple):
    """Both new models, and the rows that the estimator was fitted on."""

    estimator: Any
    synthesizer: Any
    rows: Any
    resampled: bool
    n_drawn: int
    memory: Any = None


@dataclass(frozen=True)
class Generation:
    """All that the next generation knows of the past.

    `estimator` predicts; an update may make it of several fitted estimators, and `memory` is what
    that update remembers besides. A new stream starts from a generation with index -1 that holds a
    labeller and nothing else.
    """

    labeller: Any
    index: int = -1
    estimator: Any = None
    synthesizer: Any = None
    size: float | None = None
    record: dict | None = None
    memory: Any = None
