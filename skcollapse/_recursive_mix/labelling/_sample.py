"""Draws from the last estimator's predictive distribution."""

from dataclasses import dataclass, replace
from typing import Any

from skcollapse._recursive_mix.fitting import WeightedRows
from skcollapse._recursive_mix.labelling._base import BaseLabeller, Labelled
from skcollapse._utils._random import Purpose

__all__ = ["Sample"]


@dataclass(frozen=True)
class Sample(BaseLabeller):
    """Draw labels around the last estimator's predictions: ``labels="sample"``.

    Parameters
    ----------
    law : object, default=None
        Distribution of a target around its mean, estimated from the last fit. Leave it at None;
        the recursion fills it in.

    Examples
    --------
    >>> from skcollapse.labels import Sample
    >>> Sample().noise_ratio
    1.0
    """

    law: Any = None

    noise_ratio = 1.0

    def check(self, task, estimator):
        task.check_drawable(estimator)

    def label(self, here, drawn, fresh, weight):
        generator = here.generator(Purpose.LABELS)
        y = here.task.draw(here.last_means(drawn), self.law, generator)
        return Labelled(self, here.task.keep_classes(WeightedRows(drawn, y), here.last_means))

    def after_fit(self, here, fitted, shrinkage):
        seed = here.seed(Purpose.RESIDUALS)
        law = here.task.law(fitted.estimator, fitted.rows, shrinkage, seed, here.settings.n_jobs)
        return replace(self, law=law)

    def sample(self, task, estimator, drawn, generator):
        return drawn, task.draw(task.means(estimator, drawn), self.law, generator)
