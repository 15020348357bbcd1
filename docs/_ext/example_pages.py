"""Link to the pages of examples, and show stored figures on those that are not run here."""

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.util.docutils import SphinxRole

STORED = "gallery/3_articles/"
CODE = ".. code-block:: Python"
FIGURE = """\
.. figure:: /_static/articles/{name}.png
   :alt: The figure that this script draws

   From a run at the reduced size; :doc:`/theory/articles` has its numbers.

"""


class Example(SphinxRole):
    """``:example:`3_articles/kazdan_kde.py` `` is a link that shows the path of the script."""

    def run(self):
        """Return a reference to the page that sphinx-gallery makes of the script."""
        path = f"examples/{self.text}"
        page = "/gallery/" + self.text.removesuffix(".py")
        link = pending_xref(
            self.rawtext, nodes.literal(path, path), refdomain="std", reftype="doc",
            reftarget=page, refexplicit=True, refwarn=True, refdoc=self.env.docname,
        )  # fmt: skip
        return [link], []


def add_stored_figure(app, page, source):
    """Put the stored figure of an article's script before its code."""
    if page.startswith(STORED) and not page.endswith("/index"):
        figure = FIGURE.format(name=page.removeprefix(STORED))
        source[0] = source[0].replace(CODE, figure + CODE, 1)


def setup(app):
    """Register the role and the figures."""
    app.add_role("example", Example())
    app.connect("source-read", add_stored_figure)
    return {"parallel_read_safe": True}
