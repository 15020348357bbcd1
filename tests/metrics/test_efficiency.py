import numpy as np
import pytest

from skcollapse.metrics import relative_efficiency


def test_worked_by_hand():
    result = relative_efficiency([4.0, 6.0], [2.0, 3.0])
    assert (result.efficiency, result.standard_error) == (0.5, 0.0)  # the same ratio twice
    assert type(result.efficiency) is float
    assert relative_efficiency([4.0, 6.0], [2.0, 3.0], irreducible=1.0).efficiency == 1.5 / 4


def test_a_fit_on_a_share_of_the_rows_has_that_efficiency():
    # Means of 40 and of 100 standard normal rows: squared errors average 1/40 and 1/100.
    rows = np.random.default_rng(0).normal(size=(4000, 100))
    result = relative_efficiency(rows[:, :40].mean(axis=1) ** 2, rows.mean(axis=1) ** 2)
    assert abs(result.efficiency - 0.4) < 4 * result.standard_error
    assert result.standard_error < 0.02


def test_standard_error_is_the_spread_over_repetitions():
    rng = np.random.default_rng(0)
    all_real = rng.chisquare(3, size=(80, 500))
    losses = all_real + rng.chisquare(2, size=(80, 500))
    result = relative_efficiency(losses, all_real)
    assert result.efficiency.shape == result.standard_error.shape == (500,)
    assert np.mean(result.standard_error) == pytest.approx(np.std(result.efficiency), rel=0.15)
    # Taken as independent, the two samples would seem to have a larger error.
    unpaired = relative_efficiency(losses, rng.permuted(all_real, axis=0))
    assert np.mean(unpaired.standard_error) > 1.3 * np.mean(result.standard_error)


def test_one_reference_serves_all_generations():
    losses = np.random.default_rng(0).random((6, 3))
    all_real = losses[:, 0] / 2
    found = relative_efficiency(losses, all_real)
    for g in range(3):
        single = relative_efficiency(losses[:, g], all_real)
        assert found.efficiency[g] == pytest.approx(single.efficiency)
        assert found.standard_error[g] == pytest.approx(single.standard_error)


def test_integer_weights_equal_repeated_rows_in_the_efficiency():
    losses, all_real = np.random.default_rng(0).random((2, 6))
    counts = np.array([0, 1, 2, 3, 1, 1])
    weighted = relative_efficiency(losses, all_real, sample_weight=counts)
    repeated = relative_efficiency(np.repeat(losses, counts), np.repeat(all_real, counts))
    assert weighted.efficiency == pytest.approx(repeated.efficiency)
    assert weighted.standard_error > repeated.standard_error
    scaled = relative_efficiency(losses, all_real, sample_weight=counts / 7)
    assert scaled.standard_error == pytest.approx(weighted.standard_error)


def test_no_excess_loss_is_nan():
    assert np.isnan(relative_efficiency([1.0, 2.0], [0.5, 0.5], irreducible=0.5).efficiency)
    found = relative_efficiency(np.array([[0.0, 1.0]] * 2), [1.0, 2.0]).efficiency
    np.testing.assert_array_equal(np.isnan(found), [True, False])
    single = relative_efficiency([2.0], [1.0])
    assert single.efficiency == 0.5
    assert np.isnan(single.standard_error)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], []), "losses must have shape"),
        (([1.0, 2.0], [1.0]), r"all_real must have the shape of losses, \(2,\)"),
        (([1.0, np.nan], [1.0, 1.0]), "losses must be finite"),
        ((["low"], [1.0]), "losses must be a number"),
    ],
)
def test_bad_losses_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        relative_efficiency(*arguments)


def test_bad_options_are_named():
    with pytest.raises(ValueError, match="irreducible must be a single number"):
        relative_efficiency([1.0], [1.0], irreducible=[1.0])
    with pytest.raises(ValueError, match="sample_weight must not be negative"):
        relative_efficiency([1.0, 1.0], [1.0, 1.0], sample_weight=[2.0, -1.0])
    with pytest.raises(ValueError, match="sample_weight must have one entry for each of the 2"):
        relative_efficiency([1.0, 1.0], [1.0, 1.0], sample_weight=[2.0])
