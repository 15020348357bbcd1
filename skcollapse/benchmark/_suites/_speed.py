"""The speed suite: seconds and peak memory at growing numbers of rows."""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from sklearn.utils import Bunch

from skcollapse._recursive_mix import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse.benchmark._base import check_integer, make_estimator, make_synthesizer
from skcollapse.benchmark._engine import Cell, Job, Record
from skcollapse.benchmark._options import (
    DEFAULTS,
    BenchmarkConfig,
    SuiteConfig,
    flag,
    read_counts,
)
from skcollapse.benchmark._results import (
    LineFigure,
    Section,
    line_of,
    metric_label,
    metric_table,
)
from skcollapse.benchmark._streams import StreamSource
from skcollapse.benchmark._suites._base import Suite, lam_of, suite, table_fields

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Speed", "SpeedConfig"]

_MEGABYTE = 1e6


@dataclass(frozen=True)
class SpeedConfig(SuiteConfig):
    """Options of the speed suite: numbers of rows, and what is fitted to them.

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
    n_rows: tuple[int, ...] = field(
        default=(1_000, 10_000, 100_000),
        metadata=flag("numbers of rows of the speed suite", metavar="N,N,...", read=read_counts),
    )
    n_synthetic: tuple[float, ...] = (1.0,)
    labels: tuple[str, ...] = (DEFAULTS["labels"],)
    lam: tuple[str | float, ...] = (DEFAULTS["lam"],)

    may_be_empty: ClassVar[tuple[str, ...]] = ("lam",)

    def __post_init__(self) -> None:
        super().__post_init__()
        for n_rows in self.n_rows:
            check_integer("n_rows", n_rows, at_least=10)
        for options in self.combinations():
            self.benchmark(**options)

    def combinations(self) -> list[dict[str, Any]]:
        """List the options of the benchmarks that the suite consists of."""
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


@suite("speed")
class Speed(Suite):
    """What a fit, a draw and a generation cost in seconds and memory."""

    config = SpeedConfig
    # Cells that run at the same time would slow each other down.
    parallel = False

    def jobs(self, config: SpeedConfig, source: StreamSource) -> list[Job]:
        """List the cells of a table, the small ones first."""
        table = source.table
        jobs: dict[Cell, Job] = {}
        for n_rows in config.n_rows:
            shared = {**table_fields(self.name, source), "n_real": int(n_rows)}
            for options in config.combinations():
                if not config.suits(options["estimator"], table.task):
                    continue
                benchmark = config.benchmark(**options)
                for seed in range(config.n_seeds):
                    for cell, run, metric in _cells({**shared, "seed": seed}, benchmark):
                        prepare = partial(_prepare, table, cell, benchmark)
                        jobs.setdefault(cell, Job(cell, run, prepare, metric))
        return list(jobs.values())

    def section(self, rows: pd.DataFrame) -> Section:
        """Return seconds and peak memory against the number of rows, and all numbers."""
        heading = "Speed and memory"
        table = metric_table(f"{heading}: numbers", rows)
        return Section(heading, _figures(rows), [] if table is None else [table])


def _cells(
    shared: dict[str, Any], config: BenchmarkConfig
) -> list[tuple[Cell, Callable[..., None], str]]:
    synthesizer = Cell(**shared, synthesizer=config.synthesizer, method="synthesizer")
    own: dict[str, Any]
    own = {name: config.text_of(name) for name in ("workflow", "labels", "n_synthetic")}
    own |= {"estimator": config.estimator, "synthesizer": config.synthesizer}
    return [
        (synthesizer, _run_synthesizer, "fit_seconds"),
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
    estimator = kind(
        make_estimator(config.estimator, cell.task, X, cell.seed),
        make_synthesizer(config.synthesizer),
        lam=lam_of(cell),
        labels=config.labels,
        n_synthetic=config.n_synthetic,
        random_state=cell.seed,
    ).partial_fit(X, y)
    _measure(record, "generation", lambda: estimator.partial_fit(X, y))


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


def _figures(rows: pd.DataFrame) -> list[LineFigure]:
    good = rows[(rows["method"] != "load_table") & (rows["error"] == "")]
    figures = []
    for table, mine in good.groupby("table", sort=False):
        for ending, unit in (("_seconds", "seconds"), ("_peak_megabytes", "megabytes")):
            costs = mine[mine["metric"].str.endswith(ending)]
            lines = {
                f"{metric_label(metric).split(',')[0]}, {synthesizer}": line_of(each, "n_real")
                for (metric, synthesizer), each in costs.groupby(
                    ["metric", "synthesizer"], sort=False
                )
            }
            if lines and max(len(line.x) for line in lines.values()) > 1:
                figures.append(
                    LineFigure(
                        heading=f"{table}: {unit}",
                        caption=f"{unit.capitalize()} against the number of real rows, both on "
                        "log scales.",
                        x_label="real rows",
                        y_label=unit,
                        lines=lines,
                        log_axes="xy",
                    )
                )
    return figures
