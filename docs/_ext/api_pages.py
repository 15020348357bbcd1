"""Write the reference pages from the `__all__` lists, so that no public name can be missing."""

import importlib
import inspect
import pkgutil
from pathlib import Path

PACKAGE = "skcollapse"
INTRODUCTION = """\
Every public name, by module. The pages are written from the ``__all__`` lists of the package;
names that are not here may change without notice.
"""


def public_modules():
    """Return the names of the package and of those of its modules that list public names."""
    package = importlib.import_module(PACKAGE)
    found = [PACKAGE]
    for part in sorted(pkgutil.iter_modules(package.__path__), key=lambda part: part.name):
        name = f"{PACKAGE}.{part.name}"
        if not part.name.startswith("_") and hasattr(importlib.import_module(name), "__all__"):
            found.append(name)
    return found


def _heading(text, mark):
    return f"{text}\n{mark * len(text)}\n"


def _table(module, names):
    rows = "".join(f"   {name}\n" for name in names)
    return f".. currentmodule:: {module}\n\n.. autosummary::\n   :toctree: generated\n\n{rows}\n"


def module_page(name):
    """Return the page of one module: its docstring, then its classes, functions and data."""
    module = importlib.import_module(name)
    listed = [item for item in module.__all__ if not item.startswith("__")]
    groups = {
        "Classes": [item for item in listed if inspect.isclass(getattr(module, item))],
        "Functions": [item for item in listed if inspect.isroutine(getattr(module, item))],
    }
    shown = set().union(*groups.values())
    groups["Data"] = [
        item
        for item in listed
        if item not in shown and not inspect.ismodule(getattr(module, item))
    ]
    text = _heading(name, "=") + "\n" + inspect.getdoc(module) + "\n\n"
    for title, names in groups.items():
        if names:
            text += _heading(title, "-") + "\n" + _table(name, names)
    return text


def _summary(name):
    return inspect.getdoc(importlib.import_module(name)).splitlines()[0]


def index_page(modules):
    """Return the page that leads to all module pages."""
    contents = "".join(f"   {name}\n" for name in modules)
    entries = "".join(f":doc:`{name}`\n   {_summary(name)}\n\n" for name in modules)
    return (
        f"{_heading('API reference', '=')}\n{INTRODUCTION}\n{entries}"
        f".. toctree::\n   :hidden:\n\n{contents}"
    )


def write_pages(app, config):
    """Write the pages into docs/api, touching only files whose text changes."""
    folder = Path(app.srcdir) / "api"
    folder.mkdir(exist_ok=True)
    modules = public_modules()
    pages = {f"{name}.rst": module_page(name) for name in modules}
    pages["index.rst"] = index_page(modules)
    for file, text in pages.items():
        path = folder / file
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    for path in folder.glob("*.rst"):
        if path.name not in pages:
            path.unlink()


def setup(app):
    """Run before Sphinx looks for source files, so that the pages written are among them."""
    app.connect("config-inited", write_pages)
    return {"parallel_read_safe": True}
