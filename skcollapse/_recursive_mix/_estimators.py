"""The two public meta-estimators."""

from dataclasses import replace

import numpy as np
from sklearn.base import ClassifierMixin, RegressorMixin, _fit_context
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets

from skcollapse._recursive_mix._base import BaseRecursiveMix
from skcollapse._recursive_mix._checks import check_rows
from skcollapse._recursive_mix._docs import share_docstring
from skcollapse._recursive_mix._labels import Residuals, class_probabilities, draw_classes
from skcollapse._recursive_mix._mixing import Rows
from skcollapse._recursive_mix._stream import takes_batches

__all__ = ["RecursiveMixClassifier", "RecursiveMixRegressor"]


def _wrapped_has(name):
    """Build the condition under which a delegated method exists."""

    def check(mix):
        getattr(mix._wrapped(), name)  # raises the AttributeError that names the wrapped class
        return True

    return check


@share_docstring(
    kind="regressor",
    extra="",
    example="""
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
    """,
)
class RecursiveMixRegressor(RegressorMixin, BaseRecursiveMix):
    def _default_estimator(self):
        return HistGradientBoostingRegressor()

    def _label(self, X, generator):
        y = np.ravel(self.estimator_.predict(X)).astype(np.float64)
        if self._labels_ == "sample":
            y += self._residuals_.draw(len(y), generator)
        return y

    def _estimate_residuals(self, estimator, rows, shrinkage, seed):
        return Residuals.estimate(
            estimator, rows, shrinkage_per_parameter=shrinkage, seed=seed, n_jobs=self.n_jobs
        )

    @available_if(takes_batches)
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


@share_docstring(
    kind="classifier",
    extra="""
    classes_ : ndarray of shape (n_classes,)
        Class labels, in sorted order.
    """,
    example="""
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
    """,
)
class RecursiveMixClassifier(ClassifierMixin, BaseRecursiveMix):
    def _default_estimator(self):
        return HistGradientBoostingClassifier()

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

    def _needs_probabilities(self):
        if not hasattr(self._wrapped(), "predict_proba"):
            raise ValueError(
                "labels='sample' draws classes from predicted probabilities, but "
                f"{type(self._wrapped()).__name__} has no predict_proba. Use labels='predict' or "
                "another estimator."
            )

    def _label(self, X, generator):
        return draw_classes(self._probabilities(X), self.classes_, generator)

    def _label_batch(self, X, generator):
        if self._labels_ == "predict":
            return Rows(X, None, probabilities=self._probabilities(X))
        return self._keep_classes(super()._label_batch(X, generator))

    def _keep_classes(self, rows):
        """Give the rows of a batch that holds one class by chance their probabilities.

        Few classifiers can be fitted on one class; the probabilities say the same as the draws
        without forgetting a class.
        """
        if (rows.y != rows.y[0]).any():
            return rows
        return replace(rows, probabilities=self._probabilities(rows.X))

    def _probabilities(self, X):
        return class_probabilities(self.estimator_, X, self.classes_)

    def _known_labels(self, y):
        """Return jointly drawn labels as members of `classes_`."""
        if self.classes_.dtype.kind not in "iuf":
            return y
        # A synthesizer of real numbers may hand out labels between two classes.
        upper = np.clip(np.searchsorted(self.classes_, y), 1, len(self.classes_) - 1)
        low, high = self.classes_[upper - 1], self.classes_[upper]
        return np.where(y - low <= high - y, low, high)

    @available_if(takes_batches)
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
        return self._probabilities(X)

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
