"""Run a benchmark: load, cut, run the cells in parallel, summarise, draw."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed
from sklearn.utils import Bunch

from skcollapse.datasets import load_table

from ._cells import Cell, all_cells, run_cell
from ._config import BenchmarkConfig, ConfigError
from ._figure import require_matplotlib, save_figure
from ._parts import make_estimator, sdv_is_missing
from ._peers import grows
from ._progress import Progress
from ._result import BenchmarkResult
from ._store import ResultStore
from ._stream import StreamPlan, cut_stream, plan_stream
from ._summary import summarise

__all__ = ["fill_store", "run_benchmark"]

# These say which cells there are, and not what comes out of them.
_CHOICE_OF_CELLS = ("lam", "n_seeds", "entrants")
_TABLE_OPTIONS = ("target", "task", "drop", "log_target")


def run_benchmark(
    table: str | os.PathLike | Bunch = "diamonds",
    *,
    out: str | os.PathLike | None = None,
    overwrite: bool = False,
    n_jobs: int | None = None,
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
        Folder for ``results.csv``, ``config.json`` and the figure ``score_by_generation`` (PNG
        and SVG). Rows are written as they come. A benchmark that was stopped goes on where it
        was when it is called again with the same options; cells that failed are run again.
        With other values of ``lam``, ``n_seeds`` or ``entrants`` the cells that are missing are
        added. None writes nothing.
    overwrite : bool, default=False
        Whether to start anew in a folder that holds results.
    n_jobs : int, default=None
        Cells run at the same time through joblib; any ``joblib.parallel_config`` backend works.
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
        If an option is wrong, does not suit the table or (``out``) if the folder holds a
        benchmark with different options. Errors of :func:`~skcollapse.datasets.load_table`
        pass through.
    ImportError
        If `out` is given and matplotlib is not installed.

    Examples
    --------
    >>> from skcollapse.benchmark import run_benchmark  # needs pandas
    >>> result = run_benchmark("diabetes", estimator="ridge", n_batches=3, n_seeds=2)
    >>> result.rows.shape
    (30, 14)
    >>> result.summary["lam"].tolist()
    ['', '', 'proportional', 'golden', 'optimal']
    """
    if out is not None:
        require_matplotlib()
    config, table = _load(table, options)
    plan = plan_stream(config, len(table.data))
    store = fill_store(config, table, plan, out, overwrite, n_jobs, progress)
    return _report(config, table, plan, store)


def fill_store(
    config: BenchmarkConfig,
    table: Bunch,
    plan: StreamPlan,
    out: str | os.PathLike | None,
    overwrite: bool,
    n_jobs: int | None,
    progress: bool,
) -> ResultStore:
    """Run the cells that the folder `out` does not hold yet; return the store of them all."""
    entrants = _possible_entrants(config, table)
    cells = all_cells(config, entrants)
    store = ResultStore(
        folder=None if out is None else Path(out),
        identity=_identity(config, table, plan),
        keys=[cell.key for cell in cells],
        n_generations=plan.n_batches,
        overwrite=overwrite,
    )
    missing = [cell for cell in cells if cell.key not in store]
    parallel = Parallel(n_jobs=n_jobs, return_as="generator_unordered")
    with Progress(len(missing), progress) as bar:
        for cell, rows in parallel(_tasks(missing, config, table, plan)):
            store.add(cell.key, rows)
            bar.advance(f"seed {cell.seed}: {cell.label}", rows[-1]["error"])
    store.write_sorted()
    return store


def _load(
    table: str | os.PathLike | Bunch, options: dict[str, Any]
) -> tuple[BenchmarkConfig, Bunch]:
    if isinstance(table, Bunch):
        for option in _TABLE_OPTIONS:
            if option in options:
                raise ConfigError(option, "belongs to load_table; the table is loaded.")
        return BenchmarkConfig.from_options(table.name, options), table
    config = BenchmarkConfig.from_options(os.fspath(table), options)
    if sdv_is_missing(config.synthesizer):
        raise ConfigError(
            "synthesizer",
            f"{config.synthesizer!r} needs sdv, which is not installed. Install it with: "
            'pip install "skcollapse[sdv]"',
        )
    loaded = load_table(
        table, config.target, task=config.task, drop=config.drop, log_target=config.log_target
    )
    return config, loaded


def _possible_entrants(config: BenchmarkConfig, table: Bunch) -> list[str]:
    try:
        estimator = make_estimator(config.estimator, table.task, table.data, 0)
    except ValueError as error:
        raise ConfigError("estimator", str(error)) from error
    return [name for name in config.entrants if name != "warm_start" or grows(estimator)]


def _identity(config: BenchmarkConfig, table: Bunch, plan: StreamPlan) -> dict[str, Any]:
    """Return what the rows depend on: the options, what they came to, and the table itself.

    The table counts by its name and content, not by the path it was read from.
    """
    import pandas as pd

    options = config.to_dict()
    for option in _CHOICE_OF_CELLS:
        del options[option]
    hashes = pd.util.hash_pandas_object(table.data.assign(**{"": table.target}), index=False)
    return {
        **options,
        "table": table.name,
        "target": table.target_name,
        "log_target": table.target_transform == "log",
        "task": table.task,
        "batch_size": plan.batch_size,
        "test_size": plan.test_size,
        "table_hash": hashlib.sha256(hashes.to_numpy().tobytes()).hexdigest()[:16],
    }


def _tasks(
    cells: list[Cell], config: BenchmarkConfig, table: Bunch, plan: StreamPlan
) -> Iterator[Any]:
    # A worker gets the rows of its stream and not the table, and joblib draws from this
    # generator only when a worker is nearly free.
    seed, stream = None, None
    for cell in cells:
        if cell.seed != seed:
            seed, stream = cell.seed, cut_stream(table, plan, cell.seed)
        yield delayed(_run_one)(cell, stream, table.name, config)


def _run_one(cell: Cell, *arguments: Any) -> tuple[Cell, list[dict[str, Any]]]:
    return cell, run_cell(cell, *arguments)


def _report(
    config: BenchmarkConfig, table: Bunch, plan: StreamPlan, store: ResultStore
) -> BenchmarkResult:
    import pandas as pd

    rows = pd.DataFrame(store.rows())
    files = {}
    if store.folder is not None:
        files = {"results": store.results_path, "config": store.config_path}
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
        save_figure(result, files["png"], files["svg"])
    return result


def _title(table: Bunch, plan: StreamPlan) -> str:
    log = "log " if table.target_transform == "log" else ""
    return (
        f"{table.name} ({log}{table.target_name}): {plan.n_batches} batches of "
        f"{plan.batch_size} rows, each deleted after use"
    )
