"""Panels of a fidelity display."""

from itertools import combinations

import numpy as np

from skcollapse._plotting import INK, MUTED, style_axes

__all__ = ["draw_dependence", "draw_legend", "draw_marginal", "fidelity_axes"]

_REAL = "#C9C9C9"
_MAX_ACROSS = 3
# Dependence below this is noise at usual sizes: the axes do not magnify it.
_LEAST_TOP = 0.3
_LONGEST_NAME = 14
_INCHES_PER_ENTRY = 1.6  # of the legend


def fidelity_axes(ax, n_panels):
    """Return one axes a panel, from a new figure if none are given."""
    if ax is not None:
        given = np.ravel(np.array(ax, dtype=object))
        if len(given) != n_panels:
            raise ValueError(
                f"ax must hold {n_panels} axes, one for each column shown and one for the pairs, "
                f"got {len(given)}."
            )
        return given
    import matplotlib.pyplot as plt

    across = 2 if n_panels == 4 else min(n_panels, _MAX_ACROSS)
    down = -(-n_panels // across)
    figure, axes = plt.subplots(
        down, across, figsize=(3.2 * across, 2.6 * down), squeeze=False, layout="constrained"
    )
    for spare in axes.ravel()[n_panels:]:
        figure.delaxes(spare)
    return axes.ravel()[:n_panels]


def draw_marginal(ax, name, marginal, styles):
    """Draw one column; return an artist for each generation."""
    draw = _histogram if marginal.kind == "histogram" else _bars
    artists = draw(ax, marginal, styles)
    style_axes(ax)
    ax.set_yticks([])
    ax.set_ylim(bottom=0)
    ax.tick_params(labelsize=8)
    title = _short(name)
    if marginal.missing_real > 0 or marginal.missing[-1] > 0:
        title += f"\nmissing: real {marginal.missing_real:.0%}, last {marginal.missing[-1]:.0%}"
    ax.set_title(title, fontsize=9.5, color=INK, loc="left")
    return artists


def _histogram(ax, marginal, styles):
    edges = marginal.edges
    ax.stairs(marginal.real, edges, fill=True, color=_REAL, zorder=1)
    artists = [
        ax.stairs(shares, edges, color=style["color"], linewidth=1.4, zorder=2)
        for shares, style in zip(marginal.synthetic, styles, strict=True)
    ]
    if marginal.date_unit is None:
        ax.xaxis.get_major_locator().set_params(nbins=4)
    else:
        ends = [str(np.datetime64(int(edge), marginal.date_unit))[:10] for edge in edges[[0, -1]]]
        ax.set_xticks(edges[[0, -1]], ends, fontsize=8)
    return artists


def _bars(ax, marginal, styles):
    places = np.arange(len(marginal.levels))
    ax.bar(places, marginal.real, width=0.86, color=_REAL, zorder=1)
    # Marks of one bar stand side by side, so that equal ones do not hide each other.
    offsets = np.linspace(-0.3, 0.3, len(styles)) if len(styles) > 1 else [0.0]
    artists = [
        ax.plot(places + offset, shares, linestyle="", zorder=2, **style)[0]
        for shares, style, offset in zip(marginal.synthetic, styles, offsets, strict=True)
    ]
    names = [_short(level) for level in marginal.levels]
    crowded = sum(map(len, names)) > 26
    ax.set_xticks(places, names, fontsize=8, rotation=35 if crowded else 0)
    if crowded:
        for text in ax.get_xticklabels():
            text.set(ha="right", rotation_mode="anchor")
    return artists


def draw_dependence(ax, names, real, synthetic, styles):
    """Draw the dependence of all pairs of columns; return an artist for each generation."""
    pairs = np.array([*combinations(range(len(names)), 2)], dtype=int).reshape(-1, 2)
    x = real[pairs[:, 0], pairs[:, 1]]
    values = synthetic[:, pairs[:, 0], pairs[:, 1]]
    found = np.concatenate([x, values.ravel()])
    top = max(_LEAST_TOP, 1.08 * np.max(found, where=np.isfinite(found), initial=0.0))
    ax.plot((0, top), (0, top), color=_REAL, linewidth=1.2, zorder=1)
    artists = [
        ax.plot(x, y, linestyle="", alpha=0.8, zorder=2, label=style["label"], **_marks(style))[0]
        for y, style in zip(values, styles, strict=True)
    ]
    ax.set_xlim(0, top)
    ax.set_ylim(0, top)
    style_axes(ax)
    ax.set_xlabel("real rows", fontsize=9)
    ax.set_ylabel("synthetic rows", fontsize=9)
    ax.set_title("dependence of pairs", fontsize=9.5, color=INK, loc="left")
    ax.tick_params(labelsize=8)
    _name_the_furthest(ax, names, pairs, x, values[-1])
    return artists


def draw_legend(axes, marks, own_figure):
    """Say what is grey and which mark is which generation: above all panels, or in the last."""
    from matplotlib.patches import Patch

    handles = [Patch(color=_REAL, label="real rows"), *marks]
    style = {"fontsize": 9, "frameon": False, "labelcolor": INK, "handletextpad": 0.4}
    if own_figure:
        figure = axes[0].figure
        across = int(figure.get_figwidth() / _INCHES_PER_ENTRY)
        return figure.legend(handles=handles, loc="outside upper left", ncols=across, **style)
    return axes[-1].legend(handles=handles, loc="upper left", **style)


def _marks(style):
    return {name: value for name, value in style.items() if name != "label"}


def _name_the_furthest(ax, names, pairs, x, y):
    """Name the pair whose dependence the last generation changes most."""
    distance = np.abs(y - x)
    if not np.isfinite(distance).any():
        return
    worst = np.nanargmax(distance)
    text = " and ".join(_short(names[j]) for j in pairs[worst])
    right = x[worst] > np.mean(ax.get_xlim())
    low = y[worst] < 0.1 * ax.get_ylim()[1]
    ax.annotate(
        text,
        (x[worst], y[worst]),
        xytext=(-6 if right else 6, 5 if low else -9),
        textcoords="offset points",
        ha="right" if right else "left",
        fontsize=8,
        color=MUTED,
    )


def _short(name):
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}..."
