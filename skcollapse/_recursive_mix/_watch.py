"""Let onlookers see each generation of a `fit`."""

from contextlib import contextmanager
from weakref import WeakKeyDictionary

__all__ = ["show", "watch"]

# Watchers by estimator. They are no attributes, so neither clones nor pickles hold them.
_WATCHERS = WeakKeyDictionary()


@contextmanager
def watch(estimator, look):
    """Call ``look(estimator)`` after each generation of `fit`, inside a with block.

    The models of the generation are in place when `look` runs. Several may watch one estimator;
    they are called in the order in which they came. An error of `look` ends `fit` and leaves the
    models of that generation in place.
    """
    watchers = _WATCHERS.setdefault(estimator, [])
    watchers.append(look)
    try:
        yield
    finally:
        watchers.remove(look)


def show(estimator):
    """Show the estimator to all who watch it."""
    for look in list(_WATCHERS.get(estimator, ())):
        look(estimator)
