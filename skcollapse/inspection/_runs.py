"""One fit of a generation curve, scored after every generation."""

import traceback
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from sklearn.base import clone, is_classifier

from skcollapse._recursive_mix import (
    positive_rows,
    split_into_batches,
    stay_in_process,
    watch,
)
from skcollapse._utils._rows import take_rows
from skcollapse.synthesizers import EmpiricalSynthesizer
from skcollapse.workflows import Fresh

__all__ = ["REFERENCES", "Run", "RunSpec", "first_batches", "run_candidate", "run_references"]

REFERENCES = ("real_only", "all_real")
_FROM_HISTORY = ("n_real", "n_synthetic", "real_weight", "effective_sample_size", "seconds")


class RunSpec(NamedTuple):
    """What a run is made with, apart from the table.

    `only_first_batch` hides from a workflow without fresh rows what the others see later.
    """

    mix: Any
    scorer: Any
    train: np.ndarray
    test: np.ndarray
    only_first_batch: bool
    error_score: Any


@dataclass
class Run:
    """Scores by generation, what `history_` says of them, and the text of an error, if any."""

    scores: list = field(default_factory=list)
    history: list = field(default_factory=list)
    lams: list = field(default_factory=list)
    error: str = ""

    def rows(self, n_generations, error_score):
        """Return one tuple for each generation; `error_score` and nan where none was reached."""
        rows = [(score, *past) for score, past in zip(self.scores, self.history, strict=True)]
        empty = (error_score, *(np.nan for _ in _FROM_HISTORY))
        return rows + [empty] * (n_generations + 1 - len(rows))


@stay_in_process
def run_candidate(spec, X, y, weights, generation):
    """Fit once and score every generation on the held-out rows.

    Returns a `Run`. An error ends it, unless `error_score` is "raise".
    """
    run, held_out = Run(), _rows(spec.test, X, y, weights)
    mix = spec.mix

    def look(mix):
        # What cannot be scored can still be recorded and go on.
        run.scores.append(_score(spec, mix, held_out, run))
        record = mix.history_[-1]
        run.history.append(tuple(record[name] for name in _FROM_HISTORY))
        run.lams.append(record["lam"])

    rows, labels = spec.train, None
    if spec.only_first_batch:
        rows = first_batches(mix, rows, y, weights, generation)[0]
    elif generation is not None:
        labels = generation[rows]
    X, y, keywords = _rows(rows, X, y, weights)
    try:
        with watch(mix, look):
            mix.fit(X, y, generation=labels, **keywords)
    except Exception:
        if spec.error_score == "raise":
            raise
        run.error = traceback.format_exc()
    return run


def first_batches(mix, train, y, weights, generation):
    """Return the rows of the batches into which `fit` cuts a training set under "fresh"."""
    own = None if weights is None else weights[train]
    rows, mask = positive_rows(train[:, None], y[train], own)
    labels = None if generation is None else generation[train]
    # Only whether there are classes matters here.
    classes = () if is_classifier(mix) else None
    blocks = split_into_batches(rows, mask, Fresh(), mix.n_generations, labels, classes)
    return [block.X[:, 0] for block in blocks]


@stay_in_process
def run_references(spec, X, y, weights, generation, fresh):
    """Score the plain estimator on the newest batch and on all batches so far.

    Returns a dict of `Run`. `fresh` tells whether there is more than one batch.
    """
    held_out = _rows(spec.test, X, y, weights)
    batches = [spec.train]
    if fresh:
        batches = first_batches(spec.mix, spec.train, y, weights, generation)
    runs = {name: Run() for name in REFERENCES}
    for t in range(len(batches)):
        choice = {"real_only": batches[t], "all_real": np.concatenate(batches[: t + 1])}
        for name, rows in choice.items():
            runs[name].scores.append(_plain_score(spec, rows, X, y, weights, held_out, runs[name]))
    for run in runs.values():  # without new rows nothing changes
        run.scores += run.scores[-1:] * (spec.mix.n_generations + 1 - len(run.scores))
    return runs


def _plain_score(spec, rows, X, y, weights, held_out, run):
    # Generation 0 is the plain estimator, seeded as in the runs that it is compared with. Its
    # synthesizer is never asked; this one is the fastest to fit. `partial_fit` can be told of
    # classes that the newest batch lacks.
    mix = clone(spec.mix).set_params(
        synthesizer=EmpiricalSynthesizer(), workflow="fresh", lam="optimal"
    )
    classes = {"classes": np.unique(y[spec.train])} if is_classifier(mix) else {}
    X, y, keywords = _rows(rows, X, y, weights)
    try:
        mix.partial_fit(X, y, **keywords, **classes)
    except Exception:
        if spec.error_score == "raise":
            raise
        run.error = traceback.format_exc()
        return spec.error_score
    return _score(spec, mix, held_out, run)


def _rows(rows, X, y, weights):
    keywords = {} if weights is None else {"sample_weight": weights[rows]}
    return take_rows(X, rows), y[rows], keywords


def _score(spec, mix, held_out, run):
    X, y, keywords = held_out
    try:
        return float(spec.scorer(mix, X, y, **keywords))
    except Exception:
        if spec.error_score == "raise":
            raise
        run.error = run.error or traceback.format_exc()
        return spec.error_score
