"""Figures draw what is stored, name it where it is, and fit nothing."""

import sys
from itertools import pairwise

import numpy as np
import pytest
from sklearn.datasets import make_friedman1

from skcollapse import RecursiveMixRegressor
from skcollapse.inspection import (
    FidelityDisplay,
    GenerationCurveDisplay,
    WeightCurveDisplay,
    generation_curve,
)


@pytest.fixture
def curve(regression, regressor):
    return generation_curve(
        regressor,
        *regression,
        workflows=["fresh", "replace"],
        cv=3,
        references=True,
        random_state=0,
    )


@pytest.fixture
def weight_curve(regression, regressor):
    lam = [0, "golden", 4, 1, "optimal"]
    return generation_curve(regressor, *regression, lam=lam, cv=3, random_state=0)


@pytest.fixture
def no_fit(monkeypatch):
    """Make every fit an error, once the numbers are there."""

    def fail(*args, **kwargs):
        raise AssertionError("fitted")

    def start():
        monkeypatch.setattr(RecursiveMixRegressor, "fit", fail)
        monkeypatch.setattr(RecursiveMixRegressor, "partial_fit", fail)

    return start


def test_a_generation_curve_is_drawn_from_its_numbers(plt, curve, no_fit):
    no_fit()
    display = GenerationCurveDisplay.from_curve(curve)
    summary = curve.summary()
    for line, band, (workflow, _) in zip(
        display.lines_, display.fill_between_, curve.candidates, strict=True
    ):
        own = summary[summary["workflow"] == workflow]
        np.testing.assert_array_equal(line.get_xdata(), [0, 1, 2, 3])
        np.testing.assert_array_equal(line.get_ydata(), own["mean"])
        edges = np.array(
            [own["mean"] - own["standard_error"], own["mean"] + own["standard_error"]]
        )
        drawn = band.get_paths()[0].vertices[:, 1]
        assert (drawn.min(), drawn.max()) == pytest.approx((edges.min(), edges.max()))
    assert [text.get_text() for text in display.labels_] == [
        "fresh",
        "replace",
        "real_only (newest batch)",
        "all_real (every row kept)",
    ]
    assert display.ax_.get_ylabel() == "R2 on held-out rows"
    assert display.figure_ is display.ax_.figure
    assert display.risk_ax_ is None
    assert display.plot() is display  # again, on a figure of its own


def test_from_estimator_computes_and_draws(plt, regression, regressor):
    display = GenerationCurveDisplay.from_estimator(
        regressor, *regression, lam=[0.5, "golden"], cv=2, random_state=1, name=["half", "best"]
    )
    same = generation_curve(regressor, *regression, lam=[0.5, "golden"], cv=2, random_state=1)
    np.testing.assert_array_equal(display.curve.records["score"], same.records["score"])
    assert [text.get_text() for text in display.labels_] == ["half", "best"]


def test_lines_differ_in_colour_and_in_marker(plt, curve):
    lines = GenerationCurveDisplay.from_curve(curve).lines_
    assert len({line.get_color() for line in lines}) == len(lines)
    assert len({line.get_marker() for line in lines}) == len(lines)


def test_labels_stand_at_the_height_of_the_line_ends_and_apart(plt, curve):
    display = GenerationCurveDisplay.from_curve(curve)
    display.figure_.canvas.draw()
    boxes = [text.get_window_extent() for text in display.labels_]
    order = np.argsort([box.y0 for box in boxes])
    ends = [line.get_ydata()[-1] for line in display.lines_ + display.reference_lines_]
    assert order.tolist() == np.argsort(ends, kind="stable").tolist()
    for low, high in pairwise(order):
        assert boxes[low].y1 <= boxes[high].y0 + 1
    width = display.figure_.bbox.width
    assert all(box.x0 > 0 and box.x1 < width for box in boxes)


