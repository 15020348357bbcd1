"""Run a benchmark: load, cut, run the cells in parallel, summarise, draw."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sklearn.utils import Bunch

from skcollapse.benchmark._base import (
    ConfigError,
    check_n_jobs,
    check_timeout,
    require_sdv,
)
from skcollapse.benchmark._engine import COLUMNS, DATABASE, Job, ResultStore, run_jobs
from skcollapse.benchmark._options import BenchmarkConfig
from skcollapse.benchmark._results import (
    BenchmarkResult,
    require_matplotlib,
    save_figure,
    summarise,
)
from skcollapse.benchmark._streams import StreamPlan, StreamSource, plan_stream
from skcollapse.benchmark._suites._base import ONE_TABLE
from skcollapse.benchmark._suites._learning import learning_jobs, possible_entrants
from skcollapse.datasets import load_table

__all__ = ["run_benchmark"]

_TABLE_OPTIONS = ("target", "task", "drop", "log_target")


def run_benchmark(
    table: str | os.PathLike | Bunch = "diamonds",
    *,
    out: str | os.PathLike | None = None,
    overwrite: bool = False,
    n_jobs: int | None = None,
    timeout: float | None = None,
    progress: bool = False,
    **options: Any,
) -> BenchmarkResult:
    """Compare RecursiveMix with its two reference points on a real table.

    For each seed a test set and a stream of real batches are drawn from the table, the same for
    all methods. ``real_only`` fits the estimator on the newest batch, ``all_real`` on all rows
    seen so far, and ``recursive_mix`` is refitted by ``partial_fit`` batch after batch, once for
    each `lam`, and never sees an old row again. Each generation is scored on the test set.

    Parameters
    ----------
    table : str, path-like or Bunch, default="diamonds"
        What :func:`skcollapse.datasets.load_table` takes, or what it returned.
    out : path-like, default=None
        Folder for ``results.sqlite``, ``results.csv`` (the rows of this call) and the figure
        ``score_by_generation`` (PNG and SVG). Rows are written into the SQLite file as they come,
        all rows of a cell at once. A benchmark that was stopped, or killed, goes on where it was
        when it is called again; cells that failed are run again. Other options, or a table of
        other content, are other cells: they live side by side in the file, and several
        processes may write into it at the same time. None writes nothing.
    overwrite : bool, default=False
        Whether to run the cells again that the folder holds.
    n_jobs : int, default=None
        Cells run at the same time through joblib; any ``joblib.parallel_config`` backend works.
    timeout : float, default=None
        Seconds after which a cell is given up; it then has a row with the error. Each cell runs
        in a process of its own, which takes a second or two to start. None sets no limit.
    progress : bool, default=False
        Whether to show progress on stderr.
    **options
        The fields of :class:`BenchmarkConfig`, such as ``target``, ``n_batches``, ``labels``,
        ``estimator`` or ``n_seeds``.

    Returns
    -------
    result : BenchmarkResult
        Rows, summary and the paths of the files.

    Raises
    ------
    ConfigError
        If an option is wrong, does not suit the table or (``out``) if the folder holds results
        of something else. Errors of :func:`~skcollapse.datasets.load_table`
        pass through.
    ImportError
        If `out` is given and matplotlib is not installed.

    Examples
    --------
    >>> from skcollapse.benchmark import run_benchmark  # needs pandas
    >>> result = run_benchmark("diabetes", estimator="ridge", n_batches=3, n_seeds=2)
    >>> result.rows.shape
    (30, 23)
    >>> result.summary["lam"].tolist()
    ['', '', 'proportional', 'golden', 'optimal']
    """
    if out is not None:
        require_matplotlib()
    check_n_jobs(n_jobs)
    check_timeout(timeout)
    config, table = _load(table, options)
    plan = plan_stream(config, len(table.data))
    source = StreamSource(table)
    jobs = learning_jobs(ONE_TABLE, config, source, plan, possible_entrants(config, table))
    with ResultStore(None if out is None else Path(out)) as store:
        run_jobs(
            jobs,
            store,
            overwrite=overwrite,
            n_jobs=n_jobs,
            timeout=timeout,
            progress=progress,
        )
        return _report(config, table, plan, jobs, store)


def _load(
    table: str | os.PathLike | Bunch, options: dict[str, Any]
) -> tuple[BenchmarkConfig, Bunch]:
    if isinstance(table, Bunch):
        for option in _TABLE_OPTIONS:
            if option in options:
                raise ConfigError(option, "belongs to load_table; the table is loaded.")
        return BenchmarkConfig.from_options(table.name, options), table
    config = BenchmarkConfig.from_options(os.fspath(table), options)
    require_sdv("synthesizer", [config.synthesizer])
    loaded = load_table(
        table, config.target, task=config.task, drop=config.drop, log_target=config.log_target
    )
    return config, loaded


def _report(
    config: BenchmarkConfig, table: Bunch, plan: StreamPlan, jobs: list[Job], store: ResultStore
) -> BenchmarkResult:
    import pandas as pd

    rows = pd.DataFrame(store.rows(job.cell for job in jobs), columns=list(COLUMNS))
    files = {}
    if store.folder is not None:
        files = {"results": store.folder / "results.csv", "database": store.folder / DATABASE}
        files |= {kind: store.folder / f"score_by_generation.{kind}" for kind in ("png", "svg")}
    result = BenchmarkResult(
        config=config,
        title=_title(table, plan),
        n_test=plan.test_size,
        rows=rows,
        summary=summarise(rows),
        files=files,
    )
    if files:
        rows.to_csv(files["results"], index=False)
        save_figure(result.plot, files["png"], files["svg"])
    return result


def _title(table: Bunch, plan: StreamPlan) -> str:
    log = "log " if table.target_transform == "log" else ""
    return (
        f"{table.name} ({log}{table.target_name}): {plan.n_batches} batches of "
        f"{plan.batch_size} rows, each deleted after use"
    )
