"""Synthesizers: learners of rows."""

from skcollapse.synthesizers._adapter import SynthesizerAdapter, as_synthesizer
from skcollapse.synthesizers._base import BaseSynthesizer
from skcollapse.synthesizers._gaussian_copula import GaussianCopulaSynthesizer
from skcollapse.synthesizers._sdv import SDVSynthesizer

__all__ = [
    "BaseSynthesizer",
    "GaussianCopulaSynthesizer",
    "SDVSynthesizer",
    "SynthesizerAdapter",
    "as_synthesizer",
]
