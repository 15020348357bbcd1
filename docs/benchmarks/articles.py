"""Run the scripts of examples/3_articles and put their numbers and figures into the docs.

    python docs/benchmarks/articles.py [--data FILE] [--only NAME ...]

Every script runs at its reduced size, in a process of its own. What it prints is looked up by the
words a line begins with, and written to `docs/_static/articles.csv`: the number found, its
standard error where there is one, the number expected and the seconds the script took. Figures go
to `docs/_static/articles`. FILE is the Adult table (CSV or Parquet), which is downloaded
otherwise; --only leaves the lines of the other scripts as they are.
"""

import argparse
import csv
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

DOCS = Path(__file__).resolve().parents[1]
SCRIPTS = DOCS.parent / "examples" / "3_articles"
TABLE, FIGURES = DOCS / "_static" / "articles.csv", DOCS / "_static" / "articles"
HEAD = ("script", "quantity", "found", "s.e.", "expected", "seconds")


class Number(NamedTuple):
    """Where a printed number stands: the line by its first words, the columns by their place.

    `line` counts from 0 among those that begin with these words.
    """

    quantity: str
    start: str
    found: int
    error: int | None
    expected: int
    line: int = 0


MINIMUM = Number("best weight", "smallest error", 5, None, 7)
AT_GOLDEN = Number("error at w = 0.62", "0.62", 1, 2, 3)
SMALLEST_K = (
    Number("golden weight, k = 0.01", "0.01", 1, 2, 3),
    Number("naive pool, k = 0.01", "0.01", 4, 5, 6),
)
NUMBERS = {
    "he_xu_cheng_gaussian_mean": [MINIMUM, AT_GOLDEN, *SMALLEST_K],
    "he_xu_cheng_gaussian_covariance": [
        Number("synthetic rows only, median", "median in the end", 4, None, 6),
        MINIMUM,
        AT_GOLDEN,
        *SMALLEST_K,
    ],
    "he_xu_cheng_cdf": [
        Number("synthetic rows only, generation 100", "100", 1, 2, 3),
        MINIMUM,
        AT_GOLDEN,
        *SMALLEST_K,
    ],
    "he_xu_cheng_regression": [
        number
        for family in ("linear", "logistic", "poisson")
        for number in (
            Number(f"{family}, best weight", family, 1, 2, 3),
            Number(f"{family}, error at w = 0.62", family, 4, 5, 6),
        )
    ],
    "he_xu_cheng_adult": [
        Number("workclass, error at w = 0.62", "0.62", 1, 2, 3, 0),
        Number("education, error at w = 0.62", "0.62", 1, 2, 3, 1),
        Number("marital status, error at w = 0.62", "0.62", 1, 2, 3, 2),
        Number("regression, error at w = 0.62 (expected: limit)", "0.62", 1, 2, 3, 3),
        Number("regression, noise ratio", "logistic regression:", 4, None, 6),
    ],
    "dey_donoho_variance_ratios": [
        Number("Replace, model 100", "Replace", 3, 4, 2),
        Number("Accumulate, model 100", "Accumulate", 3, 4, 2),
        Number("AccumulateSubsample, model 100", "AccumulateSubsample", 3, 4, 2),
    ],
    "dey_donoho_logistic": [
        Number("Replace, model 2 (expected: limit)", "Replace 2", 2, 3, 4),
        Number("Replace, model 8 (expected: limit)", "Replace 8", 2, 3, 4),
        Number("Accumulate, model 8 (expected: limit)", "Accumulate 8", 2, 3, 4),
        Number("Subsample, model 8 (expected: limit)", "Subsample 8", 2, 3, 4),
    ],
    "dey_donoho_tabular": [
        Number("diabetes, log-loss, model 1", "diabetes replace 1", 3, None, 4),
        Number("diabetes, log-loss, Replace, model 10", "diabetes replace 10", 3, None, 4),
        Number("diabetes, log-loss, Accumulate, model 10", "diabetes accumulate 10", 3, None, 4),
        Number("breast cancer, accuracy, Replace, model 2", "breast_cancer replace 2", 5, None, 6),
    ],
    "gerstgrasser_linear_regression": [
        Number("replace, generation 19", "replace 19", 2, 4, 3),
        Number("accumulate, generation 19", "accumulate 19", 2, 4, 3),
        Number("accumulate, redrawn, generation 19", "accumulate, redrawn 19", 3, 5, 4),
    ],
    "kazdan_gaussian": [
        number
        for name in ("replace", "accumulate", "accumulate_subsample")
        for number in (
            Number(f"{name}, squared mean, generation 29", name, 2, 4, 3),
            Number(f"{name}, variance, generation 29", name, 5, 7, 6),
        )
    ],
    "kazdan_kde": [
        Number("moons, replace, variance added", "replace", 4, 6, 5),
        Number("moons, accumulate, variance added", "accumulate", 4, 6, 5),
        Number("normal, replace, variance", "replace", 1, 3, 2, 1),
        Number("normal, replace, squared error", "replace", 4, 6, 5, 1),
        Number("normal, accumulate, variance", "accumulate", 1, 3, 2, 1),
    ],
    "kazdan_discrete_support": [
        Number(f"{name}, categories left, generation 29", f"{name} 29", 2, 4, 3)
        for name in ("replace", "accumulate", "accumulate_subsample")
    ],
    "bertrand_gaussian": [
        Number("lam = 1, variance left", "1.0", 1, 2, 3),
        Number("lam = 4, variance left", "4.0", 1, 2, 3),
        Number("own rows only, standard deviation", "average standard deviation", 3, 4, 5),
        Number("own rows only, log variance", "average log variance", 3, 4, 5),
        Number("lam = 1, rate", "1.0", 2, 3, 1, 1),
        Number("lam = 4, rate", "4.0", 2, 3, 1, 1),
    ],
    "fu_total_variation": [
        Number("bound, synthetic rows only", "only synthetic rows", 3, None, 4),
        Number("bound, same real rows", "same real rows", 3, None, 4),
        Number("truth, same real rows (expected: root of the risk)", "same real rows", 5, 6, 7),
        Number("truth, new real rows (expected: root of the risk)", "new real rows", 5, 6, 7),
        Number("transition, generation 20, exponent 0.5", "20 0.5", 2, None, 3),
        Number("its height there", "20 0.5", 4, None, 5),
    ],
}


