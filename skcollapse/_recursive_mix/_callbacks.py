"""scikit-learn's callbacks where they exist (1.9 and later), a plain stand-in before."""

from contextlib import nullcontext

try:
    from sklearn.callback import CallbackSupportMixin

    HAS_CALLBACKS = True
except ImportError:
    HAS_CALLBACKS = False

    class CallbackSupportMixin:
        """Stand-in that has no callbacks."""


__all__ = ["HAS_CALLBACKS", "CallbackSupportMixin", "FitProgress"]


class FitProgress:
    """One task per generation, reported to the estimator's callbacks.

    Without callback support every method does nothing.
    """

    def __init__(self, estimator, n_tasks, X, y, metadata):
        self._estimator = estimator
        self._data = {"X": X, "y": y, "metadata": metadata}
        self._root = None
        if HAS_CALLBACKS:
            self._root = estimator._init_callback_context(max_subtasks=n_tasks)
            self._root.call_on_fit_task_begin(estimator=estimator, **self._data)
        self._task = None

    def begin(self, generation):
        """Open the task of one generation."""
        if self._root is not None:
            self._task = self._root.subcontext(task_name=f"generation {generation}")
            self._task.call_on_fit_task_begin(estimator=self._estimator, **self._data)

    def around(self, inner):
        """Return a context in which the wrapped estimator reports to the same callbacks."""
        if self._task is None or not hasattr(inner, "set_callbacks"):
            return nullcontext()
        return self._task.propagate_callback_context(inner)

    def end(self):
        """Close the task of the generation; True if a callback asks to stop here."""
        return self._task is not None and self._close(self._task)

    def finish(self):
        """Close the fit as a whole."""
        if self._root is not None:
            self._close(self._root)

    def _close(self, task):
        # The estimator commits each generation before its task ends, so a plain copy of it is
        # ready to predict and no attribute needs to be reconstructed.
        return task.call_on_fit_task_end(
            estimator=self._estimator, reconstruction_attributes=dict, **self._data
        )
