"""The scripts about distributions: category shares, distribution functions, total variation."""

import pytest


def numbers(row):
    return list(map(float, row))


def is_number(word):
    return word.replace(".", "", 1).replace("e-", "", 1).isdigit()


def rows_of_numbers(rows, length):
    return [numbers(row) for row in rows if len(row) == length and all(map(is_number, row))]


def test_he_xu_and_cheng_distribution_function(run_article):
    rows = run_article("he_xu_cheng_cdf.py")
    # 5 generations without real rows: the path is the published closed form.
    without = rows_of_numbers(rows, 5)
    assert len(without) == 5
    for _, found, error, exact, closed in without:
        assert abs(found - exact) < 4 * error
        assert exact == pytest.approx(closed, abs=1e-5)
    by_weight = {row[0]: row[1:] for row in rows_of_numbers(rows, 4)}
    assert by_weight[0.62][2] == pytest.approx(0.001028, abs=1e-6)
    by_k = rows_of_numbers(rows, 7)
    assert len(by_k) == 10
    for found, error, exact in [
        *by_weight.values(),
        *(row[i : i + 3] for row in by_k for i in (1, 4)),
    ]:
        assert abs(found - exact) < 4.5 * error
    assert all(row[1] < row[4] for row in by_k)  # the golden weight beats the naive pool
    (minimum,) = [row[5] for row in rows if row[:2] == ["smallest", "error"]]
    assert abs(float(minimum.rstrip(",")) - 0.62) < 0.05


def test_he_xu_and_cheng_adult(run_article, adult, tmp_path):
    file = tmp_path / "adult.parquet"
    adult.to_parquet(file)
    rows = run_article("he_xu_cheng_adult.py", "--data", str(file))
    shares = rows_of_numbers(rows, 5)
    golden = [row for row in shares if row[0] == 0.62]
    # Exact values of the published settings, columns workclass, education, marital status.
    expected = [(6.875e-5, 1.113e-4), (6.252e-5, 1.012e-4), (1.1661e-4, 1.887e-4)]
    for (_, _, _, exact, real_only), pair in zip(golden, expected, strict=True):
        assert (exact, real_only) == pytest.approx(pair, rel=1e-3)
    for _, found, error, exact, _ in shares:
        assert abs(found - exact) < 4.5 * error
    (ratio,) = [row for row in rows if row[:2] == ["logistic", "regression:"]]
    assert ratio[4] == "1.025"
    fits = rows_of_numbers(rows, 4)
    assert len(fits) == 4
    for _, found, error, limit in fits:  # 5 percent for terms of order 1/n
        assert abs(found - limit) < 4.5 * error + 0.05 * limit
    minima = [float(row[5].rstrip(",")) for row in rows if row[:2] == ["smallest", "error"]]
    assert len(minima) == 4
    assert all(abs(w - 0.62) < 0.06 for w in minima)


def test_adult_script_says_what_to_do_without_the_table(run_article, monkeypatch):
    pytest.importorskip("pandas")

    def no_network(*args, **kwargs):
        raise OSError("no network")

    monkeypatch.setattr("sklearn.datasets.fetch_openml", no_network)
    with pytest.raises(SystemExit, match=r"could not be downloaded .*no network.* --data FILE"):
        run_article("he_xu_cheng_adult.py")


def test_fu_total_variation(run_article):
    rows = run_article("fu_total_variation.py")
    names = ("only", "same", "new", "all")
    schemes = [row[-5:] for row in rows if row and row[0] in names and is_number(row[-1])]
    schemes = [numbers(row) for row in schemes]
    assert len(schemes) == 4
    for bound, expected, truth, error, root in schemes:
        assert bound == pytest.approx(expected, abs=1e-3)
        assert truth + 4.5 * error < bound
        # Only without real rows are categories lost, which the risk knows nothing of.
        assert abs(truth - root) < 4.5 * error or root > 4
    transitions = rows_of_numbers(rows, 7)
    assert len(transitions) == 9
    for _, _, threshold, expected, peak, height, recursion in transitions:
        assert (threshold, peak) == pytest.approx((expected, height), abs=0.006)
        assert recursion == peak
    shapes = {
        " ".join(row[:-9]): " ".join(row[-3:])
        for row in rows
        if row[-1:] in (["falls"], ["rises"])
    }
    assert shapes == {
        "bound, shares": "rises, then falls",
        "bound, kernel": "rises, then falls",
        "shares, same real rows": "rises, then falls",
        "shares, new real rows": "falls, then rises",
        "kernel, same real rows": "rises, then falls",
        "kernel, new real rows": "rises, then falls",
    }
