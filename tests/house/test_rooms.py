"""Inside a room: lower folders never import higher ones, nothing goes in circles, and what is
private to a room stays in it.

Deferred imports and imports for annotations count like all others.
"""

import ast
from pathlib import Path

import pytest
from sklearn.base import BaseEstimator

PACKAGE = "skcollapse"
ROOT = Path(__file__).resolve().parents[2]

# Folders or files of a room, lowest first. What a room does not list lies above what it lists.
ORDER = {
    "_recursive_mix": ["fitting", "labelling", "updating", "recursion"],
    "benchmark": [
        "_base",
        "_entrants",
        "_options",
        "_streams",
        "_engine",
        "_results",
        "_suites",
        "_report",
    ],
    "datasets": ["_streams"],
    "synthesizers": ["_columns", "_base.py", "_empirical.py", "_copula", "_tree", "_sdv"],
    "theory": ["_mixing"],
}

# Their files are there for all rooms.
SHARED = {"_plotting", "_utils"}


def _room(path):
    return path.split("/")[0].removesuffix(".py")


def _sources(package):
    return {file.relative_to(package).as_posix(): file for file in sorted(package.rglob("*.py"))}


def _file_of(module, name, sources):
    """Return the file that an import reads, None if it is not one of the package."""
    parts = module.split(".")
    if parts[0] != PACKAGE:
        return None
    stems = ["/".join(parts[1:])]
    if name is not None and parts[-1] != name:
        stems.insert(0, "/".join([*parts[1:], name]))
    ends = (end for stem in stems for end in (f"{stem}.py", f"{stem}/__init__.py".lstrip("/")))
    return next((path for path in ends if path in sources), None)


@pytest.fixture
def arrows(imports_of):
    """Return the files of a package that each of its files imports."""

    def collect(package):
        sources = _sources(package)
        return {
            path: {
                target
                for imported in imports_of(package, file)
                if (target := _file_of(imported.module, imported.name, sources))
            }
            for path, file in sources.items()
        }

    return collect


def circles(arrows):
    """Return the groups of files each of which leads to all others of the group."""
    reached = {}
    for path in arrows:
        seen, todo = set(), [path]
        while todo:
            new = arrows.get(todo.pop(), set()) - seen
            seen |= new
            todo += new
        reached[path] = seen
    groups = {
        frozenset(other for other in reached if path in reached[other] and other in reached[path])
        for path in reached
        if path in reached[path]
    }
    return {", ".join(sorted(group)) for group in groups}


def _level(path, order):
    """Return the position of a file in the order of its room; unlisted files are on top."""
    part = path.split("/")[1]
    return order.index(part) if part in order else len(order)


def climbing(arrows, orders=ORDER):
    """Return the imports from a lower part of a room to a higher one."""
    return {
        f"{path}: {target}"
        for path, targets in arrows.items()
        for target in targets
        if (room := _room(path)) in orders
        and room == _room(target)
        and _level(path, orders[room]) < _level(target, orders[room])
    }


@pytest.fixture
def foreign_files(imports_of):
    """Return the imports of another room's private file, or of a private name of a room."""

    def collect(package):
        return {
            f"{path}: {'.'.join(inner)}"
            for path, file in _sources(package).items()
            for imported in imports_of(package, file)
            if (inner := _private_target(imported)) and inner[0] != _room(path)
        }

    return collect


def _private_target(imported):
    """Return room and first private name of what is imported, None if none is private."""
    top, *inner = imported.module.split(".")
    if top != PACKAGE or not inner or inner[0] in SHARED:
        return None
    if imported.name is not None and inner[-1] != imported.name:
        inner.append(imported.name)
    private = next((part for part in inner[1:] if part.startswith("_")), None)
    return private and (inner[0], private)


OWN = {"self", "cls", "super()"}


def _private(name):
    return name.startswith("_") and not name.startswith("__")


