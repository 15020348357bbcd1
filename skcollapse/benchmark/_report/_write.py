"""One page that shows what a benchmark found and needs nothing but itself."""

from __future__ import annotations

import os
from collections.abc import Iterable
from html import escape
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skcollapse.benchmark._engine import IDENTITY, read_results
from skcollapse.benchmark._report._comparisons import (
    Comparison,
    checked_results,
    comparisons,
    count_noun,
)
from skcollapse.benchmark._report._figures import comparison_figures
from skcollapse.benchmark._report._page import figure_html, page_html, section_html, table_html
from skcollapse.benchmark._report._tables import comparison_tables, error_table
from skcollapse.benchmark._report._words import answers, lead
from skcollapse.benchmark._results import (
    BenchmarkResult,
    LineFigure,
    Section,
    SuiteResult,
    Table,
    require_matplotlib,
)
from skcollapse.benchmark._suites import SUITES

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["write_report"]

# A figure is about 20 kB; a suite of all tables and estimators would give hundreds.
_MOST_DRAWN = 24


def write_report(results: Any, out: str | os.PathLike = "report.html") -> Path:
    """Write what benchmarks found into one HTML page.

    The page works without a network and without other files: its figures are drawn into it, its
    tables are sorted by a few lines of script. It begins with the answers in plain words: how
    many synthetic rows are safe for a table, which lam, what it costs, where it failed.

    Parameters
    ----------
    results : DataFrame, path, list of paths, BenchmarkResult or SuiteResult
        What :func:`read_results` returns, or what it takes, or what a run returned. Rows of
        several suites and tables may be mixed; a cell that two suites ran counts once.
    out : path-like, default="report.html"
        Where the page goes. A file there is replaced.

    Returns
    -------
    path : Path
        The page.

    Raises
    ------
    ValueError
        If there are no rows, or a column is missing.
    FileNotFoundError
        If a file of results does not exist.
    ImportError
        If matplotlib is not installed.

    Notes
    -----
    A difference between two settings is the mean over the seeds that both have, and counts when
    it is larger than two standard errors of that mean. *Safe* is a number of synthetic rows with
    which the recursion is not behind a model of the newest batch alone in this sense, and so for
    every smaller number that was tried. Where there are several synthesizers or ways to label, the
    answers are about the defaults, or about the best ones if the defaults were not run.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from skcollapse.benchmark import run_benchmark, write_report
    >>> result = run_benchmark("wine", estimator="logistic", n_batches=2, n_seeds=2)
    >>> with tempfile.TemporaryDirectory() as folder:  # draws with matplotlib
    ...     page = write_report(result, Path(folder) / "report.html")
    ...     "How many synthetic rows are safe?" in page.read_text(encoding="utf-8")
    True
    """
    require_matplotlib()
    rows = checked_results(_read(results))
    out = Path(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(out.name + ".partial")
    partial.write_text(_page(rows), encoding="utf-8")
    partial.replace(out)
    return out


def _read(results: Any) -> pd.DataFrame:
    if isinstance(results, BenchmarkResult | SuiteResult):
        return results.rows
    if isinstance(results, str | os.PathLike):
        return read_results(results)
    if hasattr(results, "columns"):
        return results
    return read_results(*results)


def _page(rows: pd.DataFrame) -> str:
    compared = comparisons(rows)
    shown = [_compared(compared)] if compared else []
    shown += [_table(table) for table in comparison_tables(compared)]
    shown += [_suite_section(section) for section in _sections(rows)]
    failed = error_table(rows)
    if failed is not None:
        shown.append(_table(failed))
    return page_html("skcollapse benchmark", _intro(rows), "".join(shown), _footer(rows))


def _compared(compared: list[Comparison]) -> str:
    """Return what the scores on streams say: sentences, a card for each table, and figures."""
    words = section_html("In plain words", "".join(map(_paragraph, lead(compared))))
    cards = "".join(map(_card, compared))
    rest = len(compared) - _MOST_DRAWN
    note = f"{count_noun(rest, 'more table')} not drawn; they are in the tables below."
    drawn = chain.from_iterable(map(comparison_figures, compared[:_MOST_DRAWN]))
    figures = _figures("Figures", drawn, note if rest > 0 else "")
    return f'{words}<div class="cards">{cards}</div>{figures}'


def _sections(rows: pd.DataFrame) -> Iterable[Section]:
    """Yield the sections of the suites that measure other things than scores."""
    for suite in SUITES.values():
        mine = rows[rows["suite"] == suite.name]
        section = suite.section(mine) if len(mine) else None
        if section is not None:
            yield section


def _suite_section(section: Section) -> str:
    tables = "".join(map(_table, section.tables))
    return _figures(section.heading, section.figures) + tables


def _intro(rows: pd.DataFrame) -> str:
    n_cells = len(rows.drop_duplicates(list(IDENTITY)))
    n_tables = len(rows.drop_duplicates(["table", "table_hash"]))
    suites = ", ".join(dict.fromkeys(rows["suite"]))
    return _paragraph(
        f"{count_noun(n_cells, 'cell')}, {count_noun(n_tables, 'table')} (suites: {suites}). "
        "A table is cut into a stream of batches, each deleted after use. real_only is a model of "
        "the newest batch, all_real one of every row ever seen, and RecursiveMix mixes new rows "
        "with rows drawn from its last models."
    )


def _footer(rows: pd.DataFrame) -> str:
    versions = sorted(set(rows["versions"]) - {""})
    mixed = " Rows of different versions are mixed here." if len(versions) > 1 else ""
    listed = "".join(f"<li>{escape(text)}</li>" for text in versions)
    return f"<p>Made by skcollapse report.{mixed}</p><ul>{listed}</ul>"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _card(comparison: Comparison) -> str:
    entries = "".join(
        f"<dt>{escape(question)}</dt><dd>{escape(answer)}</dd>"
        for question, answer in answers(comparison)
    )
    name, sample = escape(comparison.name), escape(comparison.sample)
    head = f'<p class="note">{sample}.</p>'
    return f'<article class="card"><h3>{name}</h3>{head}<dl>{entries}</dl></article>'


def _figures(heading: str, figures: Iterable[LineFigure], note: str = "") -> str:
    drawn = "".join(map(figure_html, figures))
    if not drawn:
        return ""
    text = _paragraph(note) if note else ""
    return section_html(heading, f'<div class="figures">{drawn}</div>{text}')


def _table(table: Table) -> str:
    """Return a table with its heading."""
    return section_html(table.heading, table_html(table))
