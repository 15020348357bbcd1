"""Exact theory of learning recursively on real and synthetic rows."""

from skcollapse.theory._weights import (
    lam_to_real_weight,
    optimal_real_weight,
    real_weight_schedule,
    real_weight_to_lam,
)

__all__ = [
    "lam_to_real_weight",
    "optimal_real_weight",
    "real_weight_schedule",
    "real_weight_to_lam",
]
