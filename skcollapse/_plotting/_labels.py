"""Labels beside the ends of lines, which a reader finds sooner than in a legend."""

import numpy as np

from skcollapse._plotting._styles import INK

__all__ = ["label_ends", "label_ends_in_colour", "spread"]

_LABEL_SIZE = 9.0
# Distance of two labels in units of their font size.
_LABEL_DISTANCE = 1.4
# Where labels start and where their sample of the line stands, in widths of the axes.
_LABEL_AT, _SAMPLE_AT = 1.075, (1.03, 1.062)
# The same for labels in colour, which need no sample.
_COLOURED_SIZE, _COLOURED_DISTANCE = 9.5, 1.35


def label_ends(ax, lines, texts):
    """Write the label of each line beside its last point, moved apart where they would overlap.

    Returns the labels. A line without any value gets none.
    """
    ends = [(line, text, _end(line)) for line, text in zip(lines, texts, strict=True)]
    ends = [(line, text, end) for line, text, end in ends if end is not None]
    if not ends:
        return []
    _fix_limits(ax)
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


def _fix_limits(ax):
    """Keep the limits: labels are placed beside the axes and must not move them."""
    ax.set_xlim(ax.get_xlim())
    ax.set_ylim(ax.get_ylim())


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


def label_ends_in_colour(ax, ends, colours, texts, bold=None):
    """Write each label in the colour of its line, moved apart where they would overlap.

    For axes whose margin has room for the labels. The keys of all arguments are those of the
    lines: `ends` holds the last point of each in the units of the data, and `bold` is the key of
    a label that stands out.
    """
    _fix_limits(ax)
    points = 72 / ax.figure.dpi
    height = ax.get_window_extent().height * points
    wanted = [(ax.transData.transform(end)[1] - ax.bbox.y0) * points for end in ends.values()]
    placed = spread(np.array(wanted), _COLOURED_DISTANCE * _COLOURED_SIZE, height)
    for (key, (x, y)), place in zip(ends.items(), placed, strict=True):
        height_share = place / height
        ax.text(
            1.045,
            height_share,
            texts[key],
            transform=ax.transAxes,
            va="center",
            color=colours[key],
            fontsize=_COLOURED_SIZE,
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


def spread(wanted, distance, height=1.0):
    """Move positions in [0, height] apart to `distance` with the least sum of squared moves.

    Positions that touch form a block, which sits at the mean of what its members want; blocks
    are merged until none overlap. Blocks that stick out are pushed into [0, height] if there is
    room.
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
    placed = np.maximum(np.minimum(placed, height - steps[::-1]), steps)
    moved = np.empty(len(order))
    moved[order] = placed
    return moved
