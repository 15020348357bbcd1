"""What a loop over SDV shows when SDV is not re-seeded: the table of the user guide.

Starts from a table of independent standard normal columns and refits a synthesizer 20 times on its
own rows, once as SDV comes and once through `SDVSynthesizer`. Needs the sdv extra; about a minute.

    python docs/benchmarks/sdv_seed_trap.py
"""

import csv
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

from skcollapse.synthesizers import SDVSynthesizer

N_ROWS, N_GENERATIONS, N_REPETITIONS = 200, 20, 8
COLUMNS = ["a", "b", "c"]
OUTPUT = Path(__file__).resolve().parents[1] / "_static" / "sdv_seed_trap.csv"


def first_table(repetition):
    """Return the real rows of one repetition."""
    values = np.random.default_rng(repetition).normal(size=(N_ROWS, len(COLUMNS)))
    return pd.DataFrame(values, columns=COLUMNS)


def spread_as_sdv_comes(frame):
    """Return the last standard deviation of a hand-written loop over SDV."""
    from sdv.metadata import Metadata
    from sdv.single_table import GaussianCopulaSynthesizer

    columns = {name: {"sdtype": "numerical"} for name in COLUMNS}
    metadata = Metadata.load_from_dict(
        {
            "tables": {"rows": {"columns": columns}},
            "relationships": [],
            "METADATA_SPEC_VERSION": "V2",
        }
    )
    for _ in range(N_GENERATIONS):
        synthesizer = GaussianCopulaSynthesizer(
            metadata, enforce_min_max_values=False, default_distribution="norm"
        )
        synthesizer.fit({"rows": frame})
        frame = synthesizer.sample(N_ROWS)["rows"]
    return frame["a"].std()


def spread_through_the_adapter(frame, repetition):
    """Return the last standard deviation of the same loop through `SDVSynthesizer`."""
    seeds = np.random.SeedSequence(repetition).generate_state(2 * N_GENERATIONS) // 2
    for fit_seed, sample_seed in seeds.reshape(-1, 2).tolist():
        synthesizer = SDVSynthesizer(
            synthesizer_kwargs={"enforce_min_max_values": False}, random_state=fit_seed
        )
        frame = synthesizer.fit(frame).sample(N_ROWS, random_state=sample_seed)
    return frame["a"].std()


def main():
    """Run all repetitions and write the table."""
    rows = [("Repetition", "SDV as it comes", "Through SDVSynthesizer")]
    for repetition in range(N_REPETITIONS):
        frame = first_table(repetition)
        with warnings.catch_warnings():
            # SDV's advice to save the metadata, once for each of 160 synthesizers.
            warnings.simplefilter("ignore", UserWarning)
            untouched = spread_as_sdv_comes(frame)
        seeded = spread_through_the_adapter(frame, repetition)
        rows.append((repetition + 1, f"{untouched:.2f}", f"{seeded:.2f}"))
        print(*rows[-1], sep="\t")
    with OUTPUT.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    main()
