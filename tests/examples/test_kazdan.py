"""The scripts of Gerstgrasser et al. and Kazdan et al.: found beside expected."""

import numpy as np

WORKFLOWS = ("replace", "accumulate", "accumulate_subsample")


def numbers(row, n):
    """The last n words of a printed row as numbers."""
    return [float(word) for word in row[-n:]]


def assert_within(found, exact, error, n_errors=4.5):
    assert abs(found - exact) < n_errors * error + 1e-9


def test_gerstgrasser_linear_regression(run_article):
    rows = run_article("gerstgrasser_linear_regression.py")
    table = [row for row in rows if row[:1] and row[-1][0].isdigit() and "generation:" not in row]
    table = [numbers(row, 4) for row in table if row[-4].isdigit()]
    assert len(table) == 6
    for _, found, exact, error in table:
        assert_within(found, exact, error)
    (_, first, *_), (_, replaced, *_), _, (_, kept, *_), _, (_, redrawn, *_) = table
    # Twenty fits: twenty times the first error, or less than pi^2/6 times.
    assert abs(replaced / first - 20) < 2
    assert redrawn < kept < np.pi**2 / 6 * first * 1.05


def test_kazdan_gaussian(run_article):
    rows = run_article("kazdan_gaussian.py")
    table = {row[0]: numbers(row, 6) for row in rows if row and row[0] in WORKFLOWS}
    assert set(table) == set(WORKFLOWS)
    for mean, mean_exact, mean_error, variance, variance_exact, variance_error in table.values():
        assert_within(mean, mean_exact, mean_error)
        assert_within(variance, variance_exact, variance_error)
    assert table["replace"][3] < 0.5 < 0.9 < table["accumulate"][3]


def test_kazdan_kde(run_article):
    rows = run_article("kazdan_kde.py")
    rows = [row for row in rows if row and row[0] in WORKFLOWS]
    moons = {row[0]: numbers(row, 6) for row in rows[:3]}
    for first, last, loss_error, added, exact, error in moons.values():
        assert last > first + 4 * loss_error
        assert_within(added, exact, error)
    assert moons["replace"][1] > moons["accumulate_subsample"][1] + 2
    assert moons["accumulate_subsample"][1] > moons["accumulate"][1]
    for name, *words in rows[3:]:
        assert_within(*map(float, words[:3]))
        if name == "replace":
            assert_within(*map(float, words[3:]))
    mise = {row[0]: float(row[4]) for row in rows[3:]}
    assert mise["replace"] > 4 * mise["accumulate_subsample"] > 4 * mise["accumulate"]


def test_kazdan_discrete_support(run_article):
    rows = run_article("kazdan_discrete_support.py")
    table = [(row[0], *numbers(row, 4)) for row in rows if row and row[0] in WORKFLOWS]
    assert len(table) == 9
    for _, _, found, exact, error in table:
        assert_within(found, exact, error)
    last = {name: found for name, g, found, *_ in table if g == 29}
    assert last["accumulate"] == table[0][2]  # no category is lost after the first draw
    assert last["replace"] < 10 < last["accumulate_subsample"] < last["accumulate"]
