"""What a fitted Gaussian copula keeps: no row, and no more for more rows."""

import pickle

import numpy as np

from skcollapse.synthesizers import GaussianCopulaSynthesizer


def test_fitted_size_does_not_grow_with_rows_or_generations():
    rng = np.random.default_rng(0)
    sizes = []
    for n in (1000, 100_000):
        X = rng.normal(size=(n, 3))
        sizes.append(len(pickle.dumps(GaussianCopulaSynthesizer().fit(X))))
    X = rng.normal(size=(300, 3))
    for _ in range(10):
        synthesizer = GaussianCopulaSynthesizer().fit(X)
        sizes.append(len(pickle.dumps(synthesizer)))
        X = synthesizer.sample(300, random_state=rng)
    assert len(set(sizes)) == 1
    assert sizes[0] < 40_000


def walk(thing, found):
    """Collect all arrays below an object."""
    if isinstance(thing, np.ndarray):
        found.append(thing)
    elif isinstance(thing, dict):
        for value in thing.values():
            walk(value, found)
    elif isinstance(thing, list | tuple):
        for value in thing:
            walk(value, found)
    elif hasattr(thing, "__dict__"):
        walk(vars(thing), found)
    return found


def test_no_row_can_be_read_back():
    X = np.random.default_rng(0).normal(size=(400, 4))
    synthesizer = GaussianCopulaSynthesizer().fit(X)
    content = pickle.dumps(synthesizer)
    assert not any(row.tobytes() in content for row in X)
    assert not any(row[:2].tobytes() in content for row in X)
    arrays = walk(synthesizer, [])
    assert all(400 not in array.shape for array in arrays)
    # Per column no more than the two ends of the range are values of the table.
    kept = np.concatenate([array.ravel() for array in arrays])
    assert np.isin(X, kept).sum() <= 8
