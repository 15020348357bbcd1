"""Strategies that label synthetic rows: ``labels=`` takes one of them, or its name."""

from skcollapse._recursive_mix import LABELLERS as _LABELLERS
from skcollapse._recursive_mix import BaseLabeller, Labelled

# A strategy is registered by one line, in its room; here it becomes public.
globals().update({strategy.__name__: strategy for strategy in _LABELLERS.values()})

__all__ = ["BaseLabeller", "Labelled", *sorted(c.__name__ for c in _LABELLERS.values())]
