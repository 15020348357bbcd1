"""Weighted resampling, and the recursion of its error."""

import numpy as np
import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from skcollapse.synthesizers import EmpiricalSynthesizer

P = np.array([0.5, 0.3, 0.15, 0.05])
SPREAD = 1 - np.sum(P**2)
N = 50


@parametrize_with_checks([EmpiricalSynthesizer(), EmpiricalSynthesizer(independent=True)])
def test_scikit_learn_conventions(estimator, check):
    check(estimator)


def mixed_frame():
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(0)
    gap = rng.random(40) < 0.2
    return pd.DataFrame(
        {
            "text": rng.choice(["a", "b", None], 40),
            "number": np.where(gap, np.nan, rng.integers(3, size=40) / 2),
            "Int64": pd.array(np.where(gap, None, rng.integers(3, size=40)), dtype="Int64"),
            "day": pd.date_range("2020-01-01", periods=4).to_numpy()[rng.integers(4, size=40)],
            "flag": rng.random(40) < 0.5,
        }
    )


@pytest.mark.parametrize("independent", [False, True])
def test_integer_weights_equal_repeated_rows_draw_for_draw(independent):
    pd = pytest.importorskip("pandas")
    frame, rng = mixed_frame(), np.random.default_rng(1)
    weights = rng.integers(0, 4, size=len(frame))
    repeated = frame.iloc[rng.permutation(np.repeat(np.arange(len(frame)), weights))]
    first = EmpiricalSynthesizer(independent).fit(frame, sample_weight=weights)
    second = EmpiricalSynthesizer(independent).fit(repeated)
    for a, b in zip(first.probabilities_, second.probabilities_, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)
    drawn = [s.sample(100, random_state=0) for s in (first, second)]
    pd.testing.assert_frame_equal(*drawn)


def test_only_seen_rows_are_drawn_with_their_dtypes():
    pd = pytest.importorskip("pandas")
    frame = mixed_frame()
    drawn = EmpiricalSynthesizer().fit(frame).sample(500, random_state=0)
    pd.testing.assert_series_equal(drawn.dtypes, frame.dtypes)
    seen, found = (set(table.to_csv(index=False).splitlines()) for table in (frame, drawn))
    assert found == seen


def test_draws_follow_the_weights():
    X, weights = np.array([["b"], ["a"], ["b"], ["c"]]), [1, 5, 2, 2]
    fitted = EmpiricalSynthesizer().fit(X, sample_weight=weights)
    np.testing.assert_allclose(fitted.probabilities_, [0.5, 0.3, 0.2], rtol=1e-14)
    drawn = fitted.sample(20_000, random_state=0)[:, 0]
    found = [np.mean(drawn == level) for level in "abc"]
    np.testing.assert_allclose(found, [0.5, 0.3, 0.2], atol=4 * 0.5 / np.sqrt(20_000))
    np.testing.assert_array_equal(fitted.sample(20_000, random_state=0)[:, 0], drawn)
    assert not np.array_equal(fitted.sample(20_000, random_state=1)[:, 0], drawn)


def test_weighted_distribution_function_is_kept():
    rng = np.random.default_rng(0)
    X, weights = rng.normal(size=(200, 1)), rng.random(200)
    drawn = EmpiricalSynthesizer().fit(X, sample_weight=weights).sample(40_000, random_state=0)
    for cut in (-1.0, 0.0, 1.5):
        expected = weights[X[:, 0] <= cut].sum() / weights.sum()
        assert abs(np.mean(drawn <= cut) - expected) < 4 * 0.5 / np.sqrt(40_000)


def test_target_stays_with_its_row_unless_columns_are_independent():
    X, y = np.arange(6.0)[:, None], np.array(list("uvwxyz"))
    X_drawn, y_drawn = EmpiricalSynthesizer().fit(X, y).sample(200, random_state=0)
    np.testing.assert_array_equal(y[X_drawn[:, 0].astype(int)], y_drawn)
    X_drawn, y_drawn = EmpiricalSynthesizer(independent=True).fit(X, y).sample(200, random_state=0)
    assert abs(np.mean(y[X_drawn[:, 0].astype(int)] == y_drawn) - 1 / 6) < 4 * np.sqrt(
        5 / 36 / 200
    )
    assert set(y_drawn) == set(y)


def frequencies(table):
    """Return the share of every category in every column."""
    return np.array([(table == level).mean(axis=0) for level in range(len(P))])


