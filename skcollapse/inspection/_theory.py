"""The relative risk that theory gives for what a run did."""

import numpy as np

from skcollapse._recursive_mix import make_labeller, n_rows_to_draw
from skcollapse.theory import MixingMatrix, relative_risk
from skcollapse.workflows import check_workflow

__all__ = ["theoretical_risk"]


def theoretical_risk(mix, run):
    """Return the relative risk by generation, nan where theory has no number.

    `mix` has the settings of `run`, whose recorded lams say what a rule such as "optimal" came
    to. Batches are taken to have the size of the first one.
    """
    unknown = np.full(mix.n_generations + 1, np.nan)
    # What "adaptive" does depends on the data.
    if mix.lam == "adaptive" or len(run.lams) <= mix.n_generations:
        return unknown
    workflow = check_workflow(mix.workflow)
    n_real = run.history[0][0]
    # None are drawn at lam=0, where none count either.
    n_synthetic = n_rows_to_draw(mix.n_synthetic, n_real, n_real) or 1.0
    noisy = make_labeller(mix.labels).noise_ratio > 0
    lams = run.lams[1:]
    if workflow.fixes_weights or (mix.lam == "proportional" and noisy):
        lams = None
    mixing = workflow.mixing_matrix(mix.n_generations, n_real, n_synthetic, lams)
    return relative_risk(mixing if noisy else _without_label_noise(mixing))


def _without_label_noise(mixing):
    """Return the record in which synthetic batches have no noise of their own."""
    sizes = np.where(mixing.parent < 0, mixing.sizes, np.inf)
    return MixingMatrix(mixing.toarray(), mixing.parent, sizes, mixing.subsample_noise)
