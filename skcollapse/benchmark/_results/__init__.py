"""Results of a run: summaries, gaps, texts, figures and tables."""

from skcollapse.benchmark._results._figure import (
    OTHER_COLOURS,
    draw_curve,
    require_matplotlib,
    save_figure,
)
from skcollapse.benchmark._results._format import format_suite, format_summary
from skcollapse.benchmark._results._gaps import average_over_tables, gaps_by_table
from skcollapse.benchmark._results._metric_summary import metric_label, summarise_metrics
from skcollapse.benchmark._results._result import (
    BenchmarkResult,
    SuiteResult,
    plot_score_by_generation,
)
from skcollapse.benchmark._results._section import Line, LineFigure, Section, line_of, ratio_text
from skcollapse.benchmark._results._step_tables import section_of_steps
from skcollapse.benchmark._results._steps import summarise_steps
from skcollapse.benchmark._results._summary import summarise
from skcollapse.benchmark._results._table import (
    Entry,
    Table,
    column_heading,
    metric_table,
    number_entry,
    value_entry,
    varied_columns,
)

__all__ = [
    "OTHER_COLOURS",
    "BenchmarkResult",
    "Entry",
    "Line",
    "LineFigure",
    "Section",
    "SuiteResult",
    "Table",
    "average_over_tables",
    "column_heading",
    "draw_curve",
    "format_suite",
    "format_summary",
    "gaps_by_table",
    "line_of",
    "metric_label",
    "metric_table",
    "number_entry",
    "plot_score_by_generation",
    "ratio_text",
    "require_matplotlib",
    "save_figure",
    "section_of_steps",
    "summarise",
    "summarise_metrics",
    "summarise_steps",
    "value_entry",
    "varied_columns",
]
