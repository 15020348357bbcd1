"""A labels strategy in one file: predictions, recalibrated to the newest real rows."""

from dataclasses import dataclass

import numpy as np

from skcollapse.labels import BaseLabeller, Labelled


@dataclass(frozen=True)
class Recalibrated(BaseLabeller):
    """Move predictions until their mean is the mean of the newest targets.

    A mean is moved only as far as it is off by more than `margin` standard errors.
    """

    margin: float = 2.0

    def check(self, task, estimator):
        if task.classes is not None and not hasattr(estimator, "predict_proba"):
            raise ValueError(f"{type(estimator).__name__} has no probabilities to move.")

    def label(self, here, drawn, fresh, weight):
        means, at_real = here.last_means(drawn), None
        if fresh is not None:
            weights = fresh.full_weights() / fresh.size
            at_real = here.last_means(fresh.X)
            gap = self._gap(here.task.targets(fresh.y) - at_real, weights)
            if here.task.classes is None:
                means, at_real = means + gap, at_real + gap
            elif gap.any():
                factors = rake(at_real, weights, gap)
                means, at_real = normalized(means * factors), normalized(at_real * factors)
        return Labelled(self, here.task.labelled(drawn, means), at_real)

    def at_real(self, here, fresh, labelled, synthetic):
        return labelled.at_real

    def _gap(self, errors, weights):
        """Return the mean error of each output, less `margin` standard errors."""
        gap = weights @ errors
        noise = np.sqrt(weights**2 @ (errors - gap) ** 2)
        return np.sign(gap) * np.maximum(np.abs(gap) - self.margin * noise, 0.0)


def rake(probabilities, weights, gap, n_steps=100):
    """Return the factors of the classes that move the mean probabilities by `gap`."""
    wanted = normalized(np.maximum(weights @ probabilities + gap, 1e-3))  # no class vanishes
    factors = np.ones(len(wanted))
    for _ in range(n_steps):
        means = weights @ normalized(probabilities * factors)
        factors = factors * np.divide(wanted, means, out=np.ones(len(means)), where=means > 0)
    return factors


def normalized(rows):
    """Return non-negative rows that sum to one."""
    return rows / rows.sum(axis=-1, keepdims=True)
