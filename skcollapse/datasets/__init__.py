"""Real tables, loaded by name or from a file."""

from ._load import load_table
from ._named import table_names

__all__ = ["load_table", "table_names"]
