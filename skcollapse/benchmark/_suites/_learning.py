"""Cells that learn: a method on one seed's stream, scored after each generation."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import partial
from typing import Any

from skcollapse.benchmark._engine import Cell, Job, Record
from skcollapse.benchmark._entrants import make_entrant
from skcollapse.benchmark._options import BenchmarkConfig
from skcollapse.benchmark._streams import (
    Stream,
    StreamPlan,
    StreamSource,
    metric_name,
    score_on_test,
)
from skcollapse.weights import LAM_NAMES
from skcollapse.workflows import check_workflow

__all__ = ["lam_of", "learning_jobs"]

_OWN = ("synthesizer", "workflow", "labels", "n_synthetic")


def learning_jobs(
    suite: str,
    config: BenchmarkConfig,
    source: StreamSource,
    plan: StreamPlan,
    entrants: Iterable[str],
) -> list[Job]:
    """List the cells seed by seed, so that a stopped benchmark has whole seeds first.

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
    methods: list[dict[str, str]] = [{"method": name} for name in entrants]
    methods += [{"method": "recursive_mix", "lam": str(lam), **own} for lam in config.lam]
    cells = [
        Cell(**shared, **method, seed=seed) for seed in range(config.n_seeds) for method in methods
    ]
    metric = metric_name(table.task)
    return [
        Job(cell, _run_learning, partial(_prepare, source, plan, cell.seed, config), metric)
        for cell in cells
    ]


def _prepare(
    source: StreamSource, plan: StreamPlan, seed: int, config: BenchmarkConfig
) -> tuple[Stream, BenchmarkConfig]:
    return source.cut(plan, seed), config


def _run_learning(cell: Cell, record: Record, stream: Stream, config: BenchmarkConfig) -> None:
    """Score a method after each generation; `seconds` is the time of its fits alone."""
    metric = metric_name(stream.task)
    entrant = make_entrant(cell.method, lam_of(cell), stream, cell.seed, config)

    def look(entrant: Any, seconds: float) -> None:
        score = score_on_test(entrant.predictor, stream)
        size = entrant.effective_sample_size
        record.add(metric, len(record.rows), score, seconds=seconds, size=size)

    if cell.workflow and not check_workflow(cell.workflow).takes_fresh_rows:
        entrant.replay(stream, look)
        return
    for X, y in stream.batches():
        start = time.perf_counter()
        entrant.update(X, y)
        look(entrant, time.perf_counter() - start)


def lam_of(cell: Cell) -> str | float | None:
    """Return lam as RecursiveMix takes it."""
    if not cell.lam:
        return None
    return cell.lam if cell.lam in LAM_NAMES else float(cell.lam)
