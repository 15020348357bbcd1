"""The loop: draw, mix, refit, remember only the models."""

from abc import ABCMeta, abstractmethod
from contextlib import nullcontext
from numbers import Integral
from time import perf_counter

from sklearn.base import clone
from sklearn.utils.validation import check_memory

from skcollapse._recursive_mix._fitting import (
    draw_rows,
    fit_synthesizer,
    fit_weighted,
    seed_parameters,
)
from skcollapse._recursive_mix._mixing import Rows, join_rows, mix
from skcollapse._utils._random import Purpose, make_generator, stream_seed
from skcollapse.synthesizers import GaussianCopulaSynthesizer, as_synthesizer
from skcollapse.theory import lam_to_real_weight
from skcollapse.weights import effective_sample_size, resolve_lam

__all__ = ["GenerationLoop"]


class GenerationLoop(metaclass=ABCMeta):
    """Run one generation; the parameters and the bookkeeping around it are the subclass's.

    Subclasses say how rows are labelled and which default estimator is wrapped.
    """

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