def run(name, data):
    """Run a script; return the words of the lines it printed, and the seconds it took."""
    figure = FIGURES / f"{name}.png"
    options = ["--data", data] if data and name == "he_xu_cheng_adult" else []
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, SCRIPTS / f"{name}.py", "--figure", figure, *options],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "MPLBACKEND": "agg"},
    )
    seconds = time.perf_counter() - start
    shrink(figure)
    return [line.split() for line in done.stdout.splitlines()], seconds


def shrink(figure):
    """Keep 128 colours, which a line drawing does not miss."""
    from PIL import Image

    with Image.open(figure) as image:
        small = image.convert("RGB").quantize(128)
    small.save(figure, optimize=True)


def look_up(number, lines, name):
    """Return quantity, number found, standard error and number expected, as printed."""
    start = number.start.split()
    found = [words for words in lines if words[: len(start)] == start]
    places = [number.found, number.error, number.expected]
    if len(found) <= number.line or len(found[number.line]) <= max(filter(None, places)):
        raise SystemExit(f"{name}.py printed no line for {number.quantity!r}: {number.start!r}.")
    words = [word.strip(",()") for word in found[number.line]]
    return [number.quantity, *("" if place is None else words[place] for place in places)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", help="the Adult table, a CSV or Parquet file")
    parser.add_argument("--only", nargs="+", choices=NUMBERS, help="scripts to run")
    args = parser.parse_args()
    FIGURES.mkdir(exist_ok=True)
    blocks = dict.fromkeys(NUMBERS, ())
    if args.only:
        with TABLE.open(encoding="utf-8", newline="") as file:
            for row in list(csv.reader(file))[1:]:
                blocks[row[0]] = (*blocks[row[0]], row)
    for name in args.only or NUMBERS:
        lines, seconds = run(name, args.data)
        rows = [look_up(number, lines, name) for number in NUMBERS[name]]
        blocks[name] = [[name, *row, f"{seconds:.0f}"] for row in rows]
        print(f"{name}: {seconds:.0f} s", flush=True)
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEAD)
        writer.writerows(row for block in blocks.values() for row in block)


if __name__ == "__main__":
    main()
