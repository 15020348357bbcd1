"""The generative recursion alone: no target, no estimator."""

from numbers import Real

from sklearn.base import _fit_context
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from skcollapse._recursive_mix._checks import positive_rows
from skcollapse._recursive_mix._stream import StreamEstimator, supports_partial_fit
from skcollapse._recursive_mix.labelling import NoLabels
from skcollapse._recursive_mix.recursion import Task
from skcollapse._utils._rows import check_table
from skcollapse.weights import LAM_NAMES

__all__ = ["RecursiveMixSynthesizer"]


def _scores_samples(recursive):
    synthesizer = getattr(recursive, "synthesizer_", recursive.synthesizer)
    wrapped = getattr(synthesizer, "synthesizer_", synthesizer)
    return hasattr(synthesizer, "score_samples") or hasattr(wrapped, "score_samples")


class RecursiveMixSynthesizer(StreamEstimator):
    """Learn a synthesizer recursively on real rows and on rows of its predecessor.

    Each generation fits the synthesizer on new real rows and on rows drawn from the last one,
    weighted so that errors do not compound. After a generation only the synthesizer is kept.

    Parameters
    ----------
    synthesizer : object, default=None
        Anything with `fit` and `sample`: a synthesizer of `skcollapse.synthesizers`, or for
        instance scikit-learn's GaussianMixture. None means `TreeSynthesizer`.
    workflow : str or BaseWorkflow instance, default="fresh"
        Which batches train a generation; see `skcollapse.workflows`.
    lam : float or {"golden", "optimal", "proportional"}, default="optimal"
        Total weight of the synthetic part relative to the real part. See
        `RecursiveMixRegressor`; "optimal" tends to "golden" here.
    n_generations : int, default=4
        Generations after generation 0 in `fit`.
    n_synthetic : int, float or "auto", default=20.0
        Synthetic rows per generation: an int is a number of rows, a float a multiple of the real
        batch (of the sum of its weights). "auto" draws 20 a real row up to 50,000 and 2 above, and
        at least 4 for each row of the effective sample size up to 20,000.
    memory : str or object with a `cache` method, default=None
        Where to cache synthesizer fits and draws, see `joblib.Memory`. A cache holds fitted
        synthesizers and synthetic rows on disk.
    random_state : int, RandomState instance or None, default=None
        Source of all randomness.
    verbose : int, default=0
        1 prints a line per generation.

    Attributes
    ----------
    synthesizer_ : BaseSynthesizer
        The synthesizer, fitted in the last generation.
    history_ : list of dict
        A record per generation (the last 120): generation, n_real, n_synthetic, lam,
        real_weight, effective_sample_size, resampled, seconds.
    effective_sample_size_ : float
        Real rows the current fit is worth if the synthesizer is unbiased.
    real_weight_ : float
        Share of the real rows in the total weight of the last fit, 1 / (1 + lam).
    generation_ : int
        Index of the last generation.
    n_features_in_ : int
        Number of columns.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, if X is a frame with string names.

    See Also
    --------
    RecursiveMixRegressor : The recursion with a regressor.
    RecursiveMixClassifier : The recursion with a classifier.

    References
    ----------
    .. [1] H. He, S. Xu, G. Cheng, "Recursive Learning Without Collapse: A Weighting-Based
       Stabilization Framework", Journal of the Royal Statistical Society Series B, 2026,
       arXiv:2502.18049.

    Examples
    --------
    >>> import numpy as np
    >>> from skcollapse import RecursiveMixSynthesizer
    >>> X = np.random.default_rng(0).normal(size=(500, 2))
    >>> recursive = RecursiveMixSynthesizer(n_synthetic=1.0, random_state=0).fit(X)
    >>> [round(record["real_weight"], 3) for record in recursive.history_]
    [1.0, 0.667, 0.625, 0.619, 0.618]
    >>> recursive.sample(3, random_state=0).shape
    (3, 2)
    """

    _parameter_constraints = {
        **StreamEstimator._parameter_constraints,
        # Without a target there is no error by which fresh rows could judge.
        "lam": [Interval(Real, 0, None, closed="both"), StrOptions(set(LAM_NAMES) - {"adaptive"})],
    }

    # No target: nobody labels.
    labels = None

    def __init__(
        self,
        synthesizer=None,
        *,
        workflow="fresh",
        lam="optimal",
        n_generations=4,
        n_synthetic=20.0,
        memory=None,
        random_state=None,
        verbose=0,
    ):
        self.synthesizer = synthesizer
        self.workflow = workflow
        self.lam = lam
        self.n_generations = n_generations
        self.n_synthetic = n_synthetic
        self.memory = memory
        self.random_state = random_state
        self.verbose = verbose

    @_fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y=None, sample_weight=None, generation=None):
        """Fit generation after generation.

        Parameters
        ----------
        X : array-like, pandas.DataFrame or polars.DataFrame of shape (n_samples, n_features)
            Real rows.
        y : None
            Not used, present for API consistency.
        sample_weight : array-like of shape (n_samples,), default=None
            Non-negative weights of the real rows.
        generation : array-like of shape (n_samples,), default=None
            Sortable labels that say which rows form which batch; None cuts the rows, in order,
            into ``n_generations + 1`` near-equal batches.

        Returns
        -------
        self : object
            The fitted object.

        Raises
        ------
        ValueError
            Before anything is fitted, if a parameter, a column or the batches make no sense.
        """
        return self._replay(X, None, sample_weight, generation)

    @available_if(supports_partial_fit)
    @_fit_context(prefer_skip_nested_validation=False)
    def partial_fit(self, X, y=None, sample_weight=None):
        """Run one generation with a fresh real batch.

        Parameters
        ----------
        X : array-like or DataFrame of shape (n_samples, n_features)
            New real rows, with the columns of the first batch.
        y : None
            Not used, present for API consistency.
        sample_weight : array-like of shape (n_samples,), default=None
            Non-negative weights of the rows.

        Returns
        -------
        self : object
            The object after the generation. If the generation fails it is left as it was.
        """
        return self._partial_fit(X, None, sample_weight)

    def sample(self, n_samples=1, random_state=None):
        """Draw rows from the current synthesizer.

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
        """
        check_is_fitted(self)
        return self.synthesizer_.sample(n_samples, random_state=random_state)

    @available_if(_scores_samples)
    def score_samples(self, X):
        """Return the log-density of rows under the current synthesizer.

        Parameters
        ----------
        X : array-like or DataFrame of shape (n_samples, n_features)
            Rows.

        Returns
        -------
        log_density : ndarray of shape (n_samples,)
            What the synthesizer's own `score_samples` returns.
        """
        check_is_fitted(self)
        X = check_table(self, X, reset=False)
        scorer = self.synthesizer_
        if not hasattr(scorer, "score_samples"):
            scorer = scorer.synthesizer_
        return scorer.score_samples(X)

    def _check_rows(self, X, y, sample_weight, *, reset, classes=None):
        return positive_rows(check_table(self, X, reset=reset), None, sample_weight)

    def _task(self):
        return Task()

    def _labeller(self):
        return NoLabels()

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags
