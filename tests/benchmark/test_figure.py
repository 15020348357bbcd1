"""The figure shows the rows, and its labels do not overlap."""

import sys
import xml.etree.ElementTree

import numpy as np
import pytest

from skcollapse.benchmark import plot_score_by_generation, run_benchmark
from skcollapse.benchmark._entrants import ENTRANTS

pd = pytest.importorskip("pandas")
pytest.importorskip("matplotlib")


@pytest.fixture
def result(table_csv, options):
    return run_benchmark(table_csv, **options, lam=["proportional", "golden", "optimal", 0.2, 1])


def label_texts(ax):
    return [text for text in ax.texts if "lam=" in text.get_text() or "_" in text.get_text()[:9]]


def test_lines_are_the_mean_scores(result):
    ax = plot_score_by_generation(result)
    means = result.rows.groupby(["method", "lam", "generation"], sort=False)["score"].mean()
    drawn = [line.get_ydata() for line in ax.lines]
    assert len(drawn) == 7
    np.testing.assert_allclose(np.concatenate(drawn), means)
    assert all(line.get_xdata().tolist() == [1, 2, 3] for line in ax.lines)


def test_labels_neither_overlap_nor_leave_the_figure(result):
    ax = plot_score_by_generation(result)
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in label_texts(ax)]
    assert len(boxes) == 7
    for one in range(7):
        for other in range(one):
            assert not boxes[one].overlaps(boxes[other])
    width, height = ax.figure.bbox.width, ax.figure.bbox.height
    assert all(box.x0 >= 0 and box.x1 <= width for box in boxes)
    assert all(box.y0 >= 0 and box.y1 <= height for box in boxes)
    titles = [text.get_window_extent() for text in ax.texts if text not in label_texts(ax)]
    assert all(box.x1 <= width and box.y1 <= height for box in titles)


def test_other_entrants_have_lines_and_labels_within_the_figure(table_csv, options):
    options["n_seeds"] = 1
    result = run_benchmark(table_csv, **options, lam=["optimal"], entrants=tuple(ENTRANTS))
    ax = plot_score_by_generation(result)
    ax.figure.canvas.draw()
    methods = result.summary["method"].nunique()
    assert len(ax.lines) == methods == len(ENTRANTS)  # no warm start for ridge
    for name in ("warm_gradient_boosting", "average_of_models"):
        (text,) = (text for text in ax.texts if text.get_text().startswith(name))
        assert text.get_window_extent().x1 <= ax.figure.bbox.width


def test_axes_that_are_given_are_drawn_on(result):
    from matplotlib.figure import Figure

    ax = Figure().add_subplot()
    assert result.plot(ax=ax) is ax
    assert len(ax.lines) == 7


def test_methods_that_failed_are_left_out(table_csv, options, monkeypatch):
    def broken(*arguments):
        raise OSError

    monkeypatch.setattr("skcollapse.benchmark._entrants._references.AllReal.update", broken)
    ax = plot_score_by_generation(run_benchmark(table_csv, **options))
    assert len(ax.lines) == 4
    assert not any("all_real" in text.get_text() for text in ax.texts)


def test_files_are_readable_pictures(table_csv, options, tmp_path):
    files = run_benchmark(table_csv, out=tmp_path, **options).files
    assert files["png"].read_bytes().startswith(b"\x89PNG")
    assert xml.etree.ElementTree.parse(files["svg"]).getroot().tag.endswith("svg")


def test_missing_matplotlib_is_said_before_any_work(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r'pip install "skcollapse\[benchmark\]"'):
        run_benchmark("no such table", out=tmp_path)
