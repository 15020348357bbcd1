"""Keep drawn rows with their labels, and correct the labels by what each batch shows."""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from sklearn.base import clone

from skcollapse._recursive_mix.fitting import (
    WeightedRows,
    fit_weighted,
    join_rows,
    seed_parameters,
)
from skcollapse._recursive_mix.labelling import Labelled
from skcollapse._recursive_mix.updating._anchors import Anchors, Stages
from skcollapse._recursive_mix.updating._base import BaseUpdate, Updated
from skcollapse._recursive_mix.updating._moves import move
from skcollapse._recursive_mix.updating._refit import Refit
from skcollapse._utils._random import Purpose

__all__ = ["Correct"]

# Squared loss of reading, relative to the variance of the labels: below the first bound nothing
# is lost but rounding, below the second a single estimator reads well enough.
_ROUNDING, _SMALL = 1e-12, 1e-3


class Moved(NamedTuple):
    """Anchors with moved labels, and the real rows that moved them."""

    anchors: Anchors
    fresh: WeightedRows | None


@dataclass(frozen=True)
class Correct(BaseUpdate):
    """Let the labels of drawn rows persist, and move them by confirmed corrections.

    Refitting distils all that is known into a new student in every generation, and each
    distillation loses some of it. Here no student relabels the drawn rows that are kept, the
    anchors. The newest rows move their labels (`move`). Only a share of the anchors, as large as
    the share of the newest rows in all rows so far, is drawn anew and labelled by the reader.
    """

    def draw(self, here, n_rows, fresh, weight):
        size = here.last.size if fresh is None else weight
        scale = here.task.scale(_in_rows(size, fresh))
        share = 0.0 if fresh is None else fresh.size / weight
        anchors = _renewed(here, scale, n_rows, share)
        at_real, measured = None, {}
        if fresh is not None and anchors.lossless:
            at_real = here.last_means(fresh.X)
        elif fresh is not None:
            anchors, at_real, measured = move(here, scale, anchors, fresh, size)
        rows = here.task.labelled(anchors.X, scale.means(anchors.scores))
        labeller = here.last.labeller
        return Labelled(labeller, rows, at_real, measured, Moved(anchors, fresh))

    def fit(self, here, rows, lam, memory, progress):
        plain = Refit()
        if memory is None or lam == 0:
            return plain.fit(here, rows, lam, None, progress)
        anchors, fresh = memory
        size = here.last.size if fresh is None else fresh.size * (1.0 + lam)
        scale = here.task.scale(_in_rows(size, fresh))
        stages, loss = _read(here, scale, anchors, fresh, size, progress)
        anchors = replace(anchors, stages=stages, lossless=bool(loss <= _ROUNDING))
        if stages.held is None:
            estimator, resampled, _ = plain.fit(here, rows, lam, None, progress)
            return Updated(estimator, resampled, anchors)
        # A second stage that is not confirmed by later rows is not used, so that predicting takes
        # two estimators.
        second = stages.direct if anchors.share.value > 0.5 else stages.held
        staged = here.task.staged(scale, [(1.0, stages.first), (1.0, second)])
        return Updated(staged, False, anchors)


def _in_rows(size, fresh):
    """Return an effective sample size in rows, whatever the unit of their weights."""
    return size if fresh is None else size * fresh.X.shape[0] / fresh.size


def _renewed(here, scale, n_rows, share):
    """Return the anchors of the last generation, a share of them drawn anew."""
    last = here.last.memory if isinstance(here.last.memory, Anchors) else None

    def scores_of(model, X):
        return scale.scores(here.task.means(model, X))

    if last is None or last.lossless:
        drawn = here.draw_rows(n_rows, Purpose.SAMPLE)
        scores = scores_of(here.last.estimator, drawn)
        anchors = Anchors(drawn, scores, Stages(here.last.estimator))
        lossless = last is not None or _loses_nothing(here, scale, anchors)
        return replace(anchors, lossless=lossless)
    generator = here.generator(Purpose.STAGES)
    n_last = len(last.scores)
    replaced = generator.choice(n_last, round(share * n_last), replace=False)
    n_drawn = len(replaced) + max(0, n_rows - n_last)
    if n_drawn == 0:
        return last
    drawn = here.draw_rows(n_drawn, Purpose.SAMPLE)
    return last.renewed(drawn, replaced, scale.bounded(last.stages.read(drawn, scores_of)))


def _loses_nothing(here, scale, anchors):
    """Return whether a clone fitted to the labels returns them, as a linear model does."""
    try:
        _, loss = _first_stage(here, scale, anchors, here.last.size, None)
    except ValueError:
        return False
    return bool(loss <= _ROUNDING)


def _read(here, scale, anchors, fresh, size, progress):
    """Return the stages that read the anchors, and the loss of the first one."""
    first, loss = _first_stage(here, scale, anchors, size, progress)
    stages = Stages(first)
    if loss <= _SMALL:
        return stages, loss

    def scores_of(model, X):
        return scale.scores(here.task.means(model, X))

    at_anchors = scores_of(first, anchors.X)
    weights = np.full(len(at_anchors), size / len(at_anchors))
    lost = scale.anchored(anchors.X, anchors.scores - at_anchors, at_anchors, weights)
    try:
        held = _fit(here, lost, Purpose.STAGES)
        direct = held
        if fresh is not None:
            truth, at_real = here.task.targets(fresh.y), scores_of(first, fresh.X)
            rows = join_rows([scale.real_errors(fresh, truth, at_real), lost])
            direct = _fit(here, rows, Purpose.STAGES)
    except ValueError:
        # An estimator of counts rejects residuals.
        return stages, loss
    return Stages(first, held, direct), loss


def _first_stage(here, scale, anchors, size, progress):
    """Fit a clone to the labels of the anchors; return it and the loss of reading."""
    means = scale.means(anchors.scores)
    weights = np.full(len(means), size / len(means))
    first = _fit(here, scale.labelled(anchors.X, means, weights), Purpose.ESTIMATOR, progress)
    spread = np.sum((means - means.mean(axis=0)) ** 2)
    lost = np.sum((means - here.task.means(first, anchors.X)) ** 2)
    return first, lost / spread if spread > 0 else 0.0


def _fit(here, rows, purpose, progress=None):
    seed = here.seed(purpose)
    estimator = seed_parameters(clone(here.settings.estimator), seed)
    with progress.around(estimator) if progress else nullcontext():
        fit_weighted(estimator, rows.X, rows.y, rows.weights, np.random.default_rng(seed))
    return estimator
