"""CSV files as people and programs write them: the right rows, or an error that helps."""

import gzip
import zipfile

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge

from skcollapse import RecursiveMixRegressor
from skcollapse.datasets import load_table

pd = pytest.importorskip("pandas")

N_ROWS = 120


@pytest.fixture
def write(tmp_path):
    def write(content, name="t.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def frame():
    """Rows whose numbers CSV files hold without loss."""
    rng = np.random.default_rng(0)
    x = rng.integers(-500, 500, N_ROWS) / 100
    count = rng.integers(0, 30, N_ROWS)
    noise = rng.integers(-10, 10, N_ROWS) / 100
    return pd.DataFrame({"x": x, "count": count, "y": np.round(2 * x + count + noise, 2)})


def fits(table, estimator):
    """Return whether the recursion on the table predicts it."""
    model = RecursiveMixRegressor(estimator, n_generations=2, n_synthetic=2.0, random_state=0)
    return model.fit(table.data, table.target).score(table.data, table.target) > 0.8


def check_same_rows(table, frame):
    assert list(table.data.columns) == ["x", "count"]
    np.testing.assert_array_equal(table.data["x"], frame["x"])
    np.testing.assert_array_equal(table.data["count"], frame["count"])
    np.testing.assert_array_equal(table.target, frame["y"])
    assert table.task == "regression"
    assert fits(table, Ridge())


# Files that are read.


def test_byte_order_mark_is_no_part_of_the_first_name(write, frame):
    text = frame.to_csv(index=False)
    check_same_rows(load_table(write(b"\xef\xbb\xbf" + text.encode()), "y"), frame)
    quoted = b'\xef\xbb\xbf"x"' + text[1:].encode()
    check_same_rows(load_table(write(quoted), "y"), frame)


def test_line_endings_may_be_mixed(write, frame):
    lines = frame.to_csv(index=False).splitlines()
    endings = ["\r\n", "\n", "\r"]
    text = "".join(line + endings[i % 3] for i, line in enumerate(lines))
    check_same_rows(load_table(write(text), "y"), frame)
    check_same_rows(load_table(write(text.rstrip()), "y"), frame)


@pytest.mark.parametrize("separator", [";", "\t", "|", ","])
@pytest.mark.parametrize("name", ["t.csv", "t.tsv"])
def test_separator_is_found_in_the_header(write, frame, separator, name):
    check_same_rows(load_table(write(frame.to_csv(index=False, sep=separator), name), "y"), frame)


def test_semicolons_go_with_decimal_commas(write, frame):
    frame = frame.assign(town="Aa, north")
    text = frame.to_csv(index=False, sep=";", decimal=",")
    table = load_table(write(text), "y", drop=["town"])
    check_same_rows(table, frame)
    assert list(load_table(write(text), "y").data["town"].cat.categories) == ["Aa, north"]


def test_decimal_commas_may_be_missing_or_whole(write):
    table = load_table(write("x;y\n1,5;0,25\n;1\n-2;,5\n"), "y")
    np.testing.assert_array_equal(table.data["x"], [1.5, np.nan, -2.0])
    assert table.target.tolist() == [0.25, 1.0, 0.5]


def test_commas_in_fields_of_a_comma_file_are_no_decimal_commas(write):
    table = load_table(write('x,y\n"1,5",1.5\n"2,5",2.5\n'), "y")
    assert list(table.data["x"].cat.categories) == ["1,5", "2,5"]


def test_quoted_newlines_belong_to_the_cell(write):
    text = 'note,"two\nlines",y\n"a\nb",1,0.5\n"c\r\nd",2,1.5\n"say ""e""",3,2.5\n'
    table = load_table(write(text), "y")
    assert table.data["note"].tolist() == ["a\nb", "c\r\nd", 'say "e"']
    assert table.data["two\nlines"].tolist() == [1, 2, 3]
    assert table.target.tolist() == [0.5, 1.5, 2.5]


def test_column_of_one_value_is_kept_and_learned_from(write, frame):
    table = load_table(write(frame.assign(year=2026, site="A").to_csv(index=False)), "y")
    assert table.data["year"].unique().tolist() == [2026]
    assert table.data["site"].unique().tolist() == ["A"]
    assert fits(table, HistGradientBoostingRegressor(categorical_features="from_dtype"))
    check_same_rows(load_table(table.source, "y", drop=["year", "site"]), frame)


def test_text_in_other_alphabets_is_read(write):
    text = "stadt,größe,y\nKöln,1,0.5\n東京,2,1.5\n"
    table = load_table(write(text), "y")
    assert table.data["stadt"].tolist() == ["Köln", "東京"]
    assert table.data["größe"].tolist() == [1, 2]


@pytest.mark.parametrize("word", ["NA", "null", "nan", "None"])
def test_words_for_missing_values_may_be_names_of_columns(write, word):
    assert list(load_table(write(f"{word},y\n1,0.5\n2,1.5\n"), "y").data.columns) == [word]


# Files that are read with a warning.


def test_columns_without_a_name_are_pointed_out(write, frame):
    path = write(frame.to_csv())  # with the row numbers that pandas writes
    with pytest.warns(UserWarning, match=r"without a name.*Give drop=\['Unnamed: 0'\]"):
        assert load_table(path, "y").data["Unnamed: 0"].tolist() == list(range(N_ROWS))
    check_same_rows(load_table(path, "y", drop=["Unnamed: 0"]), frame)


def test_columns_without_any_value_are_left_out(write, frame):
    frame.insert(1, "note", np.nan)
    path = write(frame.to_csv(index=False))
    with pytest.warns(UserWarning, match=r"t\.csv has missing values only in 'note'; left out"):
        table = load_table(path, "y")
    assert table.dropped == ["note"]
    check_same_rows(table, frame)
    assert fits(table, HistGradientBoostingRegressor())


def test_nameless_column_of_trailing_commas_is_left_out(write):
    with pytest.warns(UserWarning, match="missing values only in 'Unnamed: 2'; left out"):
        table = load_table(write("x,y,\n1,0.5,\n2,1.5,\n"), "y")
    assert list(table.data.columns) == ["x"]


def test_text_among_the_numbers_of_a_feature_is_pointed_out(write, frame):
    frame["x"] = frame["x"].astype(object)
    frame.loc[6, "x"] = "n/k"
    with pytest.warns(UserWarning, match=r"Column 'x' of t.csv holds .* text: 'n/k' in row 7"):
        table = load_table(write(frame.to_csv(index=False)), "y")
    assert str(table.data["x"].dtype) == "category"


def test_codes_of_which_few_are_numbers_are_plain_text(write):
    codes = [f"A{i}" for i in range(30)] + [str(i) for i in range(20)]
    text = pd.DataFrame({"code": codes, "y": np.arange(50) / 2}).to_csv(index=False)
    assert load_table(write(text), "y").data["code"].nunique() == 50


# Files and targets that are refused.


def test_text_in_a_numeric_target_is_named_with_its_row(write, frame):
    frame["y"] = frame["y"].astype(object)
    frame.loc[[4, 9], "y"] = ["unknown", "12 EUR"]
    path = write(frame.to_csv(index=False))
    message = r"target: column 'y' holds \d+ different numbers, and text: 'unknown' in row 5 and 1"
    with pytest.raises(ValueError, match=message):
        load_table(path, "y")
    with pytest.raises(ValueError, match=r"not numeric.*'unknown' in row 5 and 1 more\. Mend"):
        load_table(path, "y", task="regression")


def test_row_of_the_text_counts_rows_without_target(write):
    values = ["1.5", "", "2.5", "x"] + [str(i) for i in range(20)]
    text = pd.DataFrame({"a": range(24), "y": values}).to_csv(index=False)
    with pytest.raises(ValueError, match="'x' in row 4"):
        load_table(write(text), "y")


def test_text_target_with_a_value_for_each_row_is_no_class(write, frame):
    frame["y"] = [f"{value:.2f} EUR" for value in range(N_ROWS)]
    path = write(frame.to_csv(index=False))
    with pytest.raises(
        ValueError, match=r"'y' is text with 120 distinct values in 120 rows, such"
    ):
        load_table(path, "y")
    assert load_table(path, "y", task="classification").target.nunique() == N_ROWS


def test_numbers_beside_few_texts_are_classes(write):
    text = "x,y\n" + "".join(f"{i},{label}\n" for i, label in enumerate(["0", "1", "?"] * 4))
    table = load_table(write(text), "y")
    assert (table.task, sorted(set(table.target))) == ("classification", ["0", "1", "?"])


def test_near_names_are_listed_for_a_wrong_target(write):
    path = write("age,price_eur,Price,size\n1,2,3,4\n")
    with pytest.raises(ValueError, match=r"t.csv has no column 'price'; did you mean 'Price'"):
        load_table(path, "price")
    with pytest.raises(ValueError, match=r"no column 'zzz'; it has 'age', 'price_eur', 'Price'"):
        load_table(path, "zzz")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"t\.csv is empty\."),
        (b"\n\r\n\n", r"t\.csv is empty\."),
        (b"\xef\xbb\xbf", r"t\.csv is empty\."),
        (b"x,y\n", r"t\.csv has 0 rows and 2 columns"),
        (b"y\n1\n2\n", r"t\.csv has 2 rows and 1 columns"),
        (b"x,y,x\n1,2,3\n", r"t\.csv has several columns named 'x'; rename them"),
        (b"\xef\xbb\xbfx,y,x\n1,2,3\n", "several columns named 'x'"),
        (b",x,y,x\n0,1,2,3\n", "several columns named 'x'"),
        (b"x;y;x\n1;2;3\n", "several columns named 'x'"),
        (b"x,y\n1,2,3\n4,5,6\n", "more fields than the header; name all columns"),
        (b"x,y\n1,2\n3,4,5\n", r"t\.csv cannot be read: .*Expected 2 fields in line 3, saw 3$"),
        (b'x,y\n"1,2\n3,4\n', r"t\.csv cannot be read: .*EOF inside string"),
        (b"x,y\n1,0.5\ncaf\xe9,1.5\n", r"not UTF-8 text \(byte 0xe9 in line 3\); save it as"),
        ("x,y\n1,0.5\n".encode("utf-16"), "zero bytes: it is not UTF-8 text but UTF-16 or"),
        (b"PK\x03\x04\x14\x00\x08\x00", "zero bytes"),
        (b"x,y\n1,5\n2,5\n", "column 'y' has one distinct value only"),
        (b"x,y\n1,\n2,\n", r"column 'y' of t\.csv has missing values only"),
        (b"x,y\n,1\n,2\n", r"t\.csv has missing values only in all columns but 'y'"),
    ],
)
def test_what_is_wrong_with_the_file_is_said(write, content, message):
    with pytest.raises(ValueError, match=message):
        load_table(write(content), "y")


