"""Scores by generation, on held-out real rows, under common random numbers."""

import warnings
from itertools import product
from numbers import Integral, Real

import numpy as np
from sklearn.base import clone, is_classifier
from sklearn.exceptions import FitFailedWarning
from sklearn.metrics import check_scoring
from sklearn.model_selection import check_cv
from sklearn.utils._param_validation import Interval, StrOptions, validate_params
from sklearn.utils.parallel import Parallel, delayed

from skcollapse._utils._random import draw_entropy, make_generator, seed_for
from skcollapse.inspection._candidates import (
    check_batches,
    check_rows,
    check_scorer,
    make_candidates,
)
from skcollapse.inspection._records import GenerationCurve, record_dtype
from skcollapse.inspection._runs import REFERENCES, RunSpec, run_candidate, run_references
from skcollapse.inspection._theory import theoretical_risk

__all__ = ["generation_curve"]


@validate_params(
    {
        "n_generations": [Interval(Integral, 0, None, closed="left"), None],
        "cv": ["cv_object"],
        "n_repeats": [Interval(Integral, 1, None, closed="left")],
        "shuffle": ["boolean"],
        "references": ["boolean"],
        "error_score": [StrOptions({"raise"}), Real],
        "n_jobs": [Integral, None],
        "verbose": ["verbose"],
        "random_state": ["random_state"],
    },
    prefer_skip_nested_validation=False,
)
def generation_curve(
    estimator,
    X,
    y,
    *,
    workflows=None,
    lam=None,
    n_generations=None,
    generation=None,
    sample_weight=None,
    groups=None,
    cv=None,
    n_repeats=1,
    shuffle=False,
    scoring=None,
    references=False,
    error_score=np.nan,
    n_jobs=None,
    verbose=0,
    random_state=None,
):
    """Score every generation of a recursion on held-out real rows.

    For each workflow, lam, cross-validation split and repeat the estimator is fitted once, and
    looked at after each generation. Synthetic rows are in training sets only. All workflows and
    lams see the same splits and random numbers, so that generation 0 is the same fit for all.

    Parameters
    ----------
    estimator : RecursiveMixRegressor or RecursiveMixClassifier
        Is cloned; its `random_state` is replaced, and its `workflow`, `lam` and `n_generations`
        where they are given below.
    X : DataFrame or array-like of shape (n_samples, n_features)
        Real rows.
    y : array-like of shape (n_samples,)
        Targets.
    workflows : str, BaseWorkflow, tuple or list of these, default=None
        Workflows to compare, each with every `lam`. A tuple (workflow, lam) brings a lam of its
        own, for workflows that do not take them all. None is the estimator's.
    lam : float, str or list of these, default=None
        Values of lam to compare. None is the estimator's.
    n_generations : int, default=None
        Generations after generation 0. None is the estimator's.
    generation : array-like of shape (n_samples,), default=None
        Sortable labels that say which rows arrive together, as in the estimator's `fit`. The
        number of labels then takes the place of `n_generations` + 1.
    sample_weight : array-like of shape (n_samples,), default=None
        Weights of the real rows, in training and in the scores.
    groups : array-like of shape (n_samples,), default=None
        Handed to the splitter, for instance GroupKFold.
    cv : int, splitter or iterable of (train, test), default=None
        As in scikit-learn: None is five folds; folds of a classifier are stratified.
    n_repeats : int, default=1
        Fits of each workflow, lam and split, each with random numbers of its own.
    shuffle : bool, default=False
        Whether to shuffle each training set before it is cut into batches, anew in each repeat.
        For tables that are sorted; not for tables whose order is time.
    scoring : str or callable, default=None
        As in scikit-learn. None is the estimator's `score`: R2 or accuracy.
    references : bool, default=False
        Whether to score the wrapped estimator alone as well: on the newest batch only
        ("real_only") and on all batches so far ("all_real").
    error_score : "raise" or float, default=np.nan
        Score of generations that were not reached because of an error, which is then a
        `FitFailedWarning`. "raise" raises it.
    n_jobs : int, default=None
        Fits that run at the same time, through joblib.
    verbose : int, default=0
        Verbosity of joblib.
    random_state : int, RandomState instance or None, default=None
        Seeds all fits. The wrapped estimator's own `random_state`, if set, stays.

    Returns
    -------
    curve : GenerationCurve
        Scores (`records`), their means (`summary()`), the relative risk in theory (`theory`) and
        the scores of the references.

    Raises
    ------
    TypeError
        If `estimator` is something else.
    ValueError
        Before anything is fitted, if a parameter makes no sense, a workflow does not take a lam,
        a training set is too small for the batches, or labels of `generation` are missing from
        it. Also if all fits fail.

    Warns
    -----
    FitFailedWarning
        If some of the fits or scores fail and `error_score` is a number.

    See Also
    --------
    GenerationCurveDisplay : Draws the curve.
    WeightCurveDisplay : Draws the score of a generation against the weight.
    sklearn.model_selection.learning_curve : Scores by size of the training set.

    Notes
    -----
    **Who sees which rows.** Under workflows with fresh rows, a training set is cut into batches,
    and generation 0 is fitted on the first of them. If workflows without fresh rows are compared
    with such, they get this first batch as their one real batch, so that all start from the same
    fit, and all that they do not learn later is due to the workflow. If no workflow takes fresh
    rows, the whole training set is the one real batch, as in `fit`. A class that the first batch
    lacks is unknown to workflows without fresh rows.

    **Random numbers** depend on `random_state`, the repeat and the split, never on the order of
    the runs, `n_jobs` or the joblib backend.

    **Theory.** `relative_risk` is :func:`skcollapse.theory.relative_risk` of the workflow's
    matrix with the lams that the first complete run recorded, for batches of equal sizes. Where
    synthetic labels are conditional means, synthetic batches have no noise of their own. It is
    nan for ``lam="adaptive"``.

    Examples
    --------
    >>> from sklearn.datasets import make_friedman1
    >>> from sklearn.linear_model import LinearRegression
    >>> from skcollapse import RecursiveMixRegressor
    >>> from skcollapse.inspection import generation_curve
    >>> X, y = make_friedman1(300, noise=3.0, random_state=0)
    >>> mix = RecursiveMixRegressor(LinearRegression(), labels="sample", n_synthetic=1.0)
    >>> curve = generation_curve(
    ...     mix, X, y, workflows=["fresh", "replace"], n_generations=4, random_state=0
    ... )
    >>> for row in curve.summary()[[0, 4, 5, 9]]:
    ...     print(row["workflow"], row["generation"], round(float(row["mean"]), 2))
    fresh 0 0.37
    fresh 4 0.4...
    replace 0 0.37
    replace 4 -...
    >>> curve.theory["relative_risk"][5:].tolist()  # "replace": one more in each generation
    [1.0, 2.0, 3.0, 4.0, 5.0]
    """
    X, y, weights, generation = check_rows(X, y, sample_weight, generation)
    n_generations = _count(estimator, n_generations, generation)
    candidates = make_candidates(estimator, workflows, lam, n_generations)
    scorer = check_scoring(estimator, scoring=scoring)
    check_scorer(scorer, weights)
    splits = list(check_cv(cv, y, classifier=is_classifier(estimator)).split(X, y, groups))
    check_batches(candidates, splits, n_generations, generation)

    fresh = any(candidate.takes_fresh_rows for candidate in candidates)
    runs = list(product(range(n_repeats), range(len(splits))))
    specs = _spec_maker(splits, draw_entropy(random_state), scorer, shuffle, error_score)
    table = X, y, weights, generation
    # The table itself goes to every run, so that joblib can share or scatter it once.
    jobs = [
        delayed(run_candidate)(
            specs(candidate.mix, *run, fresh and not candidate.takes_fresh_rows), *table
        )
        for candidate, run in product(candidates, runs)
    ]
    if references:
        plain = candidates[0].mix
        jobs += [delayed(run_references)(specs(plain, *run), *table, fresh) for run in runs]
    found = Parallel(n_jobs=n_jobs, verbose=verbose)(jobs)
    n_fits = len(candidates) * len(runs)
    found, plain = found[:n_fits], found[n_fits:]
    _report_errors(found, plain)
    return GenerationCurve(
        _records(candidates, runs, found, n_generations, error_score),
        _theory(candidates, found, len(runs)),
        _reference_records(runs, plain) if references else None,
        _score_name(scoring, estimator),
    )


