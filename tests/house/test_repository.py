"""What the repository may hold and may say."""

import re

import pytest

import skcollapse

TOP_LEVEL = {
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "docs",
    "examples",
    "pyproject.toml",
    "skcollapse",
    "tests",
}
TEXT = {".cfg", ".csv", ".json", ".md", ".py", ".rst", ".toml", ".txt", ".yaml", ".yml", ""}

# A folder that exists on somebody's machine only: home, temporary and mounted folders.
MACHINE_PATH = re.compile(r"(?<![\w.~:/])/(?:home|root|tmp|Users|mnt|opt)/[\w.]")


def _machine_paths(text, checkout=None):
    return [
        f"line {number}: {line.strip()}"
        for number, line in enumerate(text.splitlines(), 1)
        if MACHINE_PATH.search(line) or (checkout and checkout in line)
    ]


def test_top_level_holds_what_it_should(root):
    # Python and build tools leave folders behind that git ignores; they are nobody's source.
    left_behind = {"__pycache__", "build", "dist", "skcollapse-benchmark"}
    found = {path.name for path in root.iterdir() if not path.name.startswith(".")}
    assert found - left_behind == TOP_LEVEL


def test_no_file_names_a_machine_path(own_files, root):
    found = {}
    for path in own_files:
        if path.suffix in TEXT:
            hits = _machine_paths(path.read_text(encoding="utf-8"), checkout=str(root))
            found |= {path.relative_to(root).as_posix(): hits} if hits else {}
    assert found == {}


def test_machine_path_is_recognised():
    folder = "ho" + "me"
    assert _machine_paths(f"read_csv('/{folder}/someone/table.csv')")
    assert not _machine_paths(f"see docs/{folder}/index or ./{folder}/x or a // {folder}/b")


def test_readme_gives_the_test_command_that_ci_runs(root):
    command = "bash .ci/test"
    assert command in (root / "README.md").read_text(encoding="utf-8")
    steps = (root / ".ci" / "run").read_text(encoding="utf-8")
    assert any(line.endswith(command) for line in steps.splitlines())


def test_scripts_that_ci_names_exist(root):
    files = [root / ".ci" / "run", root / ".github" / "workflows" / "ci.yml"]
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    named = set(re.findall(r"\.ci/[\w.-]+", text))
    assert {".ci/test", ".ci/lint", ".ci/docs"} <= named
    assert all((root / name).is_file() for name in named)


def heading_problem(changelog, version):
    """Return what is wrong with the top heading of a changelog, or None."""
    heading = re.search(r"^## (.*)$", changelog, re.MULTILINE).group(1)
    release, _, development = version.partition(".dev")
    wanted = f"{release} (unreleased)" if development else rf"{release} \(\d{{4}}-\d\d-\d\d\)"
    found = re.fullmatch(re.escape(wanted) if development else wanted, heading)
    return None if found else f"{heading!r} is not the heading of version {version}"


def test_top_heading_of_the_changelog_is_the_version(root):
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert heading_problem(changelog, skcollapse.__version__) is None


@pytest.mark.parametrize(
    ("heading", "version", "right"),
    [
        ("0.2.0 (unreleased)", "0.2.0.dev0", True),
        ("0.1.0 (unreleased)", "0.2.0.dev0", False),
        ("0.2.0 (2026-11-28)", "0.2.0.dev0", False),
        ("0.2.0 (2026-11-28)", "0.2.0", True),
        ("0.2.0 (unreleased)", "0.2.0", False),
    ],
)
def test_planted_heading_of_another_version_is_found(heading, version, right):
    text = f"# Changelog\n\n## {heading}\n\n## 0.0.1 (2020-01-01)\n"
    assert (heading_problem(text, version) is None) == right
