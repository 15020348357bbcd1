"""Workflows: rules for which batches train a generation."""

from skcollapse.workflows._accumulate import Accumulate
from skcollapse.workflows._accumulate_subsample import AccumulateSubsample
from skcollapse.workflows._base import BaseWorkflow, Batch, subsample_noise
from skcollapse.workflows._fixed import Fixed
from skcollapse.workflows._fresh import Fresh
from skcollapse.workflows._matrix import MatrixWorkflow
from skcollapse.workflows._replace import Replace
from skcollapse.workflows._window import Window

__all__ = [
    "WORKFLOW_NAMES",
    "Accumulate",
    "AccumulateSubsample",
    "BaseWorkflow",
    "Batch",
    "Fixed",
    "Fresh",
    "MatrixWorkflow",
    "Replace",
    "Window",
    "check_workflow",
    "subsample_noise",
]

_BY_NAME = {
    "accumulate": Accumulate,
    "accumulate_subsample": AccumulateSubsample,
    "fixed": Fixed,
    "fresh": Fresh,
    "replace": Replace,
    "window": Window,
}
WORKFLOW_NAMES = tuple(_BY_NAME)


def check_workflow(workflow):
    """Return a workflow object for a name, or the object itself.

    Parameters
    ----------
    workflow : str or BaseWorkflow instance
        One of `WORKFLOW_NAMES`, or an object.

    Returns
    -------
    workflow : BaseWorkflow
        The workflow object.

    Raises
    ------
    ValueError
        If the name is unknown or the object is no workflow.

    Examples
    --------
    >>> from skcollapse.workflows import check_workflow
    >>> check_workflow("fresh")
    Fresh()
    """
    if isinstance(workflow, BaseWorkflow):
        return workflow
    if isinstance(workflow, str) and workflow in _BY_NAME:
        return _BY_NAME[workflow]()
    raise ValueError(
        f"workflow must be one of {sorted(_BY_NAME)} or a BaseWorkflow instance, got {workflow!r}."
    )
