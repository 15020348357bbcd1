"""A record of the generations that takes the same room after three as after thirty."""

from time import perf_counter

import numpy as np

from skcollapse._recursive_mix.labelling import MEASURED
from skcollapse.theory import lam_to_real_weight

__all__ = ["HISTORY_LENGTH", "History", "line_of", "new_record"]

# Ten years of months. A log without a bound would let a fitted model grow for ever.
HISTORY_LENGTH = 120

_FIELDS = np.dtype(
    [
        ("generation", np.int64),
        ("n_real", np.float64),
        ("n_synthetic", np.int64),
        ("lam", np.float64),
        ("real_weight", np.float64),
        ("effective_sample_size", np.float64),
        ("resampled", np.bool_),
        ("averaging", np.float64),
        ("correction", np.float64),
        ("refit_share", np.float64),
        ("twicing_loss", np.float64),
        ("twicing_evidence", np.float64),
        ("estimated_weight", np.float64),
        ("standard_error", np.float64),
        ("reason", "U16"),
        ("seconds", np.float64),
    ]
)


class History:
    """The last `HISTORY_LENGTH` records, in room set aside once."""

    def __init__(self):
        self._log = np.zeros(HISTORY_LENGTH, dtype=_FIELDS)
        self._count = 0

    def with_record(self, **record):
        """Return a copy with one more record; the original stays as it is."""
        new = History()
        new._log = self._log.copy()
        new._log[self._count % HISTORY_LENGTH] = tuple(record[name] for name in _FIELDS.names)
        new._count = self._count + 1
        return new

    def to_list(self):
        """Return the records as dictionaries, oldest first; None where nothing was measured."""
        first = max(0, self._count - HISTORY_LENGTH)
        rows = [self._log[i % HISTORY_LENGTH] for i in range(first, self._count)]
        return [
            # Only nan differs from itself; None can be compared.
            {k: v if v == v else None for k, v in zip(_FIELDS.names, row.tolist(), strict=True)}
            for row in rows
        ]


def new_record(t, recipe, fitted, size, measured, evidence, started):
    """Return the record of generation t; `started` is its `perf_counter` at the start."""
    return {
        "generation": t,
        "n_real": recipe.n_real,
        "n_synthetic": fitted.n_drawn,
        "lam": recipe.lam,
        "real_weight": float(lam_to_real_weight(recipe.lam)),
        "effective_sample_size": size,
        "resampled": fitted.resampled,
        **dict.fromkeys(MEASURED, np.nan),
        **measured,
        **evidence._asdict(),
        "seconds": perf_counter() - started,
    }


def line_of(record):
    """Return a record as a line of text."""
    return (
        f"generation {record['generation']}: "
        f"{record['n_real']:g} real and {record['n_synthetic']} synthetic rows, "
        f"real weight {record['real_weight']:.3f}, "
        f"effective sample size {record['effective_sample_size']:.0f}, "
        f"{record['seconds']:.2f} s"
    )
