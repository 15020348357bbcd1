"""Read text tables as people and programs write them, or say what is wrong with them."""

from __future__ import annotations

import lzma
import warnings
import zlib
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COMPRESSED", "UNNAMED", "read_csv"]

COMPRESSED = (".gz", ".bz2", ".xz", ".zip", ".zst")
# What pandas calls column 2 if its header is empty: "Unnamed: 2".
UNNAMED = "Unnamed: "

# UTF-8, with or without a byte-order mark.
_ENCODING = "utf-8-sig"
_OTHER_SEPARATORS = (";", "\t", "|", ",")
# What unpacking a broken or cut-off archive raises.
_UNPACKING_ERRORS = (OSError, EOFError, BadZipFile, zlib.error, lzma.LZMAError)
_DECIMAL_COMMA = r"[+-]?\d*,?\d+"
# Enough bytes to meet the zero bytes of a file that is not text, or UTF-16 text.
_N_BYTES = 4096


def read_csv(path: Path, separator: str) -> pd.DataFrame:
    """Return the rows of a text file, its columns named as its header names them.

    A header that the separator leaves in one piece is cut at semicolons, tabulators or bars;
    numbers in files with semicolons may have decimal commas. A byte-order mark is left out.
    """
    import pandas as pd

    _refuse_binary(path)
    try:
        return _read(path, separator)
    except pd.errors.EmptyDataError as error:
        raise ValueError(f"{path} is empty.") from error
    except UnicodeDecodeError as error:
        where = _line_of_bad_byte(path)
        raise ValueError(f"{path} is not UTF-8 text{where}; save it as UTF-8.") from error
    except pd.errors.ParserWarning as error:
        raise ValueError(
            f"{path}: the rows have more fields than the header; name all columns (R writes row "
            "names without a header) or mend the rows."
        ) from error
    except (ValueError, *_UNPACKING_ERRORS) as error:
        raise ValueError(f"{path} cannot be read: {str(error).strip()}") from error


def _read(path: Path, separator: str) -> pd.DataFrame:
    import pandas as pd

    # pandas renames a repeated column ("a", "a.1"), so the header line is read as data:
    # only then can a repeated name be told from a column that is really called "a.1".
    names = _header(path, separator)
    if len(names) == 1:
        headers = {other: _header(path, other) for other in _OTHER_SEPARATORS}
        separator = max(headers, key=lambda other: len(headers[other]))
        names = headers[separator]
    with warnings.catch_warnings():
        # What pandas warns of is that it would cut rows that are longer than the header.
        warnings.simplefilter("error", pd.errors.ParserWarning)
        frame = pd.read_csv(
            path, sep=separator, low_memory=False, index_col=False, encoding=_ENCODING
        )
    frame.columns = [name or f"{UNNAMED}{i}" for i, name in enumerate(names)]
    return frame.apply(_read_decimal_commas) if separator == ";" else frame


def _header(path: Path, separator: str) -> list[str]:
    import pandas as pd

    first = pd.read_csv(
        path,
        sep=separator,
        header=None,
        nrows=1,
        dtype=str,
        keep_default_na=False,
        encoding=_ENCODING,
    )
    return first.iloc[0].tolist()


def _read_decimal_commas(column: pd.Series) -> pd.Series:
    from pandas.api import types

    if types.is_numeric_dtype(column.dtype):
        return column
    present = column.dropna().astype(str)
    if not present.str.fullmatch(_DECIMAL_COMMA).all():
        return column
    return present.str.replace(",", ".").astype(float).reindex(column.index)


def _refuse_binary(path: Path) -> None:
    if path.suffix.lower() in COMPRESSED:
        return
    with path.open("rb") as file:
        if b"\0" in file.read(_N_BYTES):
            raise ValueError(
                f"{path} holds zero bytes: it is not UTF-8 text but UTF-16 or no text at all; "
                "save it as UTF-8."
            )


def _line_of_bad_byte(path: Path) -> str:
    if path.suffix.lower() in COMPRESSED:
        return ""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                return f" (byte 0x{line[error.start]:02x} in line {number})"
    return ""
