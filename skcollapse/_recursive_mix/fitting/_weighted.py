"""Fit any scikit-learn estimator on weighted rows."""

import inspect

import numpy as np
from sklearn import config_context
from sklearn.pipeline import Pipeline
from sklearn.utils._param_validation import InvalidParameterError
from sklearn.utils.validation import has_fit_parameter

from skcollapse._utils._rows import systematic_indices, take_rows
from skcollapse._utils._tables import read_table

__all__ = ["fit_weighted", "weight_parameter"]

# How the types of text columns begin, in pandas, polars and numpy.
_TEXT = ("str", "object", "large_string", "<u")


def weight_parameter(estimator):
    """Return the keyword under which `estimator.fit` takes row weights, or None.

    Weights go to the last step of a Pipeline and through wrappers (searches, a transformed
    target) that hand keyword arguments on to the estimator they hold.
    """
    if isinstance(estimator, Pipeline):
        name, last = estimator.steps[-1]
        inner = None if last in (None, "passthrough") else weight_parameter(last)
        return None if inner is None else f"{name}__{inner}"
    if has_fit_parameter(estimator, "sample_weight"):
        return "sample_weight"
    parameters = inspect.signature(estimator.fit).parameters.values()
    takes_keywords = any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters)
    held = getattr(estimator, "estimator", None) or getattr(estimator, "regressor", None)
    if takes_keywords and held is not None and hasattr(held, "fit"):
        return weight_parameter(held)
    return None


def fit_weighted(estimator, X, y, sample_weight, generator):
    """Fit `estimator` in place on weighted rows and tell whether rows were resampled.

    ``sample_weight=None`` is the plain fit. An estimator that takes no weights is fitted on
    systematically resampled rows, about as many as the weights sum to: rows of weight one are
    then taken exactly once.
    """
    # Weights are addressed to one estimator by name. Under metadata routing, steps in between
    # that could take weights as well would ask the user to decide about each of them.
    with config_context(enable_metadata_routing=False):
        if sample_weight is None:
            _fit(estimator, X, y)
            return False
        keyword = weight_parameter(estimator)
        if keyword is not None:
            _fit(estimator, X, y, **{keyword: sample_weight})
            return False
        n_draws = max(1, round(float(sample_weight.sum())))
        rows = systematic_indices(sample_weight, n_draws, generator)
        _fit(estimator, take_rows(X, rows), np.asarray(y)[rows])
        return True


def _fit(estimator, X, y, **weights):
    """Fit; if the estimator refuses the table, name columns that may be why.

    Estimators often say neither which column they cannot stand nor what is wrong with it.
    """
    try:
        estimator.fit(X, y, **weights)
    except (TypeError, ValueError) as error:
        suspects = _suspicious_columns(X, has_steps=isinstance(estimator, Pipeline))
        if not suspects or isinstance(error, InvalidParameterError):
            raise
        # numpy's own kinds of TypeError are not made of a message.
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(
            f"{type(estimator).__name__} refused a table of {X.shape[0]} rows: {error}\n"
            f"This may be why: {suspects}. Drop or convert such columns in a pipeline around the "
            "estimator."
        ) from error


def _suspicious_columns(X, has_steps):
    """Say which columns are empty or hold dates or text; an empty text if there are none.

    Text is nothing to wonder about where earlier steps convert it.
    """
    columns, spec = read_table(X)
    types = [(one.name, str(one.dtype).lower()) for one in spec.columns]
    kinds = {
        "have no value in any of the rows": [one.name for one in columns if one.missing.all()],
        "hold dates": [name for name, dtype in types if dtype.startswith("date")],
    }
    if not has_steps:
        categories = {one.name for one in spec.columns if one.kind == "category"}
        text = [name for name, dtype in types if dtype.startswith(_TEXT) and name in categories]
        kinds["hold text"] = text
    return " and ".join(f"columns {names!r} {what}" for what, names in kinds.items() if names)
