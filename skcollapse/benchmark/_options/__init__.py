"""The options of a benchmark and of a suite, checked before any work is done."""

from ._benchmark import (
    DEFAULT_LAM,
    DEFAULT_SYNTHESIZER,
    DEFAULTS,
    LABELS,
    BenchmarkConfig,
)
from ._flags import Flag, flag, flags_of, read_counts, read_names
from ._suite_config import (
    LARGEST_TEST,
    LearningConfig,
    SuiteConfig,
    too_few_rows,
)

__all__ = [
    "DEFAULTS",
    "DEFAULT_LAM",
    "DEFAULT_SYNTHESIZER",
    "LABELS",
    "LARGEST_TEST",
    "BenchmarkConfig",
    "Flag",
    "LearningConfig",
    "SuiteConfig",
    "flag",
    "flags_of",
    "read_counts",
    "read_names",
    "too_few_rows",
]
