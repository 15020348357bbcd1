"""Checks of options, and the models and tables that can be asked for by name."""

from skcollapse.benchmark._base._checks import (
    ConfigError,
    as_tuple,
    check_choice,
    check_integer,
    check_known,
    check_n_jobs,
    check_n_synthetic,
    check_test_size,
    check_timeout,
)
from skcollapse.benchmark._base._named_models import (
    ESTIMATORS,
    FARTHEST,
    SYNTHESIZERS,
    make_estimator,
    make_synthesizer,
    one_hot_scaled,
    require_sdv,
)
from skcollapse.benchmark._base._tables import StreamSpec, TableSpec, as_specs

__all__ = [
    "ESTIMATORS",
    "FARTHEST",
    "SYNTHESIZERS",
    "ConfigError",
    "StreamSpec",
    "TableSpec",
    "as_specs",
    "as_tuple",
    "check_choice",
    "check_integer",
    "check_known",
    "check_n_jobs",
    "check_n_synthetic",
    "check_test_size",
    "check_timeout",
    "make_estimator",
    "make_synthesizer",
    "one_hot_scaled",
    "require_sdv",
]
