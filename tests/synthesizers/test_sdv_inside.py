"""What SDV sees and does while the adapter runs it, watched from a class of SDV's kind."""

import logging
import warnings

import joblib
import numpy as np
import pytest

from skcollapse.synthesizers import SDVSynthesizer

single_table = pytest.importorskip("sdv.single_table")
torch = pytest.importorskip("torch")
pytestmark = pytest.mark.sdv


@pytest.fixture
def watched():
    """A synthesizer class, and the calls that it got: (method, rows, threads, processes)."""
    calls = []

    def note(method, rows):
        warnings.warn("SDV warns", UserWarning, stacklevel=2)
        logging.getLogger("sdv").warning("SDV logs")
        calls.append((method, rows, torch.get_num_threads(), joblib.effective_n_jobs(2)))

    class Watched(single_table.GaussianCopulaSynthesizer):
        def _fit(self, processed_data):
            note("fit", processed_data["x0"].tolist())
            super()._fit(processed_data)

        def _sample(self, num_rows, conditions=None):
            note("sample", num_rows)
            return super()._sample(num_rows, conditions)

    return Watched, calls


X = np.arange(40.0)[:, None]


def test_one_thread_one_process_and_silence(watched, recwarn, caplog, capfd):
    watched_class, calls = watched
    warnings.simplefilter("always")
    n_threads = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        SDVSynthesizer(watched_class).fit(X).sample(7)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(n_threads)
    assert [(method, *work) for method, _, *work in calls] == [("fit", 1, 1), ("sample", 1, 1)]
    assert joblib.effective_n_jobs(2) == 2
    assert recwarn.list == caplog.records == []
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("sdv").getEffectiveLevel() <= logging.WARNING


def test_rows_of_equal_weight_keep_their_order(watched):
    watched_class, calls = watched
    SDVSynthesizer(watched_class).fit(X).fit(X, sample_weight=np.full(40, 0.3))
    assert [rows for _, rows, *_ in calls] == [X.ravel().tolist()] * 2


def test_weighted_rows_are_repeated_and_shuffled_by_the_seed(watched):
    watched_class, calls = watched
    weights = np.tile([1.0, 0.0, 2.0, 0.5], 10)
    for seed in (0, 0, 1):
        SDVSynthesizer(watched_class, random_state=seed).fit(X, sample_weight=weights)
    first, again, other = (rows for _, rows, *_ in calls)
    repeated = np.repeat(X.ravel(), (2 * weights).astype(int)).tolist()
    assert sorted(first) == sorted(other) == repeated
    assert first == again
    assert first != other
    assert abs(np.corrcoef(first, np.arange(len(first)))[0, 1]) < 0.4


def test_uneven_weights_become_twice_as_many_rows(watched):
    watched_class, calls = watched
    weights = np.random.default_rng(0).random(40)
    SDVSynthesizer(watched_class, random_state=0).fit(X, sample_weight=weights)
    ((_, rows, *_),) = calls
    counts = np.bincount(np.array(rows, dtype=int), minlength=40)
    assert counts.sum() == 80
    assert np.abs(counts - 80 * weights / weights.sum()).max() < 1
