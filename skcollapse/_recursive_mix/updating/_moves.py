"""Move the labels of the anchors by what the newest real rows confirm."""

from dataclasses import replace

import numpy as np

from skcollapse._recursive_mix.fitting import MIN_ROWS, assign_folds
from skcollapse._recursive_mix.updating._directions import DIRECTIONS, View
from skcollapse._utils._random import Purpose

__all__ = ["move"]


def move(here, scale, anchors, fresh, size):
    r"""Return the anchors with moved labels, the means of the real rows, and what was measured.

    Parameters
    ----------
    here : Round
        The generation.
    scale : NumberScale or LogOddsScale
        Where corrections add up.
    anchors : Anchors
        Rows with the labels so far.
    fresh : WeightedRows
        The newest real rows.
    size : float
        Effective sample size E of the real rows so far, the newest included.

    Returns
    -------
    anchors : Anchors
        With moved labels.
    means : ndarray of shape (n_real, n_outputs)
        Means of the newest real rows, corrected by models that have not seen the row.
    measured : dict
        For `history_`.

    Notes
    -----
    With :math:`d_k` the directions, each by models that have not seen the row, the labels h of
    the anchors become :math:`h + \sum_k \beta_k d_k`. The coefficients are estimated from all
    generations so far, by least squares or the log loss.
    """
    truth, weights = here.task.targets(fresh.y), fresh.full_weights()
    weights = weights / weights.mean()
    folds = assign_folds(here.task.strata(fresh.y), here.seed(Purpose.CORRECTION))
    view = View(here, scale, fresh, folds, anchors.X, None, None, size)
    at_real = scale.bounded(anchors.stages.read(fresh.X, view.scores_of))
    if anchors.stages.direct is not None:
        news = anchors.stages.news(fresh.X, view.scores_of)[:, :, None]
        share = anchors.share.after(
            lambda around: scale.normal_equations(truth, at_real, news, weights, around)
        )
        anchors = replace(anchors, share=share)
    if len(truth) < MIN_ROWS or folds is None:
        return anchors, scale.means(at_real), {}
    at_anchors = scale.bounded(anchors.stages.read(anchors.X, view.scores_of))
    view = replace(view, at_real=at_real, at_anchors=at_anchors)
    pairs = [direction(view) for direction, _ in DIRECTIONS]
    on_real, on_anchors = (np.stack(parts, axis=2) for parts in zip(*pairs, strict=True))
    coefficients = anchors.coefficients.after(
        lambda around: scale.normal_equations(truth, at_real, on_real, weights, around)
    )
    step = coefficients.values
    moved = scale.bounded(anchors.scores + on_anchors @ step)
    means = scale.means(scale.bounded(at_real + on_real @ step))
    measured = {"averaging": step[0], "correction": step[1:].sum()}
    return replace(anchors, scores=moved, coefficients=coefficients), means, measured
