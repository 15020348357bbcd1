"""Exact theory of learning recursively on real and synthetic rows."""

from skcollapse.theory._checks import covariance_matrix as covariance_matrix  # for other rooms
from skcollapse.theory._covariance import (
    covariance_error_path,
    pooled_variance_path,
)
from skcollapse.theory._downstream import downstream_risk, shrinkage_path
from skcollapse.theory._exact import (
    gaussian_moments,
    linear_regression_risk,
    quadratic_variance_risk,
)
from skcollapse.theory._gaussian import (
    gaussian_collapse_factor,
    gaussian_lam_path,
    gaussian_location_mse,
)
from skcollapse.theory._kernel_density import (
    kde_mise,
    kde_variance_inflation,
)
from skcollapse.theory._mixing import MixingMatrix
from skcollapse.theory._paths import (
    biased_mse,
    limiting_variance,
    variance_path,
)
from skcollapse.theory._risk import (
    loadings,
    relative_risk,
    relative_risk_at,
    risk_covariance,
    variance_inflation,
)
from skcollapse.theory._stability import (
    retraining_jacobian,
    stability_condition,
)
from skcollapse.theory._total_variation import phase_transition, tv_bound
from skcollapse.theory._weights import (
    lam_to_real_weight,
    optimal_real_weight,
    real_weight_schedule,
    real_weight_to_lam,
)

__all__ = [
    "MixingMatrix",
    "biased_mse",
    "covariance_error_path",
    "downstream_risk",
    "gaussian_collapse_factor",
    "gaussian_lam_path",
    "gaussian_location_mse",
    "gaussian_moments",
    "kde_mise",
    "kde_variance_inflation",
    "lam_to_real_weight",
    "limiting_variance",
    "linear_regression_risk",
    "loadings",
    "optimal_real_weight",
    "phase_transition",
    "pooled_variance_path",
    "quadratic_variance_risk",
    "real_weight_schedule",
    "real_weight_to_lam",
    "relative_risk",
    "relative_risk_at",
    "retraining_jacobian",
    "risk_covariance",
    "shrinkage_path",
    "stability_condition",
    "tv_bound",
    "variance_inflation",
    "variance_path",
]
