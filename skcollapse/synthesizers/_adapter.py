"""Use any object with `fit` and `sample` as a synthesizer: scikit-learn's mixtures, say."""

import copy
from inspect import signature

import numpy as np
from sklearn.base import clone
from sklearn.utils._param_validation import HasMethods
from sklearn.utils.validation import has_fit_parameter

from skcollapse._utils._random import make_generator
from skcollapse._utils._rows import rows_in_proportion
from skcollapse._utils._tables import Column
from skcollapse.synthesizers._base import BaseSynthesizer
from skcollapse.synthesizers._columns._lattices import find_lattice

__all__ = ["SynthesizerAdapter", "as_synthesizer"]

# A lattice column with no more values than this is discrete: drawn values go to the nearest.
_FEW_VALUES = 20
_MAX_SEED = 2**31 - 1


def as_synthesizer(synthesizer):
    """Return `synthesizer` itself if it is a `BaseSynthesizer`, else an adapter around it.

    Parameters
    ----------
    synthesizer : object with `fit` and `sample`
        A synthesizer of this package, or for instance `sklearn.mixture.GaussianMixture` or
        `sklearn.neighbors.KernelDensity`.

    Returns
    -------
    synthesizer : BaseSynthesizer
        The object itself, or an unfitted `SynthesizerAdapter` that holds it.

    Raises
    ------
    TypeError
        If the object lacks `fit` or `sample`, or is a class instead of an instance.

    Examples
    --------
    >>> from sklearn.neighbors import KernelDensity
    >>> from skcollapse.synthesizers import as_synthesizer
    >>> as_synthesizer(KernelDensity(bandwidth=0.1))
    SynthesizerAdapter(synthesizer=KernelDensity(bandwidth=0.1))
    """
    if isinstance(synthesizer, type):
        raise TypeError(
            f"synthesizer must be an instance, not the class {synthesizer.__name__}: "
            f"pass {synthesizer.__name__}()."
        )
    if isinstance(synthesizer, BaseSynthesizer):
        return synthesizer
    absent = [name for name in ("fit", "sample") if not callable(getattr(synthesizer, name, None))]
    if absent:
        raise TypeError(
            f"synthesizer must have the methods fit and sample; {synthesizer!r} has no "
            f"{' and no '.join(absent)}."
        )
    return SynthesizerAdapter(synthesizer)


class SynthesizerAdapter(BaseSynthesizer):
    """Synthesizer that learns and draws rows by another object.

    The object sees a float array: the columns of X, and the target last. It must be able to
    learn such an array, so columns of text or categories and missing values are refused. If its
    `fit` takes no `sample_weight`, weights become whole numbers of repeated rows: exactly where
    they are in small proportions (1 and 0.4, say), by a systematic draw of ``2 * n_samples``
    rows otherwise.

    An object whose `fit` names `previous` gets the fitted object of the last generation, or None
    if there is none that saw the same columns and the same classes. It must leave that object as
    it is; see `BaseSynthesizer`.

    Drawn integers are rounded and stay within the range seen in `fit`. A target that is a
    category, and columns of at most 20 different whole or decimal numbers, are drawn as the
    nearest known value. Rows come in random order.

    Parameters
    ----------
    synthesizer : object with `fit` and `sample`
        The object; it is cloned before it is fitted. Its `sample` takes the number of rows and
        returns them as an array, or in a tuple as first element.
    random_state : int, RandomState instance or None, default=None
        Seeds the systematic draw, and the fit of an object whose own `random_state` is None.

    Attributes
    ----------
    synthesizer_ : object
        The fitted clone.
    n_features_in_ : int
        Number of columns of X.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, if X has names that are all strings.

    Notes
    -----
    `sample` is reproducible if the object's `sample` takes `random_state` or the object has a
    parameter of that name; other objects bring their own randomness.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.mixture import GaussianMixture
    >>> from skcollapse.synthesizers import as_synthesizer
    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.normal(size=(100, 2)), rng.integers(2, size=100)
    >>> synthesizer = as_synthesizer(GaussianMixture(random_state=0)).fit(X, y)
    >>> X_drawn, y_drawn = synthesizer.sample(3, random_state=0)
    >>> X_drawn.shape, y_drawn.dtype
    ((3, 2), dtype('int64'))
    """

    _parameter_constraints: dict = {
        "synthesizer": [HasMethods(["fit", "sample"])],
        "random_state": ["random_state"],
    }

    def __init__(self, synthesizer, random_state=None):
        self.synthesizer = synthesizer
        self.random_state = random_state

    @property
    def stores_rows(self):
        """Whether the fitted object may keep training rows; True unless known otherwise."""
        # Imported here: a mixture can only have been passed in if its module is loaded anyway.
        from sklearn.mixture import BayesianGaussianMixture, GaussianMixture

        parametric = isinstance(self.synthesizer, GaussianMixture | BayesianGaussianMixture)
        return getattr(self.synthesizer, "stores_rows", not parametric)

    @property
    def uses_previous(self):
        """Whether `fit` of the object names `previous`."""
        return has_fit_parameter(self.synthesizer, "previous")

    def _begin_fit(self, specs, target):
        self._n_columns = len(specs)
        self._classes = None if target is None else specs[target].levels

    def _fit(self, columns, sample_weight, target, previous=None):
        learner = type(self.synthesizer).__name__
        for position, column in enumerate(columns):
            _check_numeric(column, learner, is_target=position == target)
        data = np.column_stack([np.asarray(c.values, dtype=np.float64) for c in columns])
        generator = make_generator(self.random_state)
        synthesizer = _private_clone(self.synthesizer)
        if _parameter(synthesizer, "random_state", default=0) is None:
            synthesizer.set_params(random_state=int(generator.integers(_MAX_SEED)))
        wanted = {}
        if has_fit_parameter(synthesizer, "previous"):
            wanted["previous"] = self._previous_object(previous)
        if has_fit_parameter(synthesizer, "sample_weight"):
            fitted = synthesizer.fit(data, sample_weight=sample_weight, **wanted)
        else:
            fitted = synthesizer.fit(data[rows_in_proportion(sample_weight, generator)], **wanted)
        # Objects of other libraries may fit in place and return nothing.
        self.synthesizer_ = synthesizer if fitted is None else fitted
        self._restorers = [_Restorer(c) for c in columns]

    def _previous_object(self, previous):
        """Return what `previous` wraps, None if its floats mean something else than ours.

        The object sees classes as positions among the levels, and cannot map them itself.
        """
        if (
            previous is None
            or type(previous.synthesizer_) is not type(self.synthesizer)
            or previous._n_columns != self._n_columns
            or not np.array_equal(previous._classes, self._classes)
        ):
            return None
        return previous.synthesizer_

    def _sample(self, n_samples, generator):
        drawn = _draw(self.synthesizer_, n_samples, int(generator.integers(_MAX_SEED)))
        if drawn.shape != (n_samples, len(self._restorers)):
            raise ValueError(
                f"sample of {type(self.synthesizer_).__name__} returned an array of shape "
                f"{drawn.shape} instead of {(n_samples, len(self._restorers))}."
            )
        # Mixtures return their rows sorted by component.
        drawn = generator.permutation(drawn)
        return [restore(values) for restore, values in zip(self._restorers, drawn.T, strict=True)]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = False
        tags.input_tags.categorical = False
        tags.input_tags.string = False
        return tags


