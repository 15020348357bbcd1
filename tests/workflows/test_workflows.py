"""Statements about workflows."""

import pytest
from sklearn.base import clone

from skcollapse.workflows import BaseWorkflow, Batch, Fixed, Fresh, check_workflow


class Replace(BaseWorkflow):
    """A workflow of a user: the last synthetic batch only."""

    takes_fresh_rows = False

    def plan(self, generation):
        return (Batch("real", 0),) if generation == 0 else (Batch("synthetic", generation),)


@pytest.mark.parametrize("workflow", [Fresh(), Fixed(), Replace()])
def test_plans_are_causal_and_start_with_one_real_batch(workflow):
    assert workflow.plan(0) == (Batch("real", 0),)
    for t in range(1, 6):
        assert all(batch.generation <= t for batch in workflow.plan(t))
        assert len(set(workflow.plan(t))) == len(workflow.plan(t))


def test_fresh_forgets_all_batches_and_fixed_keeps_the_first():
    assert not set(Fresh().plan(3)) & set(Fresh().plan(4))
    assert set(Fixed().plan(3)) & set(Fixed().plan(4)) == {Batch("real", 0)}
    assert not Fresh().keeps_batches()
    assert Fixed().keeps_batches()


def test_names_stand_for_objects_and_objects_pass():
    assert isinstance(check_workflow("fresh"), Fresh)
    assert isinstance(check_workflow("fixed"), Fixed)
    own = Replace()
    assert check_workflow(own) is own
    assert isinstance(clone(own), Replace)


@pytest.mark.parametrize("wrong", ["recycle", None, Fresh])
def test_anything_else_is_refused_with_the_names_that_exist(wrong):
    with pytest.raises(ValueError, match=r"workflow must be one of \['fixed', 'fresh'\]"):
        check_workflow(wrong)
