"""Parameters, fit and partial_fit: what the regressor and the classifier share."""

from numbers import Integral

import numpy as np
from sklearn.base import _fit_context, clone
from sklearn.utils import get_tags
from sklearn.utils._param_validation import HasMethods, StrOptions
from sklearn.utils.validation import check_is_fitted

from skcollapse._recursive_mix._adaptive import (
    Evidence,
    adapted_weight,
    lead_of_alone,
    no_evidence,
    stacking_weight,
)
from skcollapse._recursive_mix._checks import check_rows
from skcollapse._recursive_mix._fitting import draw_rows, fit_weighted, seed_parameters
from skcollapse._recursive_mix._folds import MIN_ROWS, deal_folds, fit_folds
from skcollapse._recursive_mix._mixing import mix
from skcollapse._recursive_mix._stream import StreamEstimator
from skcollapse._utils._random import Purpose, draw_entropy, make_generator, stream_seed
from skcollapse._utils._rows import check_table
from skcollapse.theory import lam_to_real_weight, real_weight_to_lam

__all__ = ["BaseRecursiveMix"]


class BaseRecursiveMix(StreamEstimator):
    """What the regressor and the classifier share.

    This base is responsible for the parameters, the input and what the fitted models can do.
    """

    _parameter_constraints = {
        **StreamEstimator._parameter_constraints,
        "estimator": [HasMethods(["fit", "predict"]), None],
        "labels": [StrOptions({"predict", "corrected", "sample", "joint"})],
        "n_jobs": [None, Integral],
    }

    def __init__(
        self,
        estimator=None,
        synthesizer=None,
        *,
        workflow="fresh",
        lam="optimal",
        labels="corrected",
        n_generations=4,
        n_synthetic=20.0,
        memory=None,
        n_jobs=None,
        random_state=None,
        verbose=0,
    ):
        self.estimator = estimator
        self.synthesizer = synthesizer
        self.workflow = workflow
        self.lam = lam
        self.labels = labels
        self.n_generations = n_generations
        self.n_synthetic = n_synthetic
        self.memory = memory
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose

    @_fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y, sample_weight=None, generation=None):
        """Fit generation after generation.

        Under a workflow with fresh rows the table is replayed as a stream of real batches; under
        the others the whole table is the one real batch.

        Parameters
        ----------
        X : array-like, pandas.DataFrame or polars.DataFrame of shape (n_samples, n_features)
            Real rows. Frames reach the estimator and the synthesizer unconverted.
        y : array-like of shape (n_samples,)
            Target without missing values.
        sample_weight : array-like of shape (n_samples,), default=None
            Non-negative weights of the real rows. Their sum takes the place of the number of
            rows everywhere.
        generation : array-like of shape (n_samples,), default=None
            Sortable labels that say which rows form which batch, such as months. There are then
            as many generations as labels, whatever `n_generations` says. None cuts the rows, in
            order, into ``n_generations + 1`` near-equal batches.

        Returns
        -------
        self : object
            The fitted estimator.

        Raises
        ------
        ValueError
            Before anything is fitted, if a parameter, a column or the batches make no sense. An
            error in a later generation leaves the models of the generation before in place.
        """
        return self._replay(X, y, sample_weight, generation)

    def _check_rows(self, X, y, sample_weight, *, reset, classes=None):
        return check_rows(self, X, y, sample_weight, reset=reset, y_numeric=True)

    def sample(self, n_samples=1, random_state=None):
        """Draw labelled rows from the current models.

        Parameters
        ----------
        n_samples : int, default=1
            Number of rows, at least 1.
        random_state : int, RandomState instance or None, default=None
            The same integer gives the same rows.

        Returns
        -------
        X : ndarray or DataFrame of shape (n_samples, n_features)
            Rows with the container, column names and dtypes of the training table.
        y : ndarray of shape (n_samples,)
            Labels, made as in training; classes are drawn from their predicted probabilities,
            and under ``labels="predict"`` a regression label is the conditional mean.
        """
        check_is_fitted(self)
        entropy = draw_entropy(random_state)
        drawn = draw_rows(self.synthesizer_, n_samples, stream_seed(entropy, 0, Purpose.SAMPLE))
        if self._labels_ == "joint":
            X, y = drawn
            return X, self._known_labels(y)
        generator = make_generator(stream_seed(entropy, 0, Purpose.LABELS))
        return drawn, self._label(drawn, generator)

    def predict(self, X):
        """Predict with the estimator of the last generation.

        Parameters
        ----------
        X : array-like or DataFrame of shape (n_samples, n_features)
            Rows.

        Returns
        -------
        y : ndarray of shape (n_samples,)
            Predicted targets or classes.
        """
        X = self._check_new(X)
        return self.estimator_.predict(X)

    def _inherited(self, t, fresh, synthetic, teacher):
        """Predict the newest real rows as the synthetic rows would have them.

        A synthesizer that draws targets itself adds errors of its own, which show only in an
        estimator fitted on what it draws.
        """
        if teacher is not None:
            return teacher.real
        if self._labels_ != "joint":
            return self._mean(fresh.X)
        seed = self._seed(t, Purpose.ADAPT)
        estimator = seed_parameters(clone(self._unfitted()), seed)
        _, rows = mix(None, synthetic, np.inf, getattr(self, "classes_", None))
        fit_weighted(estimator, rows.X, rows.y, rows.weights, np.random.default_rng(seed))
        return self._mean_of(estimator, fresh.X)

    def _adapt(self, t, lam, fresh, inherited):
        """Let the newest real rows judge the scheduled lam; return lam and the evidence."""
        truth = self._truth(fresh.y)
        seed = self._seed(t, Purpose.ADAPT)
        folds = deal_folds(truth.argmax(axis=1), seed)
        if len(truth) < MIN_ROWS or folds is None:
            return lam, no_evidence("too few rows")
        models = fit_folds(
            self._unfitted(), fresh.X, fresh.y, fresh.weights, folds, seed, self.n_jobs
        )
        if models is None:
            return lam, no_evidence("no fit to a fold")
        alone = models.out_of_fold(fresh.X, self._mean_of)
        compared = truth, alone, inherited, fresh.full_weights()
        estimate, error = stacking_weight(*compared)
        # Labels of a synthesizer are not better for being many: they are let go at once.
        lead = lead_of_alone(*compared) if self._labels_ == "joint" else 0.0
        weight, reason = adapted_weight(float(lam_to_real_weight(lam)), estimate, error, lead)
        return float(real_weight_to_lam(weight)), Evidence(estimate, error, reason)

    def _check_new(self, X):
        check_is_fitted(self)
        return check_table(self, X, reset=False)

    def _wrapped(self):
        """Return the fitted estimator, or the one that would be fitted."""
        if hasattr(self, "estimator_"):
            return self.estimator_
        return self._unfitted()

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        wrapped = self._unfitted()
        if hasattr(wrapped, "__sklearn_tags__"):
            inner = get_tags(wrapped)
            tags.input_tags.allow_nan = inner.input_tags.allow_nan
            tags.input_tags.categorical = inner.input_tags.categorical
            tags.input_tags.string = inner.input_tags.string
            tags.input_tags.positive_only = inner.input_tags.positive_only
            tags.non_deterministic = inner.non_deterministic
        tags.input_tags.sparse = False
        return tags
