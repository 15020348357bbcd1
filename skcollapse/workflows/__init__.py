"""Workflows: rules for which batches train a generation."""

from skcollapse.workflows._base import BaseWorkflow, Batch
from skcollapse.workflows._fixed import Fixed
from skcollapse.workflows._fresh import Fresh

__all__ = ["BaseWorkflow", "Batch", "Fixed", "Fresh", "check_workflow"]

_BY_NAME = {"fresh": Fresh, "fixed": Fixed}


def check_workflow(workflow):
    """Return a workflow object for a name, or the object itself.

    Parameters
    ----------
    workflow : {"fresh", "fixed"} or BaseWorkflow instance
        What the user passed.

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
