"""Cells, the jobs that run them, and the file that keeps their rows."""

from skcollapse.benchmark._engine._cells import COLUMNS, IDENTITY, Cell, Job, Record, failed_row
from skcollapse.benchmark._engine._engine import run_jobs
from skcollapse.benchmark._engine._store import DATABASE, ResultStore, read_results

__all__ = [
    "COLUMNS",
    "DATABASE",
    "IDENTITY",
    "Cell",
    "Job",
    "Record",
    "ResultStore",
    "failed_row",
    "read_results",
    "run_jobs",
]
