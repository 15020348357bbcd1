"""How the last estimator becomes the next one: one strategy a file."""

from skcollapse._recursive_mix.updating._base import BaseUpdate
from skcollapse._recursive_mix.updating._refit import Refit

__all__ = ["BaseUpdate", "Refit"]
