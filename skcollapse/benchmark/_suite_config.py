"""The retention suite: its tables and constants, and how they are restricted."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from skcollapse.datasets import table_names
from skcollapse.weights import LAM_NAMES

from ._config import ENTRANTS, BenchmarkConfig, ConfigError
from ._parts import ESTIMATORS, sdv_is_missing

__all__ = ["LARGEST_TEST", "SMALLEST_TEST", "SUITES", "Part", "SuiteConfig"]

LARGEST_TEST = 4000
SMALLEST_TEST = 1000

# All have a known origin and licence, and rows enough for eight batches of 300 and a test set.
_TABLES = (
    *("diamonds", "california_housing", "Computers", "HI", "BudgetFood", "CPS1988", "SLID"),
    *("deliveries", "hotel_rates"),
    *("adult", "wa_churn", "credit_data", "Default", "HealthInsurance", "nassCDS"),
    "lending_club",
)


@dataclass(frozen=True)
class Part:
    """How the synthetic rows of some cells of a suite are made."""

    synthesizer: str
    labels: str
    n_synthetic: float

    @property
    def name(self) -> str:
        """Name of its folder."""
        return f"{self.synthesizer}-{self.labels}-{self.n_synthetic:g}"


@dataclass(frozen=True)
class SuiteConfig:
    """What a suite runs: every table with every estimator and batch size.

    Parameters
    ----------
    tables : tuple of str
        Named tables. One with fewer than ``n_batches * batch_size`` + 1,000 rows is left out for
        that batch size.
    estimators : tuple of str
        As in :class:`BenchmarkConfig`; one that is not for the task of a table is left out there.
    synthesizers, labels, n_synthetic, lam : tuple
        RecursiveMix runs for each combination.
    entrants : tuple of str
        What runs beside it, once for each table, estimator and batch size. The references
        "real_only" and "all_real" always run.
    batch_sizes : tuple of int, default=(300, 1000)
        Real rows in a batch.
    n_batches : int, default=8
        Real batches in a stream.
    n_seeds : int, default=5
        Streams cut from a table. Up to 4,000 other rows of the table are its test set.

    Raises
    ------
    ConfigError
        If an option has a value that is not allowed; the error names the option.
    """

    tables: tuple[str, ...] = _TABLES
    estimators: tuple[str, ...] = tuple(ESTIMATORS)
    synthesizers: tuple[str, ...] = ("gaussian_copula", "tree")
    labels: tuple[str, ...] = ("corrected",)
    n_synthetic: tuple[float, ...] = (20.0,)
    lam: tuple[str | float, ...] = (*LAM_NAMES, 1.0, 3.0)
    entrants: tuple[str, ...] = ENTRANTS
    batch_sizes: tuple[int, ...] = (300, 1000)
    n_batches: int = 8
    n_seeds: int = 5

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            if isinstance(field.default, tuple):
                self._check_several(field.name)
        known = {name.lower(): name for name in table_names()}
        for table in self.tables:
            if str(table).lower() not in known:
                allowed = ", ".join(known.values())
                raise ConfigError("tables", f"must be named tables ({allowed}); got {table!r}.")
        tables = dict.fromkeys(known[name.lower()] for name in self.tables)
        object.__setattr__(self, "tables", tuple(tables))
        references = [name for name in ENTRANTS[:2] if name not in self.entrants]
        object.__setattr__(self, "entrants", (*references, *self.entrants))
        for estimator in self.estimators:
            for batch_size in self.batch_sizes:
                for part in self.parts():
                    self.part_config("", estimator, batch_size, part)

    @classmethod
    def from_options(cls, options: dict[str, Any]) -> SuiteConfig:
        """Build a config from a dict of options; one that is not known is an error."""
        known = [field.name for field in dataclasses.fields(cls)]
        for option in options:
            if option not in known:
                raise ConfigError(option, f"is not an option; allowed are {', '.join(known)}.")
        return cls(**options)

    def parts(self) -> list[Part]:
        """List the combinations of synthesizer, labels and number of synthetic rows."""
        return [
            Part(synthesizer, labels, float(n_synthetic))
            for synthesizer in self.synthesizers
            for labels in self.labels
            for n_synthetic in self.n_synthetic
        ]

    def peers_config(self, table: str, estimator: str, batch_size: int) -> BenchmarkConfig:
        """Return the benchmark of all that does not depend on synthetic rows."""
        return self._config(table, estimator, batch_size, entrants=self.entrants, lam=())

    def part_config(
        self, table: str, estimator: str, batch_size: int, part: Part
    ) -> BenchmarkConfig:
        """Return the benchmark of RecursiveMix for one part."""
        options = dataclasses.asdict(part)
        return self._config(table, estimator, batch_size, entrants=(), lam=self.lam, **options)

    def _config(
        self, table: str, estimator: str, batch_size: int, **options: Any
    ) -> BenchmarkConfig:
        sizes = {"batch_size": batch_size, "n_batches": self.n_batches, "n_seeds": self.n_seeds}
        try:
            return BenchmarkConfig(table, estimator=estimator, **sizes, **options)
        except ConfigError as error:
            raise ConfigError(_PLURALS.get(error.option, error.option), error.problem) from error

    def _check_several(self, option: str) -> None:
        values = getattr(self, option)
        if isinstance(values, str) or not hasattr(values, "__iter__"):
            raise ConfigError(option, f"must be a list or tuple, got {values!r}.")
        # Repeated values would run the same cells twice.
        values = tuple(dict.fromkeys(values))
        if not values and option not in ("entrants", "lam"):
            raise ConfigError(option, "must hold at least one value.")
        object.__setattr__(self, option, values)
        missing = [name for name in values if option == "synthesizers" and sdv_is_missing(name)]
        if missing:
            raise ConfigError(
                option,
                f"{missing[0]!r} needs sdv, which is not installed. Install it with: "
                'pip install "skcollapse[sdv]"',
            )


_PLURALS = {
    "estimator": "estimators",
    "synthesizer": "synthesizers",
    "batch_size": "batch_sizes",
}

SUITES = {"retention": SuiteConfig}
