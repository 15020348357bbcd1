"""What the page on labels shows: a strategy from outside the package, as an object and by name."""

import importlib.util
import os
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.svm import LinearSVC

import skcollapse.labels
from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse._recursive_mix.fitting import WeightedRows
from skcollapse._recursive_mix.recursion import Classification, Regression
from skcollapse._recursive_mix.recursion._round import Round
from skcollapse._utils._random import Purpose
from skcollapse.labels import BaseLabeller
from skcollapse.synthesizers import GaussianSynthesizer

PAGE = Path(__file__).resolve().parents[2] / "docs" / "extending" / "add_labels.rst"
EXAMPLE = PAGE.with_name("recalibrated_labels.py")


def load(path):
    """Import a file under its own name, under which a pickle finds the class again."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    sys.modules[path.stem] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Recalibrated = load(EXAMPLE).Recalibrated

CLASSES = np.array(["no", "perhaps", "yes"])
FACES = {
    "numbers": (RecursiveMixRegressor, Ridge()),
    "classes": (RecursiveMixClassifier, LogisticRegression()),
}


def batches(kind, shift, seed=0):
    """Yield four months; the truth moves by `shift` in the last one."""
    rng = np.random.default_rng(seed)
    for month in range(4):
        X = rng.normal(size=(400, 2))
        y = X[:, 0] + (shift if month == 3 else 0.0) + rng.logistic(size=400)
        yield X, y if kind == "numbers" else np.where(y > 0, "yes", "no")


def fed(kind, labels, shift, **options):
    face, learner = FACES[kind]
    mix = face(learner, GaussianSynthesizer(), labels=labels, random_state=0, **options)
    for X, y in batches(kind, shift):
        mix.partial_fit(X, y)
    return mix


def bias(kind, mix, shift):
    """Return the mean error on the truth of the last month."""
    X = np.random.default_rng(9).normal(size=(5000, 2))
    truth = X[:, 0] + shift
    if kind == "numbers":
        return (mix.predict(X) - truth).mean()
    return (mix.predict_proba(X)[:, 1] - 1 / (1 + np.exp(-truth))).mean()


def labelled(task, means_of, X, y, weights=None, margin=2.0):
    """Label a table whose newest rows are the table itself."""
    here = SimpleNamespace(task=task, last_means=means_of)
    return Recalibrated(margin).label(here, X, WeightedRows(X, y, weights), 0.0)


@pytest.fixture
def X():
    return np.random.default_rng(1).normal(size=(500, 2))


def numbers_of(X):
    return X[:, :1]


def probabilities_of(X):
    odds = np.exp(np.column_stack([X, np.zeros(len(X))]))
    return odds / odds.sum(axis=1, keepdims=True)


def test_numbers_move_by_the_mean_error_less_two_standard_errors(X):
    errors = 3.0 + np.random.default_rng(2).normal(size=500)
    found = labelled(Regression(), numbers_of, X, X[:, 0] + errors)
    moved = found.rows.y - X[:, 0]
    np.testing.assert_allclose(moved, errors.mean() - 2.0 * errors.std() / np.sqrt(500))
    np.testing.assert_allclose(found.at_real[:, 0], found.rows.y)


def test_classes_get_the_frequencies_of_the_newest_rows(X):
    y = np.random.default_rng(2).choice(CLASSES, 500, p=[0.1, 0.2, 0.7])
    found = labelled(Classification(CLASSES), probabilities_of, X, y, margin=0.0)
    frequencies = (y[:, None] == CLASSES).mean(axis=0)
    np.testing.assert_allclose(found.rows.probabilities.mean(axis=0), frequencies, atol=1e-9)
    np.testing.assert_allclose(found.rows.probabilities.sum(axis=1), 1.0)
    # A shift of the class frequencies moves all log odds of two classes by the same number.
    moved = np.log(found.rows.probabilities / probabilities_of(X))
    np.testing.assert_allclose(np.ptp(moved - moved[:, :1], axis=0), 0.0, atol=1e-9)


@pytest.mark.parametrize("kind", ["numbers", "classes"])
def test_only_ratios_of_weights_matter_and_a_weight_of_two_is_two_rows(X, kind):
    counts = np.random.default_rng(3).integers(1, 4, size=500)
    rng = np.random.default_rng(2)
    y = X[:, 0] + 1.0 if kind == "numbers" else rng.choice(CLASSES, 500, p=[0.1, 0.2, 0.7])
    given = (
        (Regression(), numbers_of)
        if kind == "numbers"
        else (Classification(CLASSES), probabilities_of)
    )
    one = labelled(*given, X, y, counts * 1.0, margin=0.0).at_real
    np.testing.assert_allclose(labelled(*given, X, y, counts * 7.0, margin=0.0).at_real, one)
    copies = np.repeat(np.arange(500), counts)
    many = labelled(*given, X[copies], y[copies], margin=0.0).at_real
    np.testing.assert_allclose(many, one[copies], atol=1e-9)


@pytest.mark.parametrize("kind", FACES)
def test_a_shift_is_followed_at_once_without_raising_the_weight(kind):
    plain = fed(kind, "predict", 2.0, lam="adaptive")
    recalibrated = fed(kind, Recalibrated(), 2.0, lam="adaptive")
    assert plain.real_weight_ > 0.5
    assert recalibrated.real_weight_ == pytest.approx(0.25)
    without = fed(kind, "predict", 2.0)  # by the schedule, with the same weight
    assert without.real_weight_ == pytest.approx(0.25)
    assert abs(bias(kind, recalibrated, 2.0)) < 0.2 * abs(bias(kind, without, 2.0))


@pytest.mark.parametrize("kind", FACES)
def test_without_a_shift_labels_are_the_predictions(kind):
    # A margin that no chance error exceeds: bit for bit the built-in strategy.
    one, other = fed(kind, Recalibrated(margin=5.0), 0.0), fed(kind, "predict", 0.0)
    X, _ = next(batches(kind, 0.0, seed=5))
    np.testing.assert_array_equal(one.predict(X), other.predict(X))


@pytest.mark.parametrize("kind", FACES)
def test_it_is_a_value_and_does_all_that_a_strategy_does(kind):
    mix = pickle.loads(pickle.dumps(fed(kind, Recalibrated(), 2.0)))
    assert mix.labels == Recalibrated()
    X, y = next(batches(kind, 0.0))
    assert mix.partial_fit(X, y).generation_ == 4
    drawn, targets = mix.sample(6, random_state=0)
    assert (len(drawn), len(targets)) == (6, 6)
    replayed = FACES[kind][0](FACES[kind][1], labels=Recalibrated(), workflow="fixed")
    assert replayed.fit(X, y).generation_ == 4


def test_the_page_names_the_whole_contract():
    page = PAGE.read_text(encoding="utf-8")
    contract = [name for name in dir(BaseLabeller) if not name.startswith("_")]
    steps = {"count", "index", "recursion", "draw", "adapt", "fit", "with_last"}  # not for labels
    offered = [f"here.{name}" for name in dir(Round) if name[0] != "_" and name not in steps]
    assert len(offered) == 8
    # `nothing` serves the recursion in generations that draw no rows.
    named = set(re.findall(r"`([\w.]+)", page))
    assert set(contract + offered) - named == {"nothing"}
    assert max(Purpose) < 100


def test_a_classifier_without_probabilities_is_refused_before_any_work(X):
    mix = RecursiveMixClassifier(LinearSVC(), labels=Recalibrated())
    with pytest.raises(ValueError, match="LinearSVC has no probabilities to move"):
        mix.fit(X, X[:, 0] > 0)


RUN = """
import sys
import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge
import skcollapse.labels
from skcollapse import RecursiveMixClassifier, RecursiveMixRegressor
from skcollapse.synthesizers import GaussianSynthesizer

