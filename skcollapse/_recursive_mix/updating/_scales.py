"""The scale on which corrections add up: numbers as they are, classes as log odds.

Scores are arrays of shape (n_rows, n_outputs). A labelled row of a correction carries the change
that a clone has to learn there, so a clone of the wrapped estimator, regressor or classifier, can
learn any correction.
"""

import numpy as np

from skcollapse._recursive_mix.fitting import WeightedRows, blend_rows

__all__ = ["LogOddsScale", "NumberScale"]


class NumberScale:
    """Numbers: scores are means, and a correction is a regression of residuals."""

    def __init__(self, size):
        # The effective sample size bounds log odds only.
        del size

    def scores(self, means):
        """Return the scores of means."""
        return means

    def means(self, scores):
        """Return the means of scores."""
        return scores

    def bounded(self, scores):
        """Return scores unchanged."""
        return scores

    def labelled(self, X, means, weights):
        """Return synthetic rows that carry means."""
        return WeightedRows(X, means[:, 0], weights)

    def real_errors(self, rows, truth, scores):
        """Return the real rows with the change that they ask for."""
        return WeightedRows(rows.X, (truth - scores)[:, 0], rows.weights)

    def anchored(self, X, change, scores, weights):
        """Return synthetic rows that ask for a given change."""
        return WeightedRows(X, change[:, 0], weights)

    def normal_equations(self, truth, scores, directions, weights, around):
        """Return matrix and vector of the least-squares coefficients of the directions.

        In units of the residual variance, so that generations can be added up.
        """
        errors = (truth - scores)[:, 0]
        variance = weights @ errors**2 / weights.sum()
        n_directions = directions.shape[2]
        if not variance > 0:
            return np.zeros((n_directions, n_directions)), np.zeros(n_directions)
        moves = directions[:, 0, :]
        weighted = moves * (weights / variance)[:, None]
        return weighted.T @ moves, weighted.T @ errors


class LogOddsScale:
    r"""Classes: scores are centred logarithms of probabilities.

    No probability counts as less than 1 / (2 E + 2): E rows cannot show that a class is rarer.

    A correction is a weighted classification. A real row of class y weighs
    :math:`K p_y^{-1} / \sum_c p_c^{-1}` with K classes. In a table so weighted the log odds are
    those that p lacks, 0 where p is right. A synthetic row that asks for the change d is a copy
    for each class with the probabilities of d, of the total weight that a real row in its place
    has on average, :math:`K^2 / \sum_c p_c^{-1}`.
    """

    def __init__(self, size, classes):
        self.smallest, self.classes = 1.0 / (2.0 * size + 2.0), classes

    def scores(self, means):
        """Return the scores of probabilities."""
        logarithms = np.log(np.maximum(means, self.smallest))
        return logarithms - logarithms.mean(axis=1, keepdims=True)

    def means(self, scores):
        """Return the probabilities of scores."""
        scaled = np.exp(scores - scores.max(axis=1, keepdims=True))
        return scaled / scaled.sum(axis=1, keepdims=True)

    def bounded(self, scores):
        """Return scores whose probabilities are large enough to count."""
        return self.scores(self.means(scores))

    def labelled(self, X, means, weights):
        """Return synthetic rows that carry probabilities, as a weighted copy a class."""
        rows = WeightedRows(X, None, weights, means)
        return blend_rows(None, rows, np.inf, self.classes)[1]

    def real_errors(self, rows, truth, scores):
        """Return the real rows with the weights that show which log odds are lacking."""
        inverse = 1.0 / self.means(scores)
        factor = len(self.classes) * (inverse * truth).sum(axis=1) / inverse.sum(axis=1)
        return WeightedRows(rows.X, rows.y, rows.full_weights() * factor)

    def anchored(self, X, change, scores, weights):
        """Return synthetic rows that ask for a given change of log odds."""
        information = len(self.classes) ** 2 / (1.0 / self.means(scores)).sum(axis=1)
        return self.labelled(X, self.means(change), weights * information)

    def normal_equations(self, truth, scores, directions, weights, around):
        """Return matrix and vector of a Newton step of the log loss, from `around`."""
        probabilities = self.means(scores + directions @ around)
        expected = np.einsum("ik,ikd->id", probabilities, directions)
        centred = directions - expected[:, None, :]
        curved = centred * (weights[:, None] * probabilities)[:, :, None]
        matrix = np.einsum("ikd,ike->de", curved, centred)
        errors = weights[:, None] * (truth - probabilities)
        return matrix, matrix @ around + np.einsum("ik,ikd->d", errors, directions)