def _defined(tree):
    """Yield the private names that a file defines: in a module, a class or on `self`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.ctx, ast.Store)
            and ast.unparse(node.value) in OWN
        ):
            yield node.attr


def foreign_names(package):
    """Return the private attributes of an object that are defined in another room.

    What scikit-learn's estimators keep private belongs to the object itself. Names that neither
    it nor the package defines are other packages' affair.
    """
    trees = {
        path: ast.parse(file.read_text(encoding="utf-8"))
        for path, file in _sources(package).items()
    }
    homes = {name: {"scikit-learn"} for name in dir(BaseEstimator) if _private(name)}
    for path, tree in trees.items():
        for name in filter(_private, _defined(tree)):
            homes.setdefault(name, set()).add(_room(path))
    return {
        f"{path}: {ast.unparse(node)}"
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in homes
        and ast.unparse(node.value) not in OWN
        and _room(path) not in homes[node.attr]
    }


def test_nothing_goes_in_circles(arrows):
    assert circles(arrows(ROOT / PACKAGE)) == set()


def test_lower_parts_of_a_room_do_not_import_higher_ones(arrows):
    assert climbing(arrows(ROOT / PACKAGE)) == set()


def test_no_room_imports_a_private_file_of_another(foreign_files):
    assert foreign_files(ROOT / PACKAGE) == set()


def test_no_room_touches_a_private_attribute_of_another():
    assert foreign_names(ROOT / PACKAGE) == set()


def test_rooms_in_the_order_exist_and_are_rooms():
    assert [room for room in ORDER if not (ROOT / PACKAGE / room).is_dir()] == []


@pytest.fixture
def plant(tmp_path):
    """Write the files of a package."""

    def write(files):
        for path, source in files.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(source, encoding="utf-8")
        return tmp_path

    return write


@pytest.mark.parametrize(
    "back",
    [
        "from skcollapse.room._a import f",
        "from skcollapse.room import _a",
        "def f():\n    import skcollapse.room._a",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ._a import A",
    ],
    ids=["plain", "module by name", "deferred", "annotation"],
)
def test_planted_circle_is_found(back, plant, arrows):
    package = plant({"room/_a.py": "from skcollapse.room._b import g", "room/_b.py": back})
    assert circles(arrows(package)) == {"room/_a.py, room/_b.py"}


def test_planted_circle_through_a_room_is_found(plant, arrows):
    files = {
        "room/_a.py": "from skcollapse.other import g",
        "room/__init__.py": "from skcollapse.room._a import f",
        "other.py": "from skcollapse.room import f",
    }
    assert circles(arrows(plant(files))) == {"other.py, room/__init__.py, room/_a.py"}


def test_planted_climb_is_found(plant, arrows):
    files = {
        "room/low/_a.py": "from skcollapse.room import _top\nimport skcollapse.room.high._b",
        "room/high/_b.py": "from skcollapse.room.low._c import f",
        "room/low/_c.py": "from skcollapse.elsewhere import f",
        "room/_top.py": "from skcollapse.room.low._a import g",
        "elsewhere.py": "",
    }
    found = climbing(arrows(plant(files)), {"room": ["lower", "low", "high"]})
    assert found == {"room/low/_a.py: room/high/_b.py", "room/low/_a.py: room/_top.py"}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from skcollapse.other._a import f", "_a"),
        ("from skcollapse.other import _a", "_a"),
        ("def f():\n    import skcollapse.other._a", "_a"),
        ("from skcollapse.other.open._a import f", "_a"),
        ("from skcollapse.other import f", None),
        ("from skcollapse._other import f", None),
        ("from skcollapse._utils._a import f", None),
        ("from skcollapse.room._b import f", None),
    ],
)
def test_planted_import_of_a_private_file_is_found(source, found, plant, foreign_files):
    package = plant({"room/_a.py": source})
    assert foreign_files(package) == ({f"room/_a.py: other.{found}"} if found else set())


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("thing._method()", "thing._method"),
        ("thing._field = 1", "thing._field"),
        ("self.thing._constant", "self.thing._constant"),
        ("thing._validate_params()", "thing._validate_params"),
        ("self._method()", None),
        ("record._fields", None),
        ("thing._own", None),
        ("thing.__dict__", None),
    ],
)
def test_planted_reach_for_a_private_attribute_is_found(source, found, plant):
    other = "class A:\n    _constant = 1\n    def _method(self):\n        self._field = 2"
    own = "class B:\n    _own = 1"
    package = plant({"room/_a.py": source, "room/_b.py": own, "other.py": other})
    assert foreign_names(package) == ({f"room/_a.py: {found}"} if found else set())
