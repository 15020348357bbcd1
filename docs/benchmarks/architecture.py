"""Draw how the code is built: the rooms with their imports, and the way of one generation.

    python docs/benchmarks/architecture.py

writes `architecture_rooms.svg` and `architecture_generation.svg` into `docs/_static`. Rooms and
arrows are read from the code, floors from the test that guards them. A test compares both figures
with the code, and fails when they are out of date. Then run this script again; a room that is new
needs a place in `ROOMS`. A new arrow finds a way; `WAYS` gives it a better one.
"""

import ast
from pathlib import Path
from typing import NamedTuple

DOCS = Path(__file__).resolve().parents[1]
STATIC = DOCS / "_static"
PACKAGE = DOCS.parent / "skcollapse"
FLOOR_PLAN = DOCS.parent / "tests" / "house" / "test_floor_plan.py"
FIGURES = {"rooms": "architecture_rooms.svg", "generation": "architecture_generation.svg"}

INK, MUTED, PAPER, BAND = "#262626", "#6B6B6B", "#FFFFFF", "#F3F4F6"
BLUE, GREEN, PURPLE, ORANGE, GREY = "#0072B2", "#009E73", "#A8538A", "#B86E00", "#6B6B6B"
MONO, SANS = "DejaVu Sans Mono", "DejaVu Sans"


# ---------------------------------------------------------------------------------------- rooms


