"""What the documentation shows is true: its examples run, its figures and files exist."""

import doctest
import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path
    for path in (ROOT / "docs").rglob("*.rst")
    if not {"_build", "api", "gallery", "_templates"} & set(path.relative_to(ROOT / "docs").parts)
)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
FILE_OPTIONS = re.compile(
    r"^\s*(?:\.\. (?:figure|image|literalinclude)::|:file:)\s+(\S+)", re.MULTILINE
)


def _name(page):
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_examples_run(page):
    text = page.read_text(encoding="utf-8")
    for module in re.findall(r">>> import (pandas|polars|matplotlib)\b", text):
        pytest.importorskip(module)
    test = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    reports = []
    doctest.DocTestRunner(optionflags=FLAGS).run(test, out=reports.append)
    assert reports == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_figures_and_files_exist(page):
    named = FILE_OPTIONS.findall(page.read_text(encoding="utf-8"))
    assert [name for name in named if not (page.parent / name).is_file()] == []


def test_readme_names_existing_figures_and_files(root):
    text = (root / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"\]\(([^)#:]+)\)|<img[^>]*src=\"([^\":]+)\"", text)
    missing = [name for pair in named for name in pair if name and not (root / name).exists()]
    assert missing == []


def test_pages_with_examples_are_found():
    with_examples = [_name(page) for page in PAGES if ">>>" in page.read_text(encoding="utf-8")]
    assert "docs/guide/index.rst" in with_examples


@pytest.fixture
def api_pages(monkeypatch, root):
    monkeypatch.syspath_prepend(str(root / "docs" / "_ext"))
    return importlib.import_module("api_pages")


def test_reference_lists_every_public_name(api_pages, public_modules):
    assert api_pages.public_modules() == public_modules
    for module in public_modules:
        page = api_pages.module_page(module)
        names = [name for name in importlib.import_module(module).__all__ if name[0] != "_"]
        assert [name for name in names if f"   {name}\n" not in page] == []
