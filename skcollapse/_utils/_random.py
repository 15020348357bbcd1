"""One seed in, independent random numbers for each generation and purpose out."""

from enum import IntEnum

import numpy as np
from sklearn.utils import check_random_state

__all__ = ["Purpose", "draw_entropy", "make_generator", "seed_for"]

_MAX_SEED = 2**31 - 1  # the largest seed that every scikit-learn version and SDV accept


class Purpose(IntEnum):
    """What random numbers are for; the value is part of their key, so never reorder."""

    SAMPLE = 0
    LABELS = 1
    ESTIMATOR = 2
    SYNTHESIZER = 3
    RESAMPLE = 4
    RESIDUALS = 5
    SUBSAMPLE = 6
    CORRECTION = 7
    ADAPT = 8
    TWICING = 9
    AVERAGE = 10
    ANCHORS = 11
    STAGES = 12
    FINE_ANCHORS = 13


def draw_entropy(random_state):
    """Draw the one integer from which all seeds of a run follow."""
    return int(check_random_state(random_state).randint(_MAX_SEED))


def seed_for(entropy, generation, purpose):
    """Return the seed of the random numbers of one generation for one purpose.

    The seed depends on the three arguments only, never on what was drawn before. Two runs that
    differ in `lam` alone therefore see common random numbers, and replaying a table block by
    block equals fitting it at once.
    """
    sequence = np.random.SeedSequence(entropy, spawn_key=(int(generation), int(purpose)))
    return int(sequence.generate_state(1, dtype=np.uint64)[0] % _MAX_SEED)


def make_generator(random_state):
    """Turn None, an int, a RandomState or a Generator into a `numpy.random.Generator`."""
    if isinstance(random_state, np.random.Generator):
        return random_state
    return np.random.default_rng(draw_entropy(random_state))
