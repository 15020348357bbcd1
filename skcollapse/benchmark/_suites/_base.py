"""What a suite is, the registry of suites, and what their cells have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeVar

from skcollapse.benchmark._engine import Cell, Job
from skcollapse.benchmark._options import LARGEST_TEST, SuiteConfig
from skcollapse.benchmark._results import Section, summarise_metrics
from skcollapse.benchmark._streams import StreamPlan, StreamSource
from skcollapse.weights import LAM_NAMES

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ONE_TABLE",
    "SUITES",
    "Suite",
    "Summary",
    "lam_of",
    "plan_for_suite",
    "stream_fields",
    "suite",
    "table_fields",
]

# Suites by name, in the order in which they are listed and reported.
SUITES: dict[str, Suite] = {}

# The name that stands for a suite in the cells of a benchmark of one table.
ONE_TABLE = "table"

Kind = TypeVar("Kind", bound="type[Suite]")


class Summary(NamedTuple):
    """Frames that sum up the rows of a suite; `gaps` is empty if there is no gap to recover."""

    gaps: pd.DataFrame
    summary: pd.DataFrame


class Suite(ABC):
    """A benchmark on many tables: its options, its cells, and how its rows are summed up.

    Attributes
    ----------
    name : str
        Its name, set by :func:`suite`.
    config : type
        The class of its options, a :class:`SuiteConfig`.
    parallel : bool
        Whether its cells may run at the same time.
    """

    name: ClassVar[str] = ""
    config: ClassVar[type[SuiteConfig]]
    parallel: ClassVar[bool] = True

    @abstractmethod
    def jobs(self, config: Any, source: StreamSource) -> list[Job]:
        """List the cells of one table with the functions that run them."""

    def summarise(self, rows: pd.DataFrame) -> Summary:
        """Sum up all rows of a run; by default the mean of each metric at the last generation."""
        import pandas as pd

        return Summary(pd.DataFrame(), summarise_metrics(rows))

    def section(self, rows: pd.DataFrame) -> Section | None:
        """Return figures and tables for the report.

        None means that the rows are scores of models on streams, which the report compares by
        itself.
        """
        return None


def suite(name: str) -> Callable[[Kind], Kind]:
    """Return a decorator that registers a class of suites under a name.

    Raises
    ------
    ValueError
        If the name is taken.
    """

    def register(kind: Kind) -> Kind:
        if name in SUITES or name == ONE_TABLE:
            raise ValueError(f"A suite is named {name!r} already; choose another name.")
        kind.name = name
        SUITES[name] = kind()
        return kind

    return register


def table_fields(name: str, source: StreamSource) -> dict[str, Any]:
    """Return the fields of a cell that name its suite and its table."""
    table = source.table
    return {
        "suite": name,
        "table": table.name,
        "table_hash": source.table_hash,
        "target": str(table.target_name),
        "task": table.task,
    }


def stream_fields(plan: StreamPlan) -> dict[str, int]:
    """Return the fields of a cell that say how a table is cut."""
    return {
        "n_batches": plan.n_batches,
        "n_real": plan.batch_size,
        "test_size": plan.test_size,
    }


def plan_for_suite(config: Any, batch_size: int, n_rows: int) -> StreamPlan | None:
    """Return the sizes of a suite's stream; None if the table has too few rows for them."""
    n_rest = n_rows - config.n_batches * batch_size
    if n_rest < config.min_test_size:
        return None
    return StreamPlan(config.n_batches, batch_size, min(LARGEST_TEST, n_rest))


def lam_of(cell: Cell) -> str | float | None:
    """Return lam as RecursiveMix takes it."""
    if not cell.lam:
        return None
    return cell.lam if cell.lam in LAM_NAMES else float(cell.lam)
