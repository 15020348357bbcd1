"""The options of a benchmark and of a suite, checked before any work is done."""

from skcollapse.benchmark._options._benchmark import (
    DEFAULT_LAM,
    DEFAULT_SYNTHESIZER,
    DEFAULTS,
    LABELS,
    BenchmarkConfig,
)
from skcollapse.benchmark._options._flags import Flag, flag, flags_of, read_counts, read_names
from skcollapse.benchmark._options._suite_config import (
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
