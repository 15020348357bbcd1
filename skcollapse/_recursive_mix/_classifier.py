"""The classifier."""

import numpy as np
from sklearn.base import ClassifierMixin, _fit_context
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets

from skcollapse._recursive_mix._base import BaseRecursiveMix
from skcollapse._recursive_mix._checks import check_rows
from skcollapse._recursive_mix._stream import supports_partial_fit
from skcollapse._recursive_mix.recursion import Classification

__all__ = ["RecursiveMixClassifier"]


def _wrapped_has(name):
    """Build the condition under which a delegated method exists."""

    def check(estimator):
        # This raises the AttributeError that names the wrapped class.
        getattr(estimator._fitted_or_unfitted(), name)
        return True

    return check


class RecursiveMixClassifier(ClassifierMixin, BaseRecursiveMix):
    """Learn recursively on real and synthetic rows without model collapse.

    Each generation trains the classifier on new real rows and on rows drawn from the last
    synthesizer, weighted so that errors do not compound. After a generation only the models are
    kept, and drawn rows if `update` corrects their labels.

    Parameters
    ----------
    estimator : estimator, default=None
        Any scikit-learn classifier, or a Pipeline that ends in one (the weights go to its last
        step). One that takes no `sample_weight` is fitted on systematically resampled rows. None
        means histogram gradient boosting without early stopping: scikit-learn's "auto" would
        stop early above 10,000 rows, and most of these are synthetic. Weights must be able to
        act: give the leaves of a forest a few rows, and fit networks by LBFGS (user guide,
        *Which estimators to wrap*).
    synthesizer : object, default=None
        Anything with `fit` and `sample`: a synthesizer of `skcollapse.synthesizers`, or for
        instance scikit-learn's GaussianMixture. None means `TreeSynthesizer`.
    workflow : str or BaseWorkflow instance, default="fresh"
        Which batches train a generation; see `skcollapse.workflows`. "fresh": a new real batch and
        the last synthetic one. "fixed": the same real rows each time and the last synthetic batch.
        "replace": the last synthetic batch only. "accumulate": the first real batch and all
        synthetic ones. "accumulate_subsample": a random subset of these. "window": the last
        batches.
    lam : float or {"adaptive", "golden", "optimal", "proportional"}, default="optimal"
        Total weight of the synthetic part relative to the real part. 0 is real rows only, `np.inf`
        synthetic rows only. "golden" is the constant that minimises the long-run variance (real
        weight 0.618 when as many synthetic as real rows are drawn), "optimal" the schedule that
        minimises it in every generation, "proportional" the unweighted pool. "adaptive" starts
        from "optimal" and lets the newest real rows raise their own weight, where predictions
        from them alone beat what the last models hand down: for a truth that may move, or a
        synthesizer that may mislead. It refits the estimator on five folds of the newest batch.
    labels : {"corrected", "predict", "sample", "joint"} or BaseLabeller, default="corrected"
        Who labels synthetic rows. "predict": the previous estimator's prediction; class
        probabilities become weighted copies of a row. "corrected": the same, less the errors
        that the newest real rows show (learned by clones of the estimator on five folds and taken
        off as far as they hold out of fold), and plus what the estimator fails to learn from such
        labels (measured by a fit to synthetic rows alone, if the estimator takes
        `sample_weight`). "sample": draws from the previous estimator's predictive distribution.
        "joint": the synthesizer, which is then fitted on (X, y).
    update : {"refit", "correct", "auto"}, default="refit"
        How the last estimator becomes the next one. "refit": a new fit to the real and the
        labelled synthetic rows. "correct": synthetic rows and their labels are kept, the newest
        real rows move the labels, and two estimators read them; what is known does not leak over
        long streams, at several times the cost. "auto": both side by side, mixed by how well each
        predicts the next batch. See Notes. Under "auto", a workflow other than "fresh", other
        labels than "corrected", an estimator that takes no `sample_weight`, a loss whose
        predictions are no means or that takes no residuals, and a classifier without
        `predict_proba` are refitted; "correct" rejects them.
    n_generations : int, default=4
        Generations after generation 0 in `fit`.
    n_synthetic : int, float or "auto", default=20.0
        Synthetic rows per generation: an int is a number of rows, a float a multiple of the real
        batch (of the sum of its weights). "auto" draws 20 a real row up to 50,000 and 2 above, and
        at least 4 for each row of the effective sample size up to 20,000.
    memory : str or object with a `cache` method, default=None
        Where to cache synthesizer fits and draws, see `joblib.Memory`. A cache holds fitted
        synthesizers and synthetic rows on disk.
    n_jobs : int or None, default=None
        Jobs for fits on folds (``labels="corrected"`` and "sample", ``lam="adaptive"``).
        Generations follow one another.
    random_state : int, RandomState instance or None, default=None
        Source of all randomness. Parameters named `random_state` of the estimator and the
        synthesizer are seeded from it unless they are set.
    verbose : int, default=0
        1 prints a line per generation.

    Attributes
    ----------
    estimator_ : estimator
        The wrapped estimator, fitted in the last generation. Where labels are corrected it is a
        weighted sum of fitted ones, `stages`.
    synthesizer_ : BaseSynthesizer
        The synthesizer, fitted in the last generation. Objects of other libraries are found in its
        attribute of the same name.
    history_ : list of dict
        A record per generation (the last 120): generation, n_real, n_synthetic, lam, real_weight,
        effective_sample_size, resampled, averaging and correction (what moves labels; under
        "refit" the step of "corrected", from 0 to 1), refit_share (of ``update="auto"``),
        twicing_loss (share of the variance of its labels that a fit to them loses),
        twicing_evidence (see Notes), estimated_weight and standard_error (of "adaptive"), reason
        (of the weight), seconds. None stands for what was not measured.
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
    classes_ : ndarray of shape (n_classes,)
        Class labels, in sorted order.

    See Also
    --------
    skcollapse.synthesizers : Learners of rows.
    skcollapse.theory.real_weight_schedule : The weights behind ``lam="optimal"``.

    Notes
    -----
    With n real rows (n is the sum of their weights) and m synthetic rows a real row weighs 1 and a
    synthetic row lam n / m, so that the real part has the share w = 1 / (1 + lam) of a total of
    n / w. The effective sample size under "fresh" follows
    1/E_t = w^2/n + (1 - w)^2 (1/E_(t-1) + r/m) with r = 0 under ``labels="predict"`` and
    "corrected", and 1 otherwise; "optimal" makes it as large as possible, and then E_t = n/w. The
    formula is that of unbiased, well-specified models: a synthesizer that distorts the table, or a
    truth that drifts, calls for a smaller lam, or for "adaptive".

    **Corrected labels.** Newest rows of class y, weighted by 1 / p_y(x) up to a function of x,
    show a classifier the ratio of true to predicted odds; its log odds, times a step in [0, 1],
    are added to those of the last estimator. The step minimises the log loss out of fold, less two
    standard errors; it is 0 at ``lam=inf``, and for a classifier that takes no weights. A class
    that is missing from a whole batch is taken to be rarer than it was.

    **Twicing.** A clone is fitted to synthetic rows alone, labelled by the corrected estimator.
    To the log odds of other synthetic rows their difference to the clone's is added (twicing
    [3]_), so that what a penalty or a smoother takes off does not compound. Probabilities under
    0.01 count as 0.01 in the difference.

    **Twicing evidence.** What the clone takes off may have been noise. With h and s the
    probabilities of the labels and of the clone on the newest rows, of weights v, and y indicators
    of their classes, we compute b = -<v (y - h), h - s> / <v (h - s), h - s>, summed
    over classes and over all generations in which nothing was corrected, so that the labels know
    nothing of the rows that judge them. At 0 the labels are right, at 1 what the clone makes of
    them is. The difference is added with the factor 1 - b, cut to [-1, 1]; b counts as far as it
    exceeds its standard error.

    **Kept and corrected labels.** Refitting distils all that is known into a new student in
    every generation, and each distillation loses some of it. Under ``update="correct"`` drawn
    rows, the anchors, keep their labels h. The newest rows move them: h + sum of b_k d_k, with the
    directions d_1, n/E times models of the newest rows alone less h, and d_2 to d_4, models of the
    errors on the newest rows, some held at zero by anchors of the total weight of all earlier
    rows. Each is fitted on five folds, and the coefficients b_k >= 0 are estimated out of fold
    from all batches so far. A share n/E of the anchors is drawn anew in each generation, so the
    label of an anchor passes through few students. The estimator is the sum of one fitted to h
    and of one fitted to what the first loses. Labels of classes are log odds, none beyond
    log(2 E + 1). A model that returns its labels, such as a linear one, loses nothing when it is
    refitted, and is.

    **Adaptive weights.** With h the out-of-fold prediction from the newest rows alone and s that
    of what labels the synthetic rows, the weight of h in the best mix of both is <y - s, h - s> /
    <h - s, h - s>. The real weight is the larger of the scheduled one and this estimate less two
    standard errors. Under ``labels="joint"`` it is 1 where h is ahead of s by more than two
    standard errors.

    References
    ----------
    .. [1] H. He, S. Xu, G. Cheng, "Recursive Learning Without Collapse: A Weighting-Based
       Stabilization Framework", Journal of the Royal Statistical Society Series B, 2026,
       arXiv:2502.18049.
    .. [2] Q. Bertrand et al., "On the Stability of Iterative Retraining of Generative Models on
       their own Data", ICLR 2024, arXiv:2310.00429.
    .. [3] J. W. Tukey, "Exploratory Data Analysis", Addison-Wesley, 1977, chapter 16.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skcollapse import RecursiveMixClassifier
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(600, 2))
    >>> y = np.where(X[:, 0] + rng.normal(size=600) > 0, "yes", "no")
    >>> mix = RecursiveMixClassifier(LogisticRegression(), random_state=0)
    >>> for rows in np.split(np.arange(600), 3):  # three months
    ...     mix = mix.partial_fit(X[rows], y[rows], classes=["no", "yes"])
    >>> mix.predict([[2.0, 0.0], [-2.0, 0.0]]).tolist()
    ['yes', 'no']
    >>> round(mix.effective_sample_size_)
    600
    """

    _task_class = Classification

    def _task(self):
        return Classification(self.classes_)

    def _check_rows(self, X, y, sample_weight, *, reset, classes=None):
        rows, mask = check_rows(self, X, y, sample_weight, reset=reset, y_numeric=False)
        check_classification_targets(rows.y)
        if reset:
            self.classes_ = np.unique(rows.y if classes is None else classes)
            if len(self.classes_) < 2:
                raise ValueError(
                    f"y holds one class only ({self.classes_[0]!r}), while at least 2 classes are "
                    "needed. Give all classes as `classes` in the first call of partial_fit."
                )
        elif classes is not None and not np.array_equal(np.unique(classes), self.classes_):
            raise ValueError(
                f"classes={np.unique(classes)} differs from the classes of generation 0, "
                f"{self.classes_}."
            )
        unknown = np.setdiff1d(rows.y, self.classes_)
        if len(unknown):
            raise ValueError(
                f"y holds classes {unknown.tolist()} that are not in {self.classes_.tolist()}. "
                "Give all classes as `classes` in the first call of partial_fit."
            )
        return rows, mask

    @available_if(supports_partial_fit)
    @_fit_context(prefer_skip_nested_validation=False)
    def partial_fit(self, X, y, sample_weight=None, classes=None):
        """Run one generation with a fresh real batch.

        Parameters
        ----------
        X : array-like or DataFrame of shape (n_samples, n_features)
            New real rows, with the columns of the first batch.
        y : array-like of shape (n_samples,)
            Their classes, without missing values.
        sample_weight : array-like of shape (n_samples,), default=None
            Non-negative weights of the rows.
        classes : array-like of shape (n_classes,), default=None
            All classes that will ever occur; used in the first call. None takes those of the
            first batch.

        Returns
        -------
        self : object
            The estimator after the generation. If the generation fails it is left as it was.

        Raises
        ------
        ValueError
            If the batch is another kind of table than the first, holds an unknown class, or a
            parameter makes no sense.
        """
        return self._partial_fit(X, y, sample_weight, classes)

    @available_if(_wrapped_has("predict_proba"))
    def predict_proba(self, X):
        """Predict class probabilities with the estimator of the last generation.

        Parameters
        ----------
        X : array-like or DataFrame of shape (n_samples, n_features)
            Rows.

        Returns
        -------
        probabilities : ndarray of shape (n_samples, n_classes)
            A column per entry of `classes_`; zero for a class the estimator has not met.
        """
        X = self._check_new(X)
        return self._task().means(self.estimator_, X)

    @available_if(_wrapped_has("predict_proba"))
    def predict_log_proba(self, X):
        """Predict logarithms of class probabilities.

        Parameters
        ----------
        X : array-like or DataFrame of shape (n_samples, n_features)
            Rows.

        Returns
        -------
        log_probabilities : ndarray of shape (n_samples, n_classes)
            Logarithm of `predict_proba`.
        """
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    @available_if(_wrapped_has("decision_function"))
    def decision_function(self, X):
        """Return the decision function of the estimator of the last generation.

        Parameters
        ----------
        X : array-like or DataFrame of shape (n_samples, n_features)
            Rows.

        Returns
        -------
        decision : ndarray of shape (n_samples,) or (n_samples, n_classes)
            A column per entry of `classes_` if there are more than two; the lowest finite number
            for a class the estimator has not met.
        """
        X = self._check_new(X)
        decision = self.estimator_.decision_function(X)
        known = self.estimator_.classes_
        if len(known) == len(self.classes_):
            return decision
        out = np.full((len(decision), len(self.classes_)), np.finfo(np.float64).min)
        columns = np.searchsorted(self.classes_, known)
        out[:, columns] = np.column_stack([-decision, decision]) if len(known) == 2 else decision
        return out
