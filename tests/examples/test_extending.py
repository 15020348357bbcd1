"""What the pages on extending show: classes from outside the package, in a recursion."""

import pickle
import runpy
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from skcollapse import RecursiveMixRegressor
from skcollapse.theory import relative_risk

PAGES = Path(__file__).resolve().parents[2] / "docs" / "extending"
SYNTHESIZER = PAGES / "cluster_synthesizer.py"
WORKFLOW = PAGES / "start_real.py"


def load(path, name):
    return runpy.run_path(str(path))[name]


@pytest.fixture
def table():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 3))
    return X, X[:, 0] + 0.5 * rng.normal(size=400)


@pytest.mark.parametrize("labels", ["corrected", "predict", "sample", "joint"])
def test_both_run_inside_an_estimator(table, labels):
    synthesizer, workflow = load(SYNTHESIZER, "ClusterSynthesizer"), load(WORKFLOW, "StartReal")
    model = RecursiveMixRegressor(
        Ridge(), synthesizer(), workflow=workflow(), labels=labels, random_state=0
    ).fit(*table)
    assert [record["n_synthetic"] > 0 for record in model.history_] == [0, 0, 1, 1, 1]
    assert model.score(*table) > 0.75
    drawn, targets = model.sample(2000, random_state=0)
    assert abs(np.corrcoef(drawn[:, 0], targets)[0, 1]) > 0.7
    model.partial_fit(*table)
    assert len(model.history_) == 6


def test_synthesizer_starts_from_the_last_centres(table):
    synthesizer = load(SYNTHESIZER, "ClusterSynthesizer")
    X, _ = table
    first = synthesizer(random_state=0).fit(X)
    before = {name: pickle.dumps(value) for name, value in vars(first).items()}
    again = synthesizer(random_state=1).fit(X, previous=first)
    np.testing.assert_allclose(again.centres_, first.centres_)
    assert not np.allclose(synthesizer(random_state=1).fit(X).centres_, first.centres_)
    assert {name: pickle.dumps(value) for name, value in vars(first).items()} == before
    assert len(synthesizer(n_clusters=3).fit(X, previous=first).centres_) == 3


def test_synthesizer_weighs_rows_and_refuses_text_by_name(table):
    synthesizer = load(SYNTHESIZER, "ClusterSynthesizer")
    X, _ = table
    weights = np.where(X[:, 0] > 0, 9.0, 1.0)
    drawn = synthesizer(random_state=0).fit(X, sample_weight=weights).sample(4000, 0)
    assert abs(drawn[:, 0].mean() - np.average(X[:, 0], weights=weights)) < 0.1
    pd = pytest.importorskip("pandas")
    with pytest.raises(ValueError, match="'town' must hold real numbers"):
        synthesizer().fit(pd.DataFrame({"x": [1.5, 2.5], "town": ["a", "b"]}))


def test_workflow_has_the_risk_that_the_page_states():
    workflow = load(WORKFLOW, "StartReal")
    found = relative_risk(workflow().mixing_matrix(4, lam=1.0))
    assert found.tolist() == [1, 1, 0.75, 0.6875, 0.671875]
    page = (PAGES / "add_workflow.rst").read_text(encoding="utf-8")
    assert f"# {', '.join(f'{risk:g}' for risk in found)}" in page
    with pytest.raises(ValueError, match="first_mixed must be at least 1, got 0"):
        workflow(first_mixed=0).plan(0)
