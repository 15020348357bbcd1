"""No targets at all."""

from dataclasses import dataclass

from skcollapse._recursive_mix.fitting import WeightedRows
from skcollapse._recursive_mix.labelling._base import BaseLabeller, Labelled

__all__ = ["NoLabels"]


@dataclass(frozen=True)
class NoLabels(BaseLabeller):
    """Leave rows without labels: they are drawn and refitted as they are, with all their noise."""

    noise_ratio = 1.0

    def label(self, here, drawn, fresh, weight):
        return Labelled(self, WeightedRows(drawn, None))
