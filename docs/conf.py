"""Sphinx configuration: `sphinx-build -W -b html docs docs/_build/html`, no network needed."""

import inspect
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path[:0] = [str(DOCS.parent), str(DOCS / "_ext")]

import skcollapse  # noqa: E402 (found through the line above in a checkout that is not installed)

project = "skcollapse"
author = "the skcollapse developers"
project_copyright = f"2026, {author}"
version = release = skcollapse.__version__

# No intersphinx: it fetches the inventories of other projects, and a build must work offline.
extensions = [
    "api_pages",
    "example_pages",
    "numpydoc",
    "offline_math",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.extlinks",
    "sphinx_gallery.gen_gallery",
]
templates_path = ["_templates"]
exclude_patterns = ["_build", "benchmarks"]
default_role = "literal"
smartquotes = False  # option names in quotes are there to be copied
extlinks = {
    "arxiv": ("https://arxiv.org/abs/%s", "arXiv:%s"),
    "doi": ("https://doi.org/%s", "doi:%s"),
}

autosummary_generate = True
numpydoc_show_class_members = False
toc_object_entries_show_parents = "hide"

# Run while the pages are built: what takes seconds and needs no SDV. Tests run all examples.
sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "gallery",
    "filename_pattern": r"(1_quickstart|2_choices)\W\w+(?<!_sdv)\.py$",
    "within_subsection_order": "FileNameSortKey",
    "abort_on_example_error": True,
    "backreferences_dir": "gallery/backreferences",  # examples by public name, for the reference
    "doc_module": ("skcollapse",),
    "capture_repr": (),  # scripts print what they want to show
    "remove_config_comments": True,
    "notebook_extensions": set(),
    "download_all_examples": False,
    "show_signature": False,
    "write_computation_times": False,
    "min_reported_time": 1e9,
}

html_math_renderer = "mathml"
html_theme = "pydata_sphinx_theme"
html_title = "skcollapse"
html_static_path = ["_static"]
html_css_files = ["skcollapse.css"]
html_show_sourcelink = False
html_sidebars = {"index": [], "install": [], "changelog": []}
html_theme_options = {
    "navbar_align": "left",
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": False,
    "show_toc_level": 2,
    "footer_start": ["copyright"],
    "footer_end": [],
}


def _skip_foreign(app, what, name, member, skip, options):
    """Leave out what scikit-learn adds to every estimator; its own pages describe it."""
    function = inspect.unwrap(getattr(member, "fget", None) or member) if member else member
    module = getattr(function, "__module__", None) or ""
    return skip or not module.startswith("skcollapse")


def setup(app):
    """Register what only this documentation needs."""
    app.connect("autodoc-skip-member", _skip_foreign)
