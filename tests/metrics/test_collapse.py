import warnings

import numpy as np
import pytest
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression

from skcollapse.exceptions import CollapseWarning
from skcollapse.metrics import collapse_check

FAST = {"classifier": LogisticRegression(), "random_state": 0}


def _normal(n, scale=1.0, shift=0.0, seed=0):
    return np.random.default_rng(seed).normal(shift, scale, size=n)


def test_shrinking_variance_is_a_collapse():
    X = _normal(1000)
    drawn = [_normal(1000, scale, seed=1 + g) for g, scale in enumerate((1.0, 0.9, 0.6))]
    with pytest.warns(CollapseWarning, match=r"generations\[2\], column 0: 0\.40 of the real var"):
        result = collapse_check(X, drawn, min_support=0, max_rise=1, **FAST)
    assert result.collapsed
    assert len(result.reasons) == 1
    # Clipping at the real 1 and 99 percent takes more from the real rows than from narrow ones.
    np.testing.assert_allclose(result.spread[:, 0], [1.0, 0.84, 0.39], atol=0.07)


def test_spread_of_a_category_is_that_of_its_indicators():
    X, Y = np.repeat(["a", "b"], 500), np.repeat(["a", "b"], [900, 100])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CollapseWarning)
        result = collapse_check(X, [Y], min_spread=0.5, **FAST)
    assert result.spread[0, 0] == pytest.approx(2 * 0.9 * 0.1 / 0.5)
    assert result.support[0, 0] == pytest.approx(1.0)
    assert result.collapsed


def test_lost_levels_are_a_collapse():
    X = np.repeat(list("abcde"), 100)
    Y = np.repeat(list("abc"), 100)
    with pytest.warns(CollapseWarning, match=r"column 0: 0\.60 of the expected support"):
        result = collapse_check(X, [X, Y], min_spread=0, max_rise=1, **FAST)
    assert result.support[:, 0] == pytest.approx([1.0, 0.6])


def test_lost_tails_are_a_collapse():
    X = _normal(1000)
    with pytest.warns(CollapseWarning, match="support"):
        result = collapse_check(
            X, [X[np.abs(X) < 1]], min_spread=0, max_rise=1, min_support=0.9, **FAST
        )
    assert result.support[0, 0] == pytest.approx(0.7, abs=0.06)  # 68 percent, in bins of 5


def test_drift_from_the_first_generation_is_a_collapse():
    X = _normal(500)
    drawn = [_normal(500, shift=shift, seed=1) for shift in (0.0, 0.2, 1.0)]
    with pytest.warns(
        CollapseWarning, match=r"generations\[2\]: c2st_auc 0\.7\d, up from 0\.\d\d"
    ):
        result = collapse_check(X, drawn, **FAST)
    assert len(result.reasons) == 1
    # A synthesizer that has been wrong from the start has not collapsed.
    assert not collapse_check(X, drawn[2:] * 2, min_support=0, **FAST).collapsed


def test_rows_of_the_real_law_give_no_warning():
    rng = np.random.default_rng(0)
    for n in (20, 50, 200):
        draw = [
            np.c_[rng.normal(size=n), rng.exponential(size=n), rng.random(n) < 0.03]
            for _ in range(13)
        ]
        result = collapse_check(draw[0], draw[1:], max_rise=0.1, **FAST)
        assert not result.collapsed


def test_an_identifier_has_no_support_to_lose():
    X, Y = np.arange(200).astype(str), np.arange(200, 400).astype(str)
    result = collapse_check(X, [Y], **FAST)
    assert not result.collapsed
    assert result.support[0, 0] == 1.0


def test_the_thresholds_can_be_switched_off():
    X, Y = _normal(200), np.zeros(200)
    off = {"min_spread": 0, "min_support": 0, "max_rise": 1}
    result = collapse_check(
        X, [X, Y], **off, classifier=QuadraticDiscriminantAnalysis(reg_param=0.1), random_state=0
    )
    assert not result.collapsed
    assert result.reasons == []
    assert result.spread[1, 0] == pytest.approx(0, abs=1e-12)


def test_the_standard_filter_makes_it_an_error():
    with warnings.catch_warnings():
        warnings.simplefilter("error", CollapseWarning)
        with pytest.raises(CollapseWarning, match="The generations collapse"):
            collapse_check(_normal(100), [_normal(100, 0.1)], **FAST)


def test_integer_weights_equal_repeated_rows():
    X, Y = _normal(120, seed=1), _normal(100, 0.9, seed=2)
    counts = np.random.default_rng(3).integers(0, 4, size=100)
    weighted = collapse_check(X, [Y], sample_weight_generations=[counts], **FAST)
    repeated = collapse_check(X, [np.repeat(Y, counts)], **FAST)
    np.testing.assert_allclose(weighted.spread, repeated.spread)
    np.testing.assert_allclose(weighted.c2st_auc, repeated.c2st_auc)


def test_mixed_frames_and_constant_columns():
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(0)
    frames = [
        pd.DataFrame(
            {
                "number": np.where(rng.random(300) < 0.2, np.nan, rng.normal(size=300)),
                "text": rng.choice(["a", "b", None], 300),
                "constant": 7,
                "empty": pd.Series([None] * 300, dtype=object),
            }
        )
        for _ in range(2)
    ]
    result = collapse_check(frames[0], frames[1:], **FAST)
    assert not result.collapsed
    np.testing.assert_array_equal(np.isnan(result.spread[0]), [False, False, True, True])
    frames[1]["text"] = "a"
    with pytest.warns(CollapseWarning, match="column 'text': 0.00 of the real variance"):
        collapse_check(frames[0], frames[1:], **FAST)


def test_arguments_are_checked_by_name():
    X = _normal(20)
    for bad in ([], X, None):
        with pytest.raises(ValueError, match="generations must be a list or tuple of at least"):
            collapse_check(X, bad)
    with pytest.raises(ValueError, match=r"X has 1 columns and generations\[1\] has 2"):
        collapse_check(X, [X, np.c_[X, X]])
    with pytest.raises(ValueError, match=r"sample_weight_generations\[0\] must not be negative"):
        collapse_check(X, [X], sample_weight_generations=[-np.ones(20)])
    with pytest.raises(ValueError, match="one entry for each of the 1 generations, got 2"):
        collapse_check(X, [X], sample_weight_generations=[None, None])
    for name in ("min_spread", "min_support", "max_rise"):
        with pytest.raises(ValueError, match=f"{name} must be a number from 0 to 1"):
            collapse_check(X, [X], **{name: 1.5})
