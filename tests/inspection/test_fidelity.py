"""Marginals and pairwise dependence of real and synthetic rows."""

import numpy as np
import pytest

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor, RecursiveMixSynthesizer
from skcollapse.inspection import FidelityDisplay
from skcollapse.inspection._fidelity import compare_rows


@pytest.fixture
def table():
    rng = np.random.default_rng(20265)
    x = rng.normal(size=2000)
    return np.column_stack([x, x + 0.3 * rng.normal(size=2000), rng.normal(size=2000)])


def test_rows_against_themselves_differ_in_nothing(table):
    found = compare_rows(table, [table, table[::-1]])
    for own in found.marginals:
        np.testing.assert_array_equal(own.synthetic, [own.real, own.real])
        assert own.real.sum() == pytest.approx(1.0)
    np.testing.assert_array_equal(found.dependence, [found.dependence_real] * 2)
    assert found.columns == ["column 0", "column 1", "column 2"]


def test_shuffling_a_column_takes_its_dependence_and_nothing_else(table):
    shuffled = table.copy()
    shuffled[:, 1] = np.random.default_rng(0).permutation(table[:, 1])
    found = compare_rows(table, [shuffled])
    for own in found.marginals:
        np.testing.assert_array_equal(own.synthetic[0], own.real)
    assert found.dependence_real[0, 1] > 0.5
    assert found.dependence[0, 0, 1] < 0.1
    assert found.dependence[0, 0, 2] == found.dependence_real[0, 2]


def test_cramers_v_of_a_table_by_hand():
    # 40 + 10 / 10 + 40: chi2 / n = 0.6^2; the bias is 1 / 99, and 2 - 1 / 99 levels remain.
    x = np.repeat([0, 0, 1, 1], [40, 10, 10, 40])
    y = np.repeat([0, 1, 0, 1], [40, 10, 10, 40])
    found = compare_rows(np.column_stack([x, y]), [np.column_stack([x, y])])
    expected = np.sqrt((0.36 - 1 / 99) / (1 - 1 / 99))
    assert found.dependence_real[0, 1] == pytest.approx(expected, rel=1e-12)
    assert found.dependence_real[0, 1] == found.dependence_real[1, 0]
    assert np.isnan(np.diag(found.dependence_real)).all()


def test_dependence_is_seen_where_correlation_is_not():
    x = np.random.default_rng(0).normal(size=2000)
    rows = np.column_stack([x, x**2])
    assert abs(np.corrcoef(rows.T)[0, 1]) < 0.1
    assert compare_rows(rows, [rows]).dependence_real[0, 1] > 0.5


def test_independent_columns_have_none():
    rng = np.random.default_rng(1)
    found = [
        compare_rows(rows, [rows]).dependence_real[0, 1] for rows in rng.normal(size=(20, 500, 2))
    ]
    assert np.median(found) < 0.05  # uncorrected, noise alone would give 0.12
    assert max(found) < 0.15


def test_a_column_of_one_value_has_nothing_to_measure(table):
    table[:, 2] = 1.0
    found = compare_rows(table, [table])
    assert np.isnan(found.dependence_real[0, 2])
    assert found.marginals[2].levels == ["1"]


def test_mixed_columns_are_described(plt):
    pd = pytest.importorskip("pandas")
    real = pd.DataFrame(
        {
            "town": list("aaabbbccdd") * 10,
            "many": [f"level {i % 20}" for i in range(100)],
            "since": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(100), unit="D"),
            "size": np.where(np.arange(100) % 10 == 0, np.nan, np.arange(100.0)),
        }
    )
    # Another order, a level less and more missing values.
    synthetic = real.assign(
        town=list("bbbbaaaaaa") * 10, size=np.where(np.arange(100) < 50, np.nan, 1.0)
    )
    display = FidelityDisplay.from_rows(real, [synthetic], generations=[7])
    town, many, since, size = display.marginals
    assert town.levels == ["a", "b", "c", "d"]
    np.testing.assert_allclose(town.real, [0.3, 0.3, 0.2, 0.2])
    np.testing.assert_allclose(town.synthetic, [[0.6, 0.4, 0, 0]])
    assert len(many.levels) == 9
    assert many.levels[-1] == "other"
    assert many.real[-1] == pytest.approx(12 / 20)
    assert since.kind == "histogram"
    assert since.date_unit is not None
    assert (size.missing_real, size.missing[0]) == (0.1, 0.5)
    # Half of |0.3| + |0.1| + |0.2| + |0.2|, and so on.
    assert display.marginal_distance()[0, 0] == pytest.approx(0.4)
    titles = [ax.get_title(loc="left") for ax in display.axes_]
    assert titles[3] == "size\nmissing: real 10%, last 50%"
    assert [text.get_text()[:4] for text in display.axes_[2].get_xticklabels()] == ["2024"] * 2
    assert [text.get_text() for text in display.legend_.get_texts()] == [
        "real rows",
        "generation 7",
    ]


