"""An entrant from outside the package: the average of the last two models."""

import numpy as np
from sklearn.base import clone

from skcollapse.benchmark import format_summary, run_benchmark
from skcollapse.benchmark._entrants import Entrant, entrant


class Average:
    def __init__(self, models):
        self.models = models

    def predict(self, X):
        return np.mean([model.predict(X) for model in self.models], axis=0)


@entrant("last_two_models")
class LastTwoModels(Entrant):
    """Keep the models of the last two batches, and no rows."""

    def __init__(self, setting):
        super().__init__(setting)
        self.models = []

    @classmethod
    def suits(cls, estimator, task):
        return task == "regression"

    def update(self, X, y):
        model = clone(self.setting.estimator).fit(X, y)
        self.models = [*self.models, model][-2:]
        self.predictor = Average(self.models)
        self.effective_sample_size = float(len(y) * len(self.models))


if __name__ == "__main__":
    result = run_benchmark(
        "diabetes",
        estimator="ridge",
        entrants=["real_only", "all_real", "last_two_models"],
        lam=["optimal"],
        n_batches=4,
        n_seeds=2,
    )
    print(format_summary(result))
