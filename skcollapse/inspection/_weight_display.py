"""The figure of scores against the weight of the real rows."""

import numpy as np
from sklearn.utils._optional_dependencies import check_matplotlib_support

from skcollapse._plotting import INK, MUTED, label_ends, line_styles, new_axes, style_axes
from skcollapse.inspection._generation_curve import generation_curve
from skcollapse.inspection._generation_display import band_edges, check_band, score_label
from skcollapse.theory import lam_to_real_weight

__all__ = ["WeightCurveDisplay"]

# Real weights of 1 down to a twentieth.
_LAMS = (0.0, 0.25, 0.5, 1.0, 1.5, 2.5, 4.0, 9.0, 19.0)
_RULES = ("golden", "optimal")
_TICKS = (0, 0.25, 0.5, 1, 2, 4, 10)


class WeightCurveDisplay:
    """Figure of the score of one generation against the weight of the real rows.

    A line runs through the scores of the values of lam that are numbers. Rules such as "golden"
    and "optimal" are marked at the weight that they came to, and so is the best of the numbers,
    as measured. The axis below is the real weight w = 1 / (1 + lam), that above lam.

    Parameters
    ----------
    curve : GenerationCurve
        The scores, for at least two numbers as lam.
    workflow : str, default=None
        The workflow to draw, as `curve` names it; None if the curve has one only.

    Attributes
    ----------
    ax_ : matplotlib Axes
        The axes.
    figure_ : matplotlib Figure
        The figure.
    line_ : matplotlib Line2D
        Mean scores of the numbers.
    lines_ : list of matplotlib Line2D
        `line_`, then the marks of the rules and of the best number.
    fill_between_ : matplotlib PolyCollection or None
        The band; None without one.
    best_lam_ : float
        The number with the best mean score. It is chosen by these scores, so its own score
        looks better than it is.
    labels_ : list of matplotlib Text
        Names of the marks.

    See Also
    --------
    generation_curve : Computes the numbers.
    GenerationCurveDisplay : Scores by generation.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from sklearn.datasets import make_regression
    >>> from sklearn.linear_model import LinearRegression
    >>> from skcollapse import RecursiveMixRegressor
    >>> from skcollapse.inspection import WeightCurveDisplay
    >>> X, y = make_regression(300, n_features=8, noise=60.0, random_state=0)
    >>> mix = RecursiveMixRegressor(LinearRegression(), labels="sample", n_synthetic=1.0)
    >>> display = WeightCurveDisplay.from_estimator(mix, X, y, random_state=0)
    >>> [label.get_text() for label in display.labels_]
    ['golden, w = 0.62', 'optimal, w = 0.62', 'best number, w = 0...']
    >>> plt.close(display.figure_)
    """

    def __init__(self, curve, *, workflow=None):
        self.curve = curve
        self.workflow = workflow

    @classmethod
    def from_estimator(
        cls,
        estimator,
        X,
        y,
        *,
        lam=None,
        workflow=None,
        ax=None,
        name=None,
        generation=-1,
        band="standard_error",
        negate_score=False,
        line_kw=None,
        fill_between_kw=None,
        **curve_params,
    ):
        """Compute the scores on a grid of lam and draw them.

        Parameters
        ----------
        estimator : RecursiveMixRegressor or RecursiveMixClassifier
            As in `generation_curve`.
        X : DataFrame or array-like of shape (n_samples, n_features)
            Real rows.
        y : array-like of shape (n_samples,)
            Targets.
        lam : list of float or str, default=None
            Values of lam. None is nine numbers, for real weights from 1 to 0.05, and "golden"
            and "optimal".
        workflow : str or BaseWorkflow, default=None
            The one workflow. None is the estimator's.
        ax : matplotlib Axes, default=None
            As in `plot`.
        name : str, default=None
            As in `plot`.
        generation : int, default=-1
            As in `plot`: the generation that is drawn.
        band : {"standard_error", "range"} or None, default="standard_error"
            As in `plot`.
        negate_score : bool, default=False
            As in `plot`.
        line_kw : dict, default=None
            As in `plot`.
        fill_between_kw : dict, default=None
            As in `plot`.
        **curve_params
            Further arguments of `generation_curve`, such as `cv`, `scoring`, `n_jobs` and
            `random_state`. Labels of batches cannot be given here: make the curve first.

        Returns
        -------
        display : WeightCurveDisplay
            The display, drawn; its `curve` holds the numbers.
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimator")
        lam = [*_LAMS, *_RULES] if lam is None else lam
        curve = generation_curve(estimator, X, y, workflows=workflow, lam=lam, **curve_params)
        return cls(curve).plot(
            ax,
            name=name,
            generation=generation,
            band=band,
            negate_score=negate_score,
            line_kw=line_kw,
            fill_between_kw=fill_between_kw,
        )

    @classmethod
    def from_curve(cls, curve, *, workflow=None, **plot_params):
        """Draw a curve.

        Parameters
        ----------
        curve : GenerationCurve
            What `generation_curve` returned for several values of lam.
        workflow : str, default=None
            The workflow to draw; None if the curve has one only.
        **plot_params
            Arguments of `plot`.

        Returns
        -------
        display : WeightCurveDisplay
            The display, drawn.
        """
        return cls(curve, workflow=workflow).plot(**plot_params)

    def plot(
        self,
        ax=None,
        *,
        name=None,
        generation=-1,
        band="standard_error",
        negate_score=False,
        line_kw=None,
        fill_between_kw=None,
    ):
        """Draw the stored numbers.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Where to draw; None makes a figure.
        name : str, default=None
            What the line is called in the title, for instance the table. None for no title.
        generation : int, default=-1
            The generation whose scores are drawn; negative ones count from the last.
        band : {"standard_error", "range"} or None, default="standard_error"
            As in `GenerationCurveDisplay.plot`.
        negate_score : bool, default=False
            Whether to draw the scores times -1. The best one is then the lowest.
        line_kw : dict, default=None
            Arguments of the line, handed to `Axes.plot`.
        fill_between_kw : dict, default=None
            Arguments of the band, handed to `Axes.fill_between`.

        Returns
        -------
        display : WeightCurveDisplay
            Itself.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        ValueError
            If fewer than two numbers have been tried as lam, or the workflow, the generation or
            the band does not exist.
        """
        check_matplotlib_support(f"{type(self).__name__}.plot")
        check_band(band)
        own = self._one_generation(generation)
        fixed, rules = _parted(own)
        self.ax_ = new_axes()[0] if ax is None else ax
        self.figure_ = self.ax_.figure
        sign = -1.0 if negate_score else 1.0
        style = {**line_styles(1)[0], **(line_kw or {})}
        weights = fixed["real_weight"]
        self.line_ = self.ax_.plot(weights, sign * fixed["mean"], **style)[0]
        self.fill_between_ = None
        if band is not None:
            low, high = (sign * edge for edge in band_edges(fixed, band))
            style = {"color": self.line_.get_color(), "alpha": 0.15, "linewidth": 0}
            style |= fill_between_kw or {}
            self.fill_between_ = self.ax_.fill_between(weights, low, high, **style)
        best = fixed[np.nanargmax(fixed["mean"])]
        self.best_lam_ = float(best["lam"])
        self._mark([*rules, best], [*rules["lam"].tolist(), "best number"], sign)
        self._label_axes(score_label(self.curve.score_name, negate_score), int(best["generation"]))
        if name is not None:
            self.ax_.set_title(name, loc="left", color=INK)
        return self

    def _one_generation(self, generation):
        """Return the summary of one workflow and generation, with the weight it came to."""
        workflows = list(dict.fromkeys(workflow for workflow, _ in self.curve.candidates))
        chosen = self.workflow
        if chosen is None and len(workflows) == 1:
            chosen = workflows[0]
        if chosen not in workflows:
            raise ValueError(f"workflow must be one of {workflows}, got {self.workflow!r}.")
        last = self.curve.n_generations
        t = last + 1 + generation if generation < 0 else generation
        if not 0 <= t <= last:
            raise ValueError(f"generation must be from 0 to {last}, got {generation}.")
        summary = self.curve.summary()
        return _with_weight(self.curve.records, summary, chosen, t)

    def _mark(self, rows, names, sign):
        styles = line_styles(len(rows) + 1)[1:]
        styles[-1] |= {"marker": "*", "color": INK}
        texts, marks = [], []
        for i, (row, name, style) in enumerate(zip(rows, names, styles, strict=True)):
            x, y = row["real_weight"], sign * row["mean"]
            # Rules may come to the same weight: later marks leave a rim of earlier ones.
            size = 11 if style["marker"] == "*" else max(12 - 4 * i, 5)
            style |= {"linestyle": "", "markersize": size}
            marks += self.ax_.plot([x], [y], zorder=4, markeredgecolor="white", **style)
            texts.append(f"{name}, w = {x:.2f}")
        self.lines_ = [self.line_, *marks]
        self.labels_ = label_ends(self.ax_, marks, texts)

    def _label_axes(self, y_label, generation):
        self.ax_.set_xlabel("weight of the real rows, w = 1 / (1 + lam)")
        self.ax_.set_ylabel(f"{y_label}, generation {generation}")
        style_axes(self.ax_)
        top = self.ax_.secondary_xaxis("top")
        low = self.ax_.get_xlim()[0]
        ticks = [lam for lam in _TICKS if lam_to_real_weight(lam) >= low]
        top.set_xticks(lam_to_real_weight(np.array(ticks)), [f"{lam:g}" for lam in ticks])
        top.set_xlabel("lam", color=MUTED)
        top.tick_params(colors=MUTED, length=0)
        top.spines["top"].set_visible(False)


def _with_weight(records, summary, workflow, t):
    """Add the mean real weight, and lam as a number (nan for rules), to one generation's means."""
    own = summary[(summary["workflow"] == workflow) & (summary["generation"] == t)]
    extended = np.dtype([*own.dtype.descr, ("real_weight", np.float64), ("number", np.float64)])
    rows = []
    for row in own:
        same = (records["workflow"] == workflow) & (records["lam"] == row["lam"])
        reached = same & (records["generation"] == t) & ~np.isnan(records["real_weight"])
        weight = records["real_weight"][reached].mean() if reached.any() else np.nan
        rows.append((*row.tolist(), weight, _number(row["lam"])))
    return np.array(rows, extended)


def _number(lam):
    try:
        return float(lam)
    except ValueError:
        return np.nan


def _parted(own):
    """Return the fixed values of lam that were scored, by falling weight, and the rules."""
    is_rule = np.isnan(own["number"])
    fixed = own[~is_rule & ~np.isnan(own["mean"])]
    if len(fixed) < 2:
        raise ValueError(
            f"A weight curve needs scores for at least two numbers as lam, got {len(fixed)}."
        )
    fixed = np.sort(fixed, order="number")
    # Generation 0 has no synthetic rows; the axis is that of the settings.
    fixed["real_weight"] = lam_to_real_weight(fixed["number"])
    return fixed, own[is_rule & ~np.isnan(own["mean"])]
