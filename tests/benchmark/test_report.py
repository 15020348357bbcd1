"""The page says what the rows say, and needs nothing but itself."""

import re
import shutil
import subprocess
from html.parser import HTMLParser

import numpy as np
import pytest

from skcollapse.benchmark import read_results, run_benchmark, summarise, write_report
from skcollapse.benchmark._engine._cells import COLUMNS, Cell, Record
from skcollapse.benchmark._report._comparisons import (
    Difference,
    Setting,
    checked_results,
    comparisons,
)
from skcollapse.benchmark._report._words import answers, lead
from skcollapse.benchmark._results import summarise_metrics
from skcollapse.cli import main

pd = pytest.importorskip("pandas")
pytest.importorskip("matplotlib")

VOID = {"meta", "link", "br", "img", "input", "hr"}
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


def rows_of(scores, **fields):
    """Rows of two generations from ``{(method, lam, n_synthetic): scores of seeds}``."""
    rows = []
    for (method, lam, size), values in scores.items():
        own = method == "recursive_mix"
        made = {"synthesizer": "gaussian_copula", "workflow": "fresh", "labels": "corrected"}
        for seed, value in enumerate(values):
            cell = Cell(
                **{"suite": "weights", "table": "t", "target": "y", "task": "regression"},
                **{"estimator": "ridge", "n_batches": 2, "n_real": 100, "test_size": 1000},
                **(made if own else {}),
                **{"method": method, "lam": lam, "n_synthetic": size, "seed": seed},
            )
            record = Record(cell)
            if isinstance(value, str):
                record.fail("r2", value)
            else:
                record.add("r2", 0, 0.5, seconds=1.0)
                record.add("r2", 1, value, seconds=3.0 if own else 1.0, size=100.0)
            rows += record.rows
    return pd.DataFrame(rows, columns=list(COLUMNS)).assign(**fields)


ROWS = {
    ("real_only", "", ""): [0.50, 0.60],
    ("all_real", "", ""): [0.90, 1.00],
    ("recursive_mix", "optimal", "1"): [0.70, 0.80],
    ("recursive_mix", "optimal", "5"): [0.80, 0.90],
    ("recursive_mix", "optimal", "20"): [0.82, 0.90],
    ("recursive_mix", "proportional", "1"): [0.50, 0.62],
    ("recursive_mix", "proportional", "5"): [0.30, 0.41],
    ("recursive_mix", "0.3", "1"): [0.60, "OSError: out of luck"],
}


@pytest.fixture
def rows():
    return rows_of(ROWS)


def said(rows):
    (comparison,) = comparisons(checked_results(rows))
    return dict(answers(comparison))


def test_how_many_rows_are_safe(rows):
    text = said(rows)["How many synthetic rows are safe?"]
    assert text == (
        "With lam=optimal: 20 synthetic rows for each real one, the most that was tried, are "
        "safe. Without weights (lam=proportional): 1 synthetic row for each real one is safe; "
        "with 5 synthetic rows for each real one the score is 0.195 ± 0.005 below the newest "
        "batch alone."
    )


def test_no_number_is_safe_when_the_smallest_loses():
    scores = {**ROWS, ("recursive_mix", "optimal", "1"): [0.2, 0.3]}
    text = said(rows_of(scores))["How many synthetic rows are safe?"]
    assert text.startswith(
        "With lam=optimal: no number that was tried is safe; with 1 synthetic row for each real "
        "one the score is 0.300 ± 0.000 below the newest batch alone."
    )


def test_which_lam(rows):
    assert said(rows)["Which lam?"] == (
        "lam=optimal with 20 synthetic rows for each real one has the best R², 0.860."
    )
    better = {**ROWS, ("recursive_mix", "3.0", "5"): [0.85, 0.93]}
    assert said(rows_of(better))["Which lam?"].endswith("behind, which is not noise.")
    noisy = {**ROWS, ("recursive_mix", "3.0", "5"): [0.99, 0.80]}
    assert said(rows_of(noisy))["Which lam?"].endswith("keep the default.")


