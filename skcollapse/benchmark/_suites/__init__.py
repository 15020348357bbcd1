"""What is run: one table, or a suite of tables and settings."""

from skcollapse.benchmark._suites._base import SUITES, Suite, Summary, suite, table_fields
from skcollapse.benchmark._suites._run import run_suite
from skcollapse.benchmark._suites._table import run_benchmark

# Importing a file registers its suite. Suites are listed in the order of these lines.
# isort: off
from skcollapse.benchmark._suites import _retention  # noqa: F401
from skcollapse.benchmark._suites import _workflows  # noqa: F401
from skcollapse.benchmark._suites import _weights  # noqa: F401
from skcollapse.benchmark._suites import _fidelity  # noqa: F401
from skcollapse.benchmark._suites import _speed  # noqa: F401
from skcollapse.benchmark._suites import _streams  # noqa: F401
# isort: on

__all__ = ["SUITES", "Suite", "Summary", "run_benchmark", "run_suite", "suite", "table_fields"]