def _count(estimator, n_generations, generation):
    """Return the number of generations after generation 0."""
    if generation is None:
        own = getattr(estimator, "n_generations", 0)
        return own if n_generations is None else n_generations
    if n_generations is not None:
        raise ValueError(
            "n_generations and generation= both say how many generations there are. Leave one out."
        )
    n_labels = len(np.unique(generation))
    if n_labels < 2:
        raise ValueError("generation has a single label; at least two batches are needed.")
    return n_labels - 1


def _spec_maker(splits, entropy, scorer, shuffle, error_score):
    """Return a function that seeds what is to be done by its repeat and split alone."""

    def make(mix, repeat, split, only_first_batch=False):
        train, test = splits[split]
        # Repeat and split take the place of generation and purpose in the key of the stream.
        seed = seed_for(entropy, repeat, split)
        if shuffle:
            train = make_generator(seed).permutation(train)
        mix = clone(mix).set_params(random_state=seed)
        return RunSpec(mix, scorer, train, test, only_first_batch, error_score)

    return make


def _report_errors(found, plain):
    """Warn of failed runs, or raise if no score is left."""
    failed = [run for run in found if run.error]
    if failed and len(failed) == len(found) and not any(run.scores for run in failed):
        raise ValueError(f"All {len(found)} fits failed. The first error:\n{failed[0].error}")
    failed += [run for pair in plain for run in pair.values() if run.error]
    if failed:
        warnings.warn(
            f"{len(failed)} of {len(found) + len(REFERENCES) * len(plain)} runs ended in an "
            "error; generations without a score hold `error_score`. error_score='raise' stops at "
            f"the first. It is:\n{failed[0].error}",
            FitFailedWarning,
            stacklevel=4,
        )


