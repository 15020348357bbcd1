"""Real tables by name or from a file, in the order of time too; streams whose truth is known."""

from skcollapse.datasets._describe import describe_tables
from skcollapse.datasets._fetch import fetch_adult, fetch_california_housing
from skcollapse.datasets._find import table_names
from skcollapse.datasets._in_time import load_stream, stream_names
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
    "load_stream",
    "load_table",
    "make_stream_drift",
    "make_stream_friedman",
    "make_stream_gaussian",
    "make_stream_glm",
    "stream_names",
    "table_names",
]
