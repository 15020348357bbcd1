"""252 settings give the numbers and the error texts that are on record."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pandas")

SCRIPT = Path(__file__).with_name("golden_master.py")


@pytest.fixture(scope="module")
def golden():
    spec = importlib.util.spec_from_file_location("golden_master", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def recorded(golden):
    record = json.loads(golden.FILE.read_text(encoding="utf-8"))
    if record["versions"] != golden.versions():
        pytest.skip(f"the numbers are those of {record['versions']}")
    return record["settings"]


def differing(found, recorded):
    """Return the names of settings whose numbers differ by more than rounding."""
    return [name for name in found | recorded if not _same(found.get(name), recorded.get(name))]


def _same(one, other):
    if isinstance(one, str) or isinstance(other, str) or one is None or other is None:
        return one == other
    if len(one) != len(other):
        return False
    one, other = (np.array(values, dtype=float) for values in (one, other))
    # None becomes nan; solvers stop at a tolerance, so the last digits depend on the machine.
    return np.allclose(one, other, rtol=1e-5, atol=1e-7, equal_nan=True)


def test_numbers_and_errors_are_those_on_record(golden, recorded):
    found = golden.run(golden.numbers)
    assert len(found) == 252
    assert differing(found, recorded) == []


def test_a_changed_number_is_noticed(golden, recorded):
    name = "regressor corrected optimal fresh"
    changed = {**recorded, name: [*recorded[name]]}
    changed[name][0] *= 1 + 1e-4
    assert differing(changed, recorded) == [name]
    assert differing({**recorded, name: "ValueError: no"}, recorded) == [name]


def test_a_changed_constant_is_noticed(golden, recorded, monkeypatch):
    monkeypatch.setattr("skcollapse._recursive_mix.labelling._errors.MARGIN", 1.0)
    assert differing(golden.run(golden.numbers), recorded) != []
