"""A stream of real batches: replayed from a table, or fed one by one."""

from dataclasses import dataclass, replace
from numbers import Integral, Real
from typing import Any

import joblib
from sklearn.base import BaseEstimator, MetaEstimatorMixin
from sklearn.utils._param_validation import HasMethods, Interval, RealNotInt, StrOptions
from sklearn.utils.validation import check_memory

from skcollapse._recursive_mix._callbacks import CallbackSupportMixin, FitProgress
from skcollapse._recursive_mix._checks import (
    check_first_batch,
    check_schema,
    check_settings,
    schema_of,
    split_into_batches,
)
from skcollapse._recursive_mix._repr import GenerationsReprMixin
from skcollapse._recursive_mix._state import last_good_state
from skcollapse._recursive_mix._watch import show
from skcollapse._recursive_mix.fitting import stay_in_process
from skcollapse._recursive_mix.labelling import BaseLabeller
from skcollapse._recursive_mix.recursion import (
    BatchPool,
    Generation,
    History,
    Recursion,
    Settings,
    line_of,
)
from skcollapse._recursive_mix.updating import choose_update
from skcollapse._utils._random import draw_entropy
from skcollapse._utils._rows import copy_rows
from skcollapse.synthesizers import TreeSynthesizer
from skcollapse.weights import LAM_NAMES
from skcollapse.workflows import WORKFLOW_NAMES, BaseWorkflow, Batch, check_workflow

__all__ = ["StreamEstimator", "check_parameters", "supports_partial_fit"]


def check_parameters(estimator, generation_count):
    """Check each parameter of an estimator, and those that depend on each other."""
    estimator._check_parameters(generation_count)


def supports_partial_fit(estimator):
    """Return whether `partial_fit` makes sense: real rows come in and none must be kept."""
    try:
        workflow = check_workflow(estimator.workflow)
    except ValueError:
        return True  # so that the call itself can say what is wrong with the workflow
    return workflow.takes_fresh_rows and not workflow.keeps_batches()


@dataclass(frozen=True)
class Stream:
    """All that a fitted estimator keeps between two calls."""

    entropy: int
    schema: Any
    labels: Any
    history: History
    last: Generation

    def after(self, generation):
        """Return the stream with one more generation."""
        history = self.history.with_record(**generation.record)
        return replace(self, last=generation, history=history)


