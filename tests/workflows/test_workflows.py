"""Statements about workflows."""

import numpy as np
import pytest
from sklearn.base import clone

from skcollapse.workflows import (
    WORKFLOW_NAMES,
    Accumulate,
    AccumulateSubsample,
    BaseWorkflow,
    Batch,
    Fixed,
    Fresh,
    MatrixWorkflow,
    Replace,
    Window,
    check_workflow,
    subsample_noise,
)


class LastTwo(BaseWorkflow):
    """A workflow of a user: new rows and the last two synthetic batches."""

    takes_fresh_rows = True

    def plan(self, generation):
        drawn = range(max(1, generation - 1), generation + 1)
        return (Batch("real", generation), *(Batch("synthetic", t) for t in drawn))


ALL = [
    Accumulate(),
    AccumulateSubsample(),
    Fixed(),
    Fresh(),
    LastTwo(),
    MatrixWorkflow(np.tril(np.ones((7, 7))) / np.arange(1, 8)[:, None]),
    Replace(),
    Window(3),
]


@pytest.mark.parametrize("workflow", ALL, ids=lambda w: type(w).__name__)
def test_plans_are_causal_and_start_with_one_real_batch(workflow):
    assert workflow.plan(0) == (Batch("real", 0),)
    for t in range(1, 6):
        assert all(batch.generation <= t for batch in workflow.plan(t))
        assert len(set(workflow.plan(t))) == len(workflow.plan(t))


def test_fresh_forgets_all_batches_and_fixed_keeps_the_first():
    assert not set(Fresh().plan(3)) & set(Fresh().plan(4))
    assert set(Fixed().plan(3)) & set(Fixed().plan(4)) == {Batch("real", 0)}
    keeping = [type(workflow).__name__ for workflow in ALL if workflow.keeps_batches()]
    assert "Fresh" not in keeping
    assert "Replace" not in keeping
    assert {"Accumulate", "Fixed", "LastTwo", "Window"} <= set(keeping)


@pytest.mark.parametrize("workflow", ALL, ids=lambda w: type(w).__name__)
def test_masses_are_shares(workflow):
    sizes = np.arange(1.0, 9)
    for t in range(6):
        planned = sizes[: len(workflow.plan(t))]
        for lam in (None, 0.0, 0.7, np.inf):
            masses = workflow.masses(t, planned, lam)
            assert (masses >= 0).all()
            assert masses.sum() == pytest.approx(1)


def test_lam_divides_the_weight_between_the_parts_and_sizes_inside():
    masses = Accumulate().masses(2, [10.0, 20.0, 30.0], lam=1.5)
    np.testing.assert_allclose(masses, [0.4, 0.6 * 0.4, 0.6 * 0.6])
    np.testing.assert_allclose(Accumulate().masses(2, [10.0, 20.0, 30.0]), [1 / 6, 2 / 6, 3 / 6])


def test_budgets():
    assert AccumulateSubsample(size=40).budget(300) == 40
    assert AccumulateSubsample(size=0.5).budget(301) == 150.5
    assert Accumulate().budget(300) is None
    assert subsample_noise(None, 100) == subsample_noise(100, 100) == 0
    assert subsample_noise(50, 100) == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("mass", "row"),
    [([[1, 0], [0.5, 0.4]], 1), ([[0.5, 0.5], [0, 1]], 0), ([[1, 0], [-0.5, 1.5]], 1)],
)
def test_matrices_that_are_no_workflow(mass, row):
    with pytest.raises(ValueError, match=f"Row {row} of mass must be non-negative"):
        MatrixWorkflow(mass).plan(1)
    with pytest.raises(ValueError, match="mass must be a square matrix"):
        MatrixWorkflow([[1.0, 0.0]]).plan(0)


def test_names_stand_for_objects_and_objects_pass():
    assert isinstance(check_workflow("fresh"), Fresh)
    assert isinstance(check_workflow("fixed"), Fixed)
    own = Window(5)
    assert check_workflow(own) is own
    assert clone(own).length == 5
    assert set(WORKFLOW_NAMES) >= {"replace", "accumulate", "accumulate_subsample", "window"}


def test_sizes_that_make_no_sense():
    with pytest.raises(ValueError, match="length must be at least 1"):
        Window(0).plan(0)
    with pytest.raises(ValueError, match="size must be positive"):
        AccumulateSubsample(size=0).plan(0)


@pytest.mark.parametrize("wrong", ["recycle", None, Fresh])
def test_anything_else_is_refused_with_the_names_that_exist(wrong):
    with pytest.raises(ValueError, match=r"workflow must be one of \['accumulate'"):
        check_workflow(wrong)