def _records(candidates, runs, found, n_generations, error_score):
    rows = []
    for (candidate, (repeat, split)), run in zip(product(candidates, runs), found, strict=True):
        start = candidate.workflow, candidate.lam, repeat, split
        generations = enumerate(run.rows(n_generations, error_score))
        rows += [(*start, t, *numbers) for t, numbers in generations]
    names = {
        "workflow": [candidate.workflow for candidate in candidates],
        "lam": [candidate.lam for candidate in candidates],
    }
    return np.array(rows, dtype=record_dtype(names))


def _theory(candidates, found, n_runs):
    rows = []
    for i, candidate in enumerate(candidates):
        own = found[i * n_runs : (i + 1) * n_runs]
        longest = max(own, key=lambda run: len(run.lams))
        risk = theoretical_risk(candidate.mix, longest)
        rows += [(candidate.workflow, candidate.lam, t, value) for t, value in enumerate(risk)]
    texts = [
        (name, f"U{max(len(getattr(candidate, name)) for candidate in candidates)}")
        for name in ("workflow", "lam")
    ]
    return np.array(rows, dtype=[*texts, ("generation", np.int64), ("relative_risk", np.float64)])


def _reference_records(runs, plain):
    rows = [
        (name, repeat, split, t, score)
        for name in REFERENCES
        for (repeat, split), pair in zip(runs, plain, strict=True)
        for t, score in enumerate(pair[name].scores)
    ]
    return np.array(rows, dtype=record_dtype({"reference": REFERENCES}, ["score"]))


def _score_name(scoring, estimator):
    if scoring is None:
        return "accuracy" if is_classifier(estimator) else "R2"
    if isinstance(scoring, str):
        return scoring
    return getattr(getattr(scoring, "_score_func", scoring), "__name__", "score")
