"""A suite from outside the package: how many drawn rows are copies of real ones."""

from dataclasses import dataclass, field
from functools import partial

import numpy as np

from skcollapse.benchmark import format_suite, run_suite
from skcollapse.benchmark._base import make_synthesizer
from skcollapse.benchmark._engine import Cell, Job
from skcollapse.benchmark._options import SuiteConfig, flag
from skcollapse.benchmark._results import Section, metric_table
from skcollapse.benchmark._suites import Suite, suite, table_fields


@dataclass(frozen=True)
class CopiesConfig(SuiteConfig):
    """The options of all suites, and one more, which is a flag of the command line, too."""

    n_learned: int = field(
        default=300, metadata=flag("rows that a synthesizer learns", metavar="N", read=int)
    )


@suite("copies")
class Copies(Suite):
    """Share of drawn rows that stand in the table."""

    config = CopiesConfig

    def jobs(self, config, source):
        """One cell for each synthesizer and seed of a table."""
        shared = {**table_fields(self.name, source), "n_real": config.n_learned}
        cells = [
            Cell(**shared, method="synthesizer", synthesizer=name, seed=seed)
            for seed in range(config.n_seeds)
            for name in config.synthesizers
        ]
        X = source.table.data
        return [Job(cell, count_copies, partial(rows_of, cell, X), "copies") for cell in cells]

    def section(self, rows):
        """A table in the report; the figures would be lines in ``figures=``."""
        table = metric_table("Copies of real rows", rows)
        return Section("Copies", tables=[] if table is None else [table])


def rows_of(cell, X):
    """Return the arguments of the run; they are made when its turn comes."""
    rows = np.random.default_rng(cell.seed).permutation(len(X))[: cell.n_real]
    return (X.iloc[rows].reset_index(drop=True),)


def count_copies(cell, record, X):
    """Run a cell: measure, and add a row for each metric and generation."""
    synthesizer = make_synthesizer(cell.synthesizer).fit(X)
    drawn = synthesizer.sample(len(X), random_state=cell.seed)
    found = drawn.merge(X.drop_duplicates(), how="left", indicator=True)["_merge"]
    record.add("copies", 0, float((found == "both").mean()))


if __name__ == "__main__":
    print(format_suite(run_suite("copies", tables=["wine", "iris"], n_learned=100, n_seeds=2)))
