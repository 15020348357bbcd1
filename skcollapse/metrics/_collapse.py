"""A rule that says when the rows of a recursion have collapsed."""

import warnings

import numpy as np

from skcollapse._utils._bunch import Bunch
from skcollapse._utils._random import make_generator
from skcollapse._utils._validation import share
from skcollapse.exceptions import CollapseWarning
from skcollapse.metrics._c2st import pair_auc
from skcollapse.metrics._grid import grid_cells
from skcollapse.metrics._out_of_fold import check_classifier
from skcollapse.metrics._pair import read_pair, value_codes

__all__ = ["collapse_check"]

_N_BINS = 20  # of a numeric column's support
_TAIL = 0.01  # on each side, beyond which single values would rule a variance
_N_ERRORS = 3  # standard errors that noise is granted
_MIN_ROWS = 10  # real ones in a cell of the support
_CV = 5
_SHOWN = 3  # reasons in a warning; the result holds all


def collapse_check(
    X,
    generations,
    *,
    sample_weight_X=None,
    sample_weight_generations=None,
    min_spread=0.5,
    min_support=0.9,
    max_rise=0.1,
    classifier=None,
    random_state=None,
):
    r"""Check whether the rows of successive generations lose spread or support or drift away.

    Parameters
    ----------
    X : DataFrame or array-like of shape (n_samples, n_columns) or (n_samples,)
        Real rows, best held-out ones.
    generations : sequence of tables
        Rows drawn in one generation after another, with the columns of `X`; the first is what c2st
        is compared with. A single table must be given as a list of one.
    sample_weight_X : array-like of shape (n_samples,), default=None
        Non-negative weights of `X`; None means equal ones.
    sample_weight_generations : sequence of array-like or None, default=None
        Weights of each generation's rows, as many as there are generations.
    min_spread : float, default=0.5
        Share of a column's real variance that must be left, from 0 to 1. 0 never warns.
    min_support : float, default=0.9
        Share of a column's expected support that must be met, from 0 to 1. 0 never warns.
    max_rise : float, default=0.1
        By how much `c2st_auc` may rise above its value in the first generation, from 0 to 1. 1
        never warns.
    classifier : scikit-learn classifier, default=None
        As in :func:`c2st_auc`.
    random_state : int, RandomState, Generator or None, default=None
        Seed of :func:`c2st_auc`, drawn from once for each generation.

    Returns
    -------
    result : Bunch
        `collapsed` : bool. `reasons` : list of str, one for each breach. `spread` and `support` :
        ndarray of shape (n_generations, n_columns), nan in `spread` where the real column does not
        vary. `c2st_auc` : ndarray of shape (n_generations,).

    Raises
    ------
    ValueError
        If there is no generation, a table is empty or holds infinity, columns differ, weights are
        not usable, or a threshold is not from 0 to 1.

    Warns
    -----
    CollapseWarning
        If there is a reason, once for all of them. ``warnings.simplefilter("error",
        CollapseWarning)`` turns it into an error.

    See Also
    --------
    c2st_auc : Its rise is one part of the rule.
    skcollapse.exceptions.CollapseWarning : The warning.

    Notes
    -----
    The rule has three parts; any of them is a collapse.

    1. *Spread*: in some column, the variance is below `min_spread` times the real one.
       Numbers are first clipped to the central 98 percent of the real rows. The
       variance of a category is that of its indicators, 1 - sum of squared shares.
    2. *Support*: the real mass of the cells that a column's drawn rows meet is below `min_support`
       times what as many real rows would meet, the sum of p (1 - (1 - p)^m) over cells of mass
       p. Cells are levels, or up to 20 bins of equal real mass, and missing. Those with fewer than
       10 real rows are taken together, so an identifier has no support to lose.
    3. *Drift*: :func:`c2st_auc` against the real rows is above that of the first generation, or
       above 0.5 if that is more, by more than `max_rise`.

    Each threshold is moved out to three standard errors of what is compared, computed for drawn
    rows that follow the real law, where that is further: small samples need larger losses. With n
    and m effective numbers of rows, (sum of weights)^2 / (sum of squared weights), a relative
    variance is granted 1 - 3 s, with s^2 = v (1/n + 1/m) and v the variance of one row's part
    in it; the rise of the area is granted 3 sqrt((1/n + 1/m) / 6).

    A synthesizer that was never right is not a collapse: its first generation sets the level for
    the third part. `c2st_auc` itself tells.

    Examples
    --------
    Half the spread is lost in each generation:

    >>> import warnings
    >>> import numpy as np
    >>> from skcollapse.metrics import collapse_check
    >>> rng = np.random.default_rng(0)
    >>> real = rng.normal(size=500)
    >>> drawn = [rng.normal(size=500) * 0.5**generation for generation in range(3)]
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     result = collapse_check(real, drawn, random_state=0)
    >>> result.collapsed, result.spread[:, 0].round(1).tolist()
    (True, [0.9, 0.3, 0.1])
    """
    for value, name in (
        (min_spread, "min_spread"),
        (min_support, "min_support"),
        (max_rise, "max_rise"),
    ):
        share(value, name)
    check_classifier(classifier, _CV)
    pairs = _read(X, generations, sample_weight_X, sample_weight_generations)
    generator = make_generator(random_state)
    areas = np.array([pair_auc(pair, classifier, _CV, generator) for pair in pairs])
    spread, least_spread = _by_column(pairs, _spread)
    support, least_support = _by_column(pairs, _support)
    allowed = np.array([_N_ERRORS * np.sqrt(_inverse_sizes(pair).sum() / 6) for pair in pairs])
    names = [column.name for column in pairs[0].columns]
    reasons = [
        *_low(spread, np.minimum(least_spread, min_spread), names, "of the real variance"),
        *_low(support, np.minimum(least_support, min_support), names, "of the expected support"),
        *_risen(areas, np.maximum(allowed, max_rise)),
    ]
    if reasons:
        more = len(reasons) - _SHOWN
        text = " ".join(reasons[:_SHOWN]) + (f" And {more} more." if more > 0 else "")
        warnings.warn(f"The generations collapse. {text}", CollapseWarning, stacklevel=2)
    return Bunch(
        collapsed=bool(reasons), reasons=reasons, spread=spread, support=support, c2st_auc=areas
    )