class _Restorer:
    """Turns drawn floats into values that the column can hold."""

    def __init__(self, column):
        self.kind, self.n_levels, self.known = column.kind, column.n_levels, None
        if column.kind == "category":
            self.known = np.unique(column.values)
            return
        distinct = np.unique(column.values)
        self.lattice = find_lattice(distinct)
        on_lattice = column.kind == "integer" or self.lattice.decimals is not None
        if on_lattice and len(distinct) <= _FEW_VALUES:
            self.known = distinct

    def __call__(self, values):
        if self.known is not None:
            middle = (self.known[1:].astype(np.float64) + self.known[:-1]) / 2
            values = self.known[np.searchsorted(middle, values)]
        elif self.kind == "integer":
            units = (values - self.lattice.offset) / self.lattice.step
            values = self.lattice.from_units(units)
        return Column(self.kind, values, np.zeros(len(values), dtype=bool), self.n_levels)


def _check_numeric(column, learner, *, is_target):
    if column.kind == "category" and not is_target:
        raise ValueError(
            f"Column {column.name!r} holds text, booleans or categories, which {learner} cannot "
            "learn. Encode or drop it, or use GaussianCopulaSynthesizer."
        )
    if column.missing.any():
        raise ValueError(
            f"Column {column.name!r} has missing values (NaN), which {learner} cannot learn. "
            "Impute them, or use GaussianCopulaSynthesizer."
        )


def _private_clone(synthesizer):
    return clone(synthesizer) if hasattr(synthesizer, "get_params") else copy.deepcopy(synthesizer)


def _parameter(synthesizer, name, default):
    if not hasattr(synthesizer, "get_params"):
        return default
    return synthesizer.get_params(deep=False).get(name, default)


def _draw(synthesizer, n_samples, seed):
    """Draw rows by the fitted object with the given seed, leaving the object as it is."""
    if "random_state" in signature(synthesizer.sample).parameters:
        drawn = synthesizer.sample(n_samples, random_state=seed)
    else:
        if _parameter(synthesizer, "random_state", default=None) is not None:
            # A shallow copy shares the fitted arrays but not the seed, so that threads which
            # draw from one fitted object do not disturb each other.
            synthesizer = copy.copy(synthesizer).set_params(random_state=seed)
        drawn = synthesizer.sample(n_samples)
    return np.asarray(drawn[0] if isinstance(drawn, tuple) else drawn, dtype=np.float64)
