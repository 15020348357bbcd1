"""Seeds for the estimators that are wrapped."""

import numpy as np

__all__ = ["seed_parameters"]


def seed_parameters(estimator, seed):
    """Give every `random_state` parameter that is None a seed of its own.

    A seed that the user has set stays: the wrapped estimator then behaves as it does alone.
    """
    generator = np.random.default_rng(seed)
    for name, value in sorted(estimator.get_params(deep=True).items()):
        if name == "random_state" or name.endswith("__random_state"):
            drawn = int(generator.integers(2**31 - 1))
            if value is None:
                estimator.set_params(**{name: drawn})
    return estimator
