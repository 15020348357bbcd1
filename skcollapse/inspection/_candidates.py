"""What is compared: every workflow with every lam, checked before anything is fitted."""

import inspect
from typing import Any, NamedTuple

import numpy as np
from sklearn.base import clone
from sklearn.utils.validation import check_consistent_length, column_or_1d

from skcollapse._recursive_mix import (
    RecursiveMixClassifier,
    RecursiveMixRegressor,
    check_parameters,
)
from skcollapse._utils._rows import check_weights
from skcollapse.inspection._records import lam_text, workflow_text
from skcollapse.workflows import check_workflow

__all__ = ["Candidate", "check_batches", "check_rows", "check_scorer", "make_candidates"]


class Candidate(NamedTuple):
    """Settings to compare, under the names that records give them."""

    workflow: str
    lam: str
    mix: Any

    @property
    def takes_fresh_rows(self):
        """Whether every generation sees new real rows."""
        return check_workflow(self.mix.workflow).takes_fresh_rows


def make_candidates(estimator, workflows, lam, n_generations):
    """Return a `Candidate` for each pair of workflow and lam.

    Raises
    ------
    TypeError
        If the estimator has no generations to look at.
    ValueError
        If a pair cannot be run, or occurs twice.
    """
    if not isinstance(estimator, RecursiveMixRegressor | RecursiveMixClassifier):
        raise TypeError(
            "estimator must be a RecursiveMixRegressor or a RecursiveMixClassifier, got "
            f"{type(estimator).__name__}. Put a pipeline inside, as its `estimator`."
        )
    candidates = {}
    for workflow, own_lam in _pairs(estimator, workflows, lam):
        mix = clone(estimator).set_params(workflow=workflow, lam=own_lam)
        mix.set_params(n_generations=n_generations)
        check_parameters(mix, n_generations)
        key = workflow_text(workflow), lam_text(own_lam)
        if key in candidates:
            raise ValueError(f"workflows and lam name workflow={key[0]}, lam={key[1]} twice.")
        candidates[key] = Candidate(*key, mix)
    return list(candidates.values())


def _pairs(estimator, workflows, lam):
    lams = _listed(estimator.lam if lam is None else lam, "lam")
    for entry in _listed(estimator.workflow if workflows is None else workflows, "workflows"):
        if isinstance(entry, tuple):
            if len(entry) != 2:
                raise ValueError(f"workflows: a tuple must be (workflow, lam), got {entry!r}.")
            yield entry
        else:
            for own in lams:
                yield entry, own


def _listed(value, name):
    if not isinstance(value, list | np.ndarray):
        return [value]
    if not len(value):
        raise ValueError(f"{name} is empty: nothing to compare.")
    return value.tolist() if isinstance(value, np.ndarray) else value


def check_rows(X, y, sample_weight, generation):
    """Return X as it is, and y, the weights and the batch labels as arrays or None."""
    X = X if hasattr(X, "shape") else np.asarray(X)
    y = column_or_1d(y)
    weights = None if sample_weight is None else check_weights(sample_weight, X)
    generation = None if generation is None else column_or_1d(generation)
    check_consistent_length(X, y, generation)
    if generation is not None:
        try:
            np.unique(generation)
        except TypeError:
            raise ValueError("generation must hold labels that can be sorted.") from None
    return X, y, weights, generation


def check_batches(candidates, splits, n_generations, generation):
    """Check that every training set can be cut into the batches that are asked for."""
    if not any(candidate.takes_fresh_rows for candidate in candidates):
        if generation is not None:
            raise ValueError(
                "generation= says which rows arrive when, but no workflow takes fresh rows. "
                "Leave it out, or compare with workflow 'fresh'."
            )
        return
    for number, (train, _) in enumerate(splits):
        if generation is None and len(train) < n_generations + 1:
            raise ValueError(
                f"Split {number} trains on {len(train)} rows, which cannot be cut into "
                f"n_generations + 1 = {n_generations + 1} batches. Lower n_generations."
            )
        if generation is not None and len(np.unique(generation[train])) <= n_generations:
            raise ValueError(
                f"Split {number} trains on {len(np.unique(generation[train]))} of the "
                f"{n_generations + 1} labels of generation. Use a cv that leaves rows of each "
                "label in every training set, such as a shuffled one."
            )


def check_scorer(scorer, weights):
    """Check that the scorer takes the weights of held-out rows."""
    if weights is None:
        return
    parameters = inspect.signature(getattr(scorer, "_score_func", scorer)).parameters
    if "sample_weight" in parameters:
        return
    if not any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values()):
        raise ValueError(
            "scoring takes no sample_weight, so held-out rows could not be weighted. Leave "
            "sample_weight out or use another score."
        )
