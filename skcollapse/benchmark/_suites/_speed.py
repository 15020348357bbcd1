"""The speed suite: seconds and peak memory at growing numbers of rows."""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from sklearn.utils import Bunch

from skcollapse._recursive_mix import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse.benchmark._base import check_integer, make_estimator, make_synthesizer
from skcollapse.benchmark._engine import Cell, Job, Record
from skcollapse.benchmark._options import DEFAULTS, BenchmarkConfig, SuiteConfig
from skcollapse.benchmark._streams import StreamSource

from ._learning import lam_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SpeedConfig", "speed_jobs"]

_MEGABYTE = 1e6


@dataclass(frozen=True)
class SpeedConfig(SuiteConfig):
    """What a fit, a draw and a generation cost at growing numbers of rows.

    Parameters
    ----------
    tables, estimators, synthesizers
        As in :class:`SuiteConfig`.
    n_rows : tuple of int, default=(1_000, 10_000, 100_000)
        Numbers of real rows, drawn with replacement from the table.
    n_synthetic : tuple of float, default=(1.0,)
        Multiples of the real rows in a generation.
    labels, lam : tuple
        As in the other suites.
    n_seeds : int, default=1
        Repeats.
    """

    tables: tuple[Any, ...] = ("diamonds",)
    n_seeds: int = 1
    n_rows: tuple[int, ...] = (1_000, 10_000, 100_000)
    n_synthetic: tuple[float, ...] = (1.0,)
    labels: tuple[str, ...] = (DEFAULTS["labels"],)
    lam: tuple[str | float, ...] = (DEFAULTS["lam"],)

    may_be_empty: ClassVar[tuple[str, ...]] = ("lam",)

    def __post_init__(self) -> None:
        super().__post_init__()
        for n_rows in self.n_rows:
            check_integer("n_rows", n_rows, at_least=10)
        for options in self._combinations():
            self.benchmark(**options)

    def _combinations(self) -> list[dict[str, Any]]:
        return [
            {
                "estimator": estimator,
                "synthesizer": synthesizer,
                "labels": labels,
                "n_synthetic": float(n_synthetic),
                "lam": self.lam,
            }
            for synthesizer in self.synthesizers
            for estimator in self.estimators
            for labels in self.labels
            for n_synthetic in self.n_synthetic
        ]


def speed_jobs(suite: str, config: SpeedConfig, source: StreamSource) -> list[Job]:
    """List the cells of a table, the small ones first."""
    table = source.table
    jobs: dict[Cell, Job] = {}
    for n_rows in config.n_rows:
        shared = {
            "suite": suite,
            "table": table.name,
            "table_hash": source.table_hash,
            "target": str(table.target_name),
            "task": table.task,
            "n_real": int(n_rows),
        }
        for options in config._combinations():
            if not config.suits(options["estimator"], table.task):
                continue
            benchmark = config.benchmark(**options)
            for seed in range(config.n_seeds):
                cells = _cells({**shared, "seed": seed}, benchmark)
                for cell, run, metric in cells:
                    prepare = partial(_prepare, table, cell, benchmark)
                    jobs.setdefault(cell, Job(cell, run, prepare, metric))
    return list(jobs.values())


def _cells(
    shared: dict[str, Any], config: BenchmarkConfig
) -> list[tuple[Cell, Callable[..., None], str]]:
    alone = Cell(**shared, synthesizer=config.synthesizer, method="synthesizer")
    own = {name: config.text_of(name) for name in ("workflow", "labels", "n_synthetic")}
    own |= {"estimator": config.estimator, "synthesizer": config.synthesizer}
    return [
        (alone, _run_synthesizer, "fit_seconds"),
        *(
            (
                Cell(**shared, **own, lam=str(lam), method="recursive_mix"),
                _run_generation,
                "generation_seconds",
            )
            for lam in config.lam
        ),
    ]


def _prepare(
    table: Bunch, cell: Cell, config: BenchmarkConfig
) -> tuple[pd.DataFrame, np.ndarray, BenchmarkConfig]:
    rows = np.random.default_rng([cell.seed, cell.n_real]).integers(
        len(table.data), size=cell.n_real
    )
    X = table.data.iloc[rows].reset_index(drop=True)
    return X, table.target.to_numpy()[rows], config


def _run_synthesizer(
    cell: Cell, record: Record, X: pd.DataFrame, y: np.ndarray, config: BenchmarkConfig
) -> None:
    """Fit on X and draw as many rows."""
    synthesizer = make_synthesizer(config.synthesizer)
    if "random_state" in synthesizer.get_params():
        synthesizer.set_params(random_state=cell.seed)

    def fit() -> None:
        synthesizer.fit(X)

    def draw() -> None:
        synthesizer.sample(cell.n_real, random_state=cell.seed)

    for name, work in (("fit", fit), ("sample", draw)):
        _measure(record, name, work)


def _run_generation(
    cell: Cell, record: Record, X: pd.DataFrame, y: np.ndarray, config: BenchmarkConfig
) -> None:
    """Run generation 1, the first that has synthetic rows; generation 0 is not counted."""
    kind = RecursiveMixRegressor if cell.task == "regression" else RecursiveMixClassifier
    mix = kind(
        make_estimator(config.estimator, cell.task, X, cell.seed),
        make_synthesizer(config.synthesizer),
        lam=lam_of(cell),
        labels=config.labels,
        n_synthetic=config.n_synthetic,
        random_state=cell.seed,
    ).partial_fit(X, y)
    _measure(record, "generation", lambda: mix.partial_fit(X, y))


def _measure(record: Record, name: str, work: Callable[[], None]) -> None:
    """Add a row with the seconds and one with the peak memory of `work`.

    The work is done twice, since keeping account of the memory makes it slower. Counted is the
    memory that Python and numpy ask for, which other processes and earlier work do not change.
    """
    gc.collect()
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    record.add(f"{name}_seconds", 0, seconds, seconds=seconds)
    gc.collect()
    tracemalloc.start()
    try:
        work()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    record.add(f"{name}_peak_megabytes", 0, peak / _MEGABYTE, seconds=seconds)