def test_from_estimator_draws_from_every_chosen_generation(plt, regression):
    X, y = regression
    mix = RecursiveMixRegressor(
        workflow="replace", labels="joint", n_generations=5, n_synthetic=1.0
    )
    mix.set_params(estimator=_linear())
    options = {"generations": [5, 0], "n_samples": 300, "random_state": 0}
    display = FidelityDisplay.from_estimator(mix, X, y, **options)
    assert display.generations == [0, 5]
    assert display.columns == ["column 0", "column 1", "column 2", "target"]
    assert display.dependence.shape == (2, 4, 4)
    again = FidelityDisplay.from_estimator(mix, X, y, **options)
    np.testing.assert_array_equal(again.dependence, display.dependence)
    other = FidelityDisplay.from_estimator(mix, X, y, **{**options, "random_state": 1})
    assert (other.dependence != display.dependence).any()
    assert not hasattr(mix, "estimator_")


def _linear():
    from sklearn.linear_model import LinearRegression

    return LinearRegression()


def test_classes_are_a_column_of_levels(plt, classification, classifier):
    X, y = classification
    display = FidelityDisplay.from_estimator(
        classifier, X[:160], y[:160], X_test=X[160:], y_test=y[160:], random_state=0
    )
    target = display.marginals[-1]
    assert target.levels == ["no", "yes"]
    assert target.real[0] == np.mean(y[160:] == "no")
    assert isinstance(classifier, RecursiveMixClassifier)


def test_a_collapsing_recursion_loses_its_tails(plt):
    X = np.random.default_rng(0).normal(size=(30, 2))
    recursive = RecursiveMixSynthesizer(workflow="replace", n_generations=40, n_synthetic=1.0)
    display = FidelityDisplay.from_estimator(
        recursive, X, generations=[0, 40], n_samples=2000, random_state=0
    )
    distance = display.marginal_distance()
    assert (distance[1] > 2 * distance[0]).all()


def test_it_is_drawn_again_without_fitting(plt, table, monkeypatch):
    display = FidelityDisplay.from_rows(table, [table, 2 * table])
    monkeypatch.setattr(RecursiveMixSynthesizer, "fit", None)
    figure, axes = plt.subplots(1, 2)
    display.plot(axes, columns=["column 2"])
    assert display.figure_ is figure
    assert display.columns_ == ["column 2"]
    histogram = display.lines_[0][0]
    np.testing.assert_array_equal(histogram.get_data().values, display.marginals[2].synthetic[0])
    np.testing.assert_array_equal(
        display.lines_[1][1].get_ydata(), display.dependence[1][np.triu_indices(3, 1)]
    )


def test_the_columns_that_differ_most_are_shown(plt, table):
    drawn = table.copy()
    drawn[:, 2] *= 0.2
    drawn[:, 0] *= 0.8
    display = FidelityDisplay.from_rows(table, [drawn])
    display.plot(max_columns=2)
    assert display.columns_ == ["column 0", "column 2"]
    assert len(display.axes_) == 3


def test_single_columns_and_a_table_without_pairs(plt):
    x = np.random.default_rng(0).normal(size=100)
    display = FidelityDisplay.from_rows(x, [x, x / 2])
    assert display.dependence.shape == (2, 1, 1)
    assert len(display.axes_) == 2


def test_polars_frames(plt):
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame({"a": [1.5, 2.5, 3.5] * 10, "b": ["x", "y", "y"] * 10})
    display = FidelityDisplay.from_rows(frame, [frame])
    assert [own.levels for own in display.marginals] == [["1.5", "2.5", "3.5"], ["x", "y"]]
    assert display.dependence[0, 0, 1] == pytest.approx(1.0, abs=0.03)


def test_wrong_arguments_are_named(plt, regression, regressor, table):
    X, y = regression
    make = FidelityDisplay.from_estimator
    with pytest.raises(TypeError, match="got LinearRegression"):
        make(_linear(), X, y)
    with pytest.raises(ValueError, match="RecursiveMixRegressor needs y"):
        make(regressor, X)
    with pytest.raises(ValueError, match="has no target"):
        make(RecursiveMixSynthesizer(), X, y)
    with pytest.raises(ValueError, match="X_test needs its targets, y_test"):
        make(regressor, X, y, X_test=X)
    with pytest.raises(ValueError, match="generations must be from 0 to 3"):
        make(regressor, X, y, generations=[9])
    with pytest.raises(ValueError, match="must be a list of tables"):
        FidelityDisplay.from_rows(table, table)
    with pytest.raises(ValueError, match="must name each of the 1 tables"):
        FidelityDisplay.from_rows(table, [table], generations=[1, 2])
    with pytest.raises(ValueError, match="real has 3 columns and synthetic has 2"):
        FidelityDisplay.from_rows(table, [table[:, :2]])
    display = FidelityDisplay.from_rows(table, [table])
    with pytest.raises(ValueError, match="columns: 'price' is none of"):
        display.plot(columns=["price"])
    with pytest.raises(ValueError, match="ax must hold 4 axes"):
        display.plot(display.axes_[:2])
