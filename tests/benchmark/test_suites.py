"""Every suite on a small file of one's own, and what its numbers must be."""

import numpy as np
import pytest

from skcollapse.benchmark import ConfigError, format_suite, read_results, run_suite
from skcollapse.benchmark._options._benchmark import LABELS
from skcollapse.workflows import WORKFLOW_NAMES

pd = pytest.importorskip("pandas")
pytest.importorskip("matplotlib")


@pytest.fixture
def small(table_csv):
    return {
        "tables": [{"table": str(table_csv), "target": "y", "drop": ["kind"]}],
        "estimators": ["ridge"],
        "synthesizers": ["gaussian_copula"],
        "n_synthetic": [1.0],
        "n_seeds": 1,
    }


@pytest.fixture
def stream(small):
    return {**small, "batch_sizes": [40], "n_batches": 3, "min_test_size": 50}


def test_workflows_suite_starts_everybody_from_the_same_fit(stream):
    result = run_suite("workflows", **stream)
    assert result.n_failed == 0
    rows = result.rows
    own = rows[rows["method"] == "recursive_mix"]
    assert set(own["workflow"]) == set(WORKFLOW_NAMES)
    assert set(own["labels"]) == set(LABELS)
    counts = own.groupby(["workflow", "labels", "lam"])["generation"].agg(list)
    assert set(map(tuple, counts)) == {(0, 1, 2)}
    first = rows[(rows["generation"] == 0)]["score"]
    np.testing.assert_allclose(first, first.iloc[0])
    # Real rows that come back carry all the weight; only fresh ones make a fit worth more.
    sizes = own[own["lam"].eq("optimal") & own["labels"].eq("predict") & own["generation"].eq(2)]
    sizes = sizes.set_index("workflow")["effective_sample_size"]
    assert sizes["fresh"] > 100
    assert sizes["fixed"] == pytest.approx(40)
    assert sizes["replace"] <= 40
    assert "workflow" in result.gaps.columns
    assert "lam=optimal, replace, joint" in format_suite(result)


def test_weights_suite_has_the_grid_and_the_rules(stream):
    stream |= {"labels": ["predict"], "n_synthetic": [1.0, 2.0]}
    result = run_suite("weights", **stream)
    assert result.n_failed == 0
    own = result.summary[result.summary["method"] == "recursive_mix"]
    assert len(own) == 2 * 9
    assert {"adaptive", "golden", "optimal", "proportional", "0.1", "10.0"} <= set(own["lam"])
    assert "workflow" not in result.gaps.columns


def test_fidelity_suite_compares_drawn_rows_with_real_ones(stream, tmp_path):
    stream |= {"synthesizers": ["gaussian_copula"], "lam": [0.0, "optimal"], "n_batches": 2}
    result = run_suite("fidelity", out=tmp_path, **stream)
    assert result.n_failed == 0
    rows = result.rows
    assert set(rows["metric"]) == {"c2st_auc", "energy_distance", "total_variation", "tstr"}
    assert set(rows["method"]) == {"real_rows", "real_only", "all_real", "recursive_mix"}
    # Without weight on drawn rows the recursion is the synthesizer of the newest batch.
    keys = ["metric", "generation"]
    alone = rows[rows["method"] == "real_only"].set_index(keys)["score"]
    zero = rows[rows["lam"] == "0.0"].set_index(keys)["score"]
    pd.testing.assert_series_equal(alone, zero)
    distances = rows[rows["metric"].isin(["energy_distance", "total_variation"])]["score"]
    assert (distances > 0).all()
    assert rows["score"].notna().all()
    assert len(result.summary) == 4 * 5  # metrics and settings
    assert result.gaps.empty
    assert set(result.files) == {"database", "results", "summary", "markdown"}
    assert "energy distance" in format_suite(result)
    again = run_suite("fidelity", out=tmp_path, **stream)
    pd.testing.assert_frame_equal(again.rows, rows)


def test_fidelity_suite_has_no_adaptive_weight(stream):
    with pytest.raises(ConfigError, match=r"^lam cannot be 'adaptive' here"):
        run_suite("fidelity", **stream, lam=["adaptive"])


def test_speed_suite_measures_time_and_memory(small, tmp_path):
    result = run_suite("speed", out=tmp_path, n_rows=[200, 2000], labels=["predict"], **small)
    assert result.n_failed == 0
    rows = read_results(tmp_path)
    by_metric = rows.pivot(index="n_real", columns="metric", values="score")
    assert set(by_metric.columns) == {
        f"{work}_{what}"
        for work in ("fit", "sample", "generation")
        for what in ("seconds", "peak_megabytes")
    }
    assert (by_metric > 0).all(axis=None)
    # Ten times the rows take more memory, and far from a hundred times as much.
    ratio = by_metric.loc[2000] / by_metric.loc[200]
    assert (ratio[[name for name in ratio.index if "megabytes" in name]] > 1).all()
    assert ratio["generation_peak_megabytes"] < 20
    assert "generation, peak MB" in format_suite(result)


def test_classes_in_a_file_of_ones_own(stream, table_csv):
    stream |= {
        "tables": [{"table": str(table_csv), "target": "kind", "drop": ["y"]}],
        "estimators": ["ridge", "logistic"],
        "lam": ["optimal"],
        "n_batches": 2,
    }
    for suite in ("fidelity", "weights"):
        result = run_suite(suite, **stream)
        assert result.n_failed == 0
        assert set(result.rows["estimator"]) == {"logistic"}


def test_two_different_tables_of_one_name_are_refused(stream, table_csv, tmp_path):
    other = tmp_path / table_csv.name
    pd.read_csv(table_csv).assign(a=0.0).to_csv(other, index=False)
    stream["tables"] = [f"{table_csv}:y", f"{other}:y"]
    with pytest.raises(ConfigError, match="two different tables named small"):
        run_suite("weights", **{**stream, "lam": ["optimal"], "labels": ["predict"]})


def test_file_with_too_few_rows_is_said(stream):
    stream["batch_sizes"] = [100]
    with (
        pytest.warns(UserWarning, match="is left out: it has 240 rows"),
        pytest.raises(ConfigError, match=r"^batch_sizes are too large"),
    ):
        run_suite("weights", **stream)


def test_estimators_for_another_task_than_that_of_each_table_are_said(small):
    small["estimators"] = ["logistic"]
    with (
        pytest.warns(UserWarning, match="or no estimator is for its task"),
        pytest.raises(ConfigError, match=r"^estimators are for another task"),
    ):
        run_suite("speed", **small)


def test_failed_cells_are_rows_and_run_again(stream, monkeypatch, tmp_path):
    def broken(*arguments):
        raise OSError("out of luck")

    stream |= {"lam": ["optimal"]}
    with monkeypatch.context() as patch:
        patch.setattr("skcollapse.benchmark._suites._fidelity._distances", broken)
        failed = run_suite("fidelity", out=tmp_path, **stream)
    assert set(failed.rows["error"]) == {"OSError: out of luck"}
    assert failed.n_failed == 4
    assert "failed" in format_suite(failed)
    assert run_suite("fidelity", out=tmp_path, **stream).n_failed == 0
