"""Curves by generation and their figures."""

from skcollapse.inspection._fidelity_display import FidelityDisplay
from skcollapse.inspection._generation_curve import generation_curve
from skcollapse.inspection._generation_display import GenerationCurveDisplay
from skcollapse.inspection._records import GenerationCurve
from skcollapse.inspection._weight_display import WeightCurveDisplay

__all__ = [
    "FidelityDisplay",
    "GenerationCurve",
    "GenerationCurveDisplay",
    "WeightCurveDisplay",
    "generation_curve",
]
