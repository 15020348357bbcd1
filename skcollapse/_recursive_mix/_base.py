"""The loop: draw, mix, refit, remember only the models."""

from abc import ABCMeta, abstractmethod
from contextlib import nullcontext
from numbers import Integral, Real
from time import perf_counter

from sklearn.base import BaseEstimator, MetaEstimatorMixin, _fit_context, clone
from sklearn.utils import get_tags
from sklearn.utils._param_validation import HasMethods, Interval, RealNotInt, StrOptions
from sklearn.utils.validation import check_is_fitted, check_memory

from skcollapse._recursive_mix._callbacks import CallbackSupportMixin, FitProgress
from skcollapse._recursive_mix._checks import (
    check_first_batch,
    check_rows,
    check_schema,
    check_settings,
    cut,
    schema_of,
)
from skcollapse._recursive_mix._fitting import fit_synthesizer, fit_weighted, seed_parameters
from skcollapse._recursive_mix._history import History
from skcollapse._recursive_mix._mixing import Rows, join_rows, mix
from skcollapse._recursive_mix._state import last_good_state
from skcollapse._utils._random import Purpose, draw_entropy, make_generator, stream_seed
from skcollapse._utils._rows import check_table
from skcollapse.synthesizers import GaussianCopulaSynthesizer, as_synthesizer
from skcollapse.theory import lam_to_real_weight
from skcollapse.weights import LAM_NAMES, effective_sample_size, resolve_lam
from skcollapse.workflows import BaseWorkflow, Batch, check_workflow

__all__ = ["BaseRecursiveMix", "takes_batches"]


def takes_batches(mix):
    """Tell whether `partial_fit` makes sense: fresh rows come in and none must be kept."""
    try:
        workflow = check_workflow(mix.workflow)
    except ValueError:
        return True  # so that the call itself can say what is wrong with the workflow
    return workflow.takes_fresh_rows and not workflow.keeps_batches()


def draw_rows(synthesizer, n_samples, seed):
    """Draw rows; a function of its own so that `memory` can cache it."""
    return synthesizer.sample(n_samples, random_state=seed)


