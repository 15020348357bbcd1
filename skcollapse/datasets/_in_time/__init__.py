"""Tables in the order of time, cut into batches."""

from skcollapse.datasets._in_time._load import load_stream, stream_names

__all__ = ["load_stream", "stream_names"]
