"""Any workflow as one matrix, and what is computed along it."""

from skcollapse.theory._mixing._matrix import MixingMatrix, check_mixing
from skcollapse.theory._mixing._profiles import risk_of_living_batches, risk_of_pool
from skcollapse.theory._mixing._propagation import one_per_fit, propagate

__all__ = [
    "MixingMatrix",
    "check_mixing",
    "one_per_fit",
    "propagate",
    "risk_of_living_batches",
    "risk_of_pool",
]
