"""A failed generation leaves the models of the last good one in place."""

from contextlib import contextmanager

__all__ = ["last_good_state"]


@contextmanager
def last_good_state(estimator):
    """Undo what a failing block changed in the attributes of an estimator.

    Yields a function that marks the present state as good. Until its first call, the state on
    entry is the good one.
    """
    good = dict(vars(estimator))

    def mark_good():
        nonlocal good
        good = dict(vars(estimator))

    try:
        yield mark_good
    except BaseException:
        vars(estimator).clear()
        vars(estimator).update(good)
        raise
