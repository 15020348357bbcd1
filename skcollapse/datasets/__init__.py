"""Real tables by name or from a file, and streams whose truth is known."""

from skcollapse.datasets._describe import describe_tables
from skcollapse.datasets._fetch import fetch_adult, fetch_california_housing
from skcollapse.datasets._find import table_names
from skcollapse.datasets._load import load_table
from skcollapse.datasets._streams import (
    make_stream_drift,
    make_stream_friedman,
    make_stream_gaussian,
    make_stream_glm,
)

__all__ = [
    "describe_tables",
    "fetch_adult",
    "fetch_california_housing",
    "load_table",
    "make_stream_drift",
    "make_stream_friedman",
    "make_stream_gaussian",
    "make_stream_glm",
    "table_names",
]
