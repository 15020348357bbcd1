"""Streams whose truth is known."""

from skcollapse.datasets._streams._make_drift import make_stream_drift
from skcollapse.datasets._streams._make_friedman import make_stream_friedman
from skcollapse.datasets._streams._make_gaussian import make_stream_gaussian
from skcollapse.datasets._streams._make_glm import make_stream_glm

__all__ = [
    "make_stream_drift",
    "make_stream_friedman",
    "make_stream_gaussian",
    "make_stream_glm",
]
