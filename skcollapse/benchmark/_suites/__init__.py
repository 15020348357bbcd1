"""What is run: one table, or a suite of tables and settings."""

from ._base import SUITES, Suite, Summary, suite
from ._run import run_suite
from ._table import run_benchmark

# Importing a file registers its suite. Suites are listed in the order of these lines.
# isort: off
from . import _retention  # noqa: F401
from . import _workflows  # noqa: F401
from . import _weights  # noqa: F401
from . import _fidelity  # noqa: F401
from . import _speed  # noqa: F401
# isort: on

__all__ = ["SUITES", "Suite", "Summary", "run_benchmark", "run_suite", "suite"]
