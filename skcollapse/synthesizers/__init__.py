"""Synthesizers: learners of rows."""

from skcollapse.synthesizers._adapter import SynthesizerAdapter, as_synthesizer
from skcollapse.synthesizers._base import BaseSynthesizer
from skcollapse.synthesizers._copula import GaussianCopulaSynthesizer
from skcollapse.synthesizers._empirical import EmpiricalSynthesizer
from skcollapse.synthesizers._gaussian import GaussianSynthesizer
from skcollapse.synthesizers._kernel_density import (
    KernelDensitySynthesizer,
    bandwidth_shrink_factor,
)
from skcollapse.synthesizers._sdv import SDVSynthesizer
from skcollapse.synthesizers._tree import TreeSynthesizer

__all__ = [
    "BaseSynthesizer",
    "EmpiricalSynthesizer",
    "GaussianCopulaSynthesizer",
    "GaussianSynthesizer",
    "KernelDensitySynthesizer",
    "SDVSynthesizer",
    "SynthesizerAdapter",
    "TreeSynthesizer",
    "as_synthesizer",
    "bandwidth_shrink_factor",
]
