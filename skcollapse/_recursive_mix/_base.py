"""Parameters, fit, sample and predict, which the regressor and the classifier share."""

from numbers import Integral

from sklearn.base import _fit_context
from sklearn.utils import get_tags
from sklearn.utils._param_validation import HasMethods, StrOptions
from sklearn.utils.validation import check_is_fitted

from skcollapse._recursive_mix._checks import check_rows
from skcollapse._recursive_mix._stream import StreamEstimator
from skcollapse._recursive_mix.fitting import draw_rows
from skcollapse._recursive_mix.labelling import LABELLERS, BaseLabeller, make_labeller
from skcollapse._recursive_mix.updating import UPDATES
from skcollapse._utils._random import Purpose, draw_entropy, make_generator, seed_for
from skcollapse._utils._rows import check_table

__all__ = ["BaseRecursiveMix"]


class BaseRecursiveMix(StreamEstimator):
    """Shared base of the regressor and the classifier: parameters, fit, sample and predict."""

    _parameter_constraints = {
        **StreamEstimator._parameter_constraints,
        "estimator": [HasMethods(["fit", "predict"]), None],
        "labels": [StrOptions(set(LABELLERS)), BaseLabeller],
        "update": [StrOptions({"auto", *UPDATES})],
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
        update="refit",
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
        self.update = update
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
            Labels of the last estimator, not corrected. Under ``labels="predict"`` and
            "corrected" a number is its prediction and a class is drawn from its probabilities.
            "sample" draws numbers around the prediction, and under "joint" the synthesizer draws
            the labels.
        """
        check_is_fitted(self)
        entropy = draw_entropy(random_state)
        drawn = draw_rows(self.synthesizer_, n_samples, seed_for(entropy, 0, Purpose.SAMPLE))
        generator = make_generator(seed_for(entropy, 0, Purpose.LABELS))
        return self._stream_.last.labeller.sample(self._task(), self.estimator_, drawn, generator)

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

    def _labeller(self):
        return make_labeller(self.labels)

    def _settings(self):
        settings = super()._settings()
        return settings._replace(estimator=self._unfitted(), n_jobs=self.n_jobs)

    def _unfitted(self):
        return self._task_class.default_estimator() if self.estimator is None else self.estimator

    def _check_new(self, X):
        check_is_fitted(self)
        return check_table(self, X, reset=False)

    def _fitted_or_unfitted(self):
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
