"""What the house tests look at: the repository's files and the package's public modules."""

import pkgutil
from pathlib import Path

import pytest

import skcollapse

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
