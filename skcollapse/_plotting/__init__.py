"""How all figures look: one set of colours, plain axes, lines labelled at their ends."""

from skcollapse._plotting._axes import new_axes, style_axes
from skcollapse._plotting._labels import label_ends, label_ends_in_colour, spread
from skcollapse._plotting._styles import (
    COLOURS,
    INK,
    MUTED,
    REFERENCE_COLOURS,
    generation_styles,
    line_styles,
    reference_style,
)

__all__ = [
    "COLOURS",
    "INK",
    "MUTED",
    "REFERENCE_COLOURS",
    "generation_styles",
    "label_ends",
    "label_ends_in_colour",
    "line_styles",
    "new_axes",
    "reference_style",
    "spread",
    "style_axes",
]
