"""What the weighting buys on a real table, measured over generations and seeds."""

from ._config import BenchmarkConfig, ConfigError
from ._figure import plot_score_by_generation
from ._result import BenchmarkResult
from ._run import run_benchmark
from ._suite import SuiteResult, run_suite
from ._suite_summary import format_suite
from ._summary import format_summary, summarise

__all__ = [
    "BenchmarkConfig",
    "BenchmarkResult",
    "ConfigError",
    "SuiteResult",
    "format_suite",
    "format_summary",
    "plot_score_by_generation",
    "run_benchmark",
    "run_suite",
    "summarise",
]
