"""Learning recursively on real and synthetic rows without model collapse."""

from skcollapse._recursive_mix import (
    RecursiveMixClassifier,
    RecursiveMixRegressor,
    RecursiveMixSynthesizer,
)

__version__ = "0.1.0.dev0"

__all__ = [
    "RecursiveMixClassifier",
    "RecursiveMixRegressor",
    "RecursiveMixSynthesizer",
    "__version__",
]
