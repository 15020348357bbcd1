"""What the weighting buys on a real table, measured over generations and seeds."""

from ._checks import ConfigError
from ._config import BenchmarkConfig
from ._figure import plot_score_by_generation
from ._report import write_report
from ._result import BenchmarkResult
from ._run import run_benchmark
from ._store import read_results
from ._suite import SuiteResult, format_suite, run_suite
from ._summary import format_summary, summarise

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
