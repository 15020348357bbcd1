"""What a benchmark compares: RecursiveMix, its references, and baselines that keep no rows."""

from ._base import ENTRANTS, Entrant, EntrantSetting, entrant
from ._recursive_mix import RecursiveMixEntrant

# Importing a file registers its entrants. They run and are listed in the order of these lines.
# isort: off
from ._references import REFERENCES
from . import _peers  # noqa: F401
# isort: on

__all__ = [
    "ENTRANTS",
    "REFERENCES",
    "Entrant",
    "EntrantSetting",
    "RecursiveMixEntrant",
    "entrant",
]
