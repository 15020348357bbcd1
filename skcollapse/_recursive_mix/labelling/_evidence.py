"""Evidence on whether what a fit loses of its labels is knowledge or noise.

Twicing adds to labels what a fit would smooth away. On a noisy table most of the loss is noise
from earlier batches and should stay lost. We test this on the newest real rows, provided they did
not influence the labels. A few hundred rows are weak evidence, so we add it up over all
generations.
"""

from typing import NamedTuple

import numpy as np

__all__ = ["ROUNDING", "TwicingEvidence"]

# What is smaller than this, squared and relative to the labels, is no difference.
ROUNDING = 1e-20


class TwicingEvidence(NamedTuple):
    r"""Sums over the real rows seen so far, and the share of the loss that they support.

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
    At b = 0 the labels are right and the loss of a fit has to be added. At b = 1 the predictions
    of the fit are right, and above 1 even these are too rough. The standard error is the robust
    one under b = 0. Elsewhere it is too large, which is the cautious side.
    """

    score: float = 0.0
    size: float = 0.0
    square: float = 0.0

    def after(self, truth, taught, learned, weights):
        """Return the sums with a batch of real rows added; arrays are (n_rows, n_outputs).

        A fit that returns the labels, up to rounding, adds nothing.
        """
        lost = taught - learned
        if not np.sum(lost**2) > ROUNDING * np.sum(taught**2):
            return self
        scores = weights * np.sum(lost * (truth - taught), axis=1)
        return TwicingEvidence(
            self.score + float(scores.sum()),
            self.size + float(weights @ np.sum(lost**2, axis=1)),
            self.square + float(scores @ scores),
        )

    @property
    def value(self):
        """b, or nan before the first real rows."""
        return -self.score / self.size if self.size > 0 else np.nan

    @property
    def standard_error(self):
        """Standard error of b if the labels are right, or nan."""
        return float(np.sqrt(self.square)) / self.size if self.size > 0 else np.nan

    @property
    def share(self):
        """Share of the loss to add: 1 - b, from -1 to 1.

        Only the part of b above its standard error counts. Without evidence the share is 1. A
        negative share makes labels smoother than they were.
        """
        found = self.value - self.standard_error
        return float(np.clip(1.0 - found, -1.0, 1.0)) if found == found else 1.0
