"""Labels move no further than they must, and stay in the order of their lines."""

import numpy as np
import pytest

from skcollapse._plotting import spread


def test_labels_move_no_further_than_they_must():
    assert spread(np.array([0.5, 0.2]), 0.1).tolist() == [0.5, 0.2]
    np.testing.assert_allclose(spread(np.array([0.52, 0.48]), 0.1), [0.55, 0.45])
    np.testing.assert_allclose(spread(np.array([1.0, 1.0, 0.2]), 0.1), [0.9, 1.0, 0.2])
    np.testing.assert_allclose(spread(np.array([0.0, 0.0]), 0.1), [0.0, 0.1])


@pytest.mark.parametrize("seed", range(10))
def test_spread_keeps_order_distance_and_room(seed):
    wanted = np.random.default_rng(seed).uniform(0, 100, size=8)
    placed = spread(wanted, 10.0, 100.0)
    order = np.argsort(wanted)
    assert (np.diff(placed[order]) >= 10.0 - 1e-9).all()
    assert placed.min() >= -1e-9
    assert placed.max() <= 100.0 + 1e-9


@pytest.mark.parametrize("name", ["label_ends", "label_ends_in_colour"])
def test_labels_of_lines_that_end_alike_do_not_overlap(name):
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    from skcollapse import _plotting

    figure = Figure(figsize=(9, 4.8))
    ax = figure.add_axes((0.1, 0.1, 0.5, 0.8))
    lines = [ax.plot([1, 2, 3], [0, 1, 2 + shift])[0] for shift in (0, 1e-3, 2e-3)]
    texts = {key: f"line {key}" for key in range(3)}
    if name == "label_ends":
        _plotting.label_ends(ax, lines, texts.values())
    else:
        ends = {key: (3.0, line.get_ydata()[-1]) for key, line in enumerate(lines)}
        colours = {key: line.get_color() for key, line in enumerate(lines)}
        _plotting.label_ends_in_colour(ax, ends, colours, texts, bold=1)
    figure.canvas.draw()
    drawn = [text for text in ax.texts if text.get_text()]
    assert [text.get_text() for text in drawn] == list(texts.values())
    boxes = [text.get_window_extent() for text in drawn]
    assert not any(boxes[i].overlaps(boxes[j]) for i in range(3) for j in range(i))
    assert all(box.x1 <= figure.bbox.width for box in boxes)
