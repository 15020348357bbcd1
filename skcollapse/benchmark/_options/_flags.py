"""How the options of a config are given on the command line: metadata of their fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = [
    "Flag",
    "count_or_name",
    "flag",
    "flags_of",
    "number_or_name",
    "read_counts",
    "read_names",
    "rows_or_share",
]


@dataclass(frozen=True)
class Flag:
    """Record of how an option is given on the command line.

    Parameters
    ----------
    help : str, default=""
        What it does.
    group : {"table", "methods", "suite", "run"}, default="suite"
        Where the help lists it.
    metavar : str, default=None
        What stands for its value.
    read : callable, default=str
        Makes the value of a text; ``bool`` makes two flags, with and without "no".
    repeated : bool, default=False
        Whether it may be given several times.
    name : str, default=""
        Its name where this is not that of the option.
    """

    help: str = ""
    group: str = "suite"
    metavar: str | None = None
    read: Callable[[str], Any] = str
    repeated: bool = False
    name: str = ""


def flag(text: str = "", **how: Any) -> dict[str, Flag]:
    """Return the metadata of a field that has a flag; the arguments are those of `Flag`."""
    return {"flag": Flag(text, **how)}


def flags_of(config: type) -> dict[str, Flag]:
    """Return the flags of a config by option, those of its base classes first.

    A class may give an option another default without repeating the flag.
    """
    found: dict[str, Flag] = {}
    for kind in reversed(config.__mro__):
        for field in dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ():
            if "flag" in field.metadata:
                found.setdefault(field.name, field.metadata["flag"])
    return found


def read_names(text: str) -> list[str]:
    """Return names that commas separate."""
    return [name.strip() for name in text.split(",") if name.strip()]


def read_counts(text: str) -> list[int]:
    """Return whole numbers that commas separate; they may have underscores."""
    return [int(number.replace("_", "")) for number in read_names(text)]


def rows_or_share(text: str) -> int | float:
    """Return a number with a point as a share, and one without as a number of rows."""
    return float(text) if "." in text else int(text)


def count_or_name(text: str) -> int | str:
    """Return a whole number where the text is one, else the text."""
    return int(text) if text.isdecimal() else text


def number_or_name(text: str) -> float | str:
    """Return a number where the text is one, else the text."""
    try:
        return float(text)
    except ValueError:
        return text