def test_what_it_costs(rows):
    # .86 between .55 and .95: 78 percent of the gap; 4 seconds a stream against 2.
    assert said(rows)["What does it cost?"] == (
        "A model of every row ever seen scores 0.950, one of the newest batch 0.550, and "
        "lam=optimal with 20 synthetic rows for each real one 0.860: 0.090 ± 0.010 less than with "
        "every row, 78% of the gap recovered. All fits of a stream take 4 s, 2 times those of the "
        "model of every row."
    )
    flat = {**ROWS, ("all_real", "", ""): [0.51, 0.58]}
    assert said(rows_of(flat))["What does it cost?"].startswith("Deleting rows costs nothing")


def test_where_it_failed(rows):
    assert said(rows)["Where did it fail?"] == (
        "1 cell failed: OSError (1); see the table of errors. 1 setting of 6 is worse than the "
        "newest batch alone: lam=proportional, corrected, gaussian_copula, m = 5 n "
        "(0.195 ± 0.005)."
    )


def test_lead_counts_comparisons(rows):
    other = rows_of({**ROWS, ("recursive_mix", "optimal", "20"): [0.1, 0.2]}, table="u")
    sentences = lead(comparisons(checked_results(pd.concat([rows, other]))))
    assert sentences[0].startswith(
        "RecursiveMix is ahead of a model of the newest batch alone in 1 of 2 comparisons, and "
        "behind in 1: u (y), ridge"
    )


def test_cell_that_two_suites_ran_counts_once(rows):
    (comparison,) = comparisons(checked_results(pd.concat([rows, rows.assign(suite="retention")])))
    assert comparison.final_scores[Setting("real_only")].tolist() == [0.5, 0.6]


def test_differences_of_one_seed_count_as_they_are():
    assert Difference(-0.1, float("nan"), 1).is_loss
    assert Difference(0.1, float("nan"), 1).is_gain
    assert not Difference(-0.1, 0.06, 3).is_loss
    assert not Difference(0.0, 0.0, 3).is_loss


def test_each_table_has_its_own_last_generation():
    rows = []
    for table, n_batches in (("long", 4), ("short", 2)):
        cell = Cell("fidelity", table, method="real_rows", n_batches=n_batches, n_real=50)
        record = Record(cell)
        for generation in range(n_batches):
            record.add("c2st_auc", generation, 0.5 + generation / 10)
        rows += record.rows
    summary = summarise_metrics(pd.DataFrame(rows)).set_index("table")
    assert summary["generation"].to_dict() == {"long": 3, "short": 1}
    assert summary["score"].to_dict() == {"long": 0.8, "short": 0.6}


