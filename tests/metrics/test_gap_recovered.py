import numpy as np
import pytest

from skcollapse.metrics import gap_recovered


@pytest.mark.parametrize(
    ("score", "expected"), [(0.5, 0.0), (1.0, 1.0), (0.75, 0.5), (0.25, -0.5), (1.25, 1.5)]
)
def test_values_worked_by_hand(score, expected):
    assert gap_recovered(score, real_only=0.5, all_real=1.0) == expected


def test_capping_changes_values_above_one_only():
    found = gap_recovered([-1.0, 0.75, 3.0], 0.5, 1.0, capped=True)
    np.testing.assert_array_equal(found, [-3.0, 0.5, 1.0])


def test_a_loss_gives_the_gap_of_the_negated_score():
    losses = np.array([0.1, 0.3, 0.9])
    found = gap_recovered(losses, 0.8, 0.2, greater_is_better=False)
    np.testing.assert_allclose(found, gap_recovered(-losses, -0.8, -0.2))


def test_arguments_are_broadcast_and_scalars_stay_scalars():
    found = gap_recovered(np.ones((2, 1)), np.zeros(3), 2.0)
    np.testing.assert_array_equal(found, np.full((2, 3), 0.5))
    assert type(gap_recovered(1, 0, 2)) is float


@pytest.mark.parametrize("all_real", [0.5, 0.4, np.nan])
def test_no_gap_to_recover_is_nan(all_real):
    assert np.isnan(gap_recovered(0.7, 0.5, all_real))
    assert np.isnan(gap_recovered(0.7, 0.5, all_real, capped=True))


def test_one_missing_cell_does_not_cost_the_others():
    found = gap_recovered([0.75, np.nan, 0.75], 0.5, [1.0, 1.0, 0.5])
    np.testing.assert_array_equal(found, [0.5, np.nan, np.nan])


@pytest.mark.parametrize("name", ["score", "real_only", "all_real"])
@pytest.mark.parametrize("value", ["high", np.inf, [[1], [2, 3]]])
def test_bad_numbers_are_refused_by_name(name, value):
    arguments = {"score": 0.5, "real_only": 0.1, "all_real": 0.9, name: value}
    with pytest.raises(ValueError, match=rf"^{name} must"):
        gap_recovered(**arguments)


@pytest.mark.parametrize("name", ["capped", "greater_is_better"])
def test_flags_must_be_bools(name):
    with pytest.raises(ValueError, match=f"{name} must be a bool"):
        gap_recovered(0.5, 0.1, 0.9, **{name: 1})


def test_shapes_that_do_not_fit_are_named():
    with pytest.raises(ValueError, match=r"\(2,\), \(3,\) and \(\)"):
        gap_recovered([1, 2], [0, 0, 0], 2.0)
