"""What a run of a benchmark or of a suite returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skcollapse.benchmark._options import BenchmarkConfig, SuiteConfig
from skcollapse.benchmark._results._figure import draw_scores

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BenchmarkResult", "SuiteResult", "plot_score_by_generation"]


@dataclass(frozen=True)
class BenchmarkResult:
    """Record of a benchmark: its rows, their summary and the files.

    Parameters
    ----------
    config : BenchmarkConfig
        The options.
    title : str
        One line that says what was done.
    n_test : int
        Held-out rows of each seed.
    rows : DataFrame of shape (n_methods * n_seeds * n_batches, 23)
        One row for each method, seed and generation, see :func:`read_results`. A cell that
        failed has a row with the text of its error at the generation that failed, and none
        after it.
    summary : DataFrame of shape (n_methods, 11)
        See :func:`summarise`.
    files : dict of str to Path
        What was written: "results" (CSV), "database" (SQLite), "png" and "svg"; empty without a
        folder.

    Examples
    --------
    >>> from skcollapse.benchmark import run_benchmark  # needs pandas
    >>> result = run_benchmark("wine", estimator="logistic", n_batches=3, n_seeds=1)
    >>> result.title
    'wine (target): 3 batches of 44 rows, each deleted after use'
    >>> result.n_failed
    0
    """

    config: BenchmarkConfig
    title: str
    n_test: int
    rows: pd.DataFrame
    summary: pd.DataFrame
    files: dict[str, Path] = field(default_factory=dict)

    @property
    def n_failed(self) -> int:
        """Count the cells that ended in an error."""
        return int((self.rows["error"] != "").sum())

    def plot(self, ax: Any = None) -> Any:
        """Draw the score by generation.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Where to draw. None makes a figure of its own.

        Returns
        -------
        ax : matplotlib Axes
            As :func:`plot_score_by_generation` returns them.
        """
        return plot_score_by_generation(self, ax=ax)


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
        "fidelity", "speed" and "streams".
    summary : DataFrame
        One row for each estimator, batch size and method: the gap recovered, averaged over the
        tables that have a gap, capped at 1 for each table and uncapped, and the worst table. For
        "fidelity" and "speed" one row for each table, setting and metric: the mean over seeds of
        the last generation, its standard error, and the number of seeds. For "streams" one row
        for each stream and method, and for the mean over streams: the mean score on the next
        batch, its `difference` to all_real with `t`, and the `n_rows` and `n_steps` behind them.
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


def plot_score_by_generation(result: BenchmarkResult, ax: Any = None) -> Any:
    """Draw the mean score of each method after each batch, with one standard error around it.

    Parameters
    ----------
    result : BenchmarkResult
        What :func:`run_benchmark` returned.
    ax : matplotlib Axes, default=None
        Where to draw. None makes a figure of its own.

    Returns
    -------
    ax : matplotlib Axes
        The axes; ``ax.figure`` is the figure. Lines are labelled at their end, with the share
        of the gap between the references that the method closes. Methods all of whose cells
        failed are left out.

    Raises
    ------
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> from skcollapse.benchmark import plot_score_by_generation, run_benchmark
    >>> result = run_benchmark("diabetes", estimator="ridge", n_batches=3, n_seeds=2)
    >>> plot_score_by_generation(result).get_xlabel()  # draws with matplotlib
    'real batches seen'
    """
    subtitle = _subtitle(result.config)
    return draw_scores(
        result.rows, result.summary, result.title, subtitle, n_test=result.n_test, ax=ax
    )


def _subtitle(config: BenchmarkConfig) -> str:
    estimator = config.estimator if isinstance(config.estimator, str) else type(config.estimator)
    name = getattr(estimator, "__name__", estimator)
    seeds = f"mean and s.e. of {config.n_seeds} seeds" if config.n_seeds > 1 else "1 seed"
    return f'{name}, labels="{config.labels}"; {seeds}; shaded: what deleting rows costs'
