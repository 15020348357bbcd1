"""A table cut into a test set and batches, or into batches in the order of time; its scores."""

from skcollapse.benchmark._streams._scoring import METRIC_LABELS, metric_name, score_on_test
from skcollapse.benchmark._streams._stream import (
    StreamPlan,
    StreamSource,
    TableStream,
    plan_stream,
)
from skcollapse.benchmark._streams._time_stream import (
    TimeStream,
    next_metric_name,
    score_on_next,
    time_stream,
)

__all__ = [
    "METRIC_LABELS",
    "StreamPlan",
    "StreamSource",
    "TableStream",
    "TimeStream",
    "metric_name",
    "next_metric_name",
    "plan_stream",
    "score_on_next",
    "score_on_test",
    "time_stream",
]
