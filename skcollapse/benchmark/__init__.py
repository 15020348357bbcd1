"""What the weighting buys on a real table, measured over generations and seeds."""

from skcollapse.benchmark._base import ConfigError
from skcollapse.benchmark._base import TableSpec as TableSpec
from skcollapse.benchmark._base import check_choice as check_choice
from skcollapse.benchmark._base import check_known as check_known
from skcollapse.benchmark._engine import read_results
from skcollapse.benchmark._options import BenchmarkConfig
from skcollapse.benchmark._options import Flag as Flag
from skcollapse.benchmark._options import flags_of as flags_of
from skcollapse.benchmark._report import write_report
from skcollapse.benchmark._results import (
    BenchmarkResult,
    SuiteResult,
    format_suite,
    format_summary,
    plot_score_by_generation,
    summarise,
)
from skcollapse.benchmark._suites import SUITES as SUITES
from skcollapse.benchmark._suites import run_benchmark, run_suite

__all__ = [
    "BenchmarkConfig",
    "BenchmarkResult",
    "ConfigError",
    "SuiteResult",
    "format_suite",
    "format_summary",
    "plot_score_by_generation",
    "read_results",
    "run_benchmark",
    "run_suite",
    "summarise",
    "write_report",
]
