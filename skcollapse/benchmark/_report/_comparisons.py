"""Comparisons: the settings that ran on the same streams, and their last scores."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skcollapse.benchmark._engine import COLUMNS, IDENTITY
from skcollapse.benchmark._options import DEFAULT_SYNTHESIZER, DEFAULTS
from skcollapse.benchmark._streams import METRIC_LABELS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Comparison", "Difference", "Setting", "checked_results", "comparisons", "count_noun"]

_STREAM = ["table", "table_hash", "target", "estimator", "n_real", "n_batches", "test_size"]
_LEARNING = ("r2", "roc_auc")


class Setting(NamedTuple):
    """A method and its recipe of synthetic rows; empty texts if it draws none."""

    method: str
    synthesizer: str = ""
    workflow: str = ""
    labels: str = ""
    n_synthetic: str = ""
    lam: str = ""

    @property
    def recipe(self) -> tuple[str, str, str]:
        """How the synthetic rows are drawn and labelled, apart from how many."""
        return self.synthesizer, self.workflow, self.labels

    @property
    def n_per_real(self) -> float:
        """Number of synthetic rows for each real one, to sort by."""
        return float(self.n_synthetic.split()[0]) if self.n_synthetic else 0.0


class Difference(NamedTuple):
    """Mean difference of two settings over the seeds they share, and its standard error."""

    mean: float
    error: float
    n_seeds: int

    @property
    def is_loss(self) -> bool:
        """Whether it is below zero by more than two standard errors (of one seed: at all)."""
        return self.mean < 0 and not -self.mean <= 2 * self.error

    @property
    def is_gain(self) -> bool:
        """Whether it is above zero by more than two standard errors (of one seed: at all)."""
        return self.mean > 0 and not self.mean <= 2 * self.error


@dataclass(frozen=True)
class Comparison:
    """All settings that ran on the same streams of one table with the same estimator."""

    key: tuple
    rows: pd.DataFrame

    @property
    def name(self) -> str:
        """Heading of the comparison."""
        table, _, target, estimator, n_real, n_batches, _ = self.key
        return f"{table} ({target}), {estimator}, {n_batches} batches of {n_real:,} rows"

    @property
    def sample(self) -> str:
        """What the scores are, and over how many streams they are means."""
        n_seeds = self.rows["seed"].nunique()
        text = (
            f"{METRIC_LABELS[self.metric]} on {self.key[6]:,} held-out rows, "
            f"{count_noun(n_seeds, 'stream')}"
        )
        return text if n_seeds > 1 else f"{text}: the noise is unknown, any difference counts"

    @property
    def metric(self) -> str:
        """Name of the score."""
        return str(self.rows["metric"].iloc[0])

    @property
    def last(self) -> int:
        """Index of the last generation."""
        return int(self.key[5]) - 1

    @cached_property
    def final_scores(self) -> dict[Setting, pd.Series]:
        """Scores of the last generation by seed."""
        good = self.rows[(self.rows["error"] == "") & (self.rows["generation"] == self.last)]
        return {
            Setting(*key): mine.set_index("seed")["score"]
            for key, mine in good.groupby(list(Setting._fields), sort=False)
        }

    @cached_property
    def seconds(self) -> dict[Setting, float]:
        """Mean time of all fits of a stream."""
        by_setting = self.rows.groupby([*Setting._fields, "seed"])["seconds"].sum()
        means = by_setting.groupby(list(Setting._fields)).mean()
        return {Setting(*key): float(value) for key, value in means.items()}

    @cached_property
    def own(self) -> list[Setting]:
        """The settings of RecursiveMix on a stream of fresh batches."""
        return [setting for setting in self.final_scores if setting.workflow == "fresh"]

    @cached_property
    def default_settings(self) -> list[Setting]:
        """Settings with the default recipe of rows, or with the best one if that was not run."""
        recipes = dict.fromkeys(setting.recipe for setting in self.own)
        if not recipes:
            return []
        default = (DEFAULT_SYNTHESIZER, "fresh", DEFAULTS["labels"])
        chosen = default if default in recipes else max(recipes, key=self._best_score)
        return [setting for setting in self.own if setting.recipe == chosen]

    def _best_score(self, recipe: tuple[str, str, str]) -> float:
        return max(self.mean(setting) for setting in self.own if setting.recipe == recipe)

    def means(self, *settings: Setting) -> list[float]:
        """Return mean scores over the seeds that all of the settings have."""
        import pandas as pd

        scores = [self.final_scores[setting] for setting in settings]
        shared = pd.concat(scores, axis=1, join="inner")
        return [float(mean) for mean in shared.mean()]

    def mean(self, setting: Setting) -> float:
        """Mean score of the last generation."""
        return float(self.final_scores[setting].mean())

    def difference(self, setting: Setting, other: Setting) -> Difference:
        """Compare two settings over the seeds that both have."""
        scores = self.final_scores[setting] - self.final_scores[other]
        scores = scores.dropna()
        n = len(scores)
        error = float(scores.std() / np.sqrt(n)) if n > 1 else float("nan")
        return Difference(float(scores.mean()), error, n)


def checked_results(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with empty texts for missing ones; raise an error if there are no rows."""
    missing = [column for column in COLUMNS if column not in rows.columns]
    if missing:
        raise ValueError(f"results has no column {missing[0]!r}; read it with read_results.")
    if rows.empty:
        raise ValueError("results has no rows; run skcollapse benchmark first.")
    texts = [name for name in COLUMNS if rows[name].dtype.kind not in "iuf" or name == "error"]
    rows = rows[list(COLUMNS)].copy()
    rows[texts] = rows[texts].fillna("").astype(str)
    rows[["lam", "n_synthetic"]] = rows[["lam", "n_synthetic"]].fillna("").astype(str)
    return rows


def comparisons(rows: pd.DataFrame) -> list[Comparison]:
    """Return the comparisons of all suites; a cell that several suites ran counts once."""
    rows = rows[rows["metric"].isin(_LEARNING)]
    same = [name for name in IDENTITY if name != "suite"]
    rows = rows.drop_duplicates([*same, "metric", "generation"])
    return [Comparison(key, mine) for key, mine in rows.groupby(_STREAM, sort=False)]


def count_noun(count: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
