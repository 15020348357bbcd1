"""How a table is cut into a test set and batches."""

import numpy as np
import pytest
from sklearn.utils import Bunch

from skcollapse.benchmark import BenchmarkConfig, ConfigError
from skcollapse.benchmark._streams._stream import cut_stream, plan_stream

pd = pytest.importorskip("pandas")


@pytest.fixture
def table():
    rows = np.arange(200)
    return Bunch(
        data=pd.DataFrame({"row": rows}),
        target=pd.Series(rows % 2, dtype=float),
        task="regression",
        name="numbers",
    )


def test_no_row_is_used_twice_and_targets_stay_with_their_rows(table):
    plan = plan_stream(BenchmarkConfig(n_batches=4, batch_size=30, test_size=50), 200)
    stream = cut_stream(table, plan, seed=3)
    batches = list(stream.batches())
    assert [len(y) for _, y in batches] == [30] * 4
    rows = np.concatenate([stream.X_test["row"], *(X["row"] for X, _ in batches)])
    assert len(set(rows)) == 170
    np.testing.assert_array_equal(stream.y_test, stream.X_test["row"] % 2)
    for X, y in batches:
        np.testing.assert_array_equal(y, X["row"] % 2)


def test_one_seed_gives_one_stream_and_seeds_differ(table):
    plan = plan_stream(BenchmarkConfig(n_batches=4), 200)
    one, same, other = (cut_stream(table, plan, seed) for seed in (0, 0, 1))
    assert one.X.equals(same.X)
    assert one.X_test.equals(same.X_test)
    assert not one.X_test.equals(other.X_test)


@pytest.mark.parametrize(
    ("n_rows", "options", "sizes"),
    [
        (53940, {}, (300, 4000)),
        # A quarter (110 rows) is held out, 41 of the other 332 fit into each of 8 batches, and
        # what is left over joins the test set.
        (442, {}, (41, 114)),
        (1000, {"batch_size": 50}, (50, 600)),
        (1000, {"test_size": 0.5}, (62, 500)),
        (1000, {"test_size": 200, "batch_size": 100}, (100, 200)),
    ],
)
def test_sizes_left_open_are_chosen_from_the_table(n_rows, options, sizes):
    plan = plan_stream(BenchmarkConfig(**options), n_rows)
    assert (plan.batch_size, plan.test_size) == sizes


@pytest.mark.parametrize(
    ("n_rows", "options", "option", "advice"),
    [
        (442, {"batch_size": 300}, "batch_size", "at most 41 rows fit in a batch"),
        (442, {"test_size": 440}, "n_batches", "use fewer batches"),
        (442, {"n_batches": 500}, "n_batches", "use fewer batches"),
    ],
)
def test_table_with_too_few_rows_is_refused_with_what_fits(n_rows, options, option, advice):
    with pytest.raises(ConfigError, match=advice) as caught:
        plan_stream(BenchmarkConfig(**options), n_rows)
    assert caught.value.option == option
