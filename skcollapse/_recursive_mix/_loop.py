"""The loop: draw, mix, refit, remember only the models."""

from abc import ABCMeta, abstractmethod
from contextlib import nullcontext
from dataclasses import replace
from numbers import Integral
from time import perf_counter

import numpy as np
from sklearn.base import clone
from sklearn.utils.validation import check_memory

from skcollapse._recursive_mix._adaptive import no_evidence
from skcollapse._recursive_mix._correction import Teacher
from skcollapse._recursive_mix._fitting import (
    draw_rows,
    fit_synthesizer,
    fit_weighted,
    seed_parameters,
)
from skcollapse._recursive_mix._mixing import Rows, mix, natural_lam, subset
from skcollapse._recursive_mix._rehearsal import Rehearsed, fit_rehearsal
from skcollapse._utils._random import Purpose, make_generator, stream_seed
from skcollapse.synthesizers import TreeSynthesizer, as_synthesizer
from skcollapse.theory import lam_to_real_weight
from skcollapse.weights import effective_sample_size, resolve_lam
from skcollapse.workflows import Batch, subsample_noise

__all__ = ["MEAN_LABELS", "GenerationLoop"]

# Labels that are conditional means: they add no noise of their own.
MEAN_LABELS = ("predict", "corrected")


class GenerationLoop(metaclass=ABCMeta):
    """Run one generation; the parameters and the bookkeeping around it are the subclass's.

    Subclasses say how rows are labelled and which default estimator is wrapped.
    """

    def _run_generation(self, t, workflow, pool, progress=None):
        """Draw, mix, refit: generation t from the batches in `pool` and the last models."""
        started = perf_counter()
        plan = workflow.plan(t)
        newest = Batch("synthetic", t)
        if newest in plan:
            pool.announce(newest, self._n_rows(pool.last_real), self._noise_ratio())
        real = [batch for batch in plan if batch.source == "real"]
        drawn = [batch for batch in plan if batch.source == "synthetic"]
        lam, masses, variances = self._weigh(t, workflow, pool, real, drawn)
        upcoming = set(workflow.plan(t + 1))
        teacher, evidence = None, no_evidence(self.lam if drawn else "real only")
        if newest in plan and (lam > 0 or newest in upcoming):
            # Real rows of no weight have no say in the labels either.
            fresh = pool.rows.get(Batch("real", t)) if lam < np.inf else None
            weight = pool.last_real * (1.0 + lam if lam < np.inf else 1.0)
            pool.rows[newest], teacher = self._draw_batch(t, pool.sizes[newest], fresh, weight)
            if self.lam == "adaptive":
                inherited = self._inherited(t, fresh, pool.rows[newest], teacher)
                lam, evidence = self._adapt(t, lam, fresh, inherited)
                masses = pool.shares(workflow, plan, t, lam)
        parts = [pool.part(real, masses) if real else None]
        parts += [pool.part(drawn, masses) if lam > 0 else None]
        noise = self._subsample(t, workflow.budget(pool.first_real), parts)
        size = effective_sample_size(lam, variances, noise)
        parents, n_real = pool.model_fitted(masses, 1.0 / size), pool.size(real)
        # Batches that are done with would lie beside their mix, which is as large.
        pool.keep(upcoming)
        # Rows of a random subset count the same, in the shares that chance has given the parts.
        fits = self._refit(t, parts, natural_lam(*parts) if noise else lam, progress)
        if teacher is not None:
            fits["models"]["_roughness_"] = teacher.roughness
        record = {"lam": lam, "effective_sample_size": size, "n_real": n_real}
        record |= {**evidence._asdict(), **_measured(teacher)}
        # The synthetic rows scatter around the models that made them instead of the truth.
        self._commit(t, fits, record, 1.0 / size - parents, started)

    def _n_rows(self, n_real):
        """Return the number of synthetic rows to draw beside `n_real` real ones."""
        if isinstance(self.n_synthetic, Integral):
            return int(self.n_synthetic)
        return max(1, round(self.n_synthetic * n_real))

    def _noise_ratio(self):
        # Conditional means carry no label noise: drawing many of them loses nothing.
        return 0.0 if self.labels in MEAN_LABELS else 1.0

    def _weigh(self, t, workflow, pool, real, drawn):
        """Return lam as a number, the masses of the batches, and the variances of the parts."""
        plan = workflow.plan(t)
        masses = pool.shares(workflow, plan, t)
        variances = pool.variances(real, drawn, masses)
        total = sum(masses[batch] for batch in real)
        if workflow.fixes_weights:
            lam = (1.0 - total) / total if total > 0 else np.inf
        elif not drawn:
            lam = 0.0
        else:
            n_real, n_synthetic = pool.size(real), pool.size(drawn)
            lam = resolve_lam(
                self.lam, n_real=n_real, n_synthetic=n_synthetic, variances=variances
            )
            masses = pool.shares(workflow, plan, t, lam)
        return lam, masses, variances

    def _subsample(self, t, budget, parts):
        """Cut the parts down to a random budget of rows; return the variance that this adds."""
        counts = [0 if part is None else part.X.shape[0] for part in parts]
        budget = None if budget is None else max(1, round(budget))
        noise = subsample_noise(budget, sum(counts))
        if noise:
            generator = make_generator(self._seed(t, Purpose.SUBSAMPLE))
            chosen = np.sort(generator.choice(sum(counts), budget, replace=False))
            indices = np.split(chosen, [np.searchsorted(chosen, counts[0])])
            indices[1] = indices[1] - counts[0]
            for k, index in enumerate(indices):
                parts[k] = subset(parts[k], index) if len(index) else None
        return noise

    def _refit(self, t, parts, lam, progress):
        """Fit both models on the mix of the parts, which are forgotten; return what was fitted."""
        mixed, for_estimator = mix(*parts, lam, getattr(self, "classes_", None))
        n_drawn = 0 if parts[1] is None else parts[1].X.shape[0]
        parts.clear()
        # The synthesizer goes first: it reads every column, and names one that cannot be learned.
        y = mixed.y if self.labels == "joint" else None
        synthesizer = self._fit_synthesizer(t, mixed.X, y, mixed.weights, n_drawn)
        del mixed, y
        estimator = clone(self._unfitted())
        seed_parameters(estimator, self._seed(t, Purpose.ESTIMATOR))
        with progress.around(estimator) if progress else nullcontext():
            resampled = fit_weighted(
                estimator,
                for_estimator.X,
                for_estimator.y,
                for_estimator.weights,
                make_generator(self._seed(t, Purpose.RESAMPLE)),
            )
        return {
            "models": {"synthesizer_": synthesizer, "estimator_": estimator},
            "rows": for_estimator,
            "record": {"resampled": resampled, "n_synthetic": n_drawn},
        }

    def _commit(self, t, fits, record, shrinkage, started):
        """Put the new models in place of the last ones, now that all has gone well."""
        real_weight = float(lam_to_real_weight(record["lam"]))
        models = fits["models"]
        if self._labels_ == "sample":
            seed = self._seed(t, Purpose.RESIDUALS)
            models["_residuals_"] = self._estimate_residuals(
                models["estimator_"], fits["rows"], shrinkage, seed
            )
        history = self._history_.with_record(
            generation=t,
            real_weight=real_weight,
            seconds=perf_counter() - started,
            **fits["record"],
            **record,
        )
        vars(self).update(models)
        self.effective_sample_size_ = record["effective_sample_size"]
        self.real_weight_, self.generation_ = real_weight, t
        self._history_ = history
        self._report()

    def _fit_synthesizer(self, t, X, y, weights, n_synthetic):
        synthesizer = TreeSynthesizer() if self.synthesizer is None else self.synthesizer
        synthesizer = as_synthesizer(clone(synthesizer, safe=False))
        seed_parameters(synthesizer, self._seed(t, Purpose.SYNTHESIZER))
        return check_memory(self.memory).cache(fit_synthesizer)(
            synthesizer, X, y, weights, n_synthetic
        )

    def _draw_batch(self, t, n_samples, fresh, weight):
        """Draw the synthetic batch of generation t from the models of generation t - 1.

        `fresh` are the real rows that came in with generation t, or None, and `weight` is the
        total weight of the fit to come. Returns the batch and its teacher, None if there is none.
        """
        drawn = self._draw_rows(n_samples, self._seed(t, Purpose.SAMPLE))
        if self._labels_ == "joint":
            X, y = drawn
            return self._keep_classes(Rows(X, self._known_labels(y))), None
        if self._labels_ == "sample":
            labels = self._label(drawn, make_generator(self._seed(t, Purpose.LABELS)))
            return self._keep_classes(Rows(drawn, labels)), None
        if self._labels_ == "predict":
            return self._mean_labels(drawn, self._mean(drawn)), None
        teacher = Teacher(self._mean)
        if fresh is not None:
            teacher = self._correct(fresh, self._seed(t, Purpose.CORRECTION))
        rehearsed, roughness = self._rehearse(t, teacher, drawn, fresh, weight)
        teacher = replace(teacher, rehearsal_error=rehearsed.error, roughness=roughness)
        return self._mean_labels(drawn, rehearsed.mean), teacher

    def _rehearse(self, t, teacher, drawn, fresh, weight):
        """Label drawn rows so that a fit to them gives what the teacher says.

        Returns the labels and what real rows say about raising them.
        """
        seed = self._seed(t, Purpose.REHEARSAL)
        others = self._draw_rows(drawn.shape[0], seed)
        others = self._mean_labels(others, teacher.predict(others))
        taught = teacher.predict(drawn)
        try:
            student = fit_rehearsal(
                self._unfitted(), others, getattr(self, "classes_", None), weight, seed
            )
            learned = self._mean_of(student, drawn)
        except ValueError:
            # Too few rows, a single class (with the real rows there may be enough), no weights.
            return Rehearsed(taught, np.nan), self._roughness_
        roughness = self._roughness_
        # Labels that the newest rows had a say in cannot be judged by them.
        if teacher.step == 0:
            at_real = teacher.real, self._mean_of(student, fresh.X)
            roughness = roughness.after(self._truth(fresh.y), *at_real, fresh.full_weights())
        return self._raise_labels(taught, learned, roughness.share), roughness

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

    def _unfitted(self):
        return self._default_estimator() if self.estimator is None else self.estimator

    @abstractmethod
    def _default_estimator(self):
        """Return the estimator that stands for None."""

    @abstractmethod
    def _label(self, X, generator):
        """Label synthetic rows with the current estimator."""

    def _mean(self, X):
        """Return the current estimator's conditional means, of shape (n_rows, n_outputs)."""
        return self._mean_of(self.estimator_, X)

    @abstractmethod
    def _mean_of(self, estimator, X):
        """Return an estimator's conditional means, of shape (n_rows, n_outputs)."""

    @abstractmethod
    def _correct(self, fresh, seed):
        """Return the `Teacher` that knows the current estimator's errors on the newest rows."""

    @abstractmethod
    def _raise_labels(self, taught, learned, share):
        """Add to the teacher's means a share of what an estimator did not learn of them."""

    @abstractmethod
    def _truth(self, y):
        """Return what `_mean` should have been on rows with targets y."""

    @abstractmethod
    def _mean_labels(self, X, mean):
        """Return synthetic rows that carry conditional means for labels."""

    def _keep_classes(self, rows):
        """Guard a jointly drawn batch against the loss of classes."""
        return rows

    def _known_labels(self, y):
        """Return jointly drawn labels in the form in which real labels come."""
        return y

    def _estimate_residuals(self, estimator, rows, shrinkage, seed):
        """Return what `_label` needs to draw labels; nothing by default."""
        return None


def _measured(teacher):
    """Return the teacher's part of a record, nan for what was not measured."""
    if teacher is None:
        return dict.fromkeys(("correction", "rehearsal_error", "roughness"), np.nan)
    return {
        "correction": np.nan if teacher.step is None else teacher.step,
        "rehearsal_error": teacher.rehearsal_error,
        "roughness": teacher.roughness.value,
    }
