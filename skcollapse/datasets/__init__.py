"""Real tables by name or from a file, and streams whose truth is known."""

from ._describe import describe_tables
from ._fetch import fetch_adult, fetch_california_housing
from ._find import table_names
from ._load import load_table
from ._make_drift import make_stream_drift
from ._make_friedman import make_stream_friedman
from ._make_gaussian import make_stream_gaussian
from ._make_glm import make_stream_glm

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
