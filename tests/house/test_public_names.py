"""Public names: listed once, importable, and in the words of the design."""

import importlib
import importlib.metadata
import inspect

import pytest

import skcollapse

FROM_THE_START = {
    "skcollapse": {"RecursiveMixClassifier", "RecursiveMixRegressor"},
    "skcollapse.synthesizers": {
        "BaseSynthesizer",
        "EmpiricalSynthesizer",
        "GaussianCopulaSynthesizer",
        "GaussianSynthesizer",
        "KernelDensitySynthesizer",
        "SDVSynthesizer",
        "TreeSynthesizer",
    },
    "skcollapse.simulation": {
        "simulate_frequencies",
        "simulate_gaussian",
        "simulate_kde",
        "simulate_location",
        "simulate_regression",
        "simulate_risk",
    },
    "skcollapse.workflows": {"BaseWorkflow", "Fixed", "Fresh"},
    "skcollapse.exceptions": {"CollapseWarning"},
    "skcollapse.metrics": {
        "c2st_auc",
        "collapse_check",
        "energy_distance",
        "gap_recovered",
        "relative_efficiency",
        "sliced_wasserstein",
        "total_variation",
    },
    "skcollapse.datasets": {
        "describe_tables",
        "fetch_adult",
        "fetch_california_housing",
        "load_table",
        "make_stream_drift",
        "make_stream_friedman",
        "make_stream_gaussian",
        "make_stream_glm",
    },
    "skcollapse.benchmark": {"read_results", "run_benchmark", "run_suite", "write_report"},
    "skcollapse.inspection": {
        "FidelityDisplay",
        "GenerationCurveDisplay",
        "WeightCurveDisplay",
        "generation_curve",
    },
}


def test_every_public_module_lists_its_names(public_modules):
    without = [
        name for name in public_modules if not hasattr(importlib.import_module(name), "__all__")
    ]
    assert without == []


def test_listed_names_are_unique_and_exist(public_modules):
    for module_name in public_modules:
        module = importlib.import_module(module_name)
        assert len(module.__all__) == len(set(module.__all__)), module_name
        assert [name for name in module.__all__ if not hasattr(module, name)] == [], module_name


def test_no_listed_name_is_private(public_modules):
    for module_name in public_modules:
        listed = importlib.import_module(module_name).__all__
        assert [name for name in listed if name.startswith("_") and name != "__version__"] == []


@pytest.mark.parametrize("module_name", FROM_THE_START)
def test_names_of_the_design_are_public(module_name):
    assert FROM_THE_START[module_name] <= set(importlib.import_module(module_name).__all__)


def test_estimators_take_the_parameters_of_the_design():
    keyword_only = {
        "workflow": "fresh",
        "lam": "optimal",
        "labels": "corrected",
        "update": "refit",
        "n_generations": 4,
        "memory": None,
        "n_jobs": None,
        "random_state": None,
        "verbose": 0,
    }
    for cls in (skcollapse.RecursiveMixRegressor, skcollapse.RecursiveMixClassifier):
        parameters = inspect.signature(cls).parameters
        assert list(parameters)[:2] == ["estimator", "synthesizer"]
        assert set(parameters) == {"estimator", "synthesizer", "n_synthetic", *keyword_only}
        for name, default in keyword_only.items():
            assert parameters[name].kind is inspect.Parameter.KEYWORD_ONLY
            assert parameters[name].default == default


def test_version_is_that_of_the_installed_package():
    try:
        installed = importlib.metadata.version("skcollapse")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("imported from a folder, not installed")
    assert skcollapse.__version__ == installed
