"""Meta-estimators that learn recursively on real and synthetic rows."""

from skcollapse._recursive_mix._classifier import RecursiveMixClassifier
from skcollapse._recursive_mix._regressor import RecursiveMixRegressor
from skcollapse._recursive_mix._synthesizer import RecursiveMixSynthesizer

__all__ = ["RecursiveMixClassifier", "RecursiveMixRegressor", "RecursiveMixSynthesizer"]
