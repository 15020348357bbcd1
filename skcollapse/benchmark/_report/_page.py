"""The page of a report: its frame, its style and the script that sorts its tables."""

from __future__ import annotations

import itertools
import re
from html import escape

from skcollapse.benchmark._report._figures import figure_svg
from skcollapse.benchmark._results import Entry, LineFigure, Table

__all__ = ["figure_html", "page_html", "section_html", "table_html"]

_numbers = itertools.count()

_STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --muted: #57606a; --page: #ffffff;
  --card: #f6f8fa; --line: #d0d7de; --accent: #0b5cad; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --muted: #9aa4af;
  --page: #15191e; --card: #1d232a; --line: #39424d; --accent: #79b8ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main, header, footer { max-width: 1280px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 28px; }
h1 { font-size: 1.7rem; margin: 0 0 8px; }
h2 { font-size: 1.25rem; margin: 40px 0 10px; }
h3 { font-size: 1rem; margin: 0 0 10px; overflow-wrap: anywhere; }
p { margin: 0 0 10px; max-width: 75ch; }
.cards, .figures { display: grid; gap: 16px;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  padding: 16px 18px; }
dl { margin: 0; }
dt { font-weight: 600; margin-top: 10px; }
dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 0; background: #fdfdfc; color: #262626; border: 1px solid var(--line);
  border-radius: 8px; padding: 14px 14px 10px; min-width: 0; }
figure svg { display: block; width: 100%; height: auto; }
figure svg text {
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif !important; }
figcaption { font-size: .85rem; color: #57606a; }
figcaption b { display: block; color: #262626; overflow-wrap: anywhere; }
.scroll { overflow: auto; max-height: 34rem; border: 1px solid var(--line);
  border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: .875rem;
  font-variant-numeric: tabular-nums; }
th { position: sticky; top: 0; background: var(--card); text-align: left; padding: 0;
  border-bottom: 1px solid var(--line); vertical-align: bottom; }
th button { all: unset; display: block; width: 100%; box-sizing: border-box; cursor: pointer;
  padding: 8px 9px; white-space: nowrap; font-weight: 600; }
th button:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
th button::after { content: " \\2195"; color: var(--muted); }
th[aria-sort=ascending] button::after { content: " \\2191"; color: var(--accent); }
th[aria-sort=descending] button::after { content: " \\2193"; color: var(--accent); }
td { padding: 5px 9px; border-bottom: 1px solid var(--line); white-space: nowrap; }
td.long { white-space: normal; min-width: 24ch; overflow-wrap: anywhere; }
tr:last-child td { border-bottom: 0; }
.number, th.number button { text-align: right; }
.note, footer { color: var(--muted); font-size: .875rem; }
footer { padding-top: 30px; padding-bottom: 40px; overflow-wrap: anywhere; }
footer ul { padding-left: 20px; }
@media print { .scroll { max-height: none; } th button::after { content: ""; } }
"""

# Numbers sort by their value and come before texts; rows that are equal keep their order.
_SCRIPT = """
document.querySelectorAll("th button").forEach(function (button) {
  button.addEventListener("click", function () {
    var th = button.parentNode, column = th.cellIndex;
    var body = th.closest("table").tBodies[0];
    var sign = th.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    th.parentNode.querySelectorAll("th").forEach(function (other) {
      other.removeAttribute("aria-sort");
    });
    th.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
    var rows = Array.from(body.rows).map(function (row) {
      var cell = row.cells[column];
      return { row: row, text: cell.textContent, value: parseFloat(cell.dataset.value) };
    });
    rows.sort(function (a, b) {
      var textA = isNaN(a.value), textB = isNaN(b.value);
      if (textA !== textB) { return textA ? 1 : -1; }
      return sign * (textA ? a.text.localeCompare(b.text) : a.value - b.value);
    });
    rows.forEach(function (entry) { body.appendChild(entry.row); });
  });
});
"""


def page_html(title: str, intro: str, body: str, footer: str) -> str:
    """Return the whole page; `intro`, `body` and `footer` are HTML, the title is text."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        # Without this a browser asks the folder of the page for an icon.
        '<link rel="icon" href="data:,">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<header>\n<h1>{escape(title)}</h1>\n{intro}\n</header>\n<main>\n{body}\n</main>\n"
        f"<footer>\n{footer}\n</footer>\n<script>{_SCRIPT}</script>\n</body>\n</html>\n"
    )


def section_html(heading: str, body: str) -> str:
    """Return a section; `body` is HTML."""
    return f"<section>\n<h2>{escape(heading)}</h2>\n{body}\n</section>\n"


def figure_html(figure: LineFigure) -> str:
    """Return a figure as drawn, with its caption, which is what a screen reader reads."""
    svg = _own_ids(figure_svg(figure), f"f{next(_numbers)}-")
    label = escape(f"{figure.heading}. {figure.caption}", quote=True)
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
    caption = f"<b>{escape(figure.heading)}</b> {escape(figure.caption)}"
    return f"<figure>{svg}<figcaption>{caption}</figcaption></figure>\n"


def _own_ids(svg: str, prefix: str) -> str:
    """Make the names of a drawing's parts unique in the page."""
    svg = re.sub(r'\bid="', f'id="{prefix}', svg)
    svg = re.sub(r'href="#', f'href="#{prefix}', svg)
    return re.sub(r"url\(#", f"url(#{prefix}", svg)


def table_html(table: Table) -> str:
    """Return a table whose columns sort by a click on their heading."""
    numeric = [_is_numeric([row[i] for row in table.rows]) for i in range(len(table.columns))]
    heads = "".join(
        f'<th scope="col"{_class(number)}><button type="button">{escape(name)}</button></th>'
        for name, number in zip(table.columns, numeric, strict=True)
    )
    rows = "".join(f"<tr>{_cells(row, numeric)}</tr>\n" for row in table.rows)
    note = f'<p class="note">{escape(table.note)}</p>' if table.note else ""
    label = escape(table.heading, quote=True)
    return (
        f'{note}<div class="scroll" tabindex="0" role="region" aria-label="{label}">'
        f"<table><thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody></table></div>"
    )


def _is_numeric(entries: list[Entry]) -> bool:
    known = [entry for entry in entries if entry.text not in ("", "-", "no gap", "failed")]
    return bool(known) and all(entry.value is not None for entry in known)


def _cells(row: list[Entry], numeric: list[bool]) -> str:
    cells = []
    for entry, number in zip(row, numeric, strict=True):
        value = "" if entry.value is None else f' data-value="{entry.value!r}"'
        kind = _class(number) if number or len(entry.text) < 60 else ' class="long"'
        cells.append(f"<td{kind}{value}>{escape(entry.text)}</td>")
    return "".join(cells)


def _class(number: bool) -> str:
    return ' class="number"' if number else ""
