"""The fidelity suite: how far the rows of a recursive synthesizer are from real ones."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from skcollapse._recursive_mix import RecursiveMixSynthesizer
from skcollapse._utils._rows import take_rows
from skcollapse.benchmark._base import (
    ConfigError,
    check_integer,
    make_estimator,
    make_synthesizer,
)
from skcollapse.benchmark._engine import Cell, Job, Record
from skcollapse.benchmark._options import BenchmarkConfig, SuiteConfig, flag, too_few_rows
from skcollapse.benchmark._results import LineFigure, Section, line_of, metric_table, ratio_text
from skcollapse.benchmark._streams import StreamPlan, StreamSource, TableStream, score_on_test
from skcollapse.benchmark._suites._base import (
    Suite,
    lam_of,
    plan_for_suite,
    stream_fields,
    suite,
    table_fields,
)
from skcollapse.metrics import c2st_auc, energy_distance, total_variation

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Fidelity", "FidelityConfig"]

# The time of the energy distance grows with the square of the rows.
_LARGEST_SAMPLE = 2000
_METRIC = "c2st_auc"
_LINES = ["method", "synthesizer", "n_synthetic", "lam"]


@dataclass(frozen=True)
class FidelityConfig(SuiteConfig):
    """Options of the fidelity suite: synthesizers refitted on their own rows.

    Parameters
    ----------
    tables, synthesizers, n_seeds
        As in :class:`SuiteConfig`. The target is a column like the others.
    estimators : tuple of str
        Learners of "train on synthetic rows, test on real rows" (tstr).
    n_synthetic, lam : tuple
        The recursion runs for each combination of synthesizer, n_synthetic (multiples of the
        batch) and lam. Beside it stand, for each synthesizer, one fitted on the newest batch
        ("real_only") and one on all rows seen ("all_real"), and the newest batch itself
        ("real_rows"), which says what the distances of real rows are.
    batch_sizes, n_batches, min_test_size
        As in the other suites.
    """

    n_seeds: int = 3
    n_synthetic: tuple[float, ...] = (1.0, 5.0)
    lam: tuple[str | float, ...] = ("proportional", "optimal")
    batch_sizes: tuple[int, ...] = field(default=(300,), metadata=flag(name="batch_size"))
    n_batches: int = 8
    min_test_size: int = 1000

    may_be_empty: ClassVar[tuple[str, ...]] = ("lam",)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_integer("min_test_size", self.min_test_size, at_least=2)
        if "adaptive" in self.lam:
            raise ConfigError("lam", "cannot be 'adaptive' here: there is no target to judge by.")
        for options in self.combinations():
            self.benchmark(**options)

    def nothing_to_run(self) -> ConfigError:
        """Return the error of a suite that has no cell for any of its tables."""
        return too_few_rows(self)

    def combinations(self) -> list[dict[str, Any]]:
        """List the options of the benchmarks that the suite consists of."""
        return [
            {
                "estimator": estimator,
                "synthesizer": synthesizer,
                "batch_size": batch_size,
                "n_synthetic": float(n_synthetic),
                "n_batches": self.n_batches,
                "lam": self.lam,
            }
            for batch_size in self.batch_sizes
            for estimator in self.estimators
            for synthesizer in self.synthesizers
            for n_synthetic in self.n_synthetic
        ]


@suite("fidelity")
class Fidelity(Suite):
    """The rows of a recursive synthesizer against held-out real rows."""

    config = FidelityConfig

    def jobs(self, config: FidelityConfig, source: StreamSource) -> list[Job]:
        """List the cells of a table: the references once, the recursion for each setting."""
        jobs: dict[Cell, Job] = {}
        table = source.table
        for options in config.combinations():
            benchmark = config.benchmark(**options)
            plan = plan_for_suite(config, options["batch_size"], len(table.data))
            if plan is None or not config.suits(options["estimator"], table.task):
                continue
            shared = {**table_fields(self.name, source), **stream_fields(plan)}
            for cell in _cells(shared, benchmark):
                prepare = partial(_prepare, source, plan, cell.seed, benchmark)
                # The references of one synthesizer do not depend on lam and n_synthetic.
                jobs.setdefault(cell, Job(cell, _run_fidelity, prepare, _METRIC))
        return list(jobs.values())

    def section(self, rows: pd.DataFrame) -> Section:
        """Return the area under the curve by generation, and all numbers."""
        heading = "Fidelity of drawn rows"
        table = metric_table(f"{heading}: numbers", rows)
        return Section(heading, _figures(rows), [] if table is None else [table])


def _cells(shared: dict[str, Any], config: BenchmarkConfig) -> list[Cell]:
    shared = {**shared, "estimator": config.estimator}
    drawn = {"synthesizer": config.synthesizer}
    methods = [
        {"method": "real_rows"},
        {"method": "real_only", **drawn},
        {"method": "all_real", **drawn},
    ]
    recipe = {**drawn, "workflow": "fresh", "n_synthetic": config.text_of("n_synthetic")}
    methods += [{"method": "recursive_mix", "lam": str(lam), **recipe} for lam in config.lam]
    return [
        Cell(**shared, **method, seed=seed) for seed in range(config.n_seeds) for method in methods
    ]


def _prepare(
    source: StreamSource, plan: StreamPlan, seed: int, config: BenchmarkConfig
) -> tuple[TableStream, BenchmarkConfig]:
    return source.cut(plan, seed), config


def _run_fidelity(
    cell: Cell, record: Record, stream: TableStream, config: BenchmarkConfig
) -> None:
    """Compare drawn rows with the test rows after each generation, by several metrics."""
    test = _joined(stream.X_test, stream.y_test, cell.target).iloc[:_LARGEST_SAMPLE]
    source = RowSource(cell, config)
    for generation, (X, y) in enumerate(stream.batches()):
        start = time.perf_counter()
        size = source.update(_joined(X, y, cell.target))
        seconds = time.perf_counter() - start
        drawn = source.draw(len(test), generation)
        seed = np.random.SeedSequence([cell.seed, generation]).generate_state(1)[0]
        values = _distances(test, drawn, int(seed))
        for metric, value in values.items():
            record.add(metric, generation, value, seconds=seconds, size=size)
        score = _tstr(drawn, stream, cell, config)
        record.add("tstr", generation, score, seconds=seconds, size=size)


class RowSource:
    """The origin of the rows that are compared: a synthesizer, or the real rows themselves."""

    def __init__(self, cell: Cell, config: BenchmarkConfig) -> None:
        self.cell = cell
        self.config = config
        self.kept: list[pd.DataFrame] = []
        self.recursive: Any = None

    def update(self, batch: pd.DataFrame) -> float:
        """Take a batch; return how many real rows the rows drawn next are equivalent to."""
        import pandas as pd

        method = self.cell.method
        self.kept = [*self.kept, batch] if method == "all_real" else [batch]
        if method == "real_rows":
            return float(len(batch))
        if method != "recursive_mix" or self.recursive is None:
            lam = lam_of(self.cell)
            self.recursive = RecursiveMixSynthesizer(
                make_synthesizer(self.config.synthesizer),
                lam="optimal" if lam is None else lam,
                n_synthetic=self.config.n_synthetic,
                random_state=self.cell.seed,
            )
        # Generation 0 is a plain fit of the synthesizer, so the references are plain fits too.
        self.recursive.partial_fit(pd.concat(self.kept, ignore_index=True))
        return float(self.recursive.effective_sample_size_)

    def draw(self, n_rows: int, generation: int) -> pd.DataFrame:
        """Return rows to compare: at most `n_rows`, and of real rows those of the batch."""
        if self.cell.method == "real_rows":
            return take_rows(self.kept[0], np.arange(min(n_rows, len(self.kept[0]))))
        seed = np.random.SeedSequence([self.cell.seed, generation, 1]).generate_state(1)[0]
        return self.recursive.sample(n_rows, random_state=int(seed))


def _joined(X: pd.DataFrame, y: np.ndarray, target: str) -> pd.DataFrame:
    return X.assign(**{target: y})


def _distances(test: pd.DataFrame, drawn: pd.DataFrame, seed: int) -> dict[str, float]:
    by_column = [total_variation(test[[name]], drawn[[name]]) for name in test.columns]
    return {
        "c2st_auc": float(c2st_auc(test, drawn, random_state=seed)),
        "energy_distance": float(energy_distance(test, drawn)),
        "total_variation": float(np.mean(by_column)),
    }


def _tstr(drawn: pd.DataFrame, stream: TableStream, cell: Cell, config: BenchmarkConfig) -> float:
    """Train on the drawn rows, test on the real ones."""
    X, y = drawn.drop(columns=cell.target), drawn[cell.target].to_numpy()
    estimator = make_estimator(config.estimator, stream.task, stream.X, cell.seed)
    return score_on_test(estimator.fit(X, y), stream)


def _figures(rows: pd.DataFrame) -> list[LineFigure]:
    good = rows[(rows["metric"] == _METRIC) & (rows["error"] == "")]
    figures = []
    streams = ["table", "table_hash", "n_real", "n_batches"]
    for (table, _, n_real, _), mine in good.groupby(streams, sort=False):
        lines = {
            _line_name(mine, *key): line_of(each, "generation", offset=1)
            for key, each in mine.groupby(_LINES, sort=False)
        }
        n_points = max(len(line.x) for line in lines.values())
        if n_points > 1:
            figures.append(
                LineFigure(
                    heading=f"{table}: fidelity by generation, batches of {n_real:,} rows",
                    caption="How well a classifier tells drawn rows from held-out real ones: 0.5 "
                    "is not at all, 1 always.",
                    x_label="real batches seen",
                    y_label="area under the curve",
                    lines=lines,
                    x_ticks=range(1, n_points + 1),
                )
            )
    return figures


def _line_name(rows: pd.DataFrame, method: str, synthesizer: str, size: str, lam: str) -> str:
    name = f"lam={lam} {ratio_text(size)}" if lam else method
    one = rows.loc[rows["synthesizer"] != "", "synthesizer"].nunique() == 1
    return name if one or not synthesizer else f"{name}, {synthesizer}"