class BaseRecursiveMix(CallbackSupportMixin, MetaEstimatorMixin, BaseEstimator, metaclass=ABCMeta):
    """What the regressor and the classifier share.

    This base is responsible for the loop over generations, its randomness and its record.
    Subclasses say how rows are labelled and which default estimator is wrapped.
    """

    _parameter_constraints = {
        "estimator": [HasMethods(["fit", "predict"]), None],
        "synthesizer": [HasMethods(["fit", "sample"]), None],
        "workflow": [StrOptions({"fresh", "fixed"}), BaseWorkflow],
        "lam": [Interval(Real, 0, None, closed="both"), StrOptions(set(LAM_NAMES))],
        "labels": [StrOptions({"predict", "sample", "joint"})],
        "n_generations": [Interval(Integral, 0, None, closed="left")],
        "n_synthetic": [
            Interval(Integral, 0, None, closed="left"),
            Interval(RealNotInt, 0, None, closed="left"),
        ],
        "memory": [None, str, HasMethods(["cache"])],
        "n_jobs": [None, Integral],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
    }

    def __init__(
        self,
        estimator=None,
        synthesizer=None,
        *,
        workflow="fresh",
        lam="optimal",
        labels="predict",
        n_generations=4,
        n_synthetic=5.0,
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

    @abstractmethod
    def _default_estimator(self):
        """Return the estimator that stands for None."""

    @abstractmethod
    def _label(self, X, generator):
        """Label synthetic rows with the current estimator."""

    def _label_batch(self, X, generator):
        """Return synthetic rows labelled for training."""
        return Rows(X, self._label(X, generator))

    def _keep_classes(self, rows):
        """Guard a jointly drawn batch against the loss of classes."""
        return rows

    def _known_labels(self, y):
        """Return jointly drawn labels in the form in which real labels come."""
        return y

    def _estimate_residuals(self, estimator, rows, shrinkage, seed):
        """Return what `_label` needs to draw labels; nothing by default."""
        return None

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
        with last_good_state(self) as keep:
            rows, mask = self._check_rows(X, y, sample_weight, reset=True)
            workflow = check_workflow(self.workflow)
            classes = getattr(self, "classes_", None)
            blocks = cut(rows, mask, workflow, self.n_generations, generation, classes)
            last = len(blocks) - 1 if workflow.takes_fresh_rows else self.n_generations
            self._start(workflow, blocks[0], last)
            metadata = None if sample_weight is None else {"sample_weight": sample_weight}
            progress = FitProgress(self, last + 1, X, y, metadata)
            pool = {}
            for t in range(last + 1):
                if t < len(blocks):
                    pool[Batch("real", t)] = blocks[t]
                progress.begin(t)
                self._run_generation(t, workflow, pool, progress)
                keep()
                if progress.end():
                    break
            progress.finish()
        return self

    def _partial_fit(self, X, y, sample_weight, classes=None):
        first = not hasattr(self, "estimator_")
        with last_good_state(self) as keep:
            rows, _ = self._check_rows(X, y, sample_weight, reset=first, classes=classes)
            workflow = check_workflow(self.workflow)
            if first:
                # The next call may use any n_generations: one more generation has to be possible.
                self._start(workflow, rows, 1)
            else:
                self._continue(workflow, rows)
            t = 0 if first else self.generation_ + 1
            self._run_generation(t, workflow, {Batch("real", t): rows})
            keep()
        return self

    def _check_rows(self, X, y, sample_weight, *, reset, classes=None):
        return check_rows(self, X, y, sample_weight, reset=reset, y_numeric=True)

    def _start(self, workflow, rows, last):
        """Check all that can be checked, then forget earlier fits."""
        check_settings(self, workflow, last)
        check_first_batch(rows, getattr(self, "classes_", None))
        check_memory(self.memory)
        self._schema_ = schema_of(rows.X)
        self._entropy_ = draw_entropy(self.random_state)
        self._labels_ = self.labels
        self._history_ = History()

    def _continue(self, workflow, rows):
        check_settings(self, workflow, 1)
        check_schema(rows.X, self._schema_)
        if self.labels != self._labels_:
            raise ValueError(
                f"labels was {self._labels_!r} in the generations so far and cannot become "
                f"{self.labels!r}: the models at hand were not made for it."
            )

    def _run_generation(self, t, workflow, pool, progress=None):
        """Draw, mix, refit: generation t from the batches in `pool` and the last models."""
        started = perf_counter()
        plan = workflow.plan(t)
        real = join_rows(pool[batch] for batch in plan if batch.source == "real")
        names = [batch for batch in plan if batch.source == "synthetic"]
        lam, weighting = self._resolve_lam(workflow, real, names, pool)
        if lam > 0:
            for batch in names:
                if batch not in pool:
                    pool[batch] = self._draw_batch(t, self._n_rows(real))
        synthetic = join_rows(pool[batch] for batch in names) if lam > 0 else None
        self._refit(t, real, synthetic, lam, weighting, progress, started)
        upcoming = set(workflow.plan(t + 1))
        for batch in [batch for batch in pool if batch not in upcoming]:
            del pool[batch]

    def _n_rows(self, real):
        """Return the number of synthetic rows to draw beside the real part."""
        if isinstance(self.n_synthetic, Integral):
            return int(self.n_synthetic)
        return max(1, round(self.n_synthetic * real.size))

    def _resolve_lam(self, workflow, real, names, pool):
        """Return lam as a number, and the arguments of `effective_sample_size`."""
        if not names:
            return 0.0, {"n_real": real.size, "n_synthetic": 0, "previous_size": real.size}
        drawn = sum(pool[b].X.shape[0] if b in pool else self._n_rows(real) for b in names)
        weighting = {
            "n_real": real.size,
            "n_synthetic": drawn,
            "previous_size": self.effective_sample_size_,
            # Conditional means carry no label noise: drawing many of them loses nothing.
            "noise_ratio": 0.0 if self.labels == "predict" else 1.0,
            "fresh": workflow.takes_fresh_rows,
        }
        return resolve_lam(self.lam, **weighting), weighting

    def _refit(self, t, real, synthetic, lam, weighting, progress, started):
        """Fit both models on the mix and put them in place of the last ones."""
        mixed, for_estimator = mix(real, synthetic, lam, getattr(self, "classes_", None))
        # The synthesizer goes first: it reads every column, and names one that cannot be learned.
        y = mixed.y if self.labels == "joint" else None
        synthesizer = self._fit_synthesizer(t, mixed.X, y, mixed.weights)
        chosen = self._default_estimator() if self.estimator is None else self.estimator
        estimator = clone(chosen)
        seed_parameters(estimator, self._seed(t, Purpose.ESTIMATOR))
        with progress.around(estimator) if progress else nullcontext():
            resampled = fit_weighted(
                estimator,
                for_estimator.X,
                for_estimator.y,
                for_estimator.weights,
                make_generator(self._seed(t, Purpose.RESAMPLE)),
            )
        size = effective_sample_size(lam, **weighting)
        real_weight = float(lam_to_real_weight(lam))
        residuals = None
        if self.labels == "sample":
            shrinkage = 1 / size - (1 - real_weight) / weighting["previous_size"]
            residuals = self._estimate_residuals(
                estimator, for_estimator, shrinkage, self._seed(t, Purpose.RESIDUALS)
            )
        # Only here, when all has gone well, do the new models replace the old ones.
        self.estimator_, self.synthesizer_, self._residuals_ = estimator, synthesizer, residuals
        self.effective_sample_size_, self.real_weight_, self.generation_ = size, real_weight, t
        self._history_ = self._history_.with_record(
            generation=t,
            n_real=real.size,
            n_synthetic=0 if synthetic is None else synthetic.X.shape[0],
            lam=lam,
            real_weight=real_weight,
            effective_sample_size=size,
            resampled=resampled,
            seconds=perf_counter() - started,
        )
        self._report()

    def _fit_synthesizer(self, t, X, y, weights):
        synthesizer = self.synthesizer
        synthesizer = (
            GaussianCopulaSynthesizer() if synthesizer is None else clone(synthesizer, safe=False)
        )
        synthesizer = as_synthesizer(synthesizer)
        seed_parameters(synthesizer, self._seed(t, Purpose.SYNTHESIZER))
        return check_memory(self.memory).cache(fit_synthesizer)(synthesizer, X, y, weights)

    def _draw_batch(self, t, n_samples):
        """Draw the synthetic batch of generation t from the models of generation t - 1."""
        drawn = self._draw_rows(n_samples, self._seed(t, Purpose.SAMPLE))
        if self._labels_ == "joint":
            X, y = drawn
            return self._keep_classes(Rows(X, self._known_labels(y)))
        return self._label_batch(drawn, make_generator(self._seed(t, Purpose.LABELS)))

    def _draw_rows(self, n_samples, seed):
        return check_memory(self.memory).cache(draw_rows)(self.synthesizer_, n_samples, seed)

    def _seed(self, generation, purpose):
        return stream_seed(self._entropy_, generation, purpose)

    def _report(self):
        if not self.verbose:
            return
        record = self.history_[-1]
        print(
            f"[{type(self).__name__}] generation {record['generation']}: "
            f"{record['n_real']:g} real and {record['n_synthetic']} synthetic rows, "
            f"real weight {record['real_weight']:.3f}, "
            f"effective sample size {record['effective_sample_size']:.0f}, "
            f"{record['seconds']:.2f} s"
        )

    @property
    def history_(self):
        """Records of the generations so far, oldest first (the last 120 of them)."""
        if not hasattr(self, "_history_"):
            raise AttributeError(f"This {type(self).__name__} instance is not fitted yet.")
        return self._history_.to_list()

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

    def _check_new(self, X):
        check_is_fitted(self)
        return check_table(self, X, reset=False)

    def _wrapped(self):
        """Return the fitted estimator, or the one that would be fitted."""
        if hasattr(self, "estimator_"):
            return self.estimator_
        return self._default_estimator() if self.estimator is None else self.estimator

    def __sklearn_is_fitted__(self):
        return hasattr(self, "estimator_")

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        wrapped = self._default_estimator() if self.estimator is None else self.estimator
        if hasattr(wrapped, "__sklearn_tags__"):
            inner = get_tags(wrapped)
            tags.input_tags.allow_nan = inner.input_tags.allow_nan
            tags.input_tags.categorical = inner.input_tags.categorical
            tags.input_tags.string = inner.input_tags.string
            tags.input_tags.positive_only = inner.input_tags.positive_only
            tags.non_deterministic = inner.non_deterministic
        tags.input_tags.sparse = False
        return tags
