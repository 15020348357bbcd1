"""Callbacks of scikit-learn 1.9 and the printed record."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge

from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse._recursive_mix import _callbacks

needs_callbacks = pytest.mark.skipif(
    not _callbacks.HAS_CALLBACKS, reason="scikit-learn before 1.9 has no callbacks"
)


class Stopper:
    """Stops a fit after one of its generations."""

    def __init__(self, last):
        self.last = last
        self.tasks = []

    def setup(self, estimator, context):
        pass

    def teardown(self, estimator, context):
        self.tasks.append("teardown")

    def on_fit_task_begin(self, estimator, context):
        pass

    def on_fit_task_end(self, estimator, context, *, fitted_estimator=None):
        self.tasks.append(context.task_name)
        if context.task_name.startswith("generation"):
            assert fitted_estimator.generation_ == context.task_id
        return context.task_name == f"generation {self.last}"


@needs_callbacks
def test_a_callback_can_stop_the_chain(regression):
    X, y = regression
    stopper = Stopper(last=2)
    mix = RecursiveMixRegressor(Ridge(), n_generations=6, random_state=0).set_callbacks(stopper)
    mix.fit(X, y)
    assert mix.generation_ == 2
    assert stopper.tasks == ["generation 0", "generation 1", "generation 2", "fit", "teardown"]
    np.testing.assert_array_equal(mix.sample(5, 0)[0].shape, (5, 3))


@needs_callbacks
def test_scores_are_monitored_by_generation(classification):
    from sklearn.callback import ScoringMonitor

    X, y = classification
    monitor = ScoringMonitor(scoring="accuracy")
    mix = RecursiveMixClassifier(LogisticRegression(), n_generations=3, random_state=0)
    mix.set_callbacks(monitor).fit(X, y)
    logged = {entry["task_name"]: entry["accuracy"] for entry in monitor.get_logs().data}
    assert list(logged) == ["fit", *(f"generation {t}" for t in range(4))]
    first = RecursiveMixClassifier(LogisticRegression(), n_generations=0).fit(X[:150], y[:150])
    assert logged["generation 0"] == first.score(X, y)
    assert logged["generation 3"] == mix.score(X, y)


@needs_callbacks
def test_progress_bars_draw_and_leave_the_result_alone(regression, capsys):
    pytest.importorskip("rich")
    from sklearn.callback import ProgressBar

    X, y = regression
    plain = RecursiveMixRegressor(Ridge(), random_state=0).fit(X, y).predict(X)
    mix = RecursiveMixRegressor(Ridge(), random_state=0).set_callbacks(ProgressBar())
    np.testing.assert_array_equal(mix.fit(X, y).predict(X), plain)
    assert "RecursiveMixRegressor" in capsys.readouterr().out


@needs_callbacks
def test_bars_reach_estimators_that_report_themselves(classification, capsys):
    pytest.importorskip("rich")
    from sklearn.callback import ProgressBar

    X, y = classification
    mix = RecursiveMixClassifier(LogisticRegression(), n_generations=2, random_state=0)
    mix.set_callbacks(ProgressBar()).fit(X, y)
    assert "LogisticRegression" in capsys.readouterr().out


def test_without_callback_support_everything_runs(regression, monkeypatch):
    X, y = regression
    expected = RecursiveMixRegressor(Ridge(), random_state=0).fit(X, y).predict(X)
    monkeypatch.setattr(_callbacks, "HAS_CALLBACKS", False)
    found = RecursiveMixRegressor(Ridge(), random_state=0).fit(X, y).predict(X)
    np.testing.assert_array_equal(found, expected)


def test_verbose_prints_a_line_per_generation(regression, capsys):
    X, y = regression
    RecursiveMixRegressor(Ridge(), n_generations=2, verbose=1).fit(X, y)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert "generation 2: 134 real" not in lines[2]
    assert "generation 2: 133 real and 2660 synthetic rows, real weight 0.333" in lines[2]
    RecursiveMixRegressor(Ridge(), n_generations=2).fit(X, y)
    assert capsys.readouterr().out == ""
