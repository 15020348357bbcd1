"""What the weighting buys on a real table, measured over generations and seeds."""

from ._base import ConfigError
from ._base import TableSpec as TableSpec
from ._base import check_choice as check_choice
from ._base import check_known as check_known
from ._engine import read_results
from ._options import BenchmarkConfig
from ._options import Flag as Flag
from ._options import flags_of as flags_of
from ._report import write_report
from ._results import (
    BenchmarkResult,
    SuiteResult,
    format_suite,
    format_summary,
    plot_score_by_generation,
    summarise,
)
from ._suites import SUITES as SUITES
from ._suites import run_benchmark, run_suite

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
