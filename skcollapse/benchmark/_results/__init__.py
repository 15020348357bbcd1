"""What rows amount to: summaries, gaps, texts and the figure."""

from ._figure import (
    INK,
    MUTED,
    OTHER_COLOURS,
    REFERENCE_COLOURS,
    draw_curve,
    label_ends,
    require_matplotlib,
    save_figure,
    strip_frame,
)
from ._gaps import average_over_tables, format_gaps, gaps_by_table
from ._metric_summary import MEASURES, SETTING, format_measures, summarise_measures
from ._result import BenchmarkResult, plot_score_by_generation
from ._summary import format_summary, summarise

__all__ = [
    "INK",
    "MEASURES",
    "MUTED",
    "OTHER_COLOURS",
    "REFERENCE_COLOURS",
    "SETTING",
    "BenchmarkResult",
    "average_over_tables",
    "draw_curve",
    "format_gaps",
    "format_measures",
    "format_summary",
    "gaps_by_table",
    "label_ends",
    "plot_score_by_generation",
    "require_matplotlib",
    "save_figure",
    "strip_frame",
    "summarise",
    "summarise_measures",
]