def test_row_names_without_a_header_do_not_shift_the_columns(write):
    # R's write.table names one column less than the rows have.
    with pytest.raises(ValueError, match="R writes row names without a header"):
        load_table(write("x,y\n7,1,0.5\n8,2,1.5\n"), "y")


def test_cut_off_archives_are_named(write, frame):
    packed = gzip.compress(frame.to_csv(index=False).encode())
    with pytest.raises(ValueError, match=r"t\.csv\.gz cannot be read"):
        load_table(write(packed[: len(packed) // 2], "t.csv.gz"), "y")
    with pytest.raises(ValueError, match=r"t\.csv\.zip cannot be read"):
        load_table(write(b"no archive", "t.csv.zip"), "y")
    with pytest.raises(ValueError, match=r"t\.csv\.xz cannot be read"):
        load_table(write(b"no archive", "t.csv.xz"), "y")


def test_wrong_encoding_inside_an_archive_is_named(write):
    path = write(gzip.compress(b"x,y\ncaf\xe9,1.5\n"), "t.csv.gz")
    with pytest.raises(ValueError, match=r"t\.csv\.gz is not UTF-8 text; save it as UTF-8"):
        load_table(path, "y")


def test_archive_of_several_files_is_refused_by_name(tmp_path):
    path = tmp_path / "t.csv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "x,y\n1,2\n")
        archive.writestr("b.csv", "x,y\n1,2\n")
    with pytest.raises(ValueError, match=r"t\.csv\.zip cannot be read: Multiple files"):
        load_table(path, "y")
