"""The streams suite: batches in the order of time, each scored before it is learned."""

from __future__ import annotations

import dataclasses
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from skcollapse.benchmark._base import ConfigError, StreamSpec, TableSpec, check_integer
from skcollapse.benchmark._engine import Job
from skcollapse.benchmark._entrants import ENTRANTS, REFERENCES
from skcollapse.benchmark._options import (
    DEFAULT_SYNTHESIZER,
    DEFAULTS,
    BenchmarkConfig,
    RowRecipe,
    SuiteConfig,
    checked_lam,
    count_or_name,
    flag,
)
from skcollapse.benchmark._results import Section, section_of_steps, summarise_steps
from skcollapse.benchmark._streams import (
    StreamPlan,
    StreamSource,
    TimeStream,
    next_metric_name,
    score_on_next,
    time_stream,
)
from skcollapse.benchmark._suites._base import Suite, Summary, suite
from skcollapse.benchmark._suites._learning import Judge, learning_jobs, possible_entrants
from skcollapse.datasets import stream_names

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Streams", "StreamsConfig"]

_OWN_ERRORS = ("time", "every", "max_rows")


@dataclass(frozen=True)
class StreamsConfig(SuiteConfig):
    """Options of the streams suite: tables in the order of time.

    Parameters
    ----------
    tables : tuple
        Names of :func:`skcollapse.datasets.stream_names`, ``"PATH:TARGET"`` of your own files, or
        dicts with the arguments of :func:`skcollapse.datasets.load_stream`.
    estimators, synthesizers, n_seeds
        As in :class:`SuiteConfig`. There is one order of time: a seed is that of the models.
    labels, n_synthetic, lam : tuple
        RecursiveMix runs for each combination.
    entrants : tuple of str
        What runs beside it. The references "real_only" and "all_real" always run.
    time : str, default=None
        The column that orders the rows of your own files.
    every : {"month", "week", "day"} or int, default=None
        What makes a batch of your own files: a unit of the calendar, or so many rows. None makes
        each value of `time` a batch.
    max_rows : int, default=300
        Most rows of a batch; longer ones are thinned at random. With `every` as a number of rows
        there is no limit.
    """

    tables: tuple[Any, ...] = field(default_factory=lambda: tuple(stream_names()))
    synthesizers: tuple[str, ...] = (DEFAULT_SYNTHESIZER,)
    n_seeds: int = 1
    labels: tuple[str, ...] = (DEFAULTS["labels"],)
    n_synthetic: tuple[float, ...] = (DEFAULTS["n_synthetic"],)
    lam: tuple[str | float, ...] = (DEFAULTS["lam"],)
    entrants: tuple[str, ...] = tuple(ENTRANTS)
    time: str | None = field(
        default=None,
        metadata=flag("column that orders the rows of your own file (streams)", metavar="COLUMN"),
    )
    every: str | int | None = field(
        default=None,
        metadata=flag(
            "a batch: month, week, day or a number of rows (default: each value of --time)",
            metavar="PERIOD",
            read=count_or_name,
        ),
    )
    max_rows: int = field(
        default=300,
        metadata=flag("most rows of a batch of streams (default: 300)", metavar="ROWS", read=int),
    )

    may_be_empty: ClassVar[tuple[str, ...]] = ("entrants", "lam")
    spec: ClassVar[type[TableSpec]] = StreamSpec

    def __post_init__(self) -> None:
        super().__post_init__()
        check_integer("max_rows", self.max_rows, at_least=20)
        self._set("lam", checked_lam(self.lam))
        references = [name for name in REFERENCES if name not in self.entrants]
        self._set("entrants", (*references, *self.entrants))
        for estimator in self.estimators:
            self.entrants_config(estimator)
            for recipe in self.recipes():
                self.recipe_config(estimator, recipe)
        completed = [spec.completed(self.time, self.every, self.max_rows) for spec in self.tables]
        self._set("tables", tuple(map(_checked, completed)))

    def recipes(self) -> list[RowRecipe]:
        """List the ways to draw and label synthetic rows."""
        return [
            RowRecipe(synthesizer, "fresh", labels, float(n_synthetic))
            for synthesizer in self.synthesizers
            for labels in self.labels
            for n_synthetic in self.n_synthetic
            if self.lam
        ]

    def entrants_config(self, estimator: str) -> BenchmarkConfig:
        """Return the benchmark of all that does not depend on synthetic rows."""
        return self.benchmark(estimator=estimator, entrants=self.entrants, lam=())

    def recipe_config(self, estimator: str, recipe: RowRecipe) -> BenchmarkConfig:
        """Return the benchmark of RecursiveMix for one recipe."""
        options = dataclasses.asdict(recipe) | {"lam": self.lam}
        return self.benchmark(estimator=estimator, entrants=(), **options)


def _checked(spec: StreamSpec) -> StreamSpec:
    """Return a spec whose time can be read; raise an error that says what to do if it cannot."""
    if spec.has_own_time:
        return spec
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            spec.load()
    except (ValueError, OSError, ImportError) as error:
        option, _, problem = str(error).partition(": ")
        if option in _OWN_ERRORS:
            raise ConfigError(option, problem) from error
    return spec


@suite("streams")
class Streams(Suite):
    """Each batch is scored by the fit of the one before, and then learned."""

    config = StreamsConfig

    def jobs(self, config: StreamsConfig, source: StreamSource) -> list[Job]:
        """List the cells of a stream: the entrants once, RecursiveMix for each recipe of rows."""
        table = source.table
        stream = time_stream(table)
        largest = int((stream.starts[1:] - stream.starts[:-1]).max())
        n_scored = len(stream.y) - int(stream.starts[1])
        plan = StreamPlan(stream.n_batches + 1, largest, n_scored)
        jobs = []
        for estimator in config.estimators:
            if not config.suits(estimator, table.task):
                continue
            others = config.entrants_config(estimator)
            names = possible_entrants(others, table)
            jobs += learning_jobs(self.name, others, source, plan, names, _NEXT_BATCH)
            for recipe in config.recipes():
                mixed = config.recipe_config(estimator, recipe)
                jobs += learning_jobs(self.name, mixed, source, plan, (), _NEXT_BATCH)
        return jobs

    def summarise(self, rows: pd.DataFrame) -> Summary:
        """Return the mean score by stream and method; there is no gap to recover."""
        import pandas as pd

        return Summary(pd.DataFrame(), summarise_steps(rows))

    def section(self, rows: pd.DataFrame) -> Section | None:
        """Return the score by batch for each stream, and the tables of means."""
        return section_of_steps(rows)


def _cut(source: StreamSource, plan: StreamPlan, seed: int) -> TimeStream:
    return time_stream(source.table)


_NEXT_BATCH = Judge(_cut, next_metric_name, score_on_next)
