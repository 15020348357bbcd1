"""The options of a benchmark and of a suite, checked before any work is done."""

from skcollapse.benchmark._options._benchmark import (
    DEFAULT_LAM,
    DEFAULT_SYNTHESIZER,
    DEFAULTS,
    LABELS,
    BenchmarkConfig,
)
from skcollapse.benchmark._options._flags import (
    Flag,
    count_or_name,
    flag,
    flags_of,
    read_counts,
    read_names,
)
from skcollapse.benchmark._options._lam import checked_lam
from skcollapse.benchmark._options._suite_config import (
    LARGEST_TEST,
    LearningConfig,
    RowRecipe,
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
    "RowRecipe",
    "SuiteConfig",
    "checked_lam",
    "count_or_name",
    "flag",
    "flags_of",
    "read_counts",
    "read_names",
    "too_few_rows",
]
