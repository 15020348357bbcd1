"""The generations at a glance, below the diagram that scikit-learn draws in notebooks."""

from html import escape

from sklearn.utils import estimator_html_repr

__all__ = ["GenerationsReprMixin"]

# A year of months fits on a screen.
_N_SHOWN = 12

# Text takes the colour that it has around the table, and lines and bars are half transparent, so
# that the table can be read on light and on dark ground, without knowing which.
_STYLE = """\
.skcollapse-generations{font-size:.85em;margin:.5em .4em;max-width:46em;overflow-x:auto}
.skcollapse-generations summary{cursor:pointer;padding:.2em 0}
.skcollapse-generations table{border-collapse:collapse;border:0;margin:.2em 0;color:inherit}
.skcollapse-generations th,.skcollapse-generations td{text-align:right;padding:.15em .8em;
border:0;border-bottom:1px solid rgba(128,128,128,.35);background:none;color:inherit;
font-variant-numeric:tabular-nums;white-space:nowrap}
.skcollapse-generations thead th{font-weight:600;vertical-align:bottom}
.skcollapse-generations tbody th{font-weight:normal}
.skcollapse-generations .skcollapse-earlier{text-align:left;font-style:italic;opacity:.75}
.skcollapse-generations .skcollapse-bar{display:inline-block;width:6em;height:.7em;
margin-left:.7em;border-radius:.2em;background:rgba(128,128,128,.3);overflow:hidden;
vertical-align:baseline}
.skcollapse-generations .skcollapse-bar span{display:block;height:100%;
background:cornflowerblue}"""

_HEADINGS = ("Generation", "Real rows", "Synthetic rows", "Real weight", "Effective sample size")


class GenerationsReprMixin:
    """Add a table of the last generations to scikit-learn's HTML representation.

    scikit-learn asks `_html_repr` from 1.7 on; 1.6 does not, hence the two other methods.
    """

    def _html_repr(self):
        return estimator_html_repr(self) + _generations_html(self)

    def _repr_html_inner(self):
        return self._html_repr()

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        if "text/html" in bundle:  # not where the configuration asks for text
            bundle["text/html"] = self._html_repr()
        return bundle


def _generations_html(mix):
    """Return the table of a fitted estimator; nothing for one that is not fitted."""
    records = mix.history_ if mix.__sklearn_is_fitted__() else []
    if not records:
        return ""
    shown = records[-_N_SHOWN:]
    n_earlier = shown[0]["generation"]
    largest = max(record["effective_sample_size"] for record in shown)
    rows = [_earlier(n_earlier)] if n_earlier else []
    rows += [_row(record, largest) for record in shown]
    headings = "".join(f'<th scope="col">{heading}</th>' for heading in _HEADINGS)
    return (
        f'<style>{_STYLE}</style><details open class="skcollapse-generations">'
        f"<summary>{escape(_summary(mix, records[-1]))}</summary>"
        f"<table><thead><tr>{headings}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        "</details>"
    )


def _summary(mix, record):
    size = _number(record["effective_sample_size"])
    return (
        f"{type(mix).__name__} at generation {record['generation']}: effective sample size "
        f"{size}, lam={mix.lam!r}, workflow={mix.workflow!r}"
    )


def _earlier(n_earlier):
    return (
        f'<tr><td class="skcollapse-earlier" colspan="{len(_HEADINGS)}">… {n_earlier} earlier</td>'
        "</tr>"
    )


def _row(record, largest):
    weight, size = record["real_weight"], record["effective_sample_size"]
    cells = [
        _number(record["n_real"]),
        _number(record["n_synthetic"]),
        f"{weight:.3f}{_bar(weight)}",
        _number(size) + _bar(size / largest),
    ]
    data = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row">{record["generation"]}</th>{data}</tr>'


def _bar(share):
    width = f"{100 * min(share, 1.0):.1f}%"
    return (
        f'<span class="skcollapse-bar" aria-hidden="true"><span style="width:{width}">'
        "</span></span>"
    )


def _number(value):
    """Return a number with as many digits as a reader needs."""
    # Weights of rows may sum to a fraction; it shows where it is a noticeable part.
    return f"{value:,.0f}" if value >= 100 or float(value).is_integer() else f"{value:,.1f}"
