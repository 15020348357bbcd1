"""Suites that score models: a method on one stream, scored after each generation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from sklearn.utils import Bunch

from skcollapse.benchmark._base import ConfigError, make_estimator, make_synthesizer
from skcollapse.benchmark._engine import Cell, Job, Record
from skcollapse.benchmark._entrants import (
    ENTRANTS,
    Entrant,
    EntrantSetting,
    RecursiveMixEntrant,
)
from skcollapse.benchmark._options import BenchmarkConfig, LearningConfig
from skcollapse.benchmark._results import average_over_tables, gaps_by_table
from skcollapse.benchmark._streams import (
    StreamPlan,
    StreamSource,
    TableStream,
    TimeStream,
    metric_name,
    score_on_test,
)
from skcollapse.benchmark._suites._base import (
    Suite,
    Summary,
    lam_of,
    plan_for_suite,
    stream_fields,
    table_fields,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Judge", "LearningSuite", "entrant_setting", "learning_jobs", "possible_entrants"]

_OWN = ("synthesizer", "workflow", "labels", "n_synthetic")


class Judge(NamedTuple):
    """What a suite scores fits on.

    ``cut(source, plan, seed)`` makes a stream, ``metric(task)`` names the score, and
    ``score(predictor, stream, t)`` is the score after batch t. Functions of a module, since they
    travel to worker processes.
    """

    cut: Callable[[StreamSource, StreamPlan, int], TableStream | TimeStream]
    metric: Callable[[str], str]
    score: Callable[[Any, Any, int], float]


def _score_on_same_test(predictor: Any, stream: TableStream, t: int) -> float:
    return score_on_test(predictor, stream)


_TEST_ROWS = Judge(StreamSource.cut, metric_name, _score_on_same_test)


class LearningSuite(Suite):
    """A suite that scores models on streams: references, other entrants and RecursiveMix."""

    def jobs(self, config: LearningConfig, source: StreamSource) -> list[Job]:
        """List the cells of a table: the entrants once, RecursiveMix for each recipe of rows."""
        table = source.table
        jobs = []
        for batch_size in config.batch_sizes:
            plan = plan_for_suite(config, batch_size, len(table.data))
            if plan is None:
                continue
            for estimator in config.estimators:
                if not config.suits(estimator, table.task):
                    continue
                others = config.entrants_config(estimator, batch_size)
                names = possible_entrants(others, table)
                jobs += learning_jobs(self.name, others, source, plan, names)
                for recipe in config.recipes():
                    mixed = config.recipe_config(estimator, batch_size, recipe)
                    jobs += learning_jobs(self.name, mixed, source, plan, ())
        return jobs

    def summarise(self, rows: pd.DataFrame) -> Summary:
        """Return the gap recovered by table, and its mean over tables."""
        gaps = gaps_by_table(rows)
        return Summary(gaps, average_over_tables(gaps))


def learning_jobs(
    suite: str,
    config: BenchmarkConfig,
    source: StreamSource,
    plan: StreamPlan,
    entrants: Iterable[str],
    judge: Judge = _TEST_ROWS,
) -> list[Job]:
    """List the cells seed by seed: a benchmark that is stopped has whole seeds.

    `entrants` are those of the config that its estimator allows; `judge` scores them.
    """
    shared = {
        **table_fields(suite, source),
        **stream_fields(plan),
        "estimator": config.text_of("estimator"),
    }
    own = {name: config.text_of(name) for name in _OWN}
    methods: list[tuple[type[Entrant], dict[str, Any]]]
    methods = [(ENTRANTS[name], {}) for name in entrants]
    methods += [(RecursiveMixEntrant, {"lam": str(lam), **own}) for lam in config.lam]
    return [
        Job(
            Cell(**shared, **fields, method=kind.name, seed=seed),
            _run_learning,
            # The class itself: a worker process does not know what was registered elsewhere.
            partial(_prepare, source, plan, seed, kind, config, judge),
            judge.metric(source.table.task),
        )
        for seed in range(config.n_seeds)
        for kind, fields in methods
    ]


def possible_entrants(config: BenchmarkConfig, table: Bunch) -> list[str]:
    """Return the entrants that suit the estimator; raise an error if it is for another task."""
    try:
        estimator = make_estimator(config.estimator, table.task, table.data, 0)
    except ValueError as error:
        raise ConfigError("estimator", str(error)) from error
    return [name for name in config.entrants if ENTRANTS[name].suits(estimator, table.task)]


def _prepare(
    source: StreamSource,
    plan: StreamPlan,
    seed: int,
    kind: type[Entrant],
    config: BenchmarkConfig,
    judge: Judge,
) -> tuple[TableStream | TimeStream, type[Entrant], BenchmarkConfig, Judge]:
    return judge.cut(source, plan, seed), kind, config, judge


def _run_learning(
    cell: Cell,
    record: Record,
    stream: TableStream | TimeStream,
    kind: type[Entrant],
    config: BenchmarkConfig,
    judge: Judge,
) -> None:
    """Score a method after each generation; `seconds` is the time of its fits alone."""
    metric = judge.metric(stream.task)
    entrant = kind(entrant_setting(cell, stream, config))

    def score_generation(seconds: float) -> None:
        generation = len(record.rows)
        score = judge.score(entrant.predictor, stream, generation)
        size = entrant.effective_sample_size
        record.add(metric, generation, score, seconds=seconds, size=size)

    entrant.learn(stream.batches(), score_generation)


def entrant_setting(
    cell: Cell, stream: TableStream | TimeStream, config: BenchmarkConfig
) -> EntrantSetting:
    """Return what the entrant of a cell is told."""
    return EntrantSetting(
        estimator=make_estimator(config.estimator, stream.task, stream.X, cell.seed),
        task=stream.task,
        columns=stream.X.iloc[:0],
        classes=stream.classes,
        seed=cell.seed,
        n_batches=stream.n_batches,
        synthesizer=make_synthesizer(config.synthesizer),
        lam=lam_of(cell),
        workflow=config.workflow,
        labels=config.labels,
        n_synthetic=config.n_synthetic,
    )
