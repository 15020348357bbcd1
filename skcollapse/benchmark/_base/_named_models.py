"""Estimators and synthesizers that can be asked for by name."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import clone
from sklearn.compose import (
    TransformedTargetRegressor,
    make_column_selector,
    make_column_transformer,
)
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    OneHotEncoder,
    OrdinalEncoder,
    StandardScaler,
)

from skcollapse.benchmark._base._checks import ConfigError
from skcollapse.synthesizers import GaussianCopulaSynthesizer, SDVSynthesizer, TreeSynthesizer

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ESTIMATORS",
    "FARTHEST",
    "SYNTHESIZERS",
    "make_estimator",
    "make_synthesizer",
    "one_hot_scaled",
    "require_sdv",
]

# HistGradientBoosting refuses a categorical column with more levels than it has bins.
_MAX_LEVELS = 255
# A dense one-hot table of a column with thousands of levels would not fit into memory.
_MAX_ONE_HOT = 100
# Standard deviations from the mean at which we clip the input of networks and online learners.
FARTHEST = 5.0


def make_estimator(name: str | Any, task: str, X: pd.DataFrame, seed: int) -> Any:
    """Build the estimator `name` for the columns of X.

    Parameters
    ----------
    name : str or estimator
        A key of ESTIMATORS, or an estimator, which is cloned.
    task : {"regression", "classification"}
    X : DataFrame of shape (n_rows, n_features)
        Only its column types are used. Text columns are "category" with all levels of the
        whole table, so every batch is encoded alike, whichever levels it holds; or plain text, of
        which each fit encodes the levels that it meets.
    seed : int
        Sets each ``random_state`` of the estimator and its parts that is not set.

    Returns
    -------
    estimator : estimator
        Unfitted.

    Raises
    ------
    ValueError
        If the named estimator is not for this task.
    """
    if not isinstance(name, str):
        return _with_seed(clone(name), seed)
    regressor, classifier, encode = ESTIMATORS[name]
    factory = regressor if task == "regression" else classifier
    if factory is None:
        allowed = [key for key, row in ESTIMATORS.items() if row[task == "classification"]]
        raise ValueError(f"{name!r} is not for {task}; use one of {', '.join(allowed)}.")
    return encode(_with_seed(factory(), seed), X)


def _with_seed(estimator: Any, seed: int) -> Any:
    for name, value in estimator.get_params().items():
        if name.rpartition("__")[2] == "random_state" and value is None:
            estimator.set_params(**{name: seed})
    return estimator


def _text_columns(X: pd.DataFrame) -> list[str]:
    return make_column_selector(dtype_exclude=["number", "bool"])(X)


def _levels(column: pd.Series) -> list[str] | None:
    """Return the levels that a column of text brings along, None for plain text."""
    return list(column.cat.categories) if column.dtype == "category" else None


def _native_categories(estimator: Any, X: pd.DataFrame) -> Any:
    """Leave the columns to the estimator; only very wide text columns have to be encoded."""
    text = _text_columns(X)
    levels = [_levels(X[column]) for column in text]
    if all(known is not None and len(known) <= _MAX_LEVELS for known in levels):
        return estimator.set_params(categorical_features="from_dtype")
    encoder = OrdinalEncoder(
        max_categories=_MAX_LEVELS - 1, handle_unknown="use_encoded_value", unknown_value=np.nan
    )
    columns = make_column_transformer((encoder, text), remainder="passthrough")
    estimator.set_params(categorical_features=list(range(len(text))))
    return make_pipeline(columns, estimator)


def one_hot_scaled(estimator: Any, X: pd.DataFrame, *, farthest: float | None = None) -> Any:
    """Encode text by one column a level and scale numbers, for estimators that compare sizes.

    Numbers more than `farthest` standard deviations from the mean are pulled in to there; None
    leaves them where they are.
    """
    text = _text_columns(X)
    numbers = [column for column in X.columns if column not in text]
    # The levels come from the table, and a missing value is a level of its own. Those of plain
    # text are the ones that a fit meets.
    known = [_levels(X[column]) for column in text]
    levels = [np.array([*names, np.nan], dtype=object) for names in known if names is not None]
    encoder = OneHotEncoder(
        categories=levels if len(levels) == len(text) else "auto",
        max_categories=_MAX_ONE_HOT,
        handle_unknown="infrequent_if_exist",
        sparse_output=False,
    )
    fill = SimpleImputer(strategy="median", keep_empty_features=True)
    bounds = None if farthest is None else {"a_min": -farthest, "a_max": farthest}
    pull_in = [] if bounds is None else [FunctionTransformer(np.clip, kw_args=bounds)]
    scale = make_pipeline(fill, StandardScaler(), *pull_in)
    return make_pipeline(make_column_transformer((encoder, text), (scale, numbers)), estimator)


def _boosting(kind: type) -> Callable[[], Any]:
    # Early stopping holds out rows at random once there are 10,000, which would change the
    # method and not only its data when a stream grows.
    return lambda: kind(early_stopping=False)


def _forest(kind: type) -> Callable[[], Any]:
    # A leaf of a single row predicts its label whatever the row weighs, so weights act only in
    # larger leaves; with single rows a forest repeats the few heavy rows.
    return lambda: kind(min_samples_leaf=5)


def _network(kind: type) -> Callable[[], Any]:
    # Stochastic gradients take more steps the more rows there are, whatever the rows weigh, and
    # learn the noise of few heavy ones; LBFGS goes to where the weighted loss is smallest. The
    # penalty is the one of 3, 10 and 30 with which a model of all rows is best on six tables.
    return lambda: kind(hidden_layer_sizes=(64,), solver="lbfgs", alpha=10.0)


def _scaled_network() -> Any:
    return TransformedTargetRegressor(_network(MLPRegressor)(), transformer=StandardScaler())


def _one_hot_clipped(estimator: Any, X: pd.DataFrame) -> Any:
    # A network extrapolates in a straight line: a single row far outside can dominate its squared
    # error.
    return one_hot_scaled(estimator, X, farthest=FARTHEST)


# name: (regressor, classifier, how columns are encoded)
ESTIMATORS: dict[str, tuple[Any, Any, Callable]] = {
    "hist_gradient_boosting": (
        _boosting(HistGradientBoostingRegressor),
        _boosting(HistGradientBoostingClassifier),
        _native_categories,
    ),
    "random_forest": (
        _forest(RandomForestRegressor),
        _forest(RandomForestClassifier),
        one_hot_scaled,
    ),
    "k_nearest_neighbors": (KNeighborsRegressor, KNeighborsClassifier, one_hot_scaled),
    "ridge": (Ridge, None, one_hot_scaled),
    "logistic": (None, lambda: LogisticRegression(max_iter=1000), one_hot_scaled),
    "mlp": (_scaled_network, _network(MLPClassifier), _one_hot_clipped),
}

_SDV = "sdv"
SYNTHESIZERS: dict[str, Callable[[], Any]] = {
    "gaussian_copula": GaussianCopulaSynthesizer,
    "tree": TreeSynthesizer,
    _SDV: lambda: SDVSynthesizer("GaussianCopulaSynthesizer"),
    f"{_SDV}_ctgan": lambda: SDVSynthesizer("CTGANSynthesizer"),
    f"{_SDV}_tvae": lambda: SDVSynthesizer("TVAESynthesizer"),
    f"{_SDV}_copula_gan": lambda: SDVSynthesizer("CopulaGANSynthesizer"),
}


def make_synthesizer(name: str | Any) -> Any:
    """Return a new synthesizer for a key of SYNTHESIZERS, or the given object itself."""
    return SYNTHESIZERS[name]() if isinstance(name, str) else name


def require_sdv(option: str, names: Iterable[str | Any]) -> None:
    """Raise a ConfigError if a named synthesizer needs sdv and it is not installed.

    It is not imported to find out.
    """
    for name in names:
        needed = isinstance(name, str) and name.startswith(_SDV)
        if needed and importlib.util.find_spec("sdv") is None:
            raise ConfigError(
                option,
                f"{name!r} needs sdv, which is not installed. Install it with: "
                'pip install "skcollapse[sdv]"',
            )