@pytest.mark.parametrize("n_across", [1, 2])
def test_labels_fit_beside_axes_that_are_given(plt, curve, n_across):
    figure, axes = plt.subplots(1, n_across, figsize=(6 * n_across, 4), squeeze=False)
    for ax in axes[0]:
        display = GenerationCurveDisplay.from_curve(curve, ax=ax)
        assert display.ax_ is ax
        limit = ax.get_subplotspec().get_position(figure).x1 if ax is not axes[0, -1] else 1.0
        right = max(text.get_window_extent().x1 for text in display.labels_)
        assert right <= limit * figure.bbox.width
        assert ax.get_position().width > 0.1


def test_names_say_what_differs(plt, regression, regressor):
    def labels(**options):
        curve = generation_curve(regressor, *regression, n_generations=1, cv=2, **options)
        return [text.get_text() for text in GenerationCurveDisplay.from_curve(curve).labels_]

    assert labels() == ["lam=optimal"]
    assert labels(lam=[1 / 3, "golden"]) == ["lam=0.333", "lam=golden"]
    assert labels(workflows=["fresh", ("fixed", 0.5)]) == ["fresh, lam=optimal", "fixed, lam=0.5"]


def test_the_risk_is_drawn_below_in_the_same_colours(plt, curve):
    display = GenerationCurveDisplay.from_curve(curve, risk=True)
    lines = [line for line in display.risk_ax_.lines if len(line.get_xdata()) == 4]
    theory = curve.theory["relative_risk"].reshape(2, 4)
    for line, above, risk in zip(lines, display.lines_, theory, strict=True):
        np.testing.assert_array_equal(line.get_ydata(), risk)
        assert line.get_color() == above.get_color()
    assert display.risk_ax_.get_xlabel() == "generation"
    _, axes = plt.subplots(2, layout="constrained")
    assert GenerationCurveDisplay.from_curve(curve, ax=axes, risk=True).risk_ax_ is axes[1]


@pytest.mark.parametrize("band", ["range", None])
def test_bands_may_hold_all_scores_or_be_left_out(plt, curve, band):
    display = GenerationCurveDisplay.from_curve(curve, band=band)
    if band is None:
        assert display.fill_between_ is None
        return
    drawn = display.fill_between_[1].get_paths()[0].vertices[:, 1]
    own = curve.records["score"][curve.records["workflow"] == "replace"]
    assert (drawn.min(), drawn.max()) == (own.min(), own.max())


def test_scores_may_be_negated(plt, regression, regressor):
    options = {"scoring": "neg_mean_squared_error", "cv": 2, "random_state": 0}
    curve = generation_curve(regressor, *regression, **options)
    display = GenerationCurveDisplay.from_curve(curve, negate_score=True)
    np.testing.assert_array_equal(display.lines_[0].get_ydata(), -curve.summary()["mean"])
    assert display.ax_.get_ylabel() == "mean squared error on held-out rows"


def test_style_of_lines_and_bands_can_be_given(plt, curve):
    display = GenerationCurveDisplay.from_curve(
        curve, line_kw={"color": "black", "linewidth": 3}, fill_between_kw={"alpha": 0.5}
    )
    assert {line.get_color() for line in display.lines_} == {"black"}
    assert {band.get_alpha() for band in display.fill_between_} == {0.5}


def test_a_line_without_scores_has_no_label(plt, curve):
    curve.records["score"][curve.records["workflow"] == "replace"] = np.nan
    display = GenerationCurveDisplay.from_curve(curve)
    assert "replace" not in [text.get_text() for text in display.labels_]


def test_wrong_plot_arguments_are_named(plt, curve, weight_curve):
    display = GenerationCurveDisplay(curve)
    with pytest.raises(ValueError, match=r"band must be .* got 'sd'"):
        display.plot(band="sd")
    with pytest.raises(ValueError, match="one name for each of"):
        display.plot(name=["only one"])
    _, axes = plt.subplots(2)
    with pytest.raises(ValueError, match="ax must be one axes, got 2"):
        display.plot(axes)
    with pytest.raises(ValueError, match=r"a pair of axes, for scores and risk, got 1"):
        display.plot(axes[0], risk=True)
    with pytest.raises(ValueError, match=r"workflow must be one of \['fresh', 'replace'\]"):
        WeightCurveDisplay.from_curve(curve)
    with pytest.raises(ValueError, match="at least two numbers as lam, got 0"):
        WeightCurveDisplay.from_curve(curve, workflow="fresh")
    with pytest.raises(ValueError, match="generation must be from 0 to 3, got 4"):
        WeightCurveDisplay.from_curve(weight_curve, generation=4)