class StreamEstimator(
    GenerationsReprMixin, CallbackSupportMixin, MetaEstimatorMixin, BaseEstimator
):
    """Shared base of the three recursive estimators.

    It keeps the order of the generations, publishes each of them, and restores the last good one
    after a failure. A `Recursion` runs the generations. Subclasses check their input in
    `_check_rows` and say in `_task`, `_labeller` and `_settings` what is learned.
    """

    _parameter_constraints = {
        "synthesizer": [HasMethods(["fit", "sample"]), None],
        "workflow": [StrOptions(set(WORKFLOW_NAMES)), BaseWorkflow],
        "lam": [Interval(Real, 0, None, closed="both"), StrOptions(set(LAM_NAMES))],
        "n_generations": [Interval(Integral, 0, None, closed="left")],
        "n_synthetic": [
            Interval(Integral, 0, None, closed="left"),
            Interval(RealNotInt, 0, None, closed="left"),
            StrOptions({"auto"}),
        ],
        "memory": [None, str, HasMethods(["cache"])],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
    }

    @stay_in_process
    def _replay(self, X, y, sample_weight, generation):
        """Run all generations of a table."""
        with last_good_state(self) as mark_good:
            rows, mask = self._check_rows(X, y, sample_weight, reset=True)
            workflow, task = check_workflow(self.workflow), self._task()
            batches = split_into_batches(
                rows, mask, workflow, self.n_generations, generation, task.classes
            )
            last = len(batches) - 1 if workflow.takes_fresh_rows else self.n_generations
            stream, recursion = self._start(workflow, task, batches[0], last)
            metadata = None if sample_weight is None else {"sample_weight": sample_weight}
            progress = FitProgress(self, last + 1, X, y, metadata)
            pool = BatchPool()
            for t in range(last + 1):
                if t < len(batches):
                    # A batch is a view of the user's table, and estimators may write into rows.
                    batch = replace(batches[t], X=copy_rows(batches[t].X))
                    pool.add_real(Batch("real", t), batch)
                progress.begin(t)
                stream = stream.after(recursion.run(t, pool, stream.last, progress))
                self._publish(stream)
                mark_good()
                show(self)
                if progress.end():
                    break
            progress.finish()
        return self

    @stay_in_process
    def _partial_fit(self, X, y, sample_weight, classes=None):
        """Run one generation on a real batch."""
        first = not hasattr(self, "_stream_")
        with last_good_state(self) as mark_good:
            rows, _ = self._check_rows(X, y, sample_weight, reset=first, classes=classes)
            workflow, task = check_workflow(self.workflow), self._task()
            # The next call may use any n_generations: one more generation has to be possible.
            stream, recursion = (
                self._start(workflow, task, rows, 1)
                if first
                else self._continue(workflow, task, rows)
            )
            t = stream.last.index + 1
            pool = BatchPool(None if first else 1.0 / stream.last.size)
            pool.add_real(Batch("real", t), rows)
            self._publish(stream.after(recursion.run(t, pool, stream.last)))
            mark_good()
        return self

    def _start(self, workflow, task, rows, last):
        """Check all that can be checked; return a new stream and its recursion."""
        labeller, settings = self._labeller(), self._settings()
        check_settings(self, workflow, last)
        labeller.check(task, settings.estimator)
        check_first_batch(rows, task.classes)
        check_memory(self.memory)
        entropy, schema = draw_entropy(self.random_state), schema_of(rows.X)
        labels = getattr(self, "labels", None)
        stream = Stream(entropy, schema, labels, History(), Generation(labeller))
        return stream, self._recursion(workflow, task, settings, stream)

    def _continue(self, workflow, task, rows):
        """Check a later batch; return the stream so far and its recursion."""
        stream, settings = self._stream_, self._settings()
        check_settings(self, workflow, 1)
        check_schema(rows.X, stream.schema)
        check_same_labels(getattr(self, "labels", None), stream.labels)
        stream.last.labeller.check(task, settings.estimator)
        return stream, self._recursion(workflow, task, settings, stream)

    def _recursion(self, workflow, task, settings, stream):
        name = getattr(self, "update", "refit")
        update = choose_update(name, workflow, stream.last.labeller, settings, task)
        return Recursion(settings, task, workflow, stream.entropy, update)

    def _publish(self, stream):
        """Put the models of the last generation in place."""
        new, self._stream_ = stream.last, stream
        self.synthesizer_, self.generation_ = new.synthesizer, new.index
        if new.estimator is not None:
            self.estimator_ = new.estimator
        self.effective_sample_size_, self.real_weight_ = new.size, new.record["real_weight"]
        if self.verbose:
            print(f"[{type(self).__name__}] {line_of(new.record)}")

    def _check_parameters(self, generation_count):
        self._validate_params()
        check_settings(self, check_workflow(self.workflow), generation_count)

    def _settings(self):
        """Return the parameters of the recursion: here those of a recursion without a target."""
        synthesizer = TreeSynthesizer() if self.synthesizer is None else self.synthesizer
        return Settings(None, synthesizer, self.lam, self.n_synthetic, self.memory)

    @property
    def history_(self):
        """Records of the generations so far, oldest first (the last 120 of them)."""
        if not hasattr(self, "_stream_"):
            raise AttributeError(f"This {type(self).__name__} instance is not fitted yet.")
        return self._stream_.history.to_list()

    def __sklearn_is_fitted__(self):
        return hasattr(self, "_stream_")


def check_same_labels(labels, before):
    """Raise an error if the parameter `labels` was changed in the middle of a stream."""
    # A labeller that came back from a pickle is another object of the same content.
    same = labels == before or (
        isinstance(labels, BaseLabeller)
        and type(labels) is type(before)
        and joblib.hash(labels) == joblib.hash(before)
    )
    if not same:
        raise ValueError(
            f"labels was {before!r} in the generations so far and cannot become "
            f"{labels!r}: the models at hand were not made for it."
        )
