"""A stream of real batches: replayed from a table, or fed one by one."""

from dataclasses import replace
from numbers import Integral, Real

from sklearn.base import BaseEstimator, MetaEstimatorMixin
from sklearn.utils._param_validation import HasMethods, Interval, RealNotInt, StrOptions
from sklearn.utils.validation import check_memory

from skcollapse._recursive_mix._callbacks import CallbackSupportMixin, FitProgress
from skcollapse._recursive_mix._checks import (
    check_first_batch,
    check_schema,
    check_settings,
    cut,
    schema_of,
)
from skcollapse._recursive_mix._history import History
from skcollapse._recursive_mix._loop import GenerationLoop
from skcollapse._recursive_mix._pool import Pool
from skcollapse._recursive_mix._repr import GenerationsReprMixin
from skcollapse._recursive_mix._roughness import Roughness
from skcollapse._recursive_mix._state import last_good_state
from skcollapse._recursive_mix._tasks import inside_its_task
from skcollapse._utils._random import draw_entropy
from skcollapse._utils._rows import copy_rows
from skcollapse.weights import LAM_NAMES
from skcollapse.workflows import WORKFLOW_NAMES, BaseWorkflow, Batch, check_workflow

__all__ = ["StreamEstimator", "takes_batches"]


def takes_batches(mix):
    """Tell whether `partial_fit` makes sense: fresh rows come in and none must be kept."""
    try:
        workflow = check_workflow(mix.workflow)
    except ValueError:
        return True  # so that the call itself can say what is wrong with the workflow
    return workflow.takes_fresh_rows and not workflow.keeps_batches()


class StreamEstimator(
    GenerationsReprMixin, CallbackSupportMixin, GenerationLoop, MetaEstimatorMixin, BaseEstimator
):
    """What all recursive estimators share.

    This base is responsible for the order of the generations and for what survives a failure;
    `GenerationLoop` runs each of them. Subclasses check their input in `_check_rows`.
    """

    _parameter_constraints = {
        "synthesizer": [HasMethods(["fit", "sample"]), None],
        "workflow": [StrOptions(set(WORKFLOW_NAMES)), BaseWorkflow],
        "lam": [Interval(Real, 0, None, closed="both"), StrOptions(set(LAM_NAMES))],
        "n_generations": [Interval(Integral, 0, None, closed="left")],
        "n_synthetic": [
            Interval(Integral, 0, None, closed="left"),
            Interval(RealNotInt, 0, None, closed="left"),
        ],
        "memory": [None, str, HasMethods(["cache"])],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
    }

    @inside_its_task
    def _replay(self, X, y, sample_weight, generation):
        """Run all generations that a table holds."""
        with last_good_state(self) as keep:
            rows, mask = self._check_rows(X, y, sample_weight, reset=True)
            workflow = check_workflow(self.workflow)
            classes = getattr(self, "classes_", None)
            blocks = cut(rows, mask, workflow, self.n_generations, generation, classes)
            last = len(blocks) - 1 if workflow.takes_fresh_rows else self.n_generations
            self._start(workflow, blocks[0], last)
            metadata = None if sample_weight is None else {"sample_weight": sample_weight}
            progress = FitProgress(self, last + 1, X, y, metadata)
            pool = Pool()
            for t in range(last + 1):
                if t < len(blocks):
                    # A block is a view of the user's table, and estimators may write into rows.
                    block = replace(blocks[t], X=copy_rows(blocks[t].X))
                    pool.add_real(Batch("real", t), block)
                progress.begin(t)
                self._run_generation(t, workflow, pool, progress)
                keep()
                self._after_generation()
                if progress.end():
                    break
            progress.finish()
        return self

    @inside_its_task
    def _partial_fit(self, X, y, sample_weight, classes=None):
        first = not hasattr(self, "synthesizer_")
        with last_good_state(self) as keep:
            rows, _ = self._check_rows(X, y, sample_weight, reset=first, classes=classes)
            workflow = check_workflow(self.workflow)
            if first:
                # The next call may use any n_generations: one more generation has to be possible.
                self._start(workflow, rows, 1)
            else:
                self._continue(workflow, rows)
            t = 0 if first else self.generation_ + 1
            pool = Pool(None if first else 1.0 / self.effective_sample_size_)
            pool.add_real(Batch("real", t), rows)
            self._run_generation(t, workflow, pool)
            keep()
        return self

    def _after_generation(self):
        """Do nothing; inspection and benchmark look at each generation of `fit` from here."""

    def _start(self, workflow, rows, last):
        """Check all that can be checked, then forget earlier fits."""
        check_settings(self, workflow, last)
        check_first_batch(rows, getattr(self, "classes_", None))
        check_memory(self.memory)
        self._schema_ = schema_of(rows.X)
        self._entropy_ = draw_entropy(self.random_state)
        self._labels_ = self.labels
        self._history_, self._roughness_ = History(), Roughness()

    def _continue(self, workflow, rows):
        check_settings(self, workflow, 1)
        check_schema(rows.X, self._schema_)
        if self.labels != self._labels_:
            raise ValueError(
                f"labels was {self._labels_!r} in the generations so far and cannot become "
                f"{self.labels!r}: the models at hand were not made for it."
            )

    @property
    def history_(self):
        """Records of the generations so far, oldest first (the last 120 of them)."""
        if not hasattr(self, "_history_"):
            raise AttributeError(f"This {type(self).__name__} instance is not fitted yet.")
        return self._history_.to_list()

    def __sklearn_is_fitted__(self):
        return hasattr(self, "synthesizer_")
