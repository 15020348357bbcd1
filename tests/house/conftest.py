"""What the house tests look at: the repository's files, imports, and public modules."""

import ast
import pkgutil
from pathlib import Path
from typing import NamedTuple

import pytest

import skcollapse

PACKAGE = "skcollapse"
ROOT = Path(__file__).resolve().parents[2]

# Dot-folders hold environments and caches; these two hold our own files.
OWN_DOT_FOLDERS = {".ci", ".github"}
BUILT = {"docs/_build", "docs/api", "docs/gallery"}


def _is_ours(path):
    relative = path.relative_to(ROOT)
    if any(relative.as_posix().startswith(built) for built in BUILT):
        return False
    hidden = {part for part in relative.parts[:-1] if part.startswith((".", "__"))}
    return path.is_file() and hidden <= OWN_DOT_FOLDERS


@pytest.fixture(scope="session")
def root():
    """The folder that holds pyproject.toml."""
    return ROOT


@pytest.fixture(scope="session")
def own_files():
    """All files of the repository, without what is built, cached or installed in it."""
    found = []
    for top in ROOT.iterdir():
        if top.is_dir() and (not top.name.startswith(".") or top.name in OWN_DOT_FOLDERS):
            found += [path for path in top.rglob("*") if _is_ours(path)]
        elif top.is_file():
            found.append(top)
    return sorted(found)


@pytest.fixture(scope="session")
def public_modules():
    """Names of the package and of its public modules."""
    parts = pkgutil.iter_modules(skcollapse.__path__, "skcollapse.")
    public = [part.name for part in parts if not part.name.rsplit(".", 1)[1].startswith("_")]
    return ["skcollapse", *sorted(public)]


class Import(NamedTuple):
    """One imported name: the dotted module, the line, and whether it runs when imported.

    `name` is what is imported from the module, None for the module itself.
    """

    module: str
    line: int
    eager: bool
    name: str | None = None


class _ImportCollector(ast.NodeVisitor):
    """Collect the imports of one file, relative ones resolved to absolute names."""

    def __init__(self, file_package):
        self.file_package = file_package
        self.imports = []
        self._depth = 0

    def _add(self, module, node, name=None):
        self.imports.append(Import(module, node.lineno, self._depth == 0, name))

    def _visit_deferred(self, node):
        self._depth += 1
        self.generic_visit(node)
        self._depth -= 1

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = _visit_deferred

    def visit_If(self, node):
        if "TYPE_CHECKING" in ast.unparse(node.test):
            self._visit_deferred(node)
        else:
            self.generic_visit(node)

    def visit_Import(self, node):
        for alias in node.names:
            self._add(alias.name, node)

    def visit_ImportFrom(self, node):
        parents = self.file_package[: len(self.file_package) - node.level + 1]
        base = ".".join([*(parents if node.level else []), *filter(None, [node.module])])
        for alias in node.names:
            # `from skcollapse import theory` and `from sklearn import utils` name a module last.
            whole = base in {PACKAGE, "sklearn"}
            self._add(f"{base}.{alias.name}" if whole else base, node, alias.name)

    def visit_Call(self, node):
        called = ast.unparse(node.func)
        if called in {"__import__", "import_module", "importlib.import_module"} and node.args:
            name = node.args[0]
            self._add(name.value if isinstance(name, ast.Constant) else "<computed>", node)
        self.generic_visit(node)


@pytest.fixture(scope="session")
def imports_of():
    """Collect the imports of a file below the folder of a package, deferred ones too."""

    def collect(package, file):
        collector = _ImportCollector([PACKAGE, *file.relative_to(package).parts[:-1]])
        collector.visit(ast.parse(file.read_text(encoding="utf-8")))
        return collector.imports

    return collect
