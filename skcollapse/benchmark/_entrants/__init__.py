"""What a benchmark compares: RecursiveMix, its references, and baselines."""

from skcollapse.benchmark._entrants._base import ENTRANTS, Entrant, EntrantSetting, entrant
from skcollapse.benchmark._entrants._recursive_mix import RecursiveMixEntrant

# Importing a file registers its entrants. They run and are listed in the order of these lines.
# isort: off
from skcollapse.benchmark._entrants._references import REFERENCES
from skcollapse.benchmark._entrants import _peers  # noqa: F401
from skcollapse.benchmark._entrants import _last_batches  # noqa: F401
from skcollapse.benchmark._entrants import _exponential_average  # noqa: F401
from skcollapse.benchmark._entrants import _stacked  # noqa: F401
from skcollapse.benchmark._entrants import _growing_forest  # noqa: F401
# isort: on

__all__ = [
    "ENTRANTS",
    "REFERENCES",
    "Entrant",
    "EntrantSetting",
    "RecursiveMixEntrant",
    "entrant",
]
