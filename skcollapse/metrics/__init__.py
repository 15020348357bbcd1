"""Distances between real and drawn rows, and scores of a recursion beside its reference points."""

from skcollapse.metrics._c2st import c2st_auc
from skcollapse.metrics._collapse import collapse_check
from skcollapse.metrics._efficiency import relative_efficiency
from skcollapse.metrics._energy import energy_distance
from skcollapse.metrics._gap import gap_recovered
from skcollapse.metrics._pair import read_pair as read_pair  # for other rooms, not public
from skcollapse.metrics._total_variation import total_variation
from skcollapse.metrics._wasserstein import sliced_wasserstein

__all__ = [
    "c2st_auc",
    "collapse_check",
    "energy_distance",
    "gap_recovered",
    "relative_efficiency",
    "sliced_wasserstein",
    "total_variation",
]
