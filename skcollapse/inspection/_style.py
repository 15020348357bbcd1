"""How figures look: colours that everybody can tell apart, and lines labelled at their ends."""

from itertools import product

import numpy as np

__all__ = [
    "INK",
    "MUTED",
    "dress",
    "generation_styles",
    "label_ends",
    "line_styles",
    "new_axes",
    "reference_style",
]

# Okabe and Ito's colours, which people with colour-blindness can tell apart; their yellow is hard
# to see on white and left out.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
_DASHES = ("-", (0, (4, 1.5)), (0, (1, 1)), (0, (5, 1, 1, 1)))
_REFERENCES = {"real_only": "#8A8A8A", "all_real": "#3D3D3D"}
INK = "#262626"
MUTED = "#6B6B6B"
_LABEL_SIZE = 9.0
# Distance of two labels in units of their font size.
_LABEL_DISTANCE = 1.4
# Where labels start and where their sample of the line stands, in widths of the axes.
_LABEL_AT, _SAMPLE_AT = 1.075, (1.03, 1.062)


def line_styles(n_lines):
    """Return a style for each line: colour and marker, and another dash once colours run out."""
    styles = product(_DASHES, zip(_COLOURS, _MARKERS, strict=True))
    chosen = [
        {"linestyle": dash, "color": colour, "marker": marker, "markersize": 4.5, "linewidth": 1.8}
        for dash, (colour, marker) in styles
    ]
    return [chosen[i % len(chosen)] for i in range(n_lines)]


def generation_styles(generations):
    """Return a style for each generation, light to dark, each with a marker of its own."""
    from matplotlib import colormaps

    # The light end of this map is too pale on white; it is built to be read without colour vision.
    shades = colormaps["viridis_r"](np.linspace(0.2, 1.0, len(generations)))
    return [
        {
            "color": shade,
            "marker": _MARKERS[i % len(_MARKERS)],
            "markersize": 4.5,
            "label": f"generation {t}",
        }
        for i, (t, shade) in enumerate(zip(generations, shades, strict=True))
    ]


def reference_style(name):
    """Return the style of a reference: a grey line without markers."""
    return {"linestyle": (0, (5, 2)), "color": _REFERENCES[name], "marker": "", "linewidth": 1.3}


def new_axes(n_rows=1, height=4.2):
    """Return the axes of a new figure, one above the other."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(
        n_rows, figsize=(7.6, height), sharex=True, squeeze=False, layout="constrained"
    )
    figure.get_layout_engine().set(rect=(0.01, 0.01, 0.98, 0.98))
    return axes[:, 0]


def dress(ax):
    """Take away what carries no data."""
    ax.grid(axis="y", color="#E6E6E6", linewidth=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(colors=MUTED, length=0)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color("#BFBFBF")
    ax.xaxis.label.set_color(MUTED)
    ax.yaxis.label.set_color(MUTED)


def label_ends(ax, lines, texts):
    """Write the label of each line beside its last point, moved apart where they would overlap.

    Returns the labels. A line without any value gets none.
    """
    ends = [(line, text, _end(line)) for line, text in zip(lines, texts, strict=True)]
    ends = [(line, text, end) for line, text, end in ends if end is not None]
    if not ends:
        return []
    # Limits are fixed now: what is placed in shares of the axes must not move them.
    ax.set_xlim(ax.get_xlim())
    ax.set_ylim(ax.get_ylim())
    height = ax.get_window_extent().height * 72 / ax.figure.dpi
    points = ax.transAxes.inverted().transform(ax.transData.transform([end for *_, end in ends]))
    distance = _LABEL_DISTANCE * _LABEL_SIZE / height
    heights = spread(points[:, 1], distance)
    labels = [
        _label(ax, line, text, point, y)
        for (line, text, _), point, y in zip(ends, points, heights, strict=True)
    ]
    if ax.figure.get_layout_engine() is None:
        _make_room(ax, labels)
    return labels


def _make_room(ax, labels):
    """Narrow axes that no layout engine looks after until the labels fit beside them."""
    figure = ax.figure
    to_figure = figure.transFigure.inverted()
    width = max(label.get_window_extent().transformed(to_figure).width for label in labels)
    left, bottom, old, height = ax.get_position().bounds
    spec = ax.get_subplotspec()
    inner = spec is not None and not spec.is_last_col()
    limit = spec.get_position(figure).x1 if inner else 0.99
    # Labels that need more than half of the axes stick out.
    new = max((limit - left - width) / _LABEL_AT, old / 2)
    if new < old:
        ax.set_position((left, bottom, new, height))


def _end(line):
    x, y = line.get_xdata(), line.get_ydata()
    found = np.flatnonzero(np.isfinite(y))
    return (x[found[-1]], y[found[-1]]) if len(found) else None


def _label(ax, line, text, point, height):
    """Draw a thin line from the point, a sample of the line, and its text in ink.

    The sample carries colour, marker and dash to the text, which stays readable in any colour.
    """
    colour = line.get_color()
    outside = {"transform": ax.transAxes, "clip_on": False}
    start = (point[0] + 0.012, _SAMPLE_AT[0])
    ax.plot(start, (point[1], height), color=colour, linewidth=0.6, alpha=0.6, **outside)
    sample = {
        "color": colour,
        "linestyle": line.get_linestyle(),
        "linewidth": line.get_linewidth(),
        "marker": line.get_marker(),
        "markersize": line.get_markersize(),
        "markevery": [1],
    }
    centre = sum(_SAMPLE_AT) / 2
    ax.plot((_SAMPLE_AT[0], centre, _SAMPLE_AT[1]), (height,) * 3, **sample, **outside)
    return ax.text(
        _LABEL_AT,
        height,
        text,
        va="center",
        color=INK,
        fontsize=_LABEL_SIZE,
        **outside,
    )


def spread(wanted, distance):
    """Move positions in [0, 1] apart to `distance` with the least sum of squared moves.

    Positions that touch form a block, which sits at the mean of what its members want; blocks
    are merged until none overlap. What sticks out is then pushed into [0, 1] as far as it fits.
    """
    order = np.argsort(wanted, kind="stable")
    blocks = []
    for rank, place in enumerate(order):
        # Without their steps of `distance`, the positions need only be in rising order.
        blocks.append([wanted[place] - rank * distance])
        while len(blocks) > 1 and np.mean(blocks[-2]) > np.mean(blocks[-1]):
            last = blocks.pop()
            blocks[-1] += last
    base = [np.mean(block) for block in blocks for _ in block]
    placed = np.array(base) + distance * np.arange(len(order))
    steps = distance * np.arange(len(order))
    placed = np.maximum(np.minimum(placed, 1.0 - steps[::-1]), steps)
    heights = np.empty(len(order))
    heights[order] = placed
    return heights
