"""What a benchmark returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from ._config import BenchmarkConfig

__all__ = ["BenchmarkResult"]


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
        from ._figure import plot_score_by_generation

        return plot_score_by_generation(self, ax=ax)
