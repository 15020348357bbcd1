"""Every batch of a run carries the weight that the workflow's matrix gives it."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from skcollapse import RecursiveMixRegressor
from skcollapse.workflows import Accumulate, Fixed, Fresh, MatrixWorkflow, Replace, Window

N_GENERATIONS, N_REAL, N_SYNTHETIC = 4, 80, 120
ANY_MASS = np.tril(np.random.default_rng(0).random((5, 5)) + 0.1)
ANY_MASS /= ANY_MASS.sum(axis=1, keepdims=True)
CASES = [
    (Fresh(), 0.4),
    (Fixed(), 0.7),
    (Accumulate(), 2.0),
    (Accumulate(), "proportional"),
    (Window(3), "proportional"),
    (Replace(), "optimal"),
    (MatrixWorkflow(ANY_MASS), "optimal"),
]


def fits_of_a_run(workflow, lam):
    """Record the columns and the weights that reach the estimator, by generation."""
    rng = np.random.default_rng(1)
    n_rows = N_REAL * (N_GENERATIONS + 1 if workflow.takes_fresh_rows else 1)
    seen = []

    class Recorder(Ridge):
        def fit(self, X, y, sample_weight=None):
            seen.append((X, np.ones(len(X)) if sample_weight is None else sample_weight))
            return super().fit(X, y, sample_weight)

    mix = RecursiveMixRegressor(
        Recorder(), workflow=workflow, lam=lam, n_generations=N_GENERATIONS,
        n_synthetic=N_SYNTHETIC, labels="predict", random_state=0,
    )  # fmt: skip
    mix.fit(rng.normal(size=(n_rows, 2)), rng.normal(size=n_rows))
    return seen, mix.history_


def positions(workflow):
    """Number the batches in the order in which they appear, as `mixing_matrix` does."""
    plans = [workflow.plan(t) for t in range(N_GENERATIONS + 1)]
    return {batch: i for i, batch in enumerate(dict.fromkeys(b for plan in plans for b in plan))}


@pytest.mark.parametrize(("workflow", "lam"), CASES, ids=lambda v: v if v is None else str(v))
def test_weights_of_all_batches_are_those_of_the_matrix(workflow, lam):
    given = lam if isinstance(lam, float) else None
    mixing = workflow.mixing_matrix(N_GENERATIONS, N_REAL, N_SYNTHETIC, given)
    column, mass = positions(workflow), mixing.toarray()
    seen, history = fits_of_a_run(workflow, lam)
    rows_of = {}
    for t, (X, weights) in enumerate(seen):
        plan = workflow.plan(t)
        counts = [N_REAL if batch.source == "real" else N_SYNTHETIC for batch in plan]
        assert len(X) == sum(counts) == history[t]["n_real"] + history[t]["n_synthetic"]
        ends = np.cumsum(counts)[:-1]
        parts = zip(plan, np.split(X, ends), np.split(weights, ends), strict=True)
        for batch, rows, part in parts:
            expected = mass[t, column[batch]]
            assert part.sum() / weights.sum() == pytest.approx(expected, rel=1e-12)
            assert mixing.sizes[column[batch]] == pytest.approx(len(rows) / N_REAL)
            # A batch keeps its rows from one generation to the next.
            np.testing.assert_array_equal(rows_of.setdefault(batch, rows), rows)
    assert len(rows_of) == mixing.n_batches
    assert len({rows.tobytes() for rows in rows_of.values()}) == mixing.n_batches


def test_the_matrix_of_another_lam_is_caught():
    wrong = Fixed().mixing_matrix(N_GENERATIONS, N_REAL, N_SYNTHETIC, 0.8).toarray()
    seen, _ = fits_of_a_run(Fixed(), 0.7)
    _, weights = seen[-1]
    assert abs(weights[:N_REAL].sum() / weights.sum() - wrong[-1, 0]) > 0.02
