"""What a notebook shows of an estimator."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest
import sklearn
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.utils import estimator_html_repr

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor, RecursiveMixSynthesizer

MARK = 'class="skcollapse-generations"'


class Cells(HTMLParser):
    """Collects the rows of the table of generations; refuses tags that do not match."""

    VOID = ("meta", "input", "br")

    def __init__(self):
        super().__init__()
        self.rows, self.widths, self.open = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        style = dict(attrs).get("style") or ""
        self.widths += [float(width) for width in re.findall(r"width:([\d.]+)%", style)]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.rows and {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


def generations(model):
    """Return the rows of the table and the widths of its bars in percent."""
    text = model._repr_html_()
    table = Cells()
    table.feed(text[text.index("<details open " + MARK) :])
    table.close()
    assert table.open == []
    return table.rows, table.widths


def parts_without_ids(html):
    """Remove what scikit-learn counts up from call to call."""
    return re.sub(r"sk-(container|estimator)-id-\d+", "id", html)


def fitted(n_generations=3, **options):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(100 * (n_generations + 1), 2))
    model = RecursiveMixRegressor(
        LinearRegression(),
        n_generations=n_generations,
        n_synthetic=12.5,
        labels="predict",
        random_state=0,
        **options,
    )
    return model.fit(X, X[:, 0] + rng.normal(size=len(X)))


def test_table_holds_the_record_of_each_generation():
    rows, widths = generations(fitted())
    heading = ["Generation", "Real rows", "Synthetic rows", "Real weight", "Effective sample size"]
    assert rows == [
        heading,
        ["0", "100", "0", "1.000", "100"],
        ["1", "100", "1,250", "0.500", "200"],
        ["2", "100", "1,250", "0.333", "300"],
        ["3", "100", "1,250", "0.250", "400"],
    ]
    # The real weight, and the effective sample size as a share of the largest.
    assert widths == [100, 25, 50, 50, 33.3, 75, 25, 100]


def test_long_history_shows_the_last_dozen_and_counts_the_rest():
    model = fitted(n_generations=14)
    rows, _ = generations(model)
    assert rows[1] == ["… 3 earlier"]
    assert [row[0] for row in rows[2:]] == [str(t) for t in range(3, 15)]
    assert "… " not in "".join(map("".join, generations(fitted(n_generations=11))[0]))


def test_count_of_earlier_generations_includes_forgotten_ones():
    model = RecursiveMixSynthesizer(n_synthetic=4, random_state=0)
    X = np.random.default_rng(0).normal(size=(4, 1))
    for _ in range(125):  # the record holds 120
        model = model.partial_fit(X)
    assert generations(model)[0][1] == ["… 113 earlier"]


def test_it_is_added_to_what_scikit_learn_shows():
    model = fitted()
    ours, theirs = parts_without_ids(model._repr_html_()), estimator_html_repr(model)
    assert ours.startswith(parts_without_ids(theirs))
    assert MARK not in theirs


def test_unfitted_estimator_looks_as_in_scikit_learn():
    for model in (RecursiveMixRegressor(), RecursiveMixClassifier(), RecursiveMixSynthesizer()):
        shown = parts_without_ids(model._repr_html_())
        assert shown == parts_without_ids(estimator_html_repr(model))


def test_notebooks_get_text_and_html():
    model = fitted()
    bundle = model._repr_mimebundle_()
    assert bundle["text/plain"] == repr(model)
    assert parts_without_ids(bundle["text/html"]) == parts_without_ids(model._repr_html_())


def test_configuration_for_text_is_respected():
    model = fitted()
    with sklearn.config_context(display="text"):
        assert not hasattr(model, "_repr_html_")
        assert list(model._repr_mimebundle_()) == ["text/plain"]


def test_classifier_and_synthesizer_have_the_table():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(90, 2))
    y = np.where(X[:, 0] + rng.normal(size=90) > 0, "yes", "no")
    classifier = RecursiveMixClassifier(LogisticRegression(), n_generations=2, n_synthetic=1.0)
    synthesizer = RecursiveMixSynthesizer(workflow="replace", lam=np.inf, n_generations=2)
    assert len(generations(classifier.fit(X, y))[0]) == 4
    rows, _ = generations(synthesizer.fit(X))
    assert rows[3][1] == "0"
    assert rows[3][3] == "0.000"


def test_weighted_rows_show_their_fraction():
    X = np.random.default_rng(0).normal(size=(20, 1))
    model = RecursiveMixSynthesizer(n_generations=0).fit(X, sample_weight=np.full(20, 0.53))
    assert generations(model)[0][1] == ["0", "10.6", "0", "1.000", "10.6"]


def test_failed_first_fit_leaves_nothing_to_show():
    model = RecursiveMixRegressor(LinearRegression())
    with pytest.raises(ValueError, match="NaN"):
        model.fit(np.full((10, 2), np.nan), np.zeros(10))
    assert MARK not in model._repr_html_()


def test_names_are_escaped():
    named = type("Mix<script>", (RecursiveMixSynthesizer,), {})
    text = named(n_generations=0).fit(np.random.default_rng(0).normal(size=(9, 1)))._repr_html_()
    ours = text[text.index(MARK) :]
    assert "Mix&lt;script&gt; at generation 0" in ours
    assert "<script" not in ours


def test_table_needs_nothing_from_elsewhere():
    text = fitted()._repr_html_()
    ours = text[text.index("<style>.skcollapse") :]
    assert not re.search(r"https?:|src=|@import|url\(|<script|<link", ours)
    assert len(ours) < 10_000


def test_table_has_no_colour_of_text_or_ground():
    text = fitted()._repr_html_()
    style = text[text.index("<style>.skcollapse") : text.index("<details open " + MARK)]
    # What can be read on white and on black: the colour around, and half-transparent grey.
    assert set(re.findall(r"[{;]\s*color:([^;}]+)", style)) == {"inherit"}
    grounds = re.findall(r"background:([^;}]+)", style)
    assert set(grounds) == {"none", "rgba(128,128,128,.3)", "cornflowerblue"}
