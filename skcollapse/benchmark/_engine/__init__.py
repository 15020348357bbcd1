"""Cells, the jobs that run them, and the file that keeps their rows."""

from ._cells import COLUMNS, IDENTITY, Cell, Job, Record, failed_row
from ._engine import run_jobs
from ._store import ResultStore, read_results

__all__ = [
    "COLUMNS",
    "IDENTITY",
    "Cell",
    "Job",
    "Record",
    "ResultStore",
    "failed_row",
    "read_results",
    "run_jobs",
]
