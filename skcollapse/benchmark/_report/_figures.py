"""The figures of a report: those of the comparisons, and how lines become SVG."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from skcollapse._plotting import (
    COLOURS,
    INK,
    REFERENCE_COLOURS,
    label_ends_in_colour,
    style_axes,
)
from skcollapse.benchmark._report._comparisons import Comparison, Setting
from skcollapse.benchmark._results import (
    OTHER_COLOURS,
    Line,
    LineFigure,
    draw_curve,
    line_of,
    ratio_text,
)
from skcollapse.benchmark._streams import METRIC_LABELS

__all__ = ["comparison_figures", "figure_svg"]

# Two fit side by side on a laptop; on a phone its text is then not much smaller than the page's.
_SIZE = (5.4, 3.3)
_AXES = (0.125, 0.15, 0.5, 0.78)
_COLOURS = (*(COLOURS[name] for name in ("blue", "vermilion", "orange")), *OTHER_COLOURS)
_RULE = "lam=optimal"
_MOST_LINES = 6
_WIDEST_LABEL = 24


def comparison_figures(comparison: Comparison) -> Iterator[LineFigure]:
    """Yield the score by generation, and the score against lam where it varies."""
    for figure in (_by_generation(comparison), _by_lam(comparison)):
        if figure is not None:
            yield figure


def _by_generation(comparison: Comparison) -> LineFigure | None:
    settings = _shown(comparison)
    if not settings or comparison.last < 1:
        return None
    labels = {setting: _short(setting, settings) for setting in settings}
    best = max(comparison.default_settings, key=comparison.mean, default=None)
    n_streams = comparison.rows["seed"].nunique()
    return LineFigure(
        heading=comparison.name,
        caption=f"Score on held-out rows after each batch; mean over {n_streams} streams, band: "
        "one standard error once each stream's own level is taken out. 20:1 is 20 synthetic "
        "rows for each real one.",
        x_label="real batches seen",
        y_label=METRIC_LABELS[comparison.metric],
        lines={labels[key]: line for key, line in _lines_of(comparison, settings).items()},
        x_ticks=range(1, comparison.last + 2),
        bold=None if best is None else labels.get(best),
    )


def _lines_of(comparison: Comparison, settings: list[Setting]) -> dict[Setting, Line]:
    """Return the scores by generation of each setting.

    All settings run on the same streams, and a stream that is easy is easy for all of them. What
    matters for a comparison is the spread around the mean of all settings on the same stream.
    """
    import pandas as pd

    good = comparison.rows[comparison.rows["error"] == ""]
    by_setting = {}
    for setting in settings:
        mine = good
        for name, value in setting._asdict().items():
            mine = mine[mine[name] == value]
        by_setting[setting] = mine
    shown = pd.concat(by_setting.values())
    level = shown.groupby(["seed", "generation"])["score"].transform("mean")
    own = shown.assign(own=shown["score"] - level)["own"]
    lines = {}
    for setting, mine in by_setting.items():
        mine = mine.assign(own=own.loc[mine.index])
        lines[setting] = line_of(mine, "generation", offset=1, spread_of="own")
    return lines


def _shown(comparison: Comparison) -> list[Setting]:
    """Return the references and a few settings, one for each lam or for each workflow."""
    final_scores = comparison.final_scores
    shown = [Setting(name) for name in ("real_only", "all_real") if Setting(name) in final_scores]
    workflows = dict.fromkeys(setting.workflow for setting in final_scores if setting.workflow)
    name = "workflow" if len(workflows) > 1 else "lam"
    own = (
        [x for x in final_scores if x.workflow]
        if len(workflows) > 1
        else comparison.default_settings
    )
    by_value: dict[str, Setting] = {}
    for setting in sorted(own, key=comparison.mean, reverse=True):
        by_value.setdefault(getattr(setting, name), setting)
    rest = [x for x in final_scores if not x.workflow and x not in shown]
    best_first = [*by_value.values(), *sorted(rest, key=comparison.mean, reverse=True)]
    return [*shown, *best_first[:_MOST_LINES]]


def _short(setting: Setting, settings: list[Setting]) -> str:
    if setting.method != "recursive_mix":
        return setting.method
    if len({x.workflow for x in settings if x.workflow}) > 1:
        one = len({x.labels for x in settings if x.workflow}) == 1
        return setting.workflow if one else f"{setting.workflow}, {setting.labels}"
    return f"lam={setting.lam} {ratio_text(setting.n_synthetic)}"


def _by_lam(comparison: Comparison) -> LineFigure | None:
    """Draw the last score against the numbers for lam, a line for each number of rows."""
    numbers = [x for x in comparison.default_settings if _is_number(x.lam)]
    if len({x.lam for x in numbers}) < 3:
        return None
    lines: dict[str, Line] = {}
    for size in dict.fromkeys(x.n_synthetic for x in sorted(numbers, key=lambda x: x.n_per_real)):
        mine = sorted((x for x in numbers if x.n_synthetic == size), key=lambda x: float(x.lam))
        means = np.array([comparison.mean(x) for x in mine])
        lines[ratio_text(size)] = Line(np.array([float(x.lam) for x in mine]), means, 0 * means)
    ends = [min(line.x[0] for line in lines.values()), max(line.x[-1] for line in lines.values())]
    for name, height in _levels(comparison).items():
        lines[name] = Line(np.array(ends), np.full(2, height), np.zeros(2))
    return LineFigure(
        heading=f"{comparison.name}: which lam",
        caption="Last score against lam; 20:1 is 20 synthetic rows for each real one. Dashed: the "
        "references, and the rule where it was run.",
        x_label="lam: weight of the synthetic part",
        y_label=METRIC_LABELS[comparison.metric],
        lines=lines,
        log_axes="x",
    )


def _levels(comparison: Comparison) -> dict[str, float]:
    """Return the last scores of the references and of the best setting under the rule."""
    levels = {name: Setting(name) for name in ("real_only", "all_real")}
    rules = [x for x in comparison.default_settings if x.lam == "optimal"]
    if rules:
        levels[_RULE] = max(rules, key=comparison.mean)
    return {
        name: comparison.mean(setting)
        for name, setting in levels.items()
        if setting in comparison.final_scores
    }


def _is_number(lam: str) -> bool:
    try:
        return 0 < float(lam) < np.inf
    except ValueError:
        return False


def figure_svg(figure: LineFigure) -> str:
    """Return a figure as an SVG element without what only a file of its own needs."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "skcollapse"}):
        canvas = Figure(figsize=_SIZE)
        _draw(canvas.add_axes(_AXES), figure)
        file = io.StringIO()
        canvas.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    text = file.getvalue()
    text = re.sub(r"<metadata>.*?</metadata>", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = re.sub(r' xmlns(:xlink)?="[^"]*"', "", text).replace("xlink:href", "href")
    # A hundredth of a point is finer than a screen, and half the size. Text is left alone.
    text = re.sub(r"<[^>]+>", lambda tag: re.sub(r"(\.\d\d)\d+", r"\1", tag[0]), text)
    return re.sub(r">\s+<", "><", text).strip()


def _draw(ax: Any, figure: LineFigure) -> None:
    if "x" in figure.log_axes:
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter(_as_it_is)
    if "y" in figure.log_axes:
        ax.set_yscale("log")
        ax.yaxis.set_major_formatter(_as_it_is)
    _draw_lines(ax, figure.lines, figure.bold, figure.lowest)
    ax.set_xlabel(figure.x_label)
    ax.set_ylabel(figure.y_label)
    if figure.x_ticks:
        ax.set_xticks(figure.x_ticks)


def _draw_lines(ax: Any, lines: dict[str, Line], bold: str | None, lowest: float | None) -> None:
    colours, spare = {}, iter(_COLOURS * 4)
    for name, line in lines.items():
        level = name in REFERENCE_COLOURS or name == _RULE
        colours[name] = REFERENCE_COLOURS.get(name) or next(spare)
        curve = line.x, line.mean, line.error
        draw_curve(ax, *curve, colours[name], level=level, front=name == bold)
    if lowest is not None:
        highest = max(float(line.mean.max()) for line in lines.values())
        ax.set_ylim(lowest, highest + 0.05 * (highest - lowest))
    ends = {name: (float(line.x[-1]), float(line.mean[-1])) for name, line in lines.items()}
    label_ends_in_colour(ax, ends, colours, {name: _cut(name) for name in lines}, bold=bold)
    style_axes(ax)
    ax.xaxis.label.set_size(9)
    ax.yaxis.label.set_size(9)
    ax.tick_params(labelsize=8.5, labelcolor=INK)


def _as_it_is(value: float, position: int) -> str:
    return f"{value:,.6g}"


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST_LABEL else text[: _WIDEST_LABEL - 1] + "…"
