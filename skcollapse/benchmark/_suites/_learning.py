"""Cells that learn: a method on one seed's stream, scored after each generation."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from sklearn.utils import Bunch

from skcollapse.benchmark._base import ConfigError, make_estimator, make_synthesizer
from skcollapse.benchmark._engine import Cell, Job, Record
from skcollapse.benchmark._entrants import (
    ENTRANTS,
    Entrant,
    EntrantSetting,
    RecursiveMixEntrant,
)
from skcollapse.benchmark._options import BenchmarkConfig
from skcollapse.benchmark._streams import (
    Stream,
    StreamPlan,
    StreamSource,
    metric_name,
    score_on_test,
)
from skcollapse.weights import LAM_NAMES

__all__ = ["entrant_setting", "lam_of", "learning_jobs", "possible_entrants"]

_OWN = ("synthesizer", "workflow", "labels", "n_synthetic")


def learning_jobs(
    suite: str,
    config: BenchmarkConfig,
    source: StreamSource,
    plan: StreamPlan,
    entrants: Iterable[str],
) -> list[Job]:
    """List the cells seed by seed: a benchmark that is stopped has whole seeds.

    `entrants` are those of the config that its estimator allows.
    """
    table = source.table
    shared = {
        "suite": suite,
        "table": table.name,
        "table_hash": source.table_hash,
        "target": str(table.target_name),
        "task": table.task,
        "estimator": config.text_of("estimator"),
        "n_batches": plan.n_batches,
        "n_real": plan.batch_size,
        "test_size": plan.test_size,
    }
    own = {name: config.text_of(name) for name in _OWN}
    methods: list[tuple[type[Entrant], dict[str, str]]]
    methods = [(ENTRANTS[name], {}) for name in entrants]
    methods += [(RecursiveMixEntrant, {"lam": str(lam), **own}) for lam in config.lam]
    return [
        Job(
            Cell(**shared, **fields, method=kind.name, seed=seed),
            _run_learning,
            # The class itself: a worker process does not know what was registered elsewhere.
            partial(_prepare, source, plan, seed, kind, config),
            metric_name(table.task),
        )
        for seed in range(config.n_seeds)
        for kind, fields in methods
    ]


def possible_entrants(config: BenchmarkConfig, table: Bunch) -> list[str]:
    """Return the entrants that the estimator allows, or say that it does not suit the table."""
    try:
        estimator = make_estimator(config.estimator, table.task, table.data, 0)
    except ValueError as error:
        raise ConfigError("estimator", str(error)) from error
    return [name for name in config.entrants if ENTRANTS[name].suits(estimator, table.task)]


def _prepare(
    source: StreamSource, plan: StreamPlan, seed: int, kind: type[Entrant], config: BenchmarkConfig
) -> tuple[Stream, type[Entrant], BenchmarkConfig]:
    return source.cut(plan, seed), kind, config


def _run_learning(
    cell: Cell, record: Record, stream: Stream, kind: type[Entrant], config: BenchmarkConfig
) -> None:
    """Score a method after each generation; `seconds` is the time of its fits alone."""
    metric = metric_name(stream.task)
    entrant = kind(entrant_setting(cell, stream, config))

    def score_generation(seconds: float) -> None:
        score = score_on_test(entrant.predictor, stream)
        size = entrant.effective_sample_size
        record.add(metric, len(record.rows), score, seconds=seconds, size=size)

    entrant.learn(stream.batches(), score_generation)


def entrant_setting(cell: Cell, stream: Stream, config: BenchmarkConfig) -> EntrantSetting:
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


def lam_of(cell: Cell) -> str | float | None:
    """Return lam as RecursiveMix takes it."""
    if not cell.lam:
        return None
    return cell.lam if cell.lam in LAM_NAMES else float(cell.lam)
