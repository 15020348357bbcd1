"""Mix the refitted and the corrected estimator by what rows say that neither has seen."""

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from skcollapse._recursive_mix.fitting import blend_rows
from skcollapse._recursive_mix.labelling import Labelled
from skcollapse._recursive_mix.updating._base import BaseUpdate, Updated
from skcollapse._recursive_mix.updating._correct import Correct
from skcollapse._recursive_mix.updating._evidence import Share
from skcollapse._recursive_mix.updating._refit import Refit

__all__ = ["Mixed"]


@dataclass(frozen=True)
class Pair:
    """Both estimators and what they remember; `share` is that of the refitted one."""

    refitted: Any
    corrected: Any
    anchors: Any
    share: Share = field(default_factory=lambda: Share(0.5, prior=0.5))


@dataclass(frozen=True)
class Lossless:
    """The estimator loses nothing when it is refitted, and will not later."""


class Drawn(NamedTuple):
    """What both updates need for their fits."""

    pair: Pair
    corrected: Any
    refitted: Any
    fresh: Any


@dataclass(frozen=True)
class Mixed(BaseUpdate):
    """Run both updates side by side, and predict by their mix.

    Refitting averages noise best in the first generations, and it adds details of its own in each
    generation. Correcting keeps what is known. Each new batch scores both before they learn from
    it (prequential evaluation). The share of the refitted estimator is the least-squares
    coefficient (or that of the log loss) over all batches so far.

    For an estimator that loses nothing when it is refitted, such as a linear model, there is
    nothing to correct, and the update is `Refit`.
    """

    def draw(self, here, n_rows, fresh, weight):
        pair = here.last.memory
        if isinstance(pair, Lossless):
            return replace(Refit().draw(here, n_rows, fresh, weight), memory=pair)
        # Another update may have run before: the last estimator is then both.
        tested = isinstance(pair, Pair)
        if not tested:
            pair = Pair(here.last.estimator, here.last.estimator, None)
        of_corrected = here.with_last(estimator=pair.corrected, memory=pair.anchors)
        corrected = Correct().draw(of_corrected, n_rows, fresh, weight)
        of_refitted = here.with_last(estimator=pair.refitted, memory=None)
        refitted = Refit().draw(of_refitted, n_rows, fresh, weight)
        if corrected.memory.anchors.lossless:
            return replace(refitted, memory=Lossless())
        if fresh is not None and tested:
            pair = replace(pair, share=_tested(here, pair, fresh, weight))
        measured = {**refitted.measured, **corrected.measured, "refit_share": pair.share.value}
        memory = Drawn(pair, corrected.memory, refitted.rows, fresh)
        at_real = corrected.at_real
        return Labelled(refitted.labeller, corrected.rows, at_real, measured, memory)

    def fit(self, here, rows, lam, memory, progress):
        if not isinstance(memory, Drawn) or lam == 0:
            # Of what was drawn nothing is kept: it holds real rows.
            kept = memory if isinstance(memory, Lossless) else None
            return Refit().fit(here, rows, lam, None, progress)._replace(memory=kept)
        corrected = Correct().fit(here, rows, lam, memory.corrected, progress)
        blend = blend_rows(memory.fresh, memory.refitted, lam, here.task.classes)[1]
        refitted = Refit().fit(here, blend, lam, None, None)
        share = memory.pair.share
        pair = Pair(refitted.estimator, corrected.estimator, corrected.memory, share)
        estimator = _mixed(here, pair, lam, memory.fresh)
        return Updated(estimator, refitted.resampled, pair)


def _scale(here, fresh, size):
    return here.task.scale(size if fresh is None else size * fresh.X.shape[0] / fresh.size)


def _tested(here, pair, fresh, size):
    """Return the share of the refitted estimator after one more batch that neither has seen."""
    task, scale = here.task, _scale(here, fresh, size)
    corrected = scale.scores(task.means(pair.corrected, fresh.X))
    lead = scale.scores(task.means(pair.refitted, fresh.X)) - corrected
    truth, weights = task.targets(fresh.y), fresh.full_weights()
    given = truth, corrected, lead[:, :, None], weights / weights.mean()
    return pair.share.after(lambda around: scale.normal_equations(*given, around))


def _mixed(here, pair, lam, fresh):
    """Return the mix of both estimators."""
    share = pair.share.value
    size = here.last.size if fresh is None else fresh.size * (1.0 + lam)
    stages = [(share, pair.refitted), (1.0 - share, pair.corrected)]
    stages = [(weight, stage) for weight, stage in stages if weight > 0]
    if len(stages) == 1:
        return stages[0][1]
    return here.task.staged(_scale(here, fresh, size), stages)
