"""The figure of a benchmark: score by generation between the two reference points."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from skcollapse._plotting import (
    COLOURS,
    INK,
    MUTED,
    REFERENCE_COLOURS,
    label_ends_in_colour,
    style_axes,
)
from skcollapse.benchmark._entrants import REFERENCES
from skcollapse.benchmark._streams import METRIC_LABELS

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "OTHER_COLOURS",
    "draw_curve",
    "draw_scores",
    "require_matplotlib",
    "save_figure",
]

_NAMED_COLOURS = {
    "optimal": COLOURS["blue"],
    "golden": COLOURS["orange"],
    "proportional": COLOURS["vermilion"],
}
# More marks than these on a line hide it.
_MOST_MARKED = 20
OTHER_COLOURS = tuple(COLOURS[name] for name in ("green", "purple", "sky", "black"))
_REFERENCE_TEXT = {
    "real_only": "real_only  (newest batch)",
    "all_real": "all_real  (every row kept)",
}


def draw_scores(
    rows: pd.DataFrame,
    summary: pd.DataFrame,
    title: str,
    subtitle: str,
    *,
    n_test: int,
    ax: Any = None,
) -> Any:
    """Return axes with the mean score of each method after each batch, and one standard error.

    Parameters
    ----------
    rows : DataFrame
        Rows of one benchmark.
    summary : DataFrame
        Their summary, which gives the labels the gap recovered.
    title, subtitle : str
        The two lines above the axes.
    n_test : int
        Held-out rows of each seed.
    ax : matplotlib Axes, default=None
        Where to draw. None makes a figure of its own.
    """
    ax = _new_axes() if ax is None else ax
    curves = _curves(rows)
    colours = _colours(list(curves))
    if {("real_only", ""), ("all_real", "")} <= curves.keys():
        _shade_gap(ax, curves)
    for key, curve in curves.items():
        level, front = key[0] in REFERENCES, key[1] == "optimal"
        x, mean, error = curve.index + 1, curve["mean"], curve["se"]
        draw_curve(ax, x, mean, error, colours[key], level=level, front=front)
    ends = {key: (curve.index[-1] + 1, curve["mean"].iloc[-1]) for key, curve in curves.items()}
    optimal = next((key for key in ends if key[1] == "optimal"), None)
    label_ends_in_colour(ax, ends, colours, _end_texts(summary), bold=optimal)
    _write_titles(ax, title, subtitle)
    _name_axes(ax, rows, n_test)
    return ax


def save_figure(draw: Callable[[], Any], *paths: Path) -> None:
    """Write the figure of the axes that `draw` returns, in the format of each path's ending."""
    from matplotlib import rc_context

    # Text stays text in the SVG, and its element names do not change from run to run.
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "skcollapse"}):
        figure = draw().figure
        for path in paths:
            metadata = {"Date": None} if path.suffix == ".svg" else {}
            figure.savefig(path, dpi=160, facecolor="white", metadata=metadata)


def require_matplotlib() -> None:
    """Raise an ImportError that names the extra when matplotlib is not installed."""
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise ImportError(
            'The figure needs matplotlib. Install it with: pip install "skcollapse[benchmark]"'
        ) from error


def _new_axes() -> Any:
    require_matplotlib()
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.0, 4.8))
    # The right margin holds the labels, the top one title and subtitle.
    return figure.add_axes((0.085, 0.125, 0.615, 0.715))


def _curves(rows: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    """Return mean and standard error by generation, for each method that has scores."""
    good = rows[rows["error"] == ""]
    curves = {}
    for key, mine in good.groupby(["method", "lam"], sort=False):
        by_generation = mine.groupby("generation")["score"]
        curve = by_generation.agg(mean="mean", deviation="std", count="count")
        curve["se"] = (curve["deviation"] / np.sqrt(curve["count"])).fillna(0.0)
        curves[key] = curve
    return curves


def _colours(keys: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
    spare = 0
    colours = {}
    for method, lam in keys:
        named = {**REFERENCE_COLOURS, **_NAMED_COLOURS}.get(lam or method)
        if named is None:
            named = OTHER_COLOURS[spare % len(OTHER_COLOURS)]
            spare += 1
        colours[method, lam] = named
    return colours


def _shade_gap(ax: Any, curves: dict[tuple[str, str], pd.DataFrame]) -> None:
    lower, upper = curves["real_only", ""]["mean"], curves["all_real", ""]["mean"]
    both = lower.index.intersection(upper.index)
    ax.fill_between(both + 1, lower[both], upper[both], color="#F3F3F3", linewidth=0, zorder=0)


def draw_curve(
    ax: Any, x: Any, mean: Any, error: Any, colour: str, *, level: bool, front: bool
) -> None:
    """Draw a mean and one standard error around it; a `level` to compare with is dashed."""
    ax.plot(
        x,
        mean,
        color=colour,
        linewidth=1.4 if level else 2.2,
        linestyle=(0, (5, 2)) if level else "-",
        marker=None if level or len(x) > _MOST_MARKED else "o",
        markersize=4.5,
        zorder=2 if level else 4 if front else 3,
    )
    band = {"color": colour, "alpha": 0.09 if level else 0.12, "linewidth": 0, "zorder": 1}
    ax.fill_between(x, mean - error, mean + error, **band)


def _end_texts(summary: pd.DataFrame) -> dict[tuple[str, str], str]:
    texts = {}
    for row in summary.to_dict("records"):
        gap = row["gap_recovered"]
        text = f"lam={row['lam']}" if row["lam"] else row["method"]
        if row["method"] in REFERENCES:
            text = _REFERENCE_TEXT[row["method"]]
        elif np.isfinite(gap):
            # Names of other entrants are long, and the margin is not.
            text += f"  {100 * gap:.0f}%" + (" of the gap" if row["lam"] else "")
        texts[row["method"], row["lam"]] = text
    return texts


def _write_titles(ax: Any, title: str, subtitle: str) -> None:
    for text, height, size, weight, colour in (
        (title, 26, 13, "bold", INK),
        (subtitle, 10, 9.5, "normal", MUTED),
    ):
        ax.annotate(
            text,
            (0, 1),
            xycoords="axes fraction",
            xytext=(0, height),
            textcoords="offset points",
            fontsize=size,
            fontweight=weight,
            color=colour,
        )


def _name_axes(ax: Any, rows: pd.DataFrame, n_test: int) -> None:
    metric = METRIC_LABELS[rows["metric"].iloc[0]]
    ax.set_xlabel("real batches seen")
    ax.set_ylabel(f"{metric} on {n_test:,} held-out rows")
    ax.set_xticks(range(1, int(rows["generation"].max()) + 2))
    style_axes(ax)
