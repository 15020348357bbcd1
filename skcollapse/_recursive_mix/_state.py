"""A failed generation leaves the models of the last good one in place."""

from contextlib import contextmanager

__all__ = ["last_good_state"]


@contextmanager
def last_good_state(estimator):
    """Undo what a failing block changed in the fitted attributes.

    Yields a function that marks the present state as good; until it is first called, the state
    on entry is the good one. Attributes whose name ends in an underscore make up the state.
    """
    good = _fitted(estimator)

    def keep():
        nonlocal good
        good = _fitted(estimator)

    try:
        yield keep
    except BaseException:
        for name in _fitted(estimator):
            delattr(estimator, name)
        vars(estimator).update(good)
        raise


def _fitted(estimator):
    state = vars(estimator).items()
    return {k: v for k, v in state if k.endswith("_") and not k.endswith("__")}
