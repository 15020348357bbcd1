"""The streams suite: order of time, scores, tables, report, and files of one's own."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from skcollapse.benchmark import ConfigError, format_suite, read_results, run_suite, write_report
from skcollapse.benchmark._engine import Cell
from skcollapse.benchmark._entrants import ENTRANTS, EntrantSetting
from skcollapse.benchmark._results import summarise_steps
from skcollapse.benchmark._streams import StreamSource, TimeStream, score_on_next, time_stream
from skcollapse.benchmark._suites._retention import RetentionConfig
from skcollapse.benchmark._suites._streams import StreamsConfig
from skcollapse.cli import main
from skcollapse.datasets import load_stream

pd = pytest.importorskip("pandas")
pytest.importorskip("matplotlib")

TINY = {"estimators": ["ridge"], "labels": ["predict"], "n_synthetic": [1.0]}
TINY |= {"synthesizers": ["gaussian_copula"], "time": "day", "every": "month"}


@pytest.fixture
def sales(tmp_path):
    """Write 5 months of 60 rows, whose text brings new levels, with two targets."""
    rng = np.random.default_rng(0)
    month = np.repeat(np.arange(5), 60)
    frame = pd.DataFrame({"x": rng.normal(size=300), "z": rng.normal(size=300)})
    day = np.arange(300) % 28 + 1
    frame["day"] = [f"2024-{m + 1:02d}-{d:02d}" for m, d in zip(month, day, strict=True)]
    frame["shop"] = [f"shop{m // 2 + rng.integers(2)}" for m in month]
    frame["y"] = frame["x"] + month + 0.1 * rng.normal(size=300)
    frame["kind"] = np.where(frame["x"] + rng.normal(size=300) > 0, "yes", "no")
    path = tmp_path / "sales.csv"
    frame.sample(frac=1.0, random_state=1).to_csv(path, index=False)
    return path


@pytest.fixture
def stream(sales):
    table = load_stream(sales, "y", time="day", every="month", drop=["kind"])
    return time_stream(table)


class Spy(RegressorMixin, BaseEstimator):
    """Remembers what it was fitted to and asked for, in order."""

    log: list = []

    def fit(self, X, y):
        type(self).log.append(("fit", set(y)))
        self.known_ = dict(zip(X["x"], y, strict=True))
        return self

    def predict(self, X):
        # Perfect for every row that was ever in a fit.
        type(self).log.append(("predict", set(X["x"])))
        return np.array([self.known_.get(x, 0.0) for x in X["x"]])


@pytest.mark.parametrize(
    "method", ["real_only", "all_real", "last_batches", "average_of_models", "exponential_average"]
)
def test_a_batch_reaches_no_fit_before_it_is_scored(stream, monkeypatch, method):
    monkeypatch.setattr(Spy, "log", [])
    entrant = ENTRANTS[method](EntrantSetting(Spy(), stream.task, stream.X.iloc[:0]))
    scores = []

    def score_generation(seconds):
        fitted = set().union(*(rows for kind, rows in Spy.log if kind == "fit"))
        t = len(scores)
        scores.append(score_on_next(entrant.predictor, stream, t))
        assert not fitted & set(stream.batch(t + 1)[1])
        assert fitted >= set(stream.batch(t)[1])

    entrant.learn(stream.batches(), score_generation)
    # A row that had been learned would be predicted without an error.
    assert len(scores) == 4
    y = [stream.batch(t + 1)[1] for t in range(4)]
    expected = [1 - np.mean(each**2) / np.var(stream.y) for each in y]
    np.testing.assert_allclose(scores, expected)


def test_batches_stay_in_the_order_of_time(stream):
    assert stream.n_batches == 4
    assert [len(stream.batch(t)[1]) for t in range(5)] == [60] * 5
    means = [stream.batch(t)[1].mean() for t in range(5)]
    np.testing.assert_allclose(means, np.arange(5), atol=0.5)
    # Text stays text: nothing tells beforehand which shops will come.
    assert stream.X["shop"].dtype == object
    assert set(stream.batch(4)[0]["shop"]) - set(stream.batch(0)[0]["shop"])


def test_classes_are_scored_by_the_area_and_a_step_of_one_class_is_left_out():
    X = pd.DataFrame({"x": np.arange(60.0) % 20})
    y = np.array(["a", "b"] * 20 + ["a"] * 20)
    y[20:30] = "a"
    stream = TimeStream("classification", np.array(["a", "b"]), X, y, np.arange(0, 61, 20))
    model = LogisticRegression().fit(X[:20], y[:20])
    expected = roc_auc_score(y[20:40] == "b", model.predict_proba(X[20:40])[:, 1])
    assert score_on_next(model, stream, 0) == pytest.approx(expected)
    assert np.isnan(score_on_next(model, stream, 1))


def rows_of(scores, table="s"):
    found = []
    for method, values in scores.items():
        for t, value in enumerate(values):
            row = dict.fromkeys(Cell.__dataclass_fields__, "")
            row |= {"table": table, "method": method, "estimator": "ridge", "task": "regression"}
            row |= {"seed": 0, "n_batches": 4, "n_real": 50, "test_size": 150, "error": ""}
            row |= {"metric": "next_r2", "generation": t, "score": value, "seconds": 1.0}
            row |= {"suite": "streams", "effective_sample_size": np.nan, "versions": "v"}
            found.append(row)
    return pd.DataFrame(found)


def test_summary_is_the_mean_over_steps_and_t_over_their_differences():
    rows = pd.concat(
        [
            rows_of({"all_real": [0.1, 0.2, 0.3], "stacked": [0.2, 0.2, 0.6]}),
            rows_of({"all_real": [0.5, np.nan, 0.7], "stacked": [0.4, np.nan, 0.4]}, "u"),
        ]
    )
    summary = summarise_steps(rows).set_index(["table", "method"])
    one, two = summary.loc[("s", "stacked")], summary.loc[("u", "stacked")]
    assert one["score"] == pytest.approx(1 / 3)
    apart = np.array([0.1, 0.0, 0.3])
    assert one["difference"] == pytest.approx(apart.mean())
    assert one["t"] == pytest.approx(apart.mean() / (apart.std(ddof=1) / np.sqrt(3)))
    assert (two["n_steps"], two["n_left_out"]) == (2, 1)
    assert two["score"] == pytest.approx(0.4)
    mean = summary.loc[("mean over streams", "stacked")]
    assert mean["score"] == pytest.approx((1 / 3 + 0.4) / 2)
    assert mean["difference"] == pytest.approx((0.4 / 3 - 0.2) / 2)
    assert mean["n_streams"] == 2
    assert mean["keeps"] == "all models"
    assert np.isnan(summary.loc[("s", "all_real"), "t"])


def test_a_method_that_failed_on_the_way_has_no_score():
    rows = rows_of({"all_real": [0.1, 0.2, 0.3], "stacked": [0.9, np.nan]})
    rows.loc[rows.index[-1], "error"] = "ValueError: no"
    summary = summarise_steps(rows).set_index(["table", "method"])
    assert np.isnan(summary.loc[("s", "stacked"), "score"])
    assert summary.loc[("s", "stacked"), "n_failed"] == 1
    assert summary.loc[("mean over streams", "stacked"), "n_streams"] == 0


def test_suite_runs_from_end_to_end(sales, tmp_path):
    entrants = ["last_batches", "stacked", "growing_forest"]
    tables = [{"table": str(sales), "target": "y", "drop": ["kind"]}]
    result = run_suite("streams", tables=tables, entrants=entrants, out=tmp_path / "o", **TINY)
    assert result.n_failed == 0
    assert set(result.rows["method"]) == {"real_only", "all_real", *entrants, "recursive_mix"}
    assert result.rows.groupby("method").size().eq(4).all()
    assert set(result.rows["metric"]) == {"next_r2"}
    assert set(result.rows["test_size"]) == {240}
    text = format_suite(result)
    assert "Rests on 240 rows in 4 batches of 1 stream." in text
    assert "nothing here is called significant" in text
    assert "last_batches [keeps rows of three batches]" in text
    page = write_report(result, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Batches in the order of time: ahead of all_real" in page
    assert "240 rows in 4 batches of one stream" in page
    assert "all_real [keeps all rows]" in page
    again = run_suite("streams", tables=tables, entrants=entrants, out=tmp_path / "o", **TINY)
    pd.testing.assert_frame_equal(again.rows, result.rows)
    assert len(read_results(tmp_path / "o")) == len(result.rows)


def test_real_only_is_what_a_loop_by_hand_gives(sales, stream):
    from skcollapse.benchmark._base import make_estimator

    tables = [{"table": str(sales), "target": "y", "drop": ["kind"]}]
    rows = run_suite("streams", tables=tables, entrants=[], lam=[], **TINY).rows
    found = rows[rows["method"] == "real_only"]["score"].to_numpy()
    expected = []
    for t in range(4):
        (X, y), (X_next, y_next) = stream.batch(t), stream.batch(t + 1)
        model = make_estimator("ridge", "regression", X, 0).fit(X, y)
        expected.append(1 - np.mean((y_next - model.predict(X_next)) ** 2) / np.var(stream.y))
    np.testing.assert_allclose(found, expected)


@pytest.mark.parametrize("estimator", ["hist_gradient_boosting", "logistic", "random_forest"])
def test_new_levels_are_met_by_estimators_of_classes(sales, estimator):
    tables = [{"table": str(sales), "target": "kind", "drop": ["y"]}]
    options = {**TINY, "estimators": [estimator], "every": 75}
    result = run_suite("streams", tables=tables, entrants=["stacked"], **options)
    assert result.n_failed == 0
    assert set(result.rows["metric"]) == {"next_roc_auc"}


@pytest.mark.parametrize("estimator", ["hist_gradient_boosting", "logistic"])
def test_a_month_of_one_class_is_learned_and_not_scored(tmp_path, estimator):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"m": np.repeat(np.arange(5), 30), "x": rng.normal(size=150)})
    frame["y"] = np.where((frame["x"] > 0) & (frame["m"] != 2), "a", "b")
    frame.to_csv(tmp_path / "one.csv", index=False)
    entrants = ["first_model", "average_of_models", "last_batches", "exponential_average"]
    entrants += ["stacked", "growing_forest"]
    options = {**TINY, "time": "m", "every": None, "estimators": [estimator]}
    tables = [f"{tmp_path / 'one.csv'}:y"]
    result = run_suite("streams", tables=tables, entrants=entrants, **options)
    assert result.n_failed == 0
    assert set(result.summary["n_left_out"]) == {1}
    alone = result.rows[result.rows["method"] == "real_only"].set_index("generation")["score"]
    assert np.isnan(alone[1])
    assert alone[2] == 0.5
    assert "1 batch has rows of one class only" in format_suite(result)


def test_two_cuts_of_the_same_rows_are_two_streams(sales):
    hashes = {
        StreamSource(load_stream(sales, "y", time="day", every=every)).table_hash
        for every in ("month", 50, 75)
    }
    assert len(hashes) == 3


def test_command_takes_time_and_every(sales, tmp_path, capsys):
    arguments = f"benchmark --suite streams --tables {sales}:y --time day --every 100 --quiet "
    arguments += "--estimators ridge --synthesizers gaussian_copula --labels predict "
    arguments += f"--n-synthetic 1 --entrants last_batches --out {tmp_path / 'out'}"
    assert main(arguments.split()) == 0
    assert "Rests on 200 rows in 2 batches of 1 stream." in capsys.readouterr().out
    assert main([*arguments.split(), "--time", "dya"]) == 2
    assert "argument --time: sales.csv has no column 'dya'; did you mean 'day'" in (
        capsys.readouterr().err
    )
    assert main([*arguments.split(), "--every", "year"]) == 2
    assert "argument --every: must be month, week, day" in capsys.readouterr().err
    assert main(["benchmark", str(sales), "--target", "y", "--time", "day"]) == 2
    assert "argument --time: needs --suite." in capsys.readouterr().err


def test_configuration_file_takes_the_options_of_a_stream(sales, tmp_path, capsys):
    file = tmp_path / "run.toml"
    table = f'{{table = "{sales.name}", target = "y", time = "day", every = 100, drop = ["kind"]}}'
    text = f'suite = "streams"\ntables = [{table}]\nestimators = ["ridge"]\nlam = []\n'
    file.write_text(text + 'entrants = []\nquiet = true\nout = "out"\n', encoding="utf-8")
    assert main(["benchmark", "--config", str(file)]) == 0
    assert len(read_results(tmp_path / "out")) == 2 * 2
    file.write_text(text.replace("every", "evry"), encoding="utf-8")
    assert main(["benchmark", "--config", str(file)]) == 2
    assert "evry is not an option; did you mean every?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (
            {"time": None, "every": None},
            r"^time must name the column that orders the rows of sales\.csv",
        ),
        ({"every": "week"}, r"^every leaves 0 batches of at least 20 rows of sales\.csv"),
        ({"max_rows": 3}, r"^max_rows must be an integer >= 20, got 3"),
        ({"entrants": ["bets"]}, r"^entrants must be one of real_only"),
        ({"batch_sizes": [3]}, r"^batch_sizes is not an option"),
        ({"tables": ["computer"]}, r"^tables must be named tables \(computers, hotel, flights"),
    ],
)
def test_wrong_options_are_named(sales, options, problem):
    with pytest.raises(ConfigError, match=problem):
        run_suite("streams", **{"tables": [f"{sales}:y"], **TINY, **options})


def test_named_streams_keep_their_own_time():
    few = {"table": "hotel", "max_rows": 30}
    config = StreamsConfig(("Computers", few), time="day", every="week", max_rows=50)
    assert [(spec.table, spec.time, spec.every, spec.max_rows) for spec in config.tables] == [
        ("computers", None, None, 50),
        ("hotel", None, None, 30),
    ]


def test_a_number_of_rows_is_no_sample(sales):
    (spec,) = StreamsConfig((f"{sales}:y",), time="day", every=100, max_rows=50).tables
    assert spec.max_rows is None
    assert np.bincount(spec.load().batch).tolist() == [100] * 3


def test_a_table_without_an_order_is_refused():
    with pytest.raises(ConfigError, match=r"^time must name the column that orders the rows of w"):
        run_suite("streams", tables=["wine"])


def test_stored_results_of_retention_keep_their_entrants():
    assert RetentionConfig().entrants == (
        *("real_only", "all_real", "first_model", "average_of_models", "warm_start"),
        *("warm_gradient_boosting", "partial_fit_linear", "partial_fit_mlp"),
    )
