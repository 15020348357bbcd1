"""Workflows: rules for which batches train a generation."""

from inspect import signature as _signature

# One line a workflow. Its option is the name of its class in lower snake case.
from skcollapse.workflows._accumulate import Accumulate as Accumulate
from skcollapse.workflows._accumulate_subsample import AccumulateSubsample as AccumulateSubsample
from skcollapse.workflows._base import BaseWorkflow as BaseWorkflow
from skcollapse.workflows._base import Batch as Batch
from skcollapse.workflows._base import subsample_noise as subsample_noise
from skcollapse.workflows._fixed import Fixed as Fixed
from skcollapse.workflows._fresh import Fresh as Fresh
from skcollapse.workflows._matrix import MatrixWorkflow as MatrixWorkflow
from skcollapse.workflows._replace import Replace as Replace
from skcollapse.workflows._window import Window as Window


def _options(names):
    """Return the workflow classes among `names` that need no argument, by option."""
    classes = [item for item in names if isinstance(item, type) and item is not BaseWorkflow]
    return {
        "".join(f"_{c.lower()}" if c.isupper() else c for c in item.__name__)[1:]: item
        for item in classes
        if issubclass(item, BaseWorkflow)
        and all(p.default is not p.empty for p in _signature(item).parameters.values())
    }


_BY_NAME = _options(list(globals().values()))
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


__all__ = sorted(name for name in globals() if not name.startswith("_"))
