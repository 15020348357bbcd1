"""Distances between real and drawn rows, and scores of a recursion beside its reference points."""

from ._c2st import c2st_auc
from ._collapse import collapse_check
from ._efficiency import relative_efficiency
from ._energy import energy_distance
from ._gap import gap_recovered
from ._total_variation import total_variation
from ._wasserstein import sliced_wasserstein

__all__ = [
    "c2st_auc",
    "collapse_check",
    "energy_distance",
    "gap_recovered",
    "relative_efficiency",
    "sliced_wasserstein",
    "total_variation",
]
