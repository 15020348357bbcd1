"""The figure of a generation curve."""

import numpy as np
from sklearn.utils._optional_dependencies import check_matplotlib_support

from skcollapse._plotting import (
    label_ends,
    line_styles,
    new_axes,
    reference_style,
    style_axes,
)
from skcollapse.inspection._generation_curve import generation_curve

__all__ = ["GenerationCurveDisplay", "band_edges", "check_band", "score_label"]

_REFERENCE_TEXTS = {
    "real_only": "real_only (newest batch)",
    "all_real": "all_real (every row kept)",
}


class GenerationCurveDisplay:
    """Figure of scores by generation.

    One line for each workflow and lam, named at its end, with a band around it. It is drawn from
    stored numbers: nothing is fitted by `plot`. Use `from_estimator` or `from_curve` to make one.

    Parameters
    ----------
    curve : GenerationCurve
        The numbers.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Axes with the scores.
    risk_ax_ : matplotlib Axes or None
        Axes with the relative risk, if it was drawn.
    figure_ : matplotlib Figure
        The figure.
    lines_ : list of matplotlib Line2D
        Mean scores, in the order of ``curve.candidates``.
    fill_between_ : list of matplotlib PolyCollection or None
        Bands, in the same order; None without bands.
    reference_lines_ : list of matplotlib Line2D
        Mean scores of "real_only" and "all_real", if the curve has them.
    labels_ : list of matplotlib Text
        Names at the ends of the lines.

    See Also
    --------
    generation_curve : Computes the numbers.
    WeightCurveDisplay : The score of one generation against the weight.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from sklearn.datasets import load_diabetes
    >>> from sklearn.linear_model import LinearRegression
    >>> from skcollapse import RecursiveMixRegressor
    >>> from skcollapse.inspection import GenerationCurveDisplay, generation_curve
    >>> X, y = load_diabetes(return_X_y=True)
    >>> mix = RecursiveMixRegressor(LinearRegression(), labels="sample", n_synthetic=1.0)
    >>> curve = generation_curve(mix, X, y, workflows=["fresh", "replace"], random_state=0)
    >>> display = GenerationCurveDisplay.from_curve(curve)
    >>> display.ax_.get_xlabel(), display.ax_.get_ylabel()
    ('generation', 'R2 on held-out rows')
    >>> plt.close(display.figure_)
    """

    def __init__(self, curve):
        self.curve = curve

    @classmethod
    def from_estimator(
        cls,
        estimator,
        X,
        y,
        *,
        ax=None,
        name=None,
        band="standard_error",
        risk=False,
        negate_score=False,
        line_kw=None,
        fill_between_kw=None,
        **curve_params,
    ):
        """Compute a generation curve and draw it.

        Parameters
        ----------
        estimator : RecursiveMixRegressor or RecursiveMixClassifier
            As in `generation_curve`.
        X : DataFrame or array-like of shape (n_samples, n_features)
            Real rows.
        y : array-like of shape (n_samples,)
            Targets.
        ax : matplotlib Axes or pair of Axes, default=None
            As in `plot`.
        name : str or list of str, default=None
            As in `plot`.
        band : {"standard_error", "range"} or None, default="standard_error"
            As in `plot`.
        risk : bool, default=False
            As in `plot`.
        negate_score : bool, default=False
            As in `plot`.
        line_kw : dict, default=None
            As in `plot`.
        fill_between_kw : dict, default=None
            As in `plot`.
        **curve_params
            Further arguments of `generation_curve`, such as `workflows`, `lam`, `cv`, `scoring`,
            `references`, `n_jobs` and `random_state`.

        Returns
        -------
        display : GenerationCurveDisplay
            The display, drawn; its `curve` holds the numbers.
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimator")
        return cls(generation_curve(estimator, X, y, **curve_params)).plot(
            ax,
            name=name,
            band=band,
            risk=risk,
            negate_score=negate_score,
            line_kw=line_kw,
            fill_between_kw=fill_between_kw,
        )

    @classmethod
    def from_curve(cls, curve, **plot_params):
        """Draw a curve.

        Parameters
        ----------
        curve : GenerationCurve
            What `generation_curve` returned.
        **plot_params
            Arguments of `plot`.

        Returns
        -------
        display : GenerationCurveDisplay
            The display, drawn.
        """
        return cls(curve).plot(**plot_params)

    def plot(
        self,
        ax=None,
        *,
        name=None,
        band="standard_error",
        risk=False,
        negate_score=False,
        line_kw=None,
        fill_between_kw=None,
    ):
        """Draw the stored numbers.

        Parameters
        ----------
        ax : matplotlib Axes or pair of Axes, default=None
            Where to draw; a pair with ``risk=True``. None makes a figure. The labels need room
            to the right of the axes: about a third of their width.
        name : str or list of str, default=None
            What the lines are called, in the order of ``curve.candidates``. None names what
            differs between them: the workflow, lam, or both.
        band : {"standard_error", "range"} or None, default="standard_error"
            What is shaded: one standard error of the mean to each side (see
            `GenerationCurve.summary`), or all from the smallest to the largest score.
        risk : bool, default=False
            Whether to draw the relative risk in theory below, in the same colours. Lower is
            better there.
        negate_score : bool, default=False
            Whether to draw the scores times -1, for names that start with ``neg_``.
        line_kw : dict, default=None
            Arguments of all lines, handed to `Axes.plot`.
        fill_between_kw : dict, default=None
            Arguments of all bands, handed to `Axes.fill_between`.

        Returns
        -------
        display : GenerationCurveDisplay
            Itself.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        ValueError
            If `band` is unknown, the number of names is wrong or `ax` has the wrong number of
            axes.
        """
        check_matplotlib_support(f"{type(self).__name__}.plot")
        check_band(band)
        texts = candidate_texts(self.curve, name)
        self.ax_, self.risk_ax_ = _two_axes(ax, risk)
        self.figure_ = self.ax_.figure
        styles = [{**style, **(line_kw or {})} for style in line_styles(len(texts))]
        sign = -1.0 if negate_score else 1.0
        summary = self.curve.summary().reshape(len(texts), -1)
        self.lines_ = [
            self._line(own, sign, style) for own, style in zip(summary, styles, strict=True)
        ]
        self.fill_between_ = None
        if band is not None:
            self.fill_between_ = [
                self._band(own, sign, band, {"color": line.get_color(), **(fill_between_kw or {})})
                for own, line in zip(summary, self.lines_, strict=True)
            ]
        self.reference_lines_ = self._references(sign)
        self._label_axes(score_label(self.curve.score_name, negate_score))
        names = [_REFERENCE_TEXTS[line.get_gid()] for line in self.reference_lines_]
        self.labels_ = label_ends(self.ax_, self.lines_ + self.reference_lines_, texts + names)
        if risk:
            self._plot_risk(texts, styles)
        return self

    def _line(self, summary, sign, style):
        return self.ax_.plot(summary["generation"], sign * summary["mean"], **style)[0]

    def _band(self, summary, sign, band, style):
        low, high = (sign * edge for edge in band_edges(summary, band))
        style = {"alpha": 0.15, "linewidth": 0, **style}
        return self.ax_.fill_between(summary["generation"], low, high, **style)

    def _references(self, sign):
        summary = self.curve.reference_summary()
        if summary is None:
            return []
        lines = []
        for name in dict.fromkeys(summary["reference"].tolist()):
            own = summary[summary["reference"] == name]
            lines.append(self._line(own, sign, reference_style(name)))
            lines[-1].set_gid(name)
        return lines

    def _label_axes(self, y_label):
        bottom = self.ax_ if self.risk_ax_ is None else self.risk_ax_
        bottom.set_xlabel("generation")
        self.ax_.set_ylabel(y_label)
        self.ax_.xaxis.get_major_locator().set_params(integer=True)
        style_axes(self.ax_)

    def _plot_risk(self, texts, styles):
        theory = self.curve.theory.reshape(len(texts), -1)
        lines = [
            self.risk_ax_.plot(own["generation"], own["relative_risk"], **style)[0]
            for own, style in zip(theory, styles, strict=True)
        ]
        self.risk_ax_.set_ylabel("relative risk in theory")
        self.risk_ax_.xaxis.get_major_locator().set_params(integer=True)
        style_axes(self.risk_ax_)
        self.labels_ += label_ends(self.risk_ax_, lines, texts)


def check_band(band):
    """Refuse bands of another kind."""
    if band not in ("standard_error", "range", None):
        raise ValueError(f"band must be 'standard_error', 'range' or None, got {band!r}.")


def band_edges(summary, band):
    """Return the lower and the upper edge of a band."""
    if band == "range":
        return summary["minimum"], summary["maximum"]
    error = summary["standard_error"]
    return summary["mean"] - error, summary["mean"] + error


def candidate_texts(curve, name):
    """Return what the lines are called."""
    pairs = curve.candidates
    if name is not None:
        names = [name] if isinstance(name, str) else list(name)
        if len(names) != len(pairs):
            raise ValueError(f"name must hold one name for each of {pairs}, got {names}.")
        return names
    workflows, lams = ({pair[i] for pair in pairs} for i in (0, 1))
    if len(lams) == 1 and len(workflows) > 1:
        return [workflow for workflow, _ in pairs]
    shown = [(workflow, f"lam={_short(lam)}") for workflow, lam in pairs]
    return [lam if len(workflows) == 1 else f"{workflow}, {lam}" for workflow, lam in shown]


def _short(lam):
    try:
        return f"{float(lam):.3g}"
    except ValueError:
        return lam


def score_label(score_name, negate_score):
    """Return what the axis of scores says."""
    if negate_score and score_name.startswith("neg_"):
        score_name = score_name.removeprefix("neg_")
    elif negate_score:
        score_name = f"negative {score_name}"
    return f"{score_name.replace('_', ' ')} on held-out rows"


def _two_axes(ax, risk):
    """Return the axes of the scores and, where it is drawn, those of the risk."""
    if ax is None:
        made = new_axes(1 + risk, 4.2 + 2.4 * risk)
        return made[0], made[1] if risk else None
    given = np.ravel(np.array(ax, dtype=object))
    if len(given) != 1 + risk:
        raise ValueError(
            f"ax must be {'a pair of axes, for scores and risk' if risk else 'one axes'}, got "
            f"{len(given)}."
        )
    return given[0], given[1] if risk else None