class Page(HTMLParser):
    """Collect tables, check that every tag is closed, and note what is asked from elsewhere."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tables, self.ids, self.links, self.words = [], [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found[name] for name in ("href", "src") if name in found]
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th"):
            self.tables[-1][-1].append(["", found.get("data-value")])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        self.words.append(text)
        if ({"td", "th"} & set(self.open[-2:]) and "button" in self.open) or self.open[-1:] == [
            "td"
        ]:
            self.tables[-1][-1][-1][0] += text


def test_page_is_whole_and_its_numbers_are_those_of_the_frame(table_csv, options, tmp_path):
    result = run_benchmark(table_csv, **options)
    text = write_report(result, tmp_path / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    (table,) = page.tables
    head = [name for name, _ in table[0]]
    score = next(i for i, name in enumerate(head) if name == "R²")
    summary = summarise(result.rows)
    method, lam = head.index("method"), head.index("lam")
    found = {(row[method][0], row[lam][0]): float(row[score][1]) for row in table[1:]}
    assert found == {
        (row["method"], row["lam"]): row["score"] for row in summary.to_dict("records")
    }
    assert f"{summary['score'].iloc[0]:.4f}" in text


def test_page_asks_nothing_from_elsewhere(rows, tmp_path):
    text = write_report(rows, tmp_path / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"(https?:)?//\w", text)
    assert "@import" not in text
    page = Page(text)
    assert all(link.startswith(("#", "data:,")) for link in page.links)
    assert "addEventListener" in text
    assert "prefers-color-scheme: dark" in text
    # What is drawn is said to those who cannot see it.
    assert text.count("<svg ") == text.count('role="img"') > 0
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', text)) <= set(page.ids)


def test_text_is_escaped(rows, tmp_path):
    name = "<script>alert('x')</script> & \"co\""
    path = write_report(rows.assign(table=name, error=name), tmp_path / "report.html")
    text = path.read_text(encoding="utf-8")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
    assert Page(text).open == []


def test_several_files_by_the_command(table_csv, options, tmp_path, capsys):
    for number, lam in enumerate((["optimal"], [0.5])):
        run_benchmark(table_csv, out=tmp_path / str(number), **options, lam=lam)
    out = tmp_path / "page.html"
    files = [str(tmp_path / "0"), str(tmp_path / "1" / "results.sqlite")]
    assert main(["report", *files, "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}\n"
    text = out.read_text(encoding="utf-8")
    assert "lam=optimal" in text
    assert "lam=0.5" in text
    assert len(read_results(*files)) == (4 * 2) * 3


@pytest.mark.parametrize("kind", ["missing file", "no database"])
def test_wrong_file_is_one_line(kind, tmp_path, capsys):
    path = tmp_path / "results.sqlite"
    if kind == "no database":
        path.write_text("no database, though it is long enough for one to be looked for here")
    assert main(["report", str(path), "--out", str(tmp_path / "page.html")]) == 2
    error = capsys.readouterr().err
    assert error.startswith("skcollapse: error: ")
    assert error.count("\n") == 1
    assert not (tmp_path / "page.html").exists()


def test_rows_that_cannot_be_reported(rows):
    with pytest.raises(ValueError, match=r"no rows; run skcollapse benchmark first"):
        write_report(rows.iloc[:0])
    with pytest.raises(ValueError, match=r"no column 'lam'; read it with read_results"):
        write_report(rows.drop(columns="lam"))


def test_page_of_failures_alone(rows, tmp_path):
    lost = rows.assign(score=np.nan, error="TimeoutError: not ready after 1 seconds")
    text = write_report(lost, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "nothing to compare" in text
    assert "TimeoutError: not ready after 1 seconds" in text


@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
def test_columns_sort_in_a_browser(rows, tmp_path):
    path = write_report(rows, tmp_path / "report.html")
    # Sort the last table but one by its lam, then say what the first column reads.
    script = """<script>
    var table = Array.from(document.querySelectorAll("table")).find(function (t) {
      return t.closest("section").querySelector("h2").textContent === "Every setting"; });
    var heads = Array.from(table.querySelectorAll("th"));
    var k = heads.findIndex(function (h) { return h.textContent === "R²"; });
    function read() { return Array.from(table.tBodies[0].rows).map(function (row) {
      return row.cells[k].dataset.value; }).join(" "); }
    heads[k].querySelector("button").click(); var up = read();
    heads[k].querySelector("button").click();
    document.title = "up " + up + " down " + read() + " wide " +
      document.documentElement.scrollWidth;
    </script></body>"""
    text = path.read_text(encoding="utf-8").replace("</body>", script)
    path.write_text(text, encoding="utf-8")
    options = "--headless --no-sandbox --disable-gpu --no-first-run --dump-dom --disable-sync "
    options += "--disable-background-networking --disable-component-update --window-size=400,800"
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    done = subprocess.run(
        [CHROMIUM, *options.split(), profile, path.as_uri()], capture_output=True, timeout=120
    )
    title = re.search(r"<title>up (.*) down (.*) wide (\d+)</title>", done.stdout.decode())
    up, down = ([float(x) for x in title[i].split()] for i in (1, 2))
    assert up == sorted(up)
    assert down == sorted(down, reverse=True)
    assert len(up) == len(ROWS)
    assert int(title[3]) <= 500  # nothing but tables in their frames is wider than a phone
