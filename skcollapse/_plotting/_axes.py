"""New axes, and axes without what carries no data."""

from skcollapse._plotting._styles import MUTED

__all__ = ["new_axes", "style_axes"]


def new_axes(n_rows=1, height=4.2):
    """Return the axes of a new figure, one above the other."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(
        n_rows, figsize=(7.6, height), sharex=True, squeeze=False, layout="constrained"
    )
    figure.get_layout_engine().set(rect=(0.01, 0.01, 0.98, 0.98))
    return axes[:, 0]


def style_axes(ax):
    """Remove all parts of the frame except those that help to read a value."""
    ax.grid(axis="y", color="#E6E6E6", linewidth=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(colors=MUTED, length=0)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color("#BFBFBF")
    ax.xaxis.label.set_color(MUTED)
    ax.yaxis.label.set_color(MUTED)
