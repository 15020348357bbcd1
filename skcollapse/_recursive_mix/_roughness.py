"""Whether what an estimator does not learn of labels is knowledge or noise.

The rehearsal adds to labels what a fit would smooth away. On a noisy table that is mostly the
noise of earlier batches, and better lost. The newest real rows can tell, as long as the labels
know nothing of them; a few hundred of them say little, so that all generations have a say.
"""

from typing import NamedTuple

import numpy as np

__all__ = ["ROUNDING", "Roughness"]

# What is smaller than this, squared and relative to the labels, is no difference.
ROUNDING = 1e-20


class Roughness(NamedTuple):
    r"""Sums over the real rows seen so far, and what they say.

    Parameters
    ----------
    score, size, square : float
        Sums over generations, see Notes.

    Notes
    -----
    Let h be the means that a row would be labelled with and s those that a fit to such labels
    gives back. In the least-squares fit of :math:`y` by :math:`h - b\,(h - s)` on rows that
    neither has seen,

    .. math:: b = -\sum_i v_i (y_i - h_i)(h_i - s_i) \Big/ \sum_i v_i (h_i - s_i)^2,

    with indicators of classes for y in classification (products are then sums over classes).
    At b = 0 the labels are as they should be and what a fit loses of them has to be added, at
    b = 1 what a fit makes of them is right, and above 1 even that is too rough. The standard
    error is the robust one of labels that are right, b = 0: elsewhere it errs on the large side,
    and less is concluded.
    """

    score: float = 0.0
    size: float = 0.0
    square: float = 0.0

    def after(self, truth, taught, learned, weights):
        """Return the sums with a batch of real rows added; arrays are (n_rows, n_outputs).

        A fit that gives the labels back, up to rounding, says nothing and adds nothing.
        """
        lost = taught - learned
        if not np.sum(lost**2) > ROUNDING * np.sum(taught**2):
            return self
        scores = weights * np.sum(lost * (truth - taught), axis=1)
        return Roughness(
            self.score + float(scores.sum()),
            self.size + float(weights @ np.sum(lost**2, axis=1)),
            self.square + float(scores @ scores),
        )

    @property
    def value(self):
        """b, or nan as long as no row has spoken."""
        return -self.score / self.size if self.size > 0 else np.nan

    @property
    def standard_error(self):
        """Standard error of b if the labels are right, or nan."""
        return float(np.sqrt(self.square)) / self.size if self.size > 0 else np.nan

    @property
    def share(self):
        """Share of what is lost that is to be added: 1 - b, from -1 to 1.

        b counts as far as it exceeds its standard error; without evidence the share is 1. Below
        0 labels become smoother than they were.
        """
        found = self.value - self.standard_error
        return float(np.clip(1.0 - found, -1.0, 1.0)) if found == found else 1.0
