"""The figures of a report, as SVG that can stand in a page."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from skcollapse.benchmark._results import (
    INK,
    MEASURES,
    MUTED,
    OTHER_COLOURS,
    REFERENCE_COLOURS,
    draw_curve,
    label_ends,
    strip_frame,
)
from skcollapse.benchmark._streams import METRIC_LABELS

from ._comparisons import Group, Setting

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Figure", "fidelity_figures", "learning_figures", "speed_figures"]

# Two fit side by side on a laptop; on a phone its text is then not much smaller than the page's.
_SIZE = (5.4, 3.3)
_AXES = (0.125, 0.15, 0.5, 0.78)
_COLOURS = ("#0072B2", "#D55E00", "#E69F00", *OTHER_COLOURS)
_MOST_LINES = 6
_WIDEST_LABEL = 24


class Figure(NamedTuple):
    """A drawing, what it shows in a sentence, and its heading."""

    svg: str
    caption: str
    heading: str


class _Line(NamedTuple):
    """Points of a line by x, with their standard errors."""

    x: np.ndarray
    mean: np.ndarray
    error: np.ndarray


def learning_figures(groups: Iterable[Group], limit: int) -> Iterator[Figure]:
    """Yield the score by generation of each group, and the score against lam where it varies."""
    for number, group in enumerate(groups):
        if number >= limit:
            return
        for draw in (_by_generation, _by_lam):
            figure = draw(group)
            if figure is not None:
                yield figure


def _by_generation(group: Group) -> Figure | None:
    settings = _shown(group)
    if not settings or group.last < 1:
        return None
    lines = _lines_of(group, settings)
    best = max(group.usual, key=group.mean, default=None)

    def draw(ax: Any) -> None:
        _draw_lines(ax, lines, {setting: _short(setting, settings) for setting in settings}, best)
        ax.set_xlabel("real batches seen", color=MUTED)
        ax.set_ylabel(METRIC_LABELS[group.metric], color=MUTED)
        ax.set_xticks(range(1, group.last + 2))

    caption = (
        f"Score on held-out rows after each batch; mean over {group.rows['seed'].nunique()} "
        "streams, band: one standard error once each stream's own level is taken out. 20:1 is "
        "20 synthetic rows for each real one."
    )
    return Figure(_svg(draw), caption, group.name)


def _lines_of(group: Group, settings: list[Setting]) -> dict[Setting, _Line]:
    """Return the scores by generation of each setting.

    All settings run on the same streams, and a stream that is easy is easy for all of them. What
    matters for a comparison is the spread around the mean of all settings on the same stream.
    """
    import pandas as pd

    good = group.rows[group.rows["error"] == ""]
    parts = {}
    for setting in settings:
        mine = good
        for name, value in setting._asdict().items():
            mine = mine[mine[name] == value]
        parts[setting] = mine
    shown = pd.concat(parts.values())
    level = shown.groupby(["seed", "generation"])["score"].transform("mean")
    own = shown.assign(own=shown["score"] - level)["own"]
    return {
        setting: _line_of(mine.assign(own=own.loc[mine.index]), "generation", 1, spread_of="own")
        for setting, mine in parts.items()
    }


def _shown(group: Group) -> list[Setting]:
    """Return the references and a few settings, one for each lam or for each workflow."""
    finals = group.finals
    shown = [Setting(name) for name in ("real_only", "all_real") if Setting(name) in finals]
    workflows = dict.fromkeys(setting.workflow for setting in finals if setting.workflow)
    name = "workflow" if len(workflows) > 1 else "lam"
    own = [x for x in finals if x.workflow] if len(workflows) > 1 else group.usual
    by_value: dict[str, Setting] = {}
    for setting in sorted(own, key=group.mean, reverse=True):
        by_value.setdefault(getattr(setting, name), setting)
    rest = [x for x in finals if not x.workflow and x not in shown]
    best_first = [*by_value.values(), *sorted(rest, key=group.mean, reverse=True)]
    return [*shown, *best_first[:_MOST_LINES]]


def _short(setting: Setting, settings: list[Setting]) -> str:
    if setting.method != "recursive_mix":
        return setting.method
    if len({x.workflow for x in settings if x.workflow}) > 1:
        one = len({x.labels for x in settings if x.workflow}) == 1
        return setting.workflow if one else f"{setting.workflow}, {setting.labels}"
    return f"lam={setting.lam} {_ratio(setting.n_synthetic)}"


def _by_lam(group: Group) -> Figure | None:
    """Draw the last score against the numbers for lam, a line for each number of rows."""
    numbers = [x for x in group.usual if _is_number(x.lam)]
    if len({x.lam for x in numbers}) < 3:
        return None
    lines: dict[str, _Line] = {}
    for size in dict.fromkeys(x.n_synthetic for x in sorted(numbers, key=lambda x: x.n_per_real)):
        mine = sorted((x for x in numbers if x.n_synthetic == size), key=lambda x: float(x.lam))
        means = np.array([group.mean(x) for x in mine])
        lines[_ratio(size)] = _Line(np.array([float(x.lam) for x in mine]), means, 0 * means)
    levels = {name: Setting(name) for name in ("real_only", "all_real")}
    rules = [x for x in group.usual if x.lam == "optimal"]
    if rules:
        levels["lam=optimal"] = max(rules, key=group.mean)
    ends = [min(line.x[0] for line in lines.values()), max(line.x[-1] for line in lines.values())]
    for name, setting in levels.items():
        if setting in group.finals:
            height = np.full(2, group.mean(setting))
            lines[name] = _Line(np.array(ends), height, np.zeros(2))

    def draw(ax: Any) -> None:
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter(_as_it_is)
        _draw_lines(ax, lines, {name: name for name in lines}, None)
        ax.set_xlabel("lam: weight of the synthetic part", color=MUTED)
        ax.set_ylabel(METRIC_LABELS[group.metric], color=MUTED)

    caption = (
        "Last score against lam; 20:1 is 20 synthetic rows for each real one. Dashed: the "
        "references, and the rule where it was run."
    )
    return Figure(_svg(draw), caption, f"{group.name}: which lam")


def _ratio(n_synthetic: str) -> str:
    return n_synthetic if n_synthetic.endswith("rows") else f"{n_synthetic}:1"


def _as_it_is(value: float, position: int) -> str:
    return f"{value:,.6g}"


def _is_number(lam: str) -> bool:
    try:
        return 0 < float(lam) < np.inf
    except ValueError:
        return False


def fidelity_figures(rows: pd.DataFrame) -> Iterator[Figure]:
    """Yield the area under the curve by generation for each table."""
    good = rows[(rows["metric"] == "c2st_auc") & (rows["error"] == "")]
    streams = ["table", "table_hash", "n_real", "n_batches"]
    for (table, _, n_real, _), mine in good.groupby(streams, sort=False):
        lines = {}
        one = mine.loc[mine["synthesizer"] != "", "synthesizer"].nunique() == 1
        for key, part in mine.groupby(["method", "synthesizer", "n_synthetic", "lam"], sort=False):
            method, synthesizer, size, lam = key
            name = f"lam={lam} {_ratio(size)}" if lam else method
            whole = name if one or not synthesizer else f"{name}, {synthesizer}"
            lines[whole] = _line_of(part, "generation", offset=1)
        if max(len(line.x) for line in lines.values()) > 1:
            yield Figure(
                _svg(lambda ax, lines=lines: _draw_fidelity(ax, lines)),
                "How well a classifier tells drawn rows from held-out real ones: 0.5 is not at "
                "all, 1 always.",
                f"{table}: fidelity by generation, batches of {n_real:,} rows",
            )


def _draw_fidelity(ax: Any, lines: dict[str, _Line]) -> None:
    _draw_lines(ax, lines, {name: name for name in lines}, None)
    ax.set_xlabel("real batches seen", color=MUTED)
    ax.set_ylabel("area under the curve", color=MUTED)
    ax.set_xticks(range(1, max(len(line.x) for line in lines.values()) + 1))


def speed_figures(rows: pd.DataFrame) -> Iterator[Figure]:
    """Yield seconds and peak memory against the number of rows for each table."""
    good = rows[(rows["method"] != "load_table") & (rows["error"] == "")]
    for table, mine in good.groupby("table", sort=False):
        for ending, unit in (("_seconds", "seconds"), ("_peak_megabytes", "megabytes")):
            lines = {}
            part = mine[mine["metric"].str.endswith(ending)]
            for (metric, synthesizer), each in part.groupby(["metric", "synthesizer"], sort=False):
                name = MEASURES[metric][0].split(",")[0]
                lines[f"{name}, {synthesizer}"] = _line_of(each, "n_real")
            if lines and max(len(line.x) for line in lines.values()) > 1:
                yield Figure(
                    _svg(lambda ax, lines=lines, unit=unit: _draw_speed(ax, lines, unit)),
                    f"{unit.capitalize()} against the number of real rows, both on log scales.",
                    f"{table}: {unit}",
                )


def _draw_speed(ax: Any, lines: dict[str, _Line], unit: str) -> None:
    ax.set_xscale("log")
    ax.set_yscale("log")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(_as_it_is)
    _draw_lines(ax, lines, {name: name for name in lines}, None)
    ax.set_xlabel("real rows", color=MUTED)
    ax.set_ylabel(unit, color=MUTED)


def _line_of(rows: pd.DataFrame, x: str, offset: int = 0, spread_of: str = "score") -> _Line:
    found = rows.groupby(x)
    mean = found["score"].mean()
    error = found[spread_of].sem().fillna(0.0)
    return _Line(mean.index.to_numpy() + offset, mean.to_numpy(), error.to_numpy())


def _draw_lines(ax: Any, lines: dict[Any, _Line], texts: dict[Any, str], bold: Any) -> None:
    colours, spare = {}, iter(_COLOURS * 4)
    for key, line in lines.items():
        method = key.method if isinstance(key, Setting) else key
        level = method in REFERENCE_COLOURS or method == "lam=optimal"
        colours[key] = REFERENCE_COLOURS.get(method) or next(spare)
        draw_curve(ax, line.x, line.mean, line.error, colours[key], level=level, front=key == bold)
    ends = {key: (float(line.x[-1]), float(line.mean[-1])) for key, line in lines.items()}
    cut = {key: _cut(text) for key, text in texts.items()}
    label_ends(ax, ends, colours, cut, bold=bold)
    strip_frame(ax)
    ax.xaxis.label.set_size(9)
    ax.yaxis.label.set_size(9)
    ax.tick_params(labelsize=8.5, labelcolor=INK)


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST_LABEL else text[: _WIDEST_LABEL - 1] + "…"


def _svg(draw: Callable[[Any], None]) -> str:
    """Return a drawing as an SVG element without what only a file of its own needs."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure as Canvas

    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "skcollapse"}):
        canvas = Canvas(figsize=_SIZE)
        draw(canvas.add_axes(_AXES))
        file = io.StringIO()
        canvas.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    text = file.getvalue()
    text = re.sub(r"<metadata>.*?</metadata>", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = re.sub(r' xmlns(:xlink)?="[^"]*"', "", text).replace("xlink:href", "href")
    # A hundredth of a point is finer than a screen, and half the size. Text is left alone.
    text = re.sub(r"<[^>]+>", lambda tag: re.sub(r"(\.\d\d)\d+", r"\1", tag[0]), text)
    return re.sub(r">\s+<", "><", text).strip()
