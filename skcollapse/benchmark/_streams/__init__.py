"""A table cut into a test set and a stream of real batches, and the score on the test set."""

from skcollapse.benchmark._streams._scoring import METRIC_LABELS, metric_name, score_on_test
from skcollapse.benchmark._streams._stream import (
    StreamPlan,
    StreamSource,
    TableStream,
    plan_stream,
)

__all__ = [
    "METRIC_LABELS",
    "StreamPlan",
    "StreamSource",
    "TableStream",
    "metric_name",
    "plan_stream",
    "score_on_test",
]
