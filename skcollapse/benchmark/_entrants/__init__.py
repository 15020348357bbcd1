"""What a benchmark compares: RecursiveMix, its references and other baselines."""

from ._peers import grows
from ._recursive_mix import make_entrant

__all__ = ["grows", "make_entrant"]
