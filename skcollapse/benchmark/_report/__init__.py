"""One page that shows what a benchmark found and needs nothing but itself."""

from skcollapse.benchmark._report._write import write_report

__all__ = ["write_report"]
