"""The README's numbers are those that the scripts wrote."""


def test_the_readme_table_is_the_one_the_script_made(root):
    readme = (root / "README.md").read_text(encoding="utf-8")
    table = (root / "docs" / "_static" / "retention.md").read_text(encoding="utf-8")
    assert table.count("\n") >= 8
    assert table in readme
