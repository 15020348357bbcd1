"""What a suite shows in the report, as data: lines to draw, and tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from skcollapse.benchmark._results._table import Table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["Line", "LineFigure", "Section", "line_of", "ratio_text"]


class Line(NamedTuple):
    """Points of a line by x, with their standard errors."""

    x: np.ndarray
    mean: np.ndarray
    error: np.ndarray


@dataclass(frozen=True)
class LineFigure:
    """A figure of lines, each labelled at its end.

    Parameters
    ----------
    heading, caption : str
        Its name, and what it shows in a sentence.
    x_label, y_label : str
        What the axes hold.
    lines : dict of str to Line
        The lines by their labels; those named after a reference are drawn as levels.
    x_ticks : sequence of int, default=()
        Marks of the x axis; none leaves them to matplotlib.
    log_axes : {"", "x", "xy"}, default=""
        Axes with a log scale.
    bold : str, default=None
        Label of the line that stands out.
    lowest : float, default=None
        Lower end of the y axis; what is below is cut off. None leaves both ends to matplotlib.
    """

    heading: str
    caption: str
    x_label: str
    y_label: str
    lines: dict[str, Line]
    x_ticks: range | tuple[int, ...] = ()
    log_axes: str = ""
    bold: str | None = None
    lowest: float | None = None


@dataclass(frozen=True)
class Section:
    """A section of the report: a heading, figures and tables."""

    heading: str
    figures: list[LineFigure] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def line_of(rows: pd.DataFrame, x: str, *, offset: int = 0, spread_of: str = "score") -> Line:
    """Return mean scores by the column `x`, with the standard error of `spread_of`."""
    found = rows.groupby(x)
    mean = found["score"].mean()
    error = found[spread_of].sem().fillna(0.0)
    return Line(mean.index.to_numpy() + offset, mean.to_numpy(), error.to_numpy())


def ratio_text(n_synthetic: str) -> str:
    """Return a number of synthetic rows for a label: "20:1" for 20 times the batch."""
    return n_synthetic if n_synthetic.endswith("rows") else f"{n_synthetic}:1"
