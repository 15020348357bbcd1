"""Curves by generation and their figures."""

from skcollapse.inspection._generation_curve import generation_curve
from skcollapse.inspection._records import GenerationCurve

__all__ = ["GenerationCurve", "generation_curve"]
