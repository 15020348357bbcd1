"""Cut a table into a test set and a stream of real batches."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.utils import Bunch

from skcollapse.benchmark._base import ConfigError
from skcollapse.benchmark._options import LARGEST_TEST, BenchmarkConfig

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["StreamPlan", "StreamSource", "TableStream", "cut_stream", "plan_stream"]

_DEFAULT_BATCH = 300
_SMALLEST_TEST_SHARE = 0.25
# Without it an estimator with the same seed would draw the numbers that split the table.
_SPLIT_KEY = 20


@dataclass(frozen=True)
class StreamPlan:
    """Sizes of a stream once the table is known."""

    n_batches: int
    batch_size: int
    test_size: int


@dataclass(frozen=True)
class TableStream:
    """One seed's test set and real batches; all methods see the same one."""

    task: str
    classes: np.ndarray | None
    X_test: pd.DataFrame
    y_test: np.ndarray
    X: pd.DataFrame
    y: np.ndarray
    batch_size: int

    @property
    def n_batches(self) -> int:
        """Number of batches."""
        return -(-len(self.y) // self.batch_size)

    def batches(self) -> Iterator[tuple[pd.DataFrame, np.ndarray]]:
        """Yield ``(X, y)`` of each batch, in the order in which they arrive."""
        for start in range(0, len(self.y), self.batch_size):
            rows = slice(start, start + self.batch_size)
            yield self.X.iloc[rows].reset_index(drop=True), self.y[rows]


class StreamSource:
    """A table that is cut into the streams of several plans and seeds.

    Parameters
    ----------
    table : Bunch
        As :func:`skcollapse.datasets.load_table` returns it.
    """

    def __init__(self, table: Bunch) -> None:
        self.table = table
        self.table_hash = _hash(table)
        self._last: tuple[StreamPlan, int, TableStream] | None = None

    def cut(self, plan: StreamPlan, seed: int) -> TableStream:
        """Return a stream; we keep the last one, which the next cell usually needs."""
        last = self._last
        if last is None or last[:2] != (plan, seed):
            last = self._last = (plan, seed, cut_stream(self.table, plan, seed))
        return last[2]


def _hash(table: Bunch) -> str:
    """Return a text that differs where the rows or the names of the columns do."""
    import pandas as pd

    digest = hashlib.sha256("\0".join(map(str, table.data.columns)).encode())
    for frame in (table.data, table.target):
        digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    if "batch" in table:
        # The same rows may be cut by the month or by the week.
        digest.update(table.batch.astype("int64").tobytes())
    return digest.hexdigest()[:16]


def plan_stream(config: BenchmarkConfig, n_rows: int) -> StreamPlan:
    """Choose the sizes that the config leaves open and check that the table has enough rows.

    Raises
    ------
    ConfigError
        If the table has too few rows; the message says which size fits.
    """
    test = config.test_size
    if isinstance(test, float):
        test = max(2, round(test * n_rows))
    reserved = max(2, round(_SMALLEST_TEST_SHARE * n_rows)) if test is None else test
    reserved = min(reserved, LARGEST_TEST) if test is None else reserved
    largest = (n_rows - reserved) // config.n_batches
    batch = config.batch_size
    if batch is None:
        batch = min(_DEFAULT_BATCH, largest)
    if batch > largest or batch < 2:
        option = "batch_size" if largest >= 2 else "n_batches"
        advice = f"at most {largest} rows fit in a batch" if largest >= 2 else "use fewer batches"
        raise ConfigError(
            option,
            f"is too large: the table has {n_rows} rows, {reserved} of them for the test set "
            f"(test_size), so with {config.n_batches} batches (n_batches) {advice}.",
        )
    if test is None:
        test = min(LARGEST_TEST, n_rows - batch * config.n_batches)
    return StreamPlan(config.n_batches, int(batch), int(test))


def cut_stream(table: Bunch, plan: StreamPlan, seed: int) -> TableStream:
    """Draw the test rows and the batches of one seed, without replacement."""
    order = np.random.default_rng([_SPLIT_KEY, seed]).permutation(len(table.data))
    test = order[: plan.test_size]
    rows = order[plan.test_size : plan.test_size + plan.n_batches * plan.batch_size]
    target = table.target.to_numpy()
    return TableStream(
        task=table.task,
        classes=np.unique(target) if table.task == "classification" else None,
        X_test=table.data.iloc[test].reset_index(drop=True),
        y_test=target[test],
        X=table.data.iloc[rows].reset_index(drop=True),
        y=target[rows],
        batch_size=plan.batch_size,
    )