assert skcollapse.__file__.startswith(sys.argv[1])
X = np.random.default_rng(0).normal(size=(100, 2))
for face, learner, y in (
    (RecursiveMixRegressor, Ridge(), X[:, 0]),
    (RecursiveMixClassifier, LogisticRegression(), X[:, 0] > 0),
):
    mix = face(learner, GaussianSynthesizer(), labels="recalibrated", random_state=0).fit(X, y)
    print(type(mix._stream_.last.labeller).__name__, mix.generation_)
    assert skcollapse.labels.Recalibrated is type(mix._stream_.last.labeller)
"""


def test_a_file_and_its_line_in_the_registry_make_a_name(tmp_path):
    """Do what the checklist says in a copy of the package."""
    package = tmp_path / "skcollapse"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(skcollapse.__file__).parent, package, ignore=ignored)
    folder = package / "_recursive_mix" / "labelling"
    inside = "from skcollapse._recursive_mix.labelling._base import"
    source = EXAMPLE.read_text(encoding="utf-8").replace("from skcollapse.labels import", inside)
    (folder / "_recalibrated.py").write_text(source, encoding="utf-8")
    registry = folder / "__init__.py"
    text = registry.read_text(encoding="utf-8")
    line = "from skcollapse._recursive_mix.labelling._recalibrated import Recalibrated\n"
    first = "from skcollapse._recursive_mix.labelling._sample"
    assert text.count(first) == 1
    registry.write_text(text.replace(first, line + first), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "OMP_NUM_THREADS": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["Recalibrated", "4"] * 2, done.stderr
