"""Options are checked before any work is done."""

import dataclasses
import json

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

from skcollapse import RecursiveMixRegressor
from skcollapse.benchmark import BenchmarkConfig, ConfigError, run_benchmark
from skcollapse.benchmark._base._named_models import make_synthesizer


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("task", "guess", "must be one of auto, regression, classification; got 'guess'"),
        ("labels", "copy", "must be one of corrected, joint, predict, sample; got 'copy'"),
        ("estimator", "lasso", "hist_gradient_boosting.*ridge, logistic, mlp; got 'lasso'"),
        ("estimator", 3, "a name or an object with fit"),
        ("synthesizer", "gan", "gaussian_copula, tree, sdv.*got 'gan'"),
        ("n_batches", 1, "must be an integer >= 2, got 1"),
        ("n_batches", True, "must be an integer"),
        ("n_seeds", 0, "must be an integer >= 1, got 0"),
        ("batch_size", 1.5, "must be an integer >= 2"),
        ("test_size", 1, "must be an integer >= 2"),
        ("test_size", 1.0, "a share between 0 and 1"),
        ("n_synthetic", 0, "must be a number > 0"),
        ("n_synthetic", float("nan"), "must be a number > 0"),
        ("lam", "optimal", "must be a list or tuple"),
        ("lam", ["best"], "must be one of .*optimal.*; got 'best'"),
        ("lam", [-0.1], "numbers >= 0"),
        ("lam", [float("nan")], "numbers >= 0"),
        (
            "entrants",
            ["online"],
            "must be one of real_only, .*partial_fit_mlp, .*growing_forest; got 'online'",
        ),
        ("entrants", "real_only", "must be a list or tuple"),
        ("drop", "colour", "must be a list or tuple"),
        ("workflow", "loop", "must be one of accumulate, .*fresh.*; got 'loop'"),
        ("log_target", "yes", "must be None or a bool"),
        ("n_bathces", 3, "is not an option; did you mean n_batches"),
    ],
)
def test_bad_option_is_named(option, value, message):
    with pytest.raises(ConfigError, match=f"^{option} .*{message}") as caught:
        run_benchmark("no such table", **{option: value})
    assert caught.value.option == option


def test_config_is_frozen_and_repeated_lam_runs_once():
    config = BenchmarkConfig(lam=["optimal", 1, 1.0, "optimal", float("inf")])
    assert config.lam == ("optimal", 1.0, float("inf"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.lam = ()


def test_options_survive_json():
    config = BenchmarkConfig(lam=("golden", float("inf")), estimator=Ridge(alpha=2.0))
    plain = config.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["estimator"] == "Ridge(alpha=2.0)"
    assert plain["lam"] == ["golden", "inf"]


def test_missing_sdv_is_said_before_any_work(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r'pip install "skcollapse\[sdv\]"'):
        run_benchmark("no such table", synthesizer="sdv_tvae")


def test_the_default_synthesizer_is_that_of_the_estimators():
    fitted = RecursiveMixRegressor(Ridge(), n_generations=0).fit(np.eye(4), np.arange(4.0))
    default = make_synthesizer(BenchmarkConfig().synthesizer)
    assert type(default) is type(fitted.synthesizer_)
    assert default.get_params() == fitted.synthesizer_.get_params()


def long_pipeline(alpha=1.0, function=np.clip):
    """Return a pipeline whose text scikit-learn shortens in the middle, where these stand."""
    levels = [[f"a level with a long name {k}" for k in range(20)]]
    return make_pipeline(
        OneHotEncoder(categories=levels),
        FunctionTransformer(function),
        Ridge(alpha=alpha),
        OneHotEncoder(categories=levels),
        LinearRegression(),
    )


def text_of(estimator):
    return BenchmarkConfig("wine", estimator=estimator).text_of("estimator")


def test_long_pipelines_that_differ_are_other_cells():
    assert " ".join(repr(long_pipeline(2.0)).split()) == " ".join(repr(long_pipeline()).split())
    texts = [text_of(long_pipeline(*changes)) for changes in ((), (2.0,), (1.0, np.sign))]
    assert len(set(texts)) == 3
    assert texts[0] == text_of(long_pipeline())
    assert text_of(Ridge(alpha=2.0)) == "Ridge(alpha=2.0)"


def test_a_function_is_found_again_by_its_name_and_not_its_address():
    text = text_of(FunctionTransformer(np.clip))
    assert " at 0x" not in text
    assert text == text_of(FunctionTransformer(np.clip)) != text_of(FunctionTransformer(np.sign))
    nameless = FunctionTransformer(lambda X: X), FunctionTransformer(lambda X: -X)
    assert text_of(nameless[0]) != text_of(nameless[1])
