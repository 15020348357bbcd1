"""Options that suites have in common, and how they become options of single benchmarks."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from skcollapse.benchmark._base import (
    ESTIMATORS,
    SYNTHESIZERS,
    ConfigError,
    TableSpec,
    as_specs,
    as_tuple,
    check_choice,
    check_integer,
    check_known,
    require_sdv,
)
from skcollapse.benchmark._entrants import ENTRANTS, REFERENCES
from skcollapse.benchmark._options._benchmark import DEFAULTS, BenchmarkConfig
from skcollapse.benchmark._options._flags import Flag, flag, read_names
from skcollapse.benchmark._options._lam import checked_lam, lam_suits
from skcollapse.workflows import WORKFLOW_NAMES

__all__ = [
    "LARGEST_TEST",
    "LearningConfig",
    "RowRecipe",
    "SuiteConfig",
    "too_few_rows",
]

LARGEST_TEST = 4000

# One with fine detail, one that is mostly noise, one of classes; all without a download.
FEW_TABLES = ("diamonds", "HI", "wa_churn")

# What a suite calls the options of a benchmark of which it takes a list.
_PLURALS = {
    "estimator": "estimators",
    "synthesizer": "synthesizers",
    "workflow": "workflows",
    "batch_size": "batch_sizes",
}


def _several(text: str) -> dict[str, Flag]:
    return flag(text, metavar="A,B,...", read=read_names)


@dataclass(frozen=True)
class SuiteConfig:
    """Options that all suites have: tables, models by name and seeds.

    Parameters
    ----------
    tables : tuple
        Named tables, ``"PATH:TARGET"`` of CSV or Parquet files, or dicts with the arguments of
        :func:`skcollapse.datasets.load_table`. One that has too few rows is left out.
    estimators : tuple of str
        As in :class:`BenchmarkConfig`; one that is not for the task of a table is left out there.
    synthesizers : tuple of str
        As in :class:`BenchmarkConfig`.
    n_seeds : int, default=5
        Repeats, with the seeds 0, 1, ...

    Raises
    ------
    ConfigError
        If an option has a value that is not allowed; the error names the option.
    """

    tables: tuple[Any, ...] = field(
        default=FEW_TABLES,
        metadata=_several("names, or FILE:TARGET (default: those of the suite)"),
    )
    estimators: tuple[str, ...] = field(
        default=("hist_gradient_boosting",), metadata=_several(f"from {', '.join(ESTIMATORS)}")
    )
    synthesizers: tuple[str, ...] = field(
        default=("gaussian_copula", "tree"), metadata=_several(f"from {', '.join(SYNTHESIZERS)}")
    )
    n_seeds: int = 5

    # Options that may be empty.
    may_be_empty: ClassVar[tuple[str, ...]] = ()
    # What a table is: the fields of a dict that stands for one.
    spec: ClassVar[type[TableSpec]] = TableSpec

    def __post_init__(self) -> None:
        self._set("tables", as_specs("tables", self.tables, self.spec))
        for each in dataclasses.fields(self):
            if each.name != "tables" and isinstance(each.default, tuple):
                self._check_several(each.name)
        check_integer("n_seeds", self.n_seeds, at_least=1)
        require_sdv("synthesizers", self.synthesizers)

    @classmethod
    def options(cls) -> list[str]:
        """List the names of the options."""
        return [each.name for each in dataclasses.fields(cls)]

    @classmethod
    def from_options(cls, options: dict[str, Any]) -> Self:
        """Build a config from a dict of options; one that is not known is an error."""
        check_known(options, cls.options())
        return cls(**options)

    def _set(self, option: str, value: Any) -> None:
        """Set an option while the config is built; it is frozen afterwards."""
        object.__setattr__(self, option, value)

    def _check_several(self, option: str) -> None:
        # Repeated values would run the same cells twice.
        values = tuple(dict.fromkeys(as_tuple(option, getattr(self, option))))
        if not values and option not in self.may_be_empty:
            raise ConfigError(option, "must hold at least one value.")
        self._set(option, values)

    def benchmark(self, **options: Any) -> BenchmarkConfig:
        """Return the options of one benchmark; errors name the option of the suite."""
        try:
            return BenchmarkConfig("", n_seeds=self.n_seeds, **options)
        except ConfigError as error:
            raise ConfigError(_PLURALS.get(error.option, error.option), error.problem) from error

    def suits(self, estimator: str, task: str) -> bool:
        """Return whether a named estimator is for a task."""
        return ESTIMATORS[estimator][task == "classification"] is not None

    def nothing_to_run(self) -> ConfigError:
        """Return the error of a suite that has no cell for any of its tables."""
        return ConfigError("estimators", "are for another task than that of each table.")


@dataclass(frozen=True)
class RowRecipe:
    """How the synthetic rows of some cells of a suite are drawn and labelled."""

    synthesizer: str
    workflow: str
    labels: str
    n_synthetic: float


@dataclass(frozen=True)
class LearningConfig(SuiteConfig):
    """Options of a suite that scores models: every table, estimator and batch size.

    Parameters
    ----------
    tables, estimators, synthesizers, n_seeds
        As in :class:`SuiteConfig`. A stream of n_batches batches is cut from the table for each
        seed; up to 4,000 other rows are its test set. A table with fewer than
        ``n_batches * batch_size + min_test_size`` rows is left out for that batch size.
    workflows, labels, n_synthetic, lam : tuple
        RecursiveMix runs for each combination that is possible; some workflows allow some `lam`
        only. `n_synthetic` holds multiples of the batch.
    entrants : tuple of str
        What runs beside it, once for each table, estimator and batch size. The references
        "real_only" and "all_real" always run.
    batch_sizes : tuple of int, default=(300,)
        Real rows in a batch.
    n_batches : int, default=8
        Real batches in a stream.
    min_test_size : int, default=1000
        Rows that a test set needs.
    """

    workflows: tuple[str, ...] = field(
        default=("fresh",), metadata=_several(f"from {', '.join(WORKFLOW_NAMES)}")
    )
    labels: tuple[str, ...] = (DEFAULTS["labels"],)
    n_synthetic: tuple[float, ...] = (DEFAULTS["n_synthetic"],)
    lam: tuple[str | float, ...] = (DEFAULTS["lam"],)
    entrants: tuple[str, ...] = field(
        default=REFERENCES, metadata=_several(f"from {', '.join(ENTRANTS)}")
    )
    batch_sizes: tuple[int, ...] = field(default=(300,), metadata=flag(name="batch_size"))
    n_batches: int = 8
    min_test_size: int = field(
        default=1000,
        metadata=flag("rows a test set needs (default: 1000)", metavar="ROWS", read=int),
    )

    may_be_empty: ClassVar[tuple[str, ...]] = ("entrants", "lam")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_integer("min_test_size", self.min_test_size, at_least=2)
        self._set("lam", checked_lam(self.lam))
        for workflow in self.workflows:
            check_choice("workflows", workflow, WORKFLOW_NAMES)
        references = [name for name in REFERENCES if name not in self.entrants]
        self._set("entrants", (*references, *self.entrants))
        for estimator in self.estimators:
            for batch_size in self.batch_sizes:
                self.entrants_config(estimator, batch_size)
                for recipe in self.recipes():
                    self.recipe_config(estimator, batch_size, recipe)
        if self.lam and not self.recipes():
            raise ConfigError("lam", f"suits none of the workflows {', '.join(self.workflows)}.")

    def recipes(self) -> list[RowRecipe]:
        """List the ways to draw and label synthetic rows for which there is a lam."""
        return [
            RowRecipe(synthesizer, workflow, labels, float(n_synthetic))
            for synthesizer in self.synthesizers
            for workflow in self.workflows
            for labels in self.labels
            for n_synthetic in self.n_synthetic
            if self._lam_of(workflow)
        ]

    def _lam_of(self, workflow: str) -> tuple[str | float, ...]:
        return tuple(lam for lam in self.lam if lam_suits(lam, workflow))

    def entrants_config(self, estimator: str, batch_size: int) -> BenchmarkConfig:
        """Return the benchmark of all that does not depend on synthetic rows."""
        return self._config(estimator, batch_size, entrants=self.entrants, lam=())

    def recipe_config(self, estimator: str, batch_size: int, recipe: RowRecipe) -> BenchmarkConfig:
        """Return the benchmark of RecursiveMix for one recipe."""
        options = dataclasses.asdict(recipe) | {"lam": self._lam_of(recipe.workflow)}
        return self._config(estimator, batch_size, entrants=(), **options)

    def nothing_to_run(self) -> ConfigError:
        """Return the error of a suite that has no cell for any of its tables."""
        return too_few_rows(self)

    def _config(self, estimator: str, batch_size: int, **options: Any) -> BenchmarkConfig:
        return self.benchmark(
            estimator=estimator, batch_size=batch_size, n_batches=self.n_batches, **options
        )


def too_few_rows(config: Any) -> ConfigError:
    """Return the error of a suite whose streams are too long for each of its tables."""
    return ConfigError(
        "batch_sizes",
        f"are too large: no table has {config.n_batches} batches of "
        f"{min(config.batch_sizes)} rows and {config.min_test_size} test rows.",
    )
