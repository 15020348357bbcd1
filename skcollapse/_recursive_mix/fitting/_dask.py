"""Where joblib calls inside a task run."""

import functools
import sys

from joblib import parallel_config

__all__ = ["stay_in_process"]


def stay_in_process(function):
    """Keep a function that runs as a task of a Dask cluster, with all it calls, in its process.

    joblib's own processes give a call inside a task one worker, and threads if it asks for more.
    Its Dask backend makes such a call tasks of the cluster instead, also for ``n_jobs=None``: a
    fold, a tree of a forest. Those are shorter than their way over the network, and while a task
    waits for them the cluster starts another one in its place. Decorated functions behave under
    Dask as they do in joblib's processes. What is called outside of a task is not changed.
    """

    @functools.wraps(function)
    def call(*args, **kwargs):
        if not _is_dask_task():
            return function(*args, **kwargs)
        with parallel_config(backend="threading", n_jobs=1):
            return function(*args, **kwargs)

    return call


def _is_dask_task():
    # A thread in which Dask runs a task carries this mark; joblib goes by it, too. Where nobody
    # has imported Dask there is no task.
    worker = sys.modules.get("distributed.worker")
    return worker is not None and hasattr(worker.thread_state, "execution_state")
