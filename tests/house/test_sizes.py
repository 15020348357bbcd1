"""Folders, files and functions stay small, and banned words stay out."""

import ast
import io
import re
import tokenize

import pytest

# Lines of code: a docstring makes a file easier to read, so none counts against it.
MAX_CODE_LINES = 300
MAX_BODY_LINES = 40
MAX_FILES = 14

BANNED_NOTES = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
BANNED_IN_NAMES = "aug" + "ment"  # means two different things in the papers

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def body_lines(function):
    """Lines from the first statement after the docstring to the last line."""
    statements = function.body
    if ast.get_docstring(function, clean=False) is not None:
        statements = statements[1:]
    return function.end_lineno - statements[0].lineno + 1 if statements else 0


NO_CODE = {
    tokenize.COMMENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER, tokenize.INDENT,
    tokenize.NEWLINE, tokenize.NL,
}  # fmt: skip
WITH_DOCSTRING = (*FUNCTIONS, ast.ClassDef, ast.Module)


def code_lines(source):
    """Count the lines that hold code: no docstring, no comment alone, no blank line."""
    counted = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in NO_CODE:
            counted.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, WITH_DOCSTRING) and ast.get_docstring(node, clean=False) is not None:
            counted -= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return len(counted)


def long_files(paths, root):
    """Return the Python files with more code than one may hold, and how much they hold."""
    counted = {
        path.relative_to(root).as_posix(): code_lines(path.read_text(encoding="utf-8"))
        for path in paths
        if path.suffix == ".py"
    }
    return {path: n_lines for path, n_lines in counted.items() if n_lines > MAX_CODE_LINES}


def full_folders(package):
    """Return the folders of a package with more Python files than one may hold."""
    folders = [package, *(path for path in package.rglob("*") if path.is_dir())]
    counted = {
        path.relative_to(package.parent).as_posix(): len(list(path.glob("*.py")))
        for path in folders
    }
    return {path: n_files for path, n_files in counted.items() if n_files > MAX_FILES}


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
    assert long_files(own_files, root) == {}


def test_no_folder_is_full(root):
    assert full_folders(root / "skcollapse") == {}


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


def test_a_doubt_may_be_noted_and_unfinished_work_not():
    assert not BANNED_NOTES.search("# Doubt: 20 folds may be enough; a run on large tables says.")
    assert BANNED_NOTES.search("# TO" + "DO: try 20 folds")


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


@pytest.mark.parametrize(
    ("source", "n_lines"),
    [
        ("'''One\n\nfile.'''\n\nimport a\n\n# why\nb = 1  # because", 2),
        ("class A:\n    '''Doc.\n    '''\n\n    b = f(\n        1,\n    )", 4),
        ("a = '''text\n\nthat is used'''", 3),
        ("def f():\n    '''Doc.'''\n    'no docstring'\n    return 1", 3),
    ],
)
def test_code_is_counted_without_docstrings_comments_and_blank_lines(source, n_lines):
    assert code_lines(source) == n_lines


def test_planted_long_file_and_full_folder_are_found(tmp_path):
    folder = tmp_path / "package" / "_room"
    folder.mkdir(parents=True)
    for number in range(MAX_FILES + 1):
        (folder / f"_file_{number}.py").write_text("a = 1\n" * MAX_CODE_LINES, encoding="utf-8")
    long = folder / "_file_0.py"
    long.write_text("a = 1\n" * (MAX_CODE_LINES + 1), encoding="utf-8")
    assert long_files(folder.iterdir(), folder) == {"_file_0.py": 301}
    assert full_folders(tmp_path / "package") == {"package/_room": 15}


def test_identifiers_sees_arguments_attributes_and_keywords():
    tree = ast.parse("import a as b\ndef c(d):\n    return e.f(g=1)")
    assert {"b", "c", "d", "e", "f", "g"} <= {name for name, _ in identifiers(tree)}
