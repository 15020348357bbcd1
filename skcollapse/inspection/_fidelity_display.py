"""The figure of synthetic rows beside real ones."""

import numpy as np
from sklearn.base import clone
from sklearn.utils._optional_dependencies import check_matplotlib_support
from sklearn.utils.validation import check_consistent_length

from skcollapse._plotting import generation_styles
from skcollapse._recursive_mix import RecursiveMixSynthesizer, StreamEstimator, watch
from skcollapse._utils._random import draw_entropy, seed_for
from skcollapse.inspection._fidelity import compare_rows
from skcollapse.inspection._fidelity_panels import (
    draw_dependence,
    draw_legend,
    draw_marginal,
    fidelity_axes,
)

__all__ = ["FidelityDisplay"]

_N_SHOWN = 4  # generations
_MAX_SAMPLES = 10_000


class FidelityDisplay:
    """Figure of synthetic rows of several generations beside real rows.

    A panel a column shows its marginal distribution: real rows in grey, a line or a row of marks
    for each generation. The last panel compares how strongly columns depend on each other: a mark
    a pair of columns, on the diagonal where synthetic rows depend as real ones do, below it where
    dependence is lost. Use `from_estimator` or `from_rows` to make one.

    Parameters
    ----------
    columns : list of str
        Names of the columns.
    generations : list of int
        Generations whose models drew the rows.
    marginals : list of Bunch
        One for each column: `kind` ("histogram" or "bars"), `edges` or `levels` of its cells,
        `real` of shape (n_cells,) and `synthetic` of shape (n_generations, n_cells), shares of
        rows, and `missing_real` and `missing`, the shares of missing values.
    dependence_real : ndarray of shape (n_columns, n_columns)
        Cramer's V of every pair of columns among real rows, from 0 to 1; nan on the diagonal and
        for columns of one value.
    dependence : ndarray of shape (n_generations, n_columns, n_columns)
        The same of synthetic rows.

    Attributes
    ----------
    axes_ : ndarray of matplotlib Axes
        A panel for each column shown, then that of the pairs.
    figure_ : matplotlib Figure
        The figure.
    lines_ : list of list of matplotlib Artist
        For each panel, one artist for each generation.
    columns_ : list of str
        The columns shown.
    legend_ : matplotlib Legend
        What is grey, and which mark is which generation.

    See Also
    --------
    skcollapse.metrics.collapse_check : A rule that warns.
    skcollapse.metrics.c2st_auc : Whether a classifier can tell the rows apart.

    Notes
    -----
    Histograms have 20 bins between the real quantiles 0.005 and 0.995; values beyond count in the
    outer bins. Of a category the eight most frequent real levels are shown, the others are one.

    Cramer's V is computed after cutting numbers into eight classes of equal real mass, so that
    numbers, categories and dependence that is not monotone are on one scale; the bias of small
    samples is taken off [1]_. It has no sign, and is below the correlation of two normal columns.

    References
    ----------
    .. [1] W. Bergsma, "A bias-correction for Cramer's V and Tschuprow's T", Journal of the Korean
       Statistical Society, 2013, doi:10.1016/j.jkss.2012.10.002.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from sklearn.datasets import load_diabetes
    >>> from skcollapse import RecursiveMixSynthesizer
    >>> from skcollapse.inspection import FidelityDisplay
    >>> X, _ = load_diabetes(return_X_y=True)
    >>> recursive = RecursiveMixSynthesizer(workflow="replace", n_synthetic=1.0)
    >>> display = FidelityDisplay.from_estimator(recursive, X[:, :4], random_state=0)
    >>> display.generations
    [0, 1, 3, 4]
    >>> display.marginal_distance().shape  # generations, columns
    (4, 4)
    >>> plt.close(display.figure_)
    """

    def __init__(self, *, columns, generations, marginals, dependence_real, dependence):
        self.columns = columns
        self.generations = generations
        self.marginals = marginals
        self.dependence_real = dependence_real
        self.dependence = dependence

    @classmethod
    def from_estimator(
        cls,
        estimator,
        X,
        y=None,
        *,
        generations=None,
        n_samples=None,
        X_test=None,
        y_test=None,
        generation=None,
        sample_weight=None,
        random_state=None,
        **plot_params,
    ):
        """Fit a clone, draw rows from the models of some generations, and draw the figure.

        Parameters
        ----------
        estimator : RecursiveMixRegressor, RecursiveMixClassifier or RecursiveMixSynthesizer
            Is cloned; its `random_state` is replaced.
        X : DataFrame or array-like of shape (n_samples, n_features)
            Real rows to fit on.
        y : array-like of shape (n_samples,), default=None
            Their targets, which are compared as one more column. Leave it out for
            RecursiveMixSynthesizer.
        generations : list of int, default=None
            Generations whose models draw rows. None is four from first to last.
        n_samples : int, default=None
            Rows that each generation draws. None is as many as there are real rows to compare
            with, and 10,000 at most.
        X_test : DataFrame or array-like of shape (n_test, n_features), default=None
            Real rows to compare with, best held-out ones. None is `X`, which flatters a
            synthesizer that repeats its rows.
        y_test : array-like of shape (n_test,), default=None
            Their targets, if there is a `y`.
        generation : array-like of shape (n_samples,), default=None
            As in the estimator's `fit`.
        sample_weight : array-like of shape (n_samples,), default=None
            As in the estimator's `fit`. The figure counts real rows without weights.
        random_state : int, RandomState instance or None, default=None
            Seeds the fits and the draws.
        **plot_params
            Arguments of `plot`.

        Returns
        -------
        display : FidelityDisplay
            The display, drawn.
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimator")
        real, real_y = (X, y) if X_test is None else (X_test, y_test)
        _check_input(estimator, y, real, real_y)
        last = estimator.n_generations
        if generation is not None:
            last = len(np.unique(generation)) - 1
        generations = _chosen(generations, last)
        entropy = draw_entropy(random_state)
        mix = clone(estimator).set_params(random_state=seed_for(entropy, 0, 0))
        if n_samples is None:
            n_samples = min(np.shape(real)[0], _MAX_SAMPLES)
        drawn = {}

        def draw(mix):
            t = mix.generation_
            if t in generations:
                drawn[t] = mix.sample(n_samples, random_state=seed_for(entropy, t, 1))

        with watch(mix, draw):
            mix.fit(X, y, sample_weight=sample_weight, generation=generation)
        rows = [drawn[t] for t in generations]
        targets = {}
        if y is not None:
            name = getattr(y, "name", None) or "target"
            targets = {"real_y": real_y, "synthetic_y": [y for _, y in rows], "y_name": name}
            rows = [X for X, _ in rows]
        fidelity = compare_rows(real, rows, **targets)
        return cls(generations=generations, **fidelity).plot(**plot_params)

    @classmethod
    def from_rows(cls, real, synthetic, *, generations=None, **plot_params):
        """Draw the figure of rows that are at hand.

        Parameters
        ----------
        real : DataFrame or array-like of shape (n_samples, n_columns) or (n_samples,)
            Real rows, best held-out ones.
        synthetic : list of tables
            Rows of each generation, with the columns of `real`. A single table must be given as
            a list of one.
        generations : list of int, default=None
            What the generations are called. None counts from 0.
        **plot_params
            Arguments of `plot`.

        Returns
        -------
        display : FidelityDisplay
            The display, drawn.

        Raises
        ------
        ValueError
            If there is no generation, or a table is empty or has other columns.
        """
        check_matplotlib_support(f"{cls.__name__}.from_rows")
        if not isinstance(synthetic, list | tuple) or not synthetic:
            raise ValueError("synthetic must be a list of tables, one for each generation.")
        generations = list(range(len(synthetic)) if generations is None else generations)
        if len(generations) != len(synthetic):
            raise ValueError(
                f"generations must name each of the {len(synthetic)} tables, got {generations}."
            )
        return cls(generations=generations, **compare_rows(real, synthetic)).plot(**plot_params)

    def marginal_distance(self):
        """Return the distance of each synthetic marginal to the real one.

        Returns
        -------
        distance : ndarray of shape (n_generations, n_columns)
            Half the sum of differences of the shares of cells, missing included, from 0 to 1.
        """
        return np.column_stack(
            [
                (
                    np.abs(own.synthetic - own.real).sum(axis=1)
                    + np.abs(own.missing - own.missing_real)
                )
                / 2
                for own in self.marginals
            ]
        )

    def plot(self, ax=None, *, columns=None, max_columns=5):
        """Draw the stored numbers.

        Parameters
        ----------
        ax : array-like of matplotlib Axes, default=None
            A panel for each column shown, and one for the pairs. None makes a figure.
        columns : list of str, default=None
            Columns to show. None shows those whose marginals are furthest from the real ones in
            the last generation, in the order of the table. The pairs are always all.
        max_columns : int, default=5
            How many columns None shows at most.

        Returns
        -------
        display : FidelityDisplay
            Itself.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        ValueError
            If a column does not exist, or there are too few or too many axes.
        """
        check_matplotlib_support(f"{type(self).__name__}.plot")
        shown = self._shown(columns, max_columns)
        self.columns_ = [self.columns[j] for j in shown]
        self.axes_ = fidelity_axes(ax, len(shown) + 1)
        self.figure_ = self.axes_[0].figure
        styles = generation_styles(self.generations)
        self.lines_ = [
            draw_marginal(panel, self.columns[j], self.marginals[j], styles)
            for panel, j in zip(self.axes_, shown, strict=False)
        ]
        self.lines_.append(
            draw_dependence(
                self.axes_[-1], self.columns, self.dependence_real, self.dependence, styles
            )
        )
        self.legend_ = draw_legend(self.axes_, self.lines_[-1], own_figure=ax is None)
        return self

    def _shown(self, columns, max_columns):
        if columns is None:
            order = np.argsort(-self.marginal_distance()[-1], kind="stable")
            return sorted(order[:max_columns].tolist())
        unknown = [name for name in columns if name not in self.columns]
        if unknown:
            raise ValueError(f"columns: {unknown[0]!r} is none of {self.columns}.")
        return [self.columns.index(name) for name in columns]


def _check_input(estimator, y, real, real_y):
    if not isinstance(estimator, StreamEstimator):
        raise TypeError(
            "estimator must be a RecursiveMixRegressor, RecursiveMixClassifier or "
            f"RecursiveMixSynthesizer, got {type(estimator).__name__}."
        )
    if isinstance(estimator, RecursiveMixSynthesizer):
        if y is not None:
            raise ValueError("RecursiveMixSynthesizer has no target. Make y a column of X.")
    elif y is None:
        raise ValueError(f"{type(estimator).__name__} needs y.")
    elif real_y is None:
        raise ValueError("X_test needs its targets, y_test.")
    check_consistent_length(real, real_y)


def _chosen(generations, last):
    if generations is None:
        return np.unique(np.linspace(0, last, _N_SHOWN).round().astype(int)).tolist()
    generations = sorted({int(t) for t in generations})
    if not generations or generations[0] < 0 or generations[-1] > last:
        raise ValueError(f"generations must be from 0 to {last}, got {generations}.")
    return generations
