"""Colours that everybody can tell apart, and the styles of lines."""

from itertools import product

import numpy as np

__all__ = [
    "COLOURS",
    "INK",
    "MUTED",
    "REFERENCE_COLOURS",
    "generation_styles",
    "line_styles",
    "reference_style",
]

# Okabe and Ito's colours, which people with colour-blindness can tell apart; their yellow is hard
# to see on white and left out.
COLOURS = {
    "blue": "#0072B2",
    "vermilion": "#D55E00",
    "green": "#009E73",
    "purple": "#CC79A7",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "black": "#000000",
}
REFERENCE_COLOURS = {"real_only": "#8A8A8A", "all_real": "#3D3D3D"}
INK = "#262626"
MUTED = "#6B6B6B"
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
_DASHES = ("-", (0, (4, 1.5)), (0, (1, 1)), (0, (5, 1, 1, 1)))


def line_styles(n_lines):
    """Return a style for each line: colour and marker, and another dash once colours run out."""
    styles = product(_DASHES, zip(COLOURS.values(), _MARKERS, strict=True))
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
    return {
        "linestyle": (0, (5, 2)),
        "color": REFERENCE_COLOURS[name],
        "marker": "",
        "linewidth": 1.3,
    }
