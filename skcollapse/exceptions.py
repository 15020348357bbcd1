"""Warnings of its own, so that the standard filters can tell them from others."""

__all__ = ["CollapseWarning"]


class CollapseWarning(UserWarning):
    """Warn that the rows of a recursion lose spread or support or drift off the real rows.

    :func:`~skcollapse.metrics.collapse_check` gives it, by the rule stated there.

    See Also
    --------
    skcollapse.metrics.collapse_check : The check and its rule.

    Examples
    --------
    The standard filter makes an error of it, which stops a pipeline before it retrains:

    >>> import warnings
    >>> import numpy as np
    >>> from skcollapse.exceptions import CollapseWarning
    >>> from skcollapse.metrics import collapse_check
    >>> rng = np.random.default_rng(0)
    >>> real, drawn = rng.normal(size=(200, 2)), 0.5 * rng.normal(size=(200, 2))
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("error", CollapseWarning)
    ...     try:
    ...         collapse_check(real, [drawn], random_state=0)
    ...     except CollapseWarning:
    ...         print("stopped")
    stopped
    """
