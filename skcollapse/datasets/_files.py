"""Read a table from a CSV or Parquet file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from skcollapse.datasets._csv import COMPRESSED, read_csv
from skcollapse.datasets._named import NamedTable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_file"]

_SEPARATORS = {".csv": ",", ".tsv": "\t"}
_PARQUET = (".parquet", ".pq")


def read_file(path: Path) -> tuple[NamedTable, pd.DataFrame]:
    """Return a record named after the file, and its rows."""
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() not in COMPRESSED]
    suffix = suffixes[-1] if suffixes else ""
    if suffix in _SEPARATORS:
        frame = read_csv(path, _SEPARATORS[suffix])
    elif suffix in _PARQUET:
        frame = _read_parquet(path)
    else:
        raise ValueError(
            f"{path}: cannot tell the format from the ending {path.suffix!r}; "
            f"use {', '.join([*_SEPARATORS, *_PARQUET])} (the first two also compressed)."
        )
    name = path.name[: -len("".join(path.suffixes))] or path.name
    return NamedTable(name, "file", str(path), None, "auto", "not stated"), frame


def _read_parquet(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        return pd.read_parquet(path)
    except ImportError as error:
        raise ImportError(
            "Reading Parquet files needs pyarrow. Install it with: "
            'pip install "skcollapse[benchmark]"'
        ) from error
    except (OSError, ValueError) as error:
        raise ValueError(f"{path} cannot be read as a Parquet file: {error}") from error
