"""The regressor."""

from sklearn.base import RegressorMixin, _fit_context
from sklearn.utils.metaestimators import available_if

from skcollapse._recursive_mix._base import BaseRecursiveMix
from skcollapse._recursive_mix._stream import supports_partial_fit
from skcollapse._recursive_mix.recursion import Regression

__all__ = ["RecursiveMixRegressor"]


class RecursiveMixRegressor(RegressorMixin, BaseRecursiveMix):
    """Learn recursively on real and synthetic rows without model collapse.

    Each generation trains the regressor on new real rows and on rows drawn from the last
    synthesizer, weighted so that errors do not compound. After a generation only the models are
    kept, and drawn rows if `update` corrects their labels.

    Parameters
    ----------
    estimator : estimator, default=None
        Any scikit-learn regressor, or a Pipeline that ends in one (the weights go to its last
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

    **Corrected labels.** With residuals r = y - f(x) of the newest rows and g their prediction out
    of fold, the teacher is h(x) = f(x) + step g(x). The step is <r, g> / <g, g> less two standard
    errors, cut to [0, 1]. A regressor that refuses residuals as a target, such as one for counts,
    is not corrected so; nor is anything at ``lam=inf``.

    **Twicing.** A clone s is fitted to synthetic rows alone with the labels h(x). Other
    synthetic rows are then labelled h(x) + (h(x) - s(x)): what a penalty or a smoother takes off
    the labels is added before (twicing [3]_), so that it does not compound. The difference is
    zero for a model that can express h. Labels that are all positive stay so, and labels of which
    the clone misses half of the variance or more stay as they are.

    **Twicing evidence.** What the clone takes off may have been noise. With v the weights of the
    newest rows, we compute b = -<v (y - h), h - s> / <v (h - s), h - s>, summed over
    all generations in which nothing was corrected, so that the labels know nothing of the rows
    that judge them. At 0 the labels are right, at 1 what the clone makes of them is. The
    difference is added with the factor 1 - b, cut to [-1, 1]; b counts as far as it exceeds its
    standard error.

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
    >>> from sklearn.linear_model import Ridge
    >>> from skcollapse import RecursiveMixRegressor
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(500, 3))
    >>> y = X @ [1.0, 2.0, 3.0] + rng.normal(size=500)
    >>> mix = RecursiveMixRegressor(Ridge(), n_generations=4, random_state=0).fit(X, y)
    >>> [round(record["real_weight"], 3) for record in mix.history_]
    [1.0, 0.5, 0.333, 0.25, 0.2]
    >>> round(mix.effective_sample_size_)
    500
    """

    _task_class = Regression

    def _task(self):
        return Regression()

    @available_if(supports_partial_fit)
    @_fit_context(prefer_skip_nested_validation=False)
    def partial_fit(self, X, y, sample_weight=None):
        """Run one generation with a fresh real batch.

        Parameters
        ----------
        X : array-like or DataFrame of shape (n_samples, n_features)
            New real rows, with the columns of the first batch.
        y : array-like of shape (n_samples,)
            Their targets, without missing values.
        sample_weight : array-like of shape (n_samples,), default=None
            Non-negative weights of the rows.

        Returns
        -------
        self : object
            The estimator after the generation. If the generation fails it is left as it was.

        Raises
        ------
        ValueError
            If the batch is another kind of table than the first, or a parameter makes no sense.
        """
        return self._partial_fit(X, y, sample_weight)
