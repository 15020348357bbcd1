"""The contract of a labelling strategy."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from typing import Any

__all__ = ["MEASURED", "BaseLabeller", "Labelled"]

# What a strategy may report to `history_`.
MEASURED = ("averaging", "correction", "refit_share", "twicing_loss", "twicing_evidence")


@dataclass(frozen=True)
class Labelled:
    """A labelled synthetic batch, and what the strategy found out when it labelled the rows.

    Parameters
    ----------
    labeller : BaseLabeller
        The strategy, with what it has learned. It serves the next generation.
    rows : WeightedRows
        The synthetic rows with their labels, as ``here.task.labelled`` returns them.
    at_real : ndarray of shape (n_real, n_outputs), default=None
        Means by which the newest real rows would have been labelled, each by models that have not
        seen the row. None where they were not computed.
    measured : dict, default={}
        Numbers for `history_`: any of "averaging", "correction", "twicing_loss" and
        "twicing_evidence".
    memory : object, default=None
        What the update that labelled the rows hands to its fit. A labeller leaves it at None.

    Examples
    --------
    >>> from skcollapse.labels import Labelled, Predict
    >>> Labelled(Predict(), measured={"correction": 0.5}).measured
    {'correction': 0.5}
    """

    labeller: "BaseLabeller"
    rows: Any = None
    at_real: Any = None
    measured: dict = field(default_factory=dict)
    memory: Any = None

    def __post_init__(self):
        unknown = sorted(set(self.measured) - set(MEASURED))
        if unknown:
            raise ValueError(
                f"measured holds {unknown!r}, but history_ has room for {list(MEASURED)} only."
            )

    def without_rows(self):
        """Return the rest, so that the rows can be freed.

        Returns
        -------
        labelled : Labelled
            The same with ``rows=None``.
        """
        return replace(self, rows=None)


class BaseLabeller(ABC):
    """Base class of all strategies that label synthetic rows.

    A strategy is a value: no method changes it. What it remembers from one generation to the next
    are its fields, and `label` and `after_fit` return a new object. Write subclasses as frozen
    dataclasses. Only `label` must be written.

    Attributes
    ----------
    noise_ratio : float
        Sampling variance of a synthetic label over that of a real one: 0.0 for conditional means,
        1.0 for labels drawn with noise. It enters ``lam="optimal"``.
    draws_target : bool
        Whether the synthesizer is fitted on (X, y) and draws both.
    yields_at_once : bool
        Whether ``lam="adaptive"`` gives real rows all the weight where they are clearly ahead.

    Examples
    --------
    A strategy that shrinks predictions of numbers towards zero:

    >>> from dataclasses import dataclass
    >>> from skcollapse.labels import BaseLabeller, Labelled
    >>> @dataclass(frozen=True)
    ... class Shrunken(BaseLabeller):
    ...     factor: float = 0.9
    ...
    ...     def label(self, here, drawn, fresh, weight):
    ...         means = self.factor * here.last_means(drawn)
    ...         return Labelled(self, here.task.labelled(drawn, means))
    >>> Shrunken()
    Shrunken(factor=0.9)
    """

    noise_ratio = 0.0
    draws_target = False
    yields_at_once = False

    def check(self, task, estimator):  # noqa: B027 - most strategies accept any estimator
        """Raise an error if the estimator cannot label in this way, before any work is done.

        Parameters
        ----------
        task : Regression or Classification
            The kind of target.
        estimator : estimator
            The wrapped estimator, not fitted.
        """

    def nothing(self):
        """Return the result for a generation that draws no rows.

        Returns
        -------
        labelled : Labelled
            The strategy without rows.
        """
        return Labelled(self)

    @abstractmethod
    def label(self, here, drawn, fresh, weight):
        """Label the rows that were drawn for a generation.

        Parameters
        ----------
        here : Round
            The generation. ``here.task`` knows the kind of target: ``task.labelled(X, means)``
            makes labelled rows of means, ``task.means(estimator, X)`` predicts them,
            ``task.classes`` are the classes or None. ``here.last_means(X)`` predicts by the last
            estimator, ``here.draw_rows(n_rows, purpose)`` draws from the last synthesizer,
            ``here.settings.estimator`` is the estimator to clone, and ``here.seed(purpose)`` and
            ``here.generator(purpose)`` give random numbers for a `Purpose`.
        drawn : table of shape (n_synthetic, n_features), or tuple of table and array
            Rows of the last synthesizer; with their targets if it `draws_target`.
        fresh : WeightedRows or None
            Real rows that came in with this generation; None if there are none or they weigh
            nothing.
        weight : float
            Total weight of the fit to come.

        Returns
        -------
        labelled : Labelled
            The rows with their labels, and the strategy for the next generation.
        """

    def at_real(self, here, fresh, labelled, synthetic):
        """Return the means by which the newest real rows would have been labelled.

        Parameters
        ----------
        here : Round
            The generation.
        fresh : WeightedRows
            The newest real rows.
        labelled : Labelled
            What `label` returned, without rows.
        synthetic : WeightedRows
            The labelled synthetic rows.

        Returns
        -------
        means : ndarray of shape (n_real, n_outputs)
            Used by ``lam="adaptive"``.
        """
        return here.last_means(fresh.X)

    def after_fit(self, here, fitted, shrinkage):
        """Return the strategy with what it has to remember of the new models.

        Parameters
        ----------
        here : Round
            The generation.
        fitted : Fitted
            The new estimator and synthesizer, and the rows that the estimator was fitted on.
        shrinkage : float
            Fraction of the noise variance that one fitted parameter takes out of the residual
            variance.

        Returns
        -------
        labeller : BaseLabeller
            The strategy for the next generation.
        """
        return self

    def sample(self, task, estimator, drawn, generator):
        """Return rows with targets for the user.

        Parameters
        ----------
        task : Regression or Classification
            The kind of target.
        estimator : estimator
            The fitted estimator.
        drawn : table, or tuple of table and array
            What the synthesizer drew.
        generator : numpy.random.Generator
            Source of randomness.

        Returns
        -------
        X : table
            Rows.
        y : ndarray of shape (n_samples,)
            Targets: plain predictions of numbers, and classes drawn from predicted probabilities.
        """
        return drawn, task.draw(task.means(estimator, drawn), None, generator)
