"""Synthesizers: learners of rows."""

# One line a name, and every name that is imported here is public.
from skcollapse._utils._tables import Column as Column
from skcollapse.synthesizers._adapter import SynthesizerAdapter as SynthesizerAdapter
from skcollapse.synthesizers._adapter import as_synthesizer as as_synthesizer
from skcollapse.synthesizers._base import BaseSynthesizer as BaseSynthesizer
from skcollapse.synthesizers._copula import GaussianCopulaSynthesizer as GaussianCopulaSynthesizer
from skcollapse.synthesizers._empirical import EmpiricalSynthesizer as EmpiricalSynthesizer
from skcollapse.synthesizers._gaussian import GaussianSynthesizer as GaussianSynthesizer
from skcollapse.synthesizers._kernel_density import (
    KernelDensitySynthesizer as KernelDensitySynthesizer,
)
from skcollapse.synthesizers._kernel_density import (
    bandwidth_shrink_factor as bandwidth_shrink_factor,
)
from skcollapse.synthesizers._sdv import SDVSynthesizer as SDVSynthesizer
from skcollapse.synthesizers._tree import TreeSynthesizer as TreeSynthesizer

__all__ = sorted(name for name in globals() if not name.startswith("_"))
