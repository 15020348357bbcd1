"""Predictions without the errors that the newest rows show, twiced."""

from dataclasses import dataclass, field, replace

import numpy as np

from skcollapse._recursive_mix.labelling._base import BaseLabeller, Labelled
from skcollapse._recursive_mix.labelling._errors import Teacher
from skcollapse._recursive_mix.labelling._evidence import TwicingEvidence
from skcollapse._recursive_mix.labelling._twicing import Twiced, fit_to_labels
from skcollapse._utils._random import Purpose

__all__ = ["Corrected"]


@dataclass(frozen=True)
class Corrected(BaseLabeller):
    """Correct the last estimator's predictions, then twice them: ``labels="corrected"``.

    Parameters
    ----------
    evidence : TwicingEvidence, optional
        Evidence of the real rows so far on how much twicing should add. The recursion keeps it.

    Examples
    --------
    >>> from skcollapse.labels import Corrected
    >>> Corrected().evidence.share
    1.0
    """

    evidence: TwicingEvidence = field(default_factory=TwicingEvidence)

    def label(self, here, drawn, fresh, weight):
        teacher = Teacher(here.last_means)
        if fresh is not None:
            seed, settings = here.seed(Purpose.CORRECTION), here.settings
            teacher = here.task.correct(
                settings.estimator, here.last_means, fresh, seed=seed, n_jobs=settings.n_jobs
            )
        twiced, evidence = self._twice(here, teacher, drawn, fresh, weight)
        measured = {
            "correction": np.nan if teacher.step is None else teacher.step,
            "twicing_loss": twiced.loss,
            "twicing_evidence": evidence.value,
        }
        rows = here.task.labelled(drawn, twiced.means)
        return Labelled(replace(self, evidence=evidence), rows, teacher.real, measured)

    def at_real(self, here, fresh, labelled, synthetic):
        return labelled.at_real

    def _twice(self, here, teacher, drawn, fresh, weight):
        """Label drawn rows such that a fit to them predicts what the teacher predicts."""
        task, taught = here.task, teacher.predict(drawn)
        others = here.draw_rows(drawn.shape[0], Purpose.TWICING)
        others = task.labelled(others, teacher.predict(others))
        seed = here.seed(Purpose.TWICING)
        try:
            student = fit_to_labels(here.settings.estimator, others, task.classes, weight, seed)
            learned = task.means(student, drawn)
        except ValueError:
            # Too few rows, a single class (with the real rows there may be enough), no weights.
            return Twiced(taught, np.nan), self.evidence
        evidence = self.evidence
        # Rows that influenced the labels cannot test them.
        if teacher.step == 0:
            at_real = teacher.real, task.means(student, fresh.X)
            evidence = evidence.after(task.targets(fresh.y), *at_real, fresh.full_weights())
        return task.twice(taught, learned, evidence.share), evidence
