"""Files and functions stay small, and banned words stay out."""

import ast
import re

import pytest

MAX_FILE_LINES = 400
MAX_BODY_LINES = 40

BANNED_NOTES = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
BANNED_IN_NAMES = "aug" + "ment"  # means two different things in the papers

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def body_lines(function):
    """Lines from the first statement after the docstring to the last line."""
    statements = function.body
    if ast.get_docstring(function, clean=False) is not None:
        statements = statements[1:]
    return function.end_lineno - statements[0].lineno + 1 if statements else 0


def identifiers(tree):
    """Yield every name that a file defines or uses, with its line."""
    for node in ast.walk(tree):
        for field in ("id", "name", "attr", "arg", "asname"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                yield name, getattr(node, "lineno", 0)


@pytest.fixture(scope="module")
def trees(own_files, root):
    """Parsed Python files by their path in the repository."""
    return {
        path.relative_to(root).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in own_files
        if path.suffix == ".py"
    }


def test_the_walk_finds_package_and_tests(trees):
    assert {"skcollapse/__init__.py", "tests/house/test_sizes.py"} <= set(trees)


def test_no_python_file_is_long(own_files, root):
    long = {
        path.relative_to(root).as_posix(): n_lines
        for path in own_files
        if path.suffix == ".py"
        and (n_lines := len(path.read_text(encoding="utf-8").splitlines())) > MAX_FILE_LINES
    }
    assert long == {}


def test_no_function_body_is_long(trees):
    long = {
        f"{path}:{node.lineno} {node.name}": body_lines(node)
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, FUNCTIONS) and body_lines(node) > MAX_BODY_LINES
    }
    assert long == {}


def test_no_banned_word_in_names(trees):
    found = [
        f"{path}:{line}: {name}"
        for path, tree in trees.items()
        for name, line in identifiers(tree)
        if BANNED_IN_NAMES in name.lower()
    ]
    assert found == []


def test_no_note_of_unfinished_work(own_files, root):
    found = [
        f"{path.relative_to(root).as_posix()}:{number}: {line.strip()}"
        for path in own_files
        if path.suffix in {".py", ".rst", ".md", ".toml", ".yml", ".txt", ""}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if BANNED_NOTES.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "n_lines"),
    [
        ("def f():\n    '''Doc\n\n    string.'''\n    a = 1\n\n    return a", 3),
        ("def f(\n    a,\n):\n    return a", 1),
        ("def f():\n    '''Only a docstring.'''", 0),
    ],
)
def test_body_is_counted_without_signature_and_docstring(source, n_lines):
    assert body_lines(ast.parse(source).body[0]) == n_lines


def test_identifiers_sees_arguments_attributes_and_keywords():
    tree = ast.parse("import a as b\ndef c(d):\n    return e.f(g=1)")
    assert {"b", "c", "d", "e", "f", "g"} <= {name for name, _ in identifiers(tree)}