def _read(X, generations, weight_X, weights):
    if not isinstance(generations, list | tuple) or not generations:
        raise ValueError("generations must be a list or tuple of at least one table.")
    if weights is None:
        weights = [None] * len(generations)
    if len(weights) != len(generations):
        raise ValueError(
            f"sample_weight_generations must have one entry for each of the {len(generations)} "
            f"generations, got {len(weights)}."
        )
    return [
        read_pair(X, Y, weight_X, weight, names=("X", f"generations[{g}]"))
        for g, (Y, weight) in enumerate(zip(generations, weights, strict=True))
    ]


def _by_column(pairs, measure):
    """Return values and thresholds of shape (n_generations, n_columns)."""
    found = np.array([[measure(column, pair) for column in pair.columns] for pair in pairs])
    return found[..., 0], found[..., 1]


def _inverse_sizes(pair):
    """Return one over the effective number of rows of X and of Y."""
    return np.array([np.sum(pair.mass_X**2), np.sum(pair.mass_Y**2)])


def _spread(column, pair):
    """Return the variance of Y relative to X, and what noise is granted."""
    measure = _level_variance if column.kind == "category" else _number_variance
    real, drawn, of_one_row = measure(column, pair)
    if not real > 0:
        return np.nan, 0.0
    return drawn / real, 1 - _N_ERRORS * np.sqrt(of_one_row * _inverse_sizes(pair).sum())


def _number_variance(column, pair):
    present = ~column.missing
    masses = [mass[present] for mass in (pair.mass_X, pair.mass_Y)]
    if not all(mass.sum() > 0 for mass in masses):
        return 0.0, 0.0, 0.0
    values = column.values[present]
    values = (values - values.min()).astype(np.float64)
    order = np.argsort(values, kind="stable")
    # Rounding keeps a share of exactly one percent there, however the masses were added.
    shares = np.round(np.cumsum(masses[0][order]) / masses[0].sum(), 9)
    bounds = values[order][np.searchsorted(shares, [_TAIL, 1 - _TAIL])]
    if bounds[0] == bounds[1]:
        return 0.0, 0.0, 0.0
    values = np.clip(values, *bounds)
    centres = [np.average(values, weights=mass) for mass in masses]
    squares = [(values - centre) ** 2 for centre in centres]
    real, drawn = (np.average(s, weights=m) for s, m in zip(squares, masses, strict=True))
    return real, drawn, np.average((squares[0] / real - 1) ** 2, weights=masses[0])


def _level_variance(column, pair):
    codes, n_codes = value_codes(column)
    p, q = (np.bincount(codes, mass, n_codes) for mass in (pair.mass_X, pair.mass_Y))
    real, drawn = 1 - np.sum(p**2), 1 - np.sum(q**2)
    if not real > 1e-12:  # one level, up to rounding
        return 0.0, 0.0, 0.0
    # Zero for equal shares, where rounding may leave less.
    of_one_row = max(4 * (np.sum(p**3) - np.sum(p**2) ** 2) / real**2, 0.0)
    return real, drawn, of_one_row


def _support(column, pair):
    """Return the real mass met by Y relative to its expectation, and what noise is granted."""
    of_X, of_Y = _inverse_sizes(pair)
    least_mass = _MIN_ROWS * of_X
    if column.kind == "category":
        cells = value_codes(column)[0]
    else:
        cells = grid_cells(column, pair.mass_X, max(min(_N_BINS, int(1 / least_mass)), 1))
    # The mass of a cell with a handful of real rows is a guess, and mostly too large a one.
    is_rare = np.bincount(cells, pair.mass_X) < least_mass * (1 - 1e-9)
    cells = np.where(is_rare[cells], len(is_rare), cells)
    p, q = np.bincount(cells, pair.mass_X), np.bincount(cells, pair.mass_Y)
    missed = np.maximum(1 - p, 0) ** (1 / of_Y)
    expected = np.sum(p * (1 - missed))
    # Cells compete for rows, so that their variances taken alone add up to more than the truth.
    error = np.sqrt(np.sum(p**2 * missed * (1 - missed))) / expected
    return p[q > 0].sum() / expected, 1 - _N_ERRORS * error


def _low(found, least, names, what):
    return [
        f"generations[{g}], column {names[j]!r}: {found[g, j]:.2f} {what}."
        for g, j in np.argwhere(found < least)
    ]


def _risen(areas, allowed):
    return [
        f"generations[{g}]: c2st_auc {areas[g]:.2f}, up from {areas[0]:.2f}."
        # Below one half there is nothing but noise.
        for g in np.flatnonzero(areas - max(areas[0], 0.5) > allowed)
    ]
