"""Generative replay: the last estimator's predictions."""

from dataclasses import dataclass

from skcollapse._recursive_mix.labelling._base import BaseLabeller, Labelled

__all__ = ["Predict"]


@dataclass(frozen=True)
class Predict(BaseLabeller):
    """Label by the last estimator as it is: ``labels="predict"``.

    This is generative replay. Conditional means label numbers; probabilities label classes.

    Examples
    --------
    >>> from skcollapse.labels import Predict
    >>> Predict().noise_ratio
    0.0
    """

    def label(self, here, drawn, fresh, weight):
        return Labelled(self, here.task.labelled(drawn, here.last_means(drawn)))