def squared_errors(real_weight, n_generations, n_columns, seed):
    """Errors of the category frequencies by generation, shape (n_generations, n_columns).

    Columns drawn independently are as many independent recursions in one table.
    """
    rng = np.random.default_rng(seed)
    draw = lambda: rng.choice(len(P), size=(N, n_columns), p=P)  # noqa: E731
    synthesizer = EmpiricalSynthesizer(independent=True).fit(draw())
    errors = []
    for _ in range(n_generations):
        real, synthetic = draw(), synthesizer.sample(N, rng)
        mixed = real_weight * frequencies(real) + (1 - real_weight) * frequencies(synthetic)
        errors.append(((mixed - P[:, None]) ** 2).sum(axis=0))
        weights = np.repeat([real_weight, 1 - real_weight], N)
        synthesizer.fit(np.concatenate([real, synthetic]), sample_weight=weights)
    return np.array(errors)


def limiting_error(w, c):
    return SPREAD / N * (w**2 + (1 - w) ** 2) / (1 - c * (1 - w) ** 2)


def test_error_of_category_frequencies_settles_at_the_finite_sample_law():
    """The mean of generations 21 to 30 over 500 recursions at n = m = 50, w = 0.618."""
    errors = squared_errors(0.618, 30, 500, seed=0)[20:].mean(axis=0)
    mean, error = errors.mean(), errors.std() / np.sqrt(len(errors))
    assert error < 0.00013
    assert limiting_error(0.618, 1 - 1 / N) == pytest.approx(0.007822, abs=5e-7)
    assert abs(mean - limiting_error(0.618, 1 - 1 / N)) < 3 * error
    # The check can fail: the equal weights of a plain pool are told apart.
    assert limiting_error(0.5, 1 - 1 / N) - mean > 3 * error


def cdf_errors(table, weights):
    """Return the integral of (F_t(u) - u)^2 over (0, 1) for every column."""
    order = np.argsort(table, axis=0)
    u = np.take_along_axis(table, order, axis=0)
    heights = np.cumsum(weights[order], axis=0) / weights.sum()
    heights = np.vstack([np.zeros(u.shape[1]), heights])
    edges = np.vstack([np.zeros(u.shape[1]), u, np.ones(u.shape[1])])
    return ((edges[1:] - heights) ** 3 - (edges[:-1] - heights) ** 3).sum(axis=0) / 3


def test_error_of_the_distribution_function_settles_at_the_same_law():
    """The mean of generations 9 to 15 over 400 recursions of uniform columns, w = 0.618."""
    rng, n_columns = np.random.default_rng(2), 400
    synthesizer = EmpiricalSynthesizer(independent=True).fit(rng.random((N, n_columns)))
    weights, errors = np.repeat([0.618, 0.382], N), []
    for _ in range(15):
        table = np.concatenate([rng.random((N, n_columns)), synthesizer.sample(N, rng)])
        synthesizer.fit(table, sample_weight=weights)
        errors.append(cdf_errors(table, weights))
    errors = np.mean(errors[8:], axis=0)
    mean, error = errors.mean(), errors.std() / np.sqrt(n_columns)
    assert error < 0.00006
    assert abs(mean - limiting_error(0.618, 1 - 1 / N) / SPREAD / 6) < 3 * error
    assert (limiting_error(0.5, 1 - 1 / N) / SPREAD / 6) - mean > 3 * error


def test_synthetic_rows_alone_lose_categories_at_the_rate_that_the_sample_size_sets():
    """Without real rows the error is H (1 - (1 - 1/m)^t (1 - 1/n)); c = 1 would give H (t+1)/n."""
    errors = squared_errors(0.0, 30, 500, seed=1)[-1]
    mean, error = errors.mean(), errors.std() / np.sqrt(len(errors))
    expected = SPREAD * (1 - (1 - 1 / N) ** 31)
    assert abs(mean - expected) < 3 * error
    assert SPREAD * 31 / N - mean > 3 * error


def test_missing_integers_are_one_value():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"n": pd.array([1, None, None, 2], dtype="Int64")})
    fitted = EmpiricalSynthesizer().fit(frame)
    np.testing.assert_array_equal(fitted.probabilities_, [0.5, 0.25, 0.25])
    assert set(fitted.sample(50, random_state=0)["n"].dropna()) == {1, 2}


def test_unknown_option_is_refused():
    with pytest.raises(ValueError, match="independent"):
        EmpiricalSynthesizer(independent="columns").fit(np.zeros((2, 1)))


def test_rows_are_kept_and_said_to_be():
    X = np.random.default_rng(0).normal(size=(20, 2))
    for synthesizer in (EmpiricalSynthesizer(), EmpiricalSynthesizer(independent=True)):
        drawn = synthesizer.fit(X).sample(200, random_state=0)
        assert synthesizer.stores_rows
        assert np.isin(drawn, X).all()
