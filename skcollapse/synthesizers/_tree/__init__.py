"""One tree for each column: the default synthesizer and what it is made of."""

from skcollapse.synthesizers._tree._synthesizer import TreeSynthesizer

__all__ = ["TreeSynthesizer"]
