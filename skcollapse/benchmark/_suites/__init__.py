"""What is run: one table, or a suite of tables and settings."""

from ._run import SUITES, SuiteResult, format_suite, run_suite
from ._table import run_benchmark

__all__ = ["SUITES", "SuiteResult", "format_suite", "run_benchmark", "run_suite"]
