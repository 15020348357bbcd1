"""The figures of the page on architecture show the rooms, floors and names of the code."""

import ast
import importlib.util
import inspect
import re
import runpy
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from skcollapse import RecursiveMixRegressor
from skcollapse._recursive_mix.recursion import Recursion
from skcollapse.synthesizers import GaussianSynthesizer

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "docs" / "benchmarks" / "architecture.py"
AGAIN = "Run `python docs/benchmarks/architecture.py` and look at the figures."


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("architecture", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def floors():
    return runpy.run_path(str(Path(__file__).with_name("test_floor_plan.py")))["FLOORS"]


@pytest.fixture
def rooms(imports_of):
    """The rooms that each room imports, by the walk of the house tests."""
    package, found = ROOT / "skcollapse", {}
    for file in package.rglob("*.py"):
        room = file.relative_to(package).parts[0].removesuffix(".py")
        for imported in imports_of(package, file):
            top, *inner = imported.module.split(".")
            if top == "skcollapse" and room != "__init__" and inner and inner[0] != room:
                found.setdefault(room, set()).add(inner[0])
    return found


def ids(figure):
    """Return the names of what an SVG shows."""
    return set(re.findall(r'id="((?:room|floor|arrow|step|name) [^"]+)"', figure))


def test_rooms_and_floors_are_those_of_the_floor_plan(script, floors):
    assert script.floors() == floors
    assert set(script.ROOMS) == set(floors)
    text = (script.STATIC / script.FIGURES["rooms"]).read_text(encoding="utf-8")
    wanted = {f"room {room} on floor {floor}" for room, floor in floors.items()}
    assert {name for name in ids(text) if name.startswith("room ")} == wanted, AGAIN


def test_arrows_are_the_imports(script, rooms):
    assert script.imports() == rooms
    text = (script.STATIC / script.FIGURES["rooms"]).read_text(encoding="utf-8")
    wanted = {f"arrow {' imports '.join(pair)}" for pair in script.direct(rooms)}
    assert {name for name in ids(text) if name.startswith("arrow ")} == wanted, AGAIN


def test_an_arrow_without_a_way_stops_the_drawing(script, floors, monkeypatch):
    monkeypatch.setitem(script.ROOMS, "benchmark", script.Room(0, 100, ""))
    with pytest.raises(ValueError, match="No way leads from cli to theory"):
        script.way(("cli", "theory"), floors)


def below(arrows, room):
    """Return all rooms that a room leads to."""
    return set().union(*({other} | below(arrows, other) for other in arrows.get(room, ())))


def test_left_out_arrows_follow_from_those_that_are_drawn(script, rooms):
    drawn = {}
    for one, other in script.direct(rooms):
        drawn.setdefault(one, set()).add(other)
    assert {room: below(drawn, room) for room in rooms} == {r: below(rooms, r) for r in rooms}
    assert sum(map(len, drawn.values())) < sum(map(len, rooms.values()))


def test_arrows_end_at_rooms_and_run_behind_none(script, rooms, floors):
    def covers(name, x):
        return script.ROOMS[name].left <= x <= script.ROOMS[name].right

    pairs = script.direct(rooms)
    assert set(script.WAYS) - set(pairs) == set()
    # An import that nobody has planned finds a way past the rooms between, too.
    for one, other in [*pairs, ("benchmark", "_plotting")]:
        start, end = script.way((one, other), floors)
        assert covers(one, start), (one, other)
        assert covers(other, end), (one, other)
        between = [name for name in floors if floors[other] < floors[name] < floors[one]]
        assert [name for name in between if covers(name, start)] == [], (one, other)


def test_a_generation_shows_the_calls_of_a_run_in_their_order(script):
    tree = ast.parse(textwrap.dedent(inspect.getsource(Recursion.run)))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    calls.sort(key=lambda node: (node.lineno, node.col_offset))
    called = [ast.unparse(node.func).split(".")[-1] for node in calls]
    shown = [name.split(".")[-1] for step in script.STEPS for name in step.calls]
    helpers = {"perf_counter", "Round", "generator", "proportional_lam"}
    assert [name for name in called if name not in helpers] == [*shown, "Generation"]


def test_each_step_asks_what_the_figure_says(script):
    """Run a generation and note what is called inside each step."""
    seen = set()

    def note(frame, event, _):
        if event == "call" and frame.f_globals.get("__name__", "").startswith("skcollapse"):
            names, inner = [], frame
            while inner is not None:
                names.append(_names(inner))
                inner = inner.f_back
            seen.update((outer, own) for own in names[0] for group in names for outer in group)

    data = np.random.default_rng(0).normal(size=(60, 2))
    mix = RecursiveMixRegressor(Ridge(), GaussianSynthesizer(), n_generations=1, n_synthetic=1.0)
    sys.setprofile(note)
    try:
        mix.set_params(lam="adaptive").fit(data, data[:, 0])
    finally:
        sys.setprofile(None)
    asked = {(call, name) for step in script.STEPS for call in step.calls for name in step.asks}
    wanted = {pair for pair in asked if pair[0] != "BatchPool.parts"}  # its step has two calls
    assert wanted - seen == set()


def _names(frame):
    """Return the name of a called function, a method under the name of each base class."""
    name, owner = frame.f_code.co_name, frame.f_locals.get("self")
    return [name] if owner is None else [f"{c.__name__}.{name}" for c in type(owner).__mro__]


def test_the_figure_of_a_generation_is_up_to_date(script):
    script.check_names()
    text = (script.STATIC / script.FIGURES["generation"]).read_text(encoding="utf-8")
    names = [*script.ENDS, *(n for step in script.STEPS for n in step.calls + step.asks)]
    titles = [f"step {k} {step.title}" for k, step in enumerate(script.STEPS, 1)]
    shown = {name for name in ids(text) if not name.startswith("arrow ")}
    assert shown == {*titles, *(f"name {name}" for name in names)}, AGAIN


@pytest.mark.parametrize("name", ["Round.draws", "resolve_lams", "BaseLabelers.label"])
def test_a_name_that_the_code_does_not_define_stops_the_drawing(script, name, monkeypatch):
    pytest.importorskip("matplotlib")
    step = script.STEPS[0]._replace(asks=(name,))
    with pytest.raises(ValueError, match=rf"names \['{re.escape(name)}'\]"):
        script.check_names((step,))
    monkeypatch.setattr(script, "defined", lambda: {"Generation"})
    with pytest.raises(ValueError, match="which the code does not define"):
        script.draw("generation")


def test_both_figures_can_be_drawn_from_the_code(script, tmp_path):
    pytest.importorskip("matplotlib")
    for name, file in script.FIGURES.items():
        script.save(name, tmp_path / file)
        fresh = (tmp_path / file).read_text(encoding="utf-8")
        assert ids(fresh) == ids((script.STATIC / file).read_text(encoding="utf-8")), AGAIN
        assert len(ids(fresh)) > 20


def test_planted_rooms_are_read(script, tmp_path):
    files = {
        "a.py": "from skcollapse.b import f\ndef g():\n    import skcollapse.c",
        "b/__init__.py": "from .._c import f\nfrom ._x import g",
        "b/_x.py": "from skcollapse import c",
        "__init__.py": "from skcollapse.a import g",
    }
    for path, source in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(source, encoding="utf-8")
    assert script.imports(tmp_path) == {"a": {"b", "c"}, "b": {"_c", "c"}}
    assert script.direct({"a": {"b", "c"}, "b": {"c"}}) == [("a", "b"), ("b", "c")]


def test_the_page_names_what_exists():
    """Each dotted name, path and class in the tables of the page is in the code."""
    page = (ROOT / "docs" / "extending" / "architecture.rst").read_text(encoding="utf-8")
    paths = re.findall(r"``((?:skcollapse|tests|docs|\.github)/[\w./]+)``", page)
    assert len(paths) > 5
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.fixture(scope="module")
def contributing():
    return (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_contributing_has_the_floors_of_the_floor_plan(contributing, floors):
    rows = re.findall(r"^\| (\d) \| (`[^|]+`) \|", contributing, re.MULTILINE)
    found = {room: int(floor) for floor, text in rows for room in re.findall(r"`(\w+)`", text)}
    assert found == floors


def test_contributing_links_and_names_what_exists(contributing):
    links = re.findall(r"\]\(([^)#:]+)[^)]*\)", contributing)
    named = re.findall(r"`?(?:bash )?((?:\.ci|\.github|tests|docs)/[\w./]+\w)", contributing)
    assert len(links) >= 5
    assert len(named) >= 8
    assert [link for link in links if not (ROOT / ".github" / link).exists()] == []
    assert [path for path in named if not (ROOT / path).exists()] == []
