"""What the user states about columns and about SDV's constructor, checked before any work."""

import inspect

import numpy as np

__all__ = [
    "column_names",
    "complete_kwargs",
    "is_numeric",
    "read_metadata",
    "rename_distributions",
]

# SDV's own default marginal, beta, collapses a column to about its minimum in up to 8 of 100 fits
# and takes most of the time. A GPU is no faster at these sizes, and its sums differ by device.
_DEFAULTS = {"default_distribution": "norm", "enable_gpu": False}

_LEVELS = ("categorical", "ordinal", "boolean")
_ALLOWED = {
    "number": ("numerical", "categorical", "ordinal"),
    "integer": ("numerical", *_LEVELS),
    "date": ("datetime", "numerical", "categorical", "ordinal"),
    "category": _LEVELS,
}


def column_names(specs, target):
    """Return the names by which a user speaks of the columns.

    Text names are kept; columns without one are x0, x1, ... by position, and the target is y.
    """
    names = [s.name if isinstance(s.name, str) else f"x{j}" for j, s in enumerate(specs)]
    if target is not None:
        features = names[:target] + names[target + 1 :]
        names[target] = "y"
        while names[target] in features:
            names[target] += "_"
    return names


def read_metadata(metadata, names, specs, target):
    """Return one checked statement for each column.

    Parameters
    ----------
    metadata : dict, object with a method to_dict, or None
        Statements by column name. Only the sdtype and the order of ordinal levels are used: a
        stored range or format would make next month's rows invalid.
    names : list of str
    specs : list of ColumnSpec
    target : int or None
        Position of the target, which need not be stated.

    Returns
    -------
    statements : list of dict
        ``{"sdtype": ..., "order": array or None}``; see `make_codec`. What the user leaves open
        is stated by the kind of the column.

    Raises
    ------
    ValueError
        If columns are not stated, or stated as something they are not. The message names them.
    """
    if metadata is None:
        return [_default_statement(spec) for spec in specs]
    stated = _stated_columns(metadata)
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"metadata needs unique column names; these occur twice: {repeated}.")
    absent = [name for j, name in enumerate(names) if name not in stated and j != target]
    if absent:
        raise ValueError(f"metadata has no entry for these columns of X: {absent}. Add them.")
    return [
        _check_statement(name, spec, stated[name]) if name in stated else _default_statement(spec)
        for name, spec in zip(names, specs, strict=True)
    ]


def is_numeric(statement):
    """Tell if SDV models the column as a number."""
    return statement["sdtype"] in ("numerical", "datetime")


def _default_statement(spec):
    return {"sdtype": "categorical" if spec.kind == "category" else "numerical", "order": None}


def _stated_columns(metadata):
    content = metadata if isinstance(metadata, dict) else metadata.to_dict()
    tables = content.get("tables", {"": content})
    if len(tables) != 1:
        raise ValueError(f"metadata must describe one table, but describes {len(tables)}.")
    (table,) = tables.values()
    if not isinstance(table.get("columns"), dict):
        raise ValueError(
            "metadata must be SDV metadata of one table, or a dict such as "
            "{'columns': {'age': {'sdtype': 'numerical'}}}."
        )
    return table["columns"]


def _check_statement(name, spec, statement):
    kind = "date" if spec.kind == "integer" and _is_date(spec.dtype) else spec.kind
    sdtype = statement.get("sdtype")
    if sdtype not in _ALLOWED[kind]:
        raise ValueError(
            f"metadata states column {name!r} as {sdtype!r}, but its values are of kind {kind!r}, "
            f"which can be one of {', '.join(_ALLOWED[kind])}. SDV replaces all other sdtypes by "
            "made-up values: state another sdtype, convert the column, or drop it."
        )
    values = statement.get("range_values") if sdtype == "ordinal" else None
    return {"sdtype": sdtype, "order": None if values is None else _order(name, spec, values)}


def _is_date(dtype):
    is_temporal = getattr(dtype, "is_temporal", None)
    return is_temporal() if callable(is_temporal) else getattr(dtype, "kind", "") in ("m", "M")


def _order(name, spec, values):
    """Translate `range_values` to codes for a category column, else to numbers."""
    values = list(dict.fromkeys(values))
    if spec.kind != "category":
        try:
            return np.array(values, dtype=np.int64 if spec.kind == "integer" else np.float64)
        except (TypeError, ValueError):
            raise ValueError(
                f"metadata gives column {name!r} range_values that are not numbers: {values!r}."
            ) from None
    # A pandas Categorical keeps its levels in the dtype; all others have them in the spec.
    levels = spec.dtype.categories if isinstance(spec.levels, tuple) else spec.levels
    codes = {level: code for code, level in enumerate(levels)}
    return np.array([codes[value] for value in values if value in codes], dtype=np.int64)


def rename_distributions(distributions, names, sdv_names, numeric):
    """Translate the keys of SDV's `numerical_distributions` from the user's names to SDV's.

    `numeric` tells for each column if SDV models it as a number. Columns that are not modelled at
    all (None) are dropped: what is constant this month may vary in the next.
    """
    position = {name: j for j, name in enumerate(names)}
    unknown = [name for name in distributions if name not in position]
    if unknown:
        raise ValueError(f"numerical_distributions names columns that X does not have: {unknown}.")
    levels = [name for name in distributions if numeric[position[name]] is False]
    if levels:
        raise ValueError(f"numerical_distributions names columns that are no numbers: {levels}.")
    return {
        sdv_names[position[name]]: marginal
        for name, marginal in distributions.items()
        if numeric[position[name]]
    }


def complete_kwargs(sdv_class, given):
    """Return arguments for the constructor of `sdv_class`: checked, and with our defaults."""
    given = dict(given or {})
    known = inspect.signature(sdv_class).parameters
    takes_any = any(p.kind is p.VAR_KEYWORD for p in known.values())
    unknown = [name for name in given if name == "metadata" or not (takes_any or name in known)]
    if unknown:
        raise ValueError(
            f"synthesizer_kwargs: {unknown} cannot be given to {sdv_class.__name__}, which takes "
            f"{[name for name in known if name != 'metadata']}; metadata is set by itself."
        )
    kwargs = {name: v for name, v in _DEFAULTS.items() if name in known} | given
    if "pac" in known:
        batch_size, pac = kwargs.get("batch_size", 500), kwargs.get("pac", 10)
        if batch_size % np.lcm(2, pac):
            raise ValueError(
                f"synthesizer_kwargs: batch_size={batch_size} must be even and a multiple of "
                f"pac={pac}."
            )
    return kwargs
