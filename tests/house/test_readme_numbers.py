"""The README's numbers are those that the scripts wrote."""

import csv
import re


def test_the_readme_table_is_the_one_the_script_made(root):
    readme = (root / "README.md").read_text(encoding="utf-8")
    table = (root / "docs" / "_static" / "retention.md").read_text(encoding="utf-8")
    assert table.count("\n") >= 8
    assert table in readme


def test_the_means_of_large_batches_are_those_the_script_found(root):
    readme = (root / "README.md").read_text(encoding="utf-8")
    with (root / "docs" / "_static" / "retention.csv").open(encoding="utf-8") as file:
        rows = {row["method"]: row for row in csv.DictReader(file) if row["n_real"] == "1000"}
    found = [
        f"{float(rows[method][column]):.3f}"
        for method in ("recursive_mix", "average_of_models")
        for column in ("gap_capped", "gap_recovered")
    ]
    sentence = re.search(r"batches of 1,000 rows[^.]*(?:\.\d[^.]*)+", readme).group()
    assert re.findall(r"\d\.\d{3}", sentence) == found