def floors():
    """Return the floor of each room."""
    for node in ast.parse(FLOOR_PLAN.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "FLOORS":
            return ast.literal_eval(node.value)
    raise ValueError(f"{FLOOR_PLAN} defines no FLOORS.")


def imports(package=PACKAGE):
    """Return the rooms that each room imports. The package's own face is no room."""
    found = {}
    for file in sorted(package.rglob("*.py")):
        path = file.relative_to(package)
        room, above = path.parts[0].removesuffix(".py"), ["skcollapse", *path.parts[:-1]]
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for module in _modules(node, above):
                top, *inner = module.split(".")
                if top == "skcollapse" and inner and inner[0] != room:
                    found.setdefault(room, set()).add(inner[0])
    found.pop("__init__", None)
    return found


def _modules(node, above):
    """Return the dotted modules that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    parents = above[: len(above) - node.level + 1] if node.level else []
    base = ".".join([*parents, *filter(None, [node.module])])
    if base == "skcollapse":
        return [f"{base}.{alias.name}" for alias in node.names]
    return [base]


def direct(arrows):
    """Return the pairs of rooms without those that a longer way of arrows connects."""

    def below(room, without):
        todo, seen = [r for r in arrows.get(room, ()) if r != without], set()
        while todo:
            new = todo.pop()
            if new not in seen:
                seen.add(new)
                todo += arrows.get(new, ())
        return seen

    return sorted((a, b) for a in arrows for b in arrows[a] if b not in below(a, b))


class Room(NamedTuple):
    """Where a room is drawn, in hundredths of the width."""

    left: float
    right: float
    holds: str


ROOMS = {
    "__main__": Room(40, 60, "python -m"),
    "cli": Room(40, 60, "commands"),
    "benchmark": Room(38, 99.5, "tables, suites, report"),
    "labels": Room(17, 36, "public names"),
    "inspection": Room(72.5, 94, "curves, figures"),
    "simulation": Room(0.5, 19, "Monte Carlo"),
    "_recursive_mix": Room(22, 58, "runs the generations"),
    "workflows": Room(0.5, 17, "which rows"),
    "weights": Room(19.5, 34.5, "how much"),
    "synthesizers": Room(36.2, 57.8, "draw rows"),
    "datasets": Room(59.5, 74.5, "tables"),
    "metrics": Room(77, 91, "distances"),
    "theory": Room(0.5, 34.5, "exact risk, best weights"),
    "_plotting": Room(83.2, 99.8, "styles"),
    "_utils": Room(0.5, 79.5, "rows, tables, folds, random numbers"),
    "exceptions": Room(81.8, 99.5, "warnings"),
}
# The x at which an arrow leaves its room, and the one at which it arrives; others find a way.
WAYS = {
    ("__main__", "cli"): (50, 50),
    ("cli", "benchmark"): (50, 50),
    ("benchmark", "_recursive_mix"): (47, 47),
    ("benchmark", "datasets"): (65, 65),
    ("benchmark", "metrics"): (69.5, 79),
    ("labels", "_recursive_mix"): (26.5, 26.5),
    ("inspection", "_recursive_mix"): (74.5, 55),
    ("inspection", "_plotting"): (92.5, 92.5),
    ("inspection", "metrics"): (84, 84),
    ("simulation", "workflows"): (8.75, 8.75),
    ("_recursive_mix", "workflows"): (24, 14.5),
    ("_recursive_mix", "weights"): (28, 28),
    ("_recursive_mix", "synthesizers"): (47, 47),
    ("workflows", "theory"): (8.75, 8.75),
    ("weights", "theory"): (27, 27),
    ("synthesizers", "_utils"): (47, 47),
    ("datasets", "_utils"): (67, 67),
    ("metrics", "_utils"): (78.3, 78.3),
    ("metrics", "exceptions"): (81.5, 85),
    ("theory", "_utils"): (17.5, 17.5),
}


def way(pair, levels):
    """Return where an arrow leaves and arrives: straight down if it can, away from others."""
    if pair in WAYS:
        return WAYS[pair]
    start, end = (ROOMS[name] for name in pair)
    between = [
        room for name, room in ROOMS.items() if levels[pair[1]] < levels[name] < levels[pair[0]]
    ]
    steps = (start.left + 1 + k / 2 for k in range(int(2 * (start.right - start.left - 2)) + 1))
    free = [x for x in steps if not any(r.left - 1 <= x <= r.right + 1 for r in between)]
    if not free:
        raise ValueError(f"No way leads from {pair[0]} to {pair[1]}: move a room in ROOMS.")

    def cost(x):
        clearance = min(abs(x - other) for other, _ in WAYS.values())
        return abs(x - _into(end, x)), -clearance

    best = min(free, key=cost)
    return best, _into(end, best)


def _into(room, x):
    return min(max(x, room.left + 1.5), room.right - 1.5)


COLOURS = {"_recursive_mix": BLUE, "synthesizers": ORANGE, "labels": GREEN, "workflows": PURPLE}
STEP, HEIGHT = 14.6, 9.0  # from floor to floor, and of a room


def draw_rooms(ax):
    """Draw the floors, the rooms on them and the arrows between them."""
    levels, top = floors(), max(floors().values())
    ax.set(xlim=(-7.5, 101), ylim=(-2.4, top * STEP + HEIGHT + 2.4))
    for floor in range(top + 1):
        y = floor * STEP
        band = _box(ax, -6.5, y - 1.7, 107.2, HEIGHT + 3.4, BAND, "none", 1.0)
        band.set(gid=f"floor {floor}", zorder=0)
        ax.text(-3.2, y + HEIGHT / 2, floor, ha="center", va="center", size=9, color="#9AA0A6")
    for name, room in ROOMS.items():
        y, colour = levels[name] * STEP, COLOURS.get(name, INK)
        box = _box(ax, room.left, y, room.right - room.left, HEIGHT, PAPER, colour, 1.0)
        box.set_gid(f"room {name} on floor {levels[name]}")
        middle = (room.left + room.right) / 2
        _mono(ax, middle, y + 5.9, name, colour, size=6.9)
        ax.text(middle, y + 2.6, room.holds, ha="center", va="center", size=6.2, color=MUTED)
    for pair in direct(imports()):
        start, end = way(pair, levels)
        y, stop = levels[pair[0]] * STEP, levels[pair[1]] * STEP + HEIGHT
        bend = [(start, stop + 5.4), (start, stop + 2.4), (end, stop + 4.6), (end, stop + 1.6)]
        points = [(start, y), *bend, (end, stop)] if start != end else [(start, y), (end, stop)]
        _arrow(ax, points, " imports ".join(pair), bent=start != end)


# ----------------------------------------------------------------------------------- generation


class Step(NamedTuple):
    """A step of a generation: what it is, its calls in `Recursion.run`, and what these call."""

    title: str
    calls: tuple
    text: str
    asks: tuple = ()


STEPS = (
    Step(
        "recipe",
        ("BatchPool.recipe",),
        "which batches, and how much each weighs",
        ("BaseWorkflow.plan", "BaseWorkflow.masses", "resolve_lam"),
    ),
    Step(
        "draw and label",
        ("Round.draw",),
        "rows of the last synthesizer get targets",
        ("BaseSynthesizer.sample", "BaseLabeller.label"),
    ),
    Step(
        "adapt",
        ("Round.adapt",),
        "newest rows may raise their weight",
        ("BaseLabeller.at_real", "adapt"),
    ),
    Step(
        "parts",
        ("BatchPool.parts", "BatchPool.subsample"),
        "real and synthetic rows, within the budget",
        ("BaseWorkflow.budget",),
    ),
    Step(
        "size",
        ("effective_sample_size", "BatchPool.model_fitted"),
        "real rows that the fit is equivalent to",
    ),
    Step("forget", ("BatchPool.keep",), "rows that no later generation uses go"),
    Step(
        "blend and fit",
        ("Round.fit",),
        "one table; synthesizer, then estimator",
        ("blend_rows", "BaseSynthesizer.fit", "BaseUpdate.fit"),
    ),
    Step("remember", ("BaseLabeller.after_fit",), "the labeller for the next generation"),
    Step("record", ("new_record",), "what history_ shows of the generation"),
)
OWNERS = {
    "BaseWorkflow": PURPLE,
    "BaseSynthesizer": ORANGE,
    "BaseLabeller": GREEN,
    "BaseUpdate": BLUE,
}
MEANINGS = {
    "BaseWorkflow": "workflow: which rows",
    "BaseSynthesizer": "synthesizer: draws rows",
    "BaseLabeller": "labels: their targets",
    "BaseUpdate": "update: next estimator",
}


ENDS = ("Generation", "BatchPool")


def defined(package=PACKAGE):
    """Return the functions and classes of a package, and the methods as ``Class.method``."""
    found, functions = set(), (ast.FunctionDef, ast.ClassDef)
    for file in package.rglob("*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, functions):
                found.add(node.name)
                inner = [n.name for n in node.body if isinstance(n, functions)]
                found |= {f"{node.name}.{name}" for name in inner}
    return found


def check_names(steps=STEPS):
    """Raise an error if the figure of a generation names what the code does not define."""
    named = {*ENDS, *OWNERS, *(name for step in steps for name in step.calls + step.asks)}
    missing = sorted(named - defined())
    if missing:
        raise ValueError(f"The figure names {missing}, which the code does not define.")


LEFT, RIGHT, ASKED = 6, 61, 66  # edges of the steps, and the left edge of what they ask


def draw_generation(ax):
    """Draw the steps of `Recursion.run` from above to below, with what each step asks."""
    check_names()
    heights = [max(5.2 * len(step.asks) + 0.6, 9.6 + 4 * len(step.calls)) for step in STEPS]
    last = "t \N{MINUS SIGN} 1"
    _end(ax, LEFT, RIGHT, 0, ENDS[0], f"{last}: models, labeller, record")
    _end(ax, ASKED, 100, 0, ENDS[1], "batches at hand")
    ax.plot([83, 83, 33.5], [-11, -13.5, -13.5], color=INK, linewidth=0.9, zorder=1)
    _arrow(ax, [(33.5, -11), (33.5, -16)], "begin")
    y = -16
    for number, (step, height) in enumerate(zip(STEPS, heights, strict=True), 1):
        _draw_step(ax, number, step, y, height)
        y -= height + 3.4
        _arrow(ax, [(33.5, y + 3.4), (33.5, y)], f"after {number}")
    _end(ax, LEFT, RIGHT, y, ENDS[0], "t: models, labeller, record")
    loop = [(LEFT, y - 5.5), (1.5, y - 5.5), (1.5, -5.5), (LEFT, -5.5)]
    _arrow(ax, loop, "again", colour=MUTED, dashed=True)
    for k, (name, colour) in enumerate(OWNERS.items()):
        at = y - 0.9 - 3.3 * k
        _box(ax, ASKED, at - 1, 2, 2, colour, colour, 0.8)
        ax.text(ASKED + 3.4, at, MEANINGS[name], va="center", size=6.2, color=INK)
    ax.set(xlim=(-0.5, 101), ylim=(y - 12.5, 1))


def _end(ax, left, right, top, name, text):
    box = _box(ax, left, top - 11, right - left, 11, INK, INK, 1.0)
    box.set_gid(f"name {name}")
    middle = (left + right) / 2
    _mono(ax, middle, top - 3.8, name, PAPER, size=7.6)
    ax.text(middle, top - 7.8, text, ha="center", va="center", size=6.2, color=PAPER)


def _draw_step(ax, number, step, top, height):
    box = _box(ax, LEFT, top - height, RIGHT - LEFT, height, PAPER, "#9AA0A6", 0.9)
    box.set_gid(f"step {number} {step.title}")
    y = top - (height - 4 * len(step.calls) - 9.6) / 2 - 3.1
    ax.text(8.4, y, f"{number}  {step.title}", va="center", size=7.0, weight="bold", color=INK)
    for name in step.calls:
        y -= 4
        _mono(ax, 8.4, y, name, _colour(name), size=6.8, ha="left").set_gid(f"name {name}")
    ax.text(8.4, y - 3.8, step.text, va="center", size=6.2, color=MUTED)
    for k, name in enumerate(step.asks):
        y = top - height * (k + 0.5) / len(step.asks)
        chip = _box(ax, ASKED, y - 2.1, 100 - ASKED, 4.2, PAPER, _colour(name), 0.9)
        chip.set_gid(f"name {name}")
        _mono(ax, (ASKED + 100) / 2, y, name, _colour(name), size=6.3)
        ax.plot([RIGHT, ASKED], [y, y], color=_colour(name), linewidth=0.9, zorder=1)


def _colour(name):
    return OWNERS.get(name.split(".")[0], INK)


# -------------------------------------------------------------------------------------- drawing


def _box(ax, left, bottom, width, height, face, edge, line):
    from matplotlib.patches import FancyBboxPatch

    style = "round,pad=0,rounding_size=0.9"
    box = FancyBboxPatch(
        (left, bottom), width, height, boxstyle=style, facecolor=face, edgecolor=edge, lw=line
    )
    return ax.add_patch(box)


def _mono(ax, x, y, name, colour, *, size, ha="center"):
    return ax.text(x, y, name, ha=ha, va="center", size=size, color=colour, family=MONO, zorder=4)


def _arrow(ax, points, name, *, bent=False, colour=INK, dashed=False):
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path as Line

    codes = None
    if bent:
        codes = [Line.MOVETO, Line.LINETO, *[Line.CURVE4] * 3, Line.LINETO]
    style = "-|>,head_width=1.5,head_length=2.6"
    arrow = FancyArrowPatch(path=Line(points, codes), arrowstyle=style, color=colour, lw=0.9)
    arrow.set(zorder=3, gid=f"arrow {name}", linestyle=(0, (4, 2)) if dashed else "-")
    ax.add_patch(arrow)


PAINT = {"rooms": draw_rooms, "generation": draw_generation}
WIDTH = 3.9  # inches: narrow, so that the smallest letters can be read on a telephone


def draw(name):
    """Return a figure, drawn from the code as it is."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    figure = Figure(facecolor=PAPER)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.axis("off")
    with rc_context({"font.family": SANS}):
        PAINT[name](ax)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    figure.set_size_inches(WIDTH, WIDTH * (top - bottom) / (right - left))
    return figure


def save(name, path):
    """Write a figure as SVG: text as outlines, so it looks alike everywhere, and no date."""
    from matplotlib import rc_context

    with rc_context({"svg.hashsalt": "skcollapse", "svg.fonttype": "path"}):
        draw(name).savefig(path, format="svg", metadata={"Date": None})


def main():
    """Write both figures."""
    for name, file in FIGURES.items():
        save(name, STATIC / file)
        print(STATIC / file)


if __name__ == "__main__":
    main()