def test_a_weight_curve_is_drawn_from_its_numbers(plt, weight_curve, no_fit):
    no_fit()
    display = WeightCurveDisplay.from_curve(weight_curve, name="a table")
    summary = weight_curve.summary()
    last = {row["lam"]: row["mean"] for row in summary[summary["generation"] == 3]}
    np.testing.assert_allclose(display.line_.get_xdata(), [1.0, 0.5, 0.2])
    np.testing.assert_array_equal(display.line_.get_ydata(), [last["0"], last["1"], last["4"]])
    golden, optimal, best = display.lines_[1:]
    # As many synthetic as real rows: the golden ratio, and a quotient of Fibonacci numbers.
    assert golden.get_xdata()[0] == pytest.approx(0.618, abs=1e-3)
    assert optimal.get_xdata()[0] == pytest.approx(13 / 21)
    assert optimal.get_ydata()[0] == last["optimal"]
    by_hand = max((0.0, 1.0, 4.0), key=lambda lam: last[f"{lam:g}"])
    assert display.best_lam_ == by_hand
    assert best.get_xdata()[0] == pytest.approx(1 / (1 + by_hand))
    assert [text.get_text().split(",")[0] for text in display.labels_] == [
        "golden",
        "optimal",
        "best number",
    ]
    assert display.ax_.get_title(loc="left") == "a table"


def test_any_generation_of_a_weight_curve_can_be_drawn(plt, weight_curve):
    first = WeightCurveDisplay.from_curve(weight_curve, generation=0)
    assert len(set(first.line_.get_ydata())) == 1  # nothing synthetic yet
    later = WeightCurveDisplay.from_curve(weight_curve, generation=-2)
    assert later.ax_.get_ylabel().endswith("generation 2")


def test_the_lowest_loss_is_the_best(plt, regression, regressor):
    options = {"scoring": "neg_mean_squared_error", "cv": 2, "random_state": 0}
    display = WeightCurveDisplay.from_estimator(
        regressor, *regression, lam=[0, 1, 9], negate_score=True, **options
    )
    values = display.line_.get_ydata()
    assert display.lines_[-1].get_ydata()[0] == min(values)


def test_the_default_grid_and_rules(plt):
    X, y = make_friedman1(120, random_state=0)
    mix = RecursiveMixRegressor(n_generations=1, n_synthetic=1.0, labels="predict")
    mix.set_params(estimator=_tree())
    display = WeightCurveDisplay.from_estimator(mix, X, y, cv=2, random_state=0)
    assert len(display.line_.get_xdata()) == 9
    assert display.line_.get_xdata()[[0, -1]].tolist() == [1.0, 0.05]


def _tree():
    from sklearn.tree import DecisionTreeRegressor

    return DecisionTreeRegressor(max_depth=3)


@pytest.mark.parametrize(
    ("display", "make"),
    [
        (GenerationCurveDisplay, "from_estimator"),
        (WeightCurveDisplay, "from_estimator"),
        (FidelityDisplay, "from_estimator"),
        (FidelityDisplay, "from_rows"),
    ],
)
def test_without_matplotlib_the_usual_error_comes_first(monkeypatch, display, make):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=rf"{display.__name__}\.{make} requires matplotlib"):
        getattr(display, make)(None, None, None) if make == "from_estimator" else getattr(
            display, make
        )(None, None)


def test_without_matplotlib_numbers_can_be_had_and_not_drawn(monkeypatch, curve):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    for display in (GenerationCurveDisplay(curve), WeightCurveDisplay(curve)):
        with pytest.raises(ImportError, match=r"plot requires matplotlib"):
            display.plot()
