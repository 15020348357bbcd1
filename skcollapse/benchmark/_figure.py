"""The figure of a benchmark: score by generation between the two reference points."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ._config import REFERENCES
from ._scoring import METRIC_LABELS

if TYPE_CHECKING:
    import pandas as pd

    from ._result import BenchmarkResult

__all__ = [
    "INK",
    "MUTED",
    "OTHER_COLOURS",
    "REFERENCE_COLOURS",
    "draw_curve",
    "label_ends",
    "plot_score_by_generation",
    "require_matplotlib",
    "save_figure",
    "strip_frame",
]

# Okabe and Ito's colours, which people with colour-blindness can tell apart; the yellow is
# left out because it is hard to see on white.
_NAMED_COLOURS = {"optimal": "#0072B2", "golden": "#E69F00", "proportional": "#D55E00"}
OTHER_COLOURS = ("#009E73", "#CC79A7", "#56B4E9", "#000000")
REFERENCE_COLOURS = {"real_only": "#8A8A8A", "all_real": "#3D3D3D"}
_REFERENCE_TEXT = {
    "real_only": "real_only  (newest batch)",
    "all_real": "all_real  (every row kept)",
}
INK = "#262626"
MUTED = "#6B6B6B"
_LABEL_SIZE = 9.5
# Distance of two labels in units of their font size.
_LABEL_DISTANCE = 1.35


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
    ax = _new_axes() if ax is None else ax
    curves = _curves(result.rows)
    colours = _colours(list(curves))
    if {("real_only", ""), ("all_real", "")} <= curves.keys():
        _shade_gap(ax, curves)
    for key, curve in curves.items():
        level, front = key[0] in REFERENCES, key[1] == "optimal"
        x, mean, error = curve.index + 1, curve["mean"], curve["se"]
        draw_curve(ax, x, mean, error, colours[key], level=level, front=front)
    ends = {key: (curve.index[-1] + 1, curve["mean"].iloc[-1]) for key, curve in curves.items()}
    optimal = next((key for key in ends if key[1] == "optimal"), None)
    label_ends(ax, ends, colours, _end_texts(result.summary), bold=optimal)
    _dress(ax, result)
    return ax


def save_figure(result: BenchmarkResult, *paths: Path) -> None:
    """Write the figure once for each path; the ending chooses the format."""
    from matplotlib import rc_context

    # Text stays text in the SVG, and its element names do not change from run to run.
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "skcollapse"}):
        figure = plot_score_by_generation(result).figure
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
        marker=None if level else "o",
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


def label_ends(
    ax: Any,
    ends: dict[Any, tuple[float, float]],
    colours: dict[Any, str],
    texts: dict[Any, str],
    bold: Any = None,
) -> None:
    """Write each label beside the end of its line, moved apart where they would overlap.

    `ends` holds the last point of each line in the units of the data. `bold` is the key of a
    label that stands out.
    """
    # Limits are fixed now: labels are placed in points, and must not move the axes.
    ax.set_xlim(ax.get_xlim())
    ax.set_ylim(ax.get_ylim())
    points = 72 / ax.figure.dpi
    height = ax.get_window_extent().height * points
    wanted = {
        key: float((ax.transData.transform(end)[1] - ax.bbox.y0) * points)
        for key, end in ends.items()
    }
    placed = _spread(wanted, _LABEL_DISTANCE * _LABEL_SIZE, height)
    for key, (x, y) in ends.items():
        height_share = placed[key] / height
        ax.text(
            1.045,
            height_share,
            texts[key],
            transform=ax.transAxes,
            va="center",
            color=colours[key],
            fontsize=_LABEL_SIZE,
            fontweight="bold" if key == bold else "normal",
        )
        ax.annotate(
            "",
            (x, y),
            xytext=(1.04, height_share),
            textcoords="axes fraction",
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": colours[key],
                "linewidth": 0.7,
                "alpha": 0.6,
                "shrinkA": 0,
                "shrinkB": 4,
            },
        )


def _spread(wanted: dict[Any, float], distance: float, height: float) -> dict[Any, float]:
    """Move positions apart to `distance` with the least sum of squared moves.

    Positions that touch form a block, which sits at the mean of what its members want; blocks
    are merged until none overlap. The whole stack is then shifted into ``[0, height]``.
    """
    keys = sorted(wanted, key=wanted.get)
    blocks: list[list[float]] = []
    for rank, key in enumerate(keys):
        # Without their steps of `distance`, the positions need only be in rising order.
        blocks.append([wanted[key] - rank * distance])
        while len(blocks) > 1 and np.mean(blocks[-2]) > np.mean(blocks[-1]):
            last = blocks.pop()
            blocks[-1] += last
    base = [float(np.mean(block)) for block in blocks for _ in block]
    placed = np.array(base) + distance * np.arange(len(keys))
    placed += max(0.0, -placed[0]) - max(0.0, placed[-1] - height)
    return dict(zip(keys, placed, strict=True))


def _dress(ax: Any, result: BenchmarkResult) -> None:
    config = result.config
    estimator = config.estimator if isinstance(config.estimator, str) else type(config.estimator)
    name = getattr(estimator, "__name__", estimator)
    seeds = f"mean and s.e. of {config.n_seeds} seeds" if config.n_seeds > 1 else "1 seed"
    metric = METRIC_LABELS[result.rows["metric"].iloc[0]]
    subtitle = f'{name}, labels="{config.labels}"; {seeds}; shaded: what deleting rows costs'
    for text, height, size, weight, colour in (
        (result.title, 26, 13, "bold", INK),
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
    ax.set_xlabel("real batches seen", color=MUTED)
    ax.set_ylabel(f"{metric} on {result.n_test:,} held-out rows", color=MUTED)
    ax.set_xticks(range(1, int(result.rows["generation"].max()) + 2))
    strip_frame(ax)


def strip_frame(ax: Any) -> None:
    """Leave of the frame what helps to read a value."""
    ax.grid(axis="y", color="#E6E6E6", linewidth=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(colors=MUTED, length=0)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color("#BFBFBF")
