"""SDV's synthesizers behind this package's contract."""

from skcollapse.synthesizers._sdv._synthesizer import SDVSynthesizer

__all__ = ["SDVSynthesizer"]
