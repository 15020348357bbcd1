"""Annotations are true: a file is checked by mypy, or has none.

The fields of a dataclass or a NamedTuple, which need them, are free.
"""

import ast
import tomllib

import pytest

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def annotated_lines(source):
    """Return the lines with an annotation of an argument, a result or a variable."""
    tree = ast.parse(source)
    fields = {
        id(statement)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for statement in node.body
    }
    return sorted(
        {
            node.lineno
            for node in ast.walk(tree)
            if (isinstance(node, FUNCTIONS) and node.returns)
            or (isinstance(node, ast.arg) and node.annotation)
            or (isinstance(node, ast.AnnAssign) and id(node) not in fields)
        }
    )


def _is_under(path, tops):
    return any(path == top or path.startswith(f"{top}/") for top in tops)


@pytest.fixture(scope="module")
def checked(root):
    """What mypy is told to check."""
    with (root / "pyproject.toml").open("rb") as file:
        return set(tomllib.load(file)["tool"]["mypy"]["files"])


@pytest.fixture(scope="module")
def annotated(root):
    """Files of the package with annotations."""
    files = (root / "skcollapse").rglob("*.py")
    return {
        file.relative_to(root).as_posix()
        for file in files
        if annotated_lines(file.read_text(encoding="utf-8"))
    }


def test_what_mypy_checks_exists(checked, root):
    assert [path for path in checked if not (root / path).exists()] == []


def test_annotated_files_are_checked(annotated, checked):
    assert {path for path in annotated if not _is_under(path, checked)} == set()


def test_the_style_step_runs_mypy(root):
    assert '"$venv/bin/mypy"' in (root / ".ci" / "lint").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("def f(a, *, b: int): pass", [1]),
        ("def f(a) -> int: pass", [1]),
        ("a = 1\nb: list = []", [2]),
        ("class A:\n    a: int = 1\n    def f(self, b):\n        c: int = b", [4]),
        ("class A:\n    a: int\n\n    def f(self, b):\n        return lambda c: b", []),
    ],
)
def test_planted_annotations_are_found(source, lines):
    assert annotated_lines(source) == lines
