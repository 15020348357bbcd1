"""Drop RecursiveMix into a pipeline and tune lam with GridSearchCV
==================================================================

A table of diamonds arrives in batches. The model inside is an ordinary pipeline that encodes text
columns; around it, `RecursiveMixRegressor` replays the training rows as a stream, and
`GridSearchCV` looks for the weight of the synthetic rows together with the model's own parameter.
Synthetic rows exist in training only: every validation score is a score on real rows.

Needs the benchmark extra for the table::

    pip install "skcollapse[benchmark]"
"""

from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, SplineTransformer

from skcollapse import RecursiveMixRegressor
from skcollapse.datasets import load_table

# %%
# The table: six numbers and three text columns; the target is the logarithm of the price.

diamonds = load_table("diamonds")
X_train, X_test, y_train, y_test = train_test_split(
    diamonds.data, diamonds.target, train_size=1500, test_size=4000, random_state=0
)

# %%
# The model: splines for numbers, indicators for text, ridge regression on top. The weights of the
# rows reach the ridge regression by themselves.

encode = make_column_transformer(
    (SplineTransformer(), make_column_selector(dtype_include="number")),
    (OneHotEncoder(handle_unknown="ignore"), make_column_selector(dtype_exclude="number")),
)
model = Pipeline([("encode", encode), ("ridge", Ridge())])

# %%
# The recursion around it: five batches of training rows, each forgotten after use. A linear model
# can express its own predictions, so plain ones will do as labels, and with fewer synthetic rows
# than by default the search takes seconds.

mix = RecursiveMixRegressor(
    model, labels="predict", n_generations=4, n_synthetic=5.0, random_state=0
)
grid = {
    "lam": [0.0, "golden", "optimal", "proportional"],
    "estimator__ridge__alpha": [0.01, 1.0],
}
search = GridSearchCV(mix, grid, cv=3).fit(X_train, y_train)

# %%
# What came out. ``lam=0`` is the model that knows the newest batch only.

print("lam            alpha   R2 on real validation rows")
results = search.cv_results_
for parameters, mean in zip(results["params"], results["mean_test_score"], strict=True):
    alpha = parameters["estimator__ridge__alpha"]
    print(f"{parameters['lam']!s:<14} {alpha:<7} {mean:.4f}")

# %%
# The best pair, refitted on all training rows.

best = search.best_estimator_
print(f"best: {search.best_params_}")
print(f"R2 on {len(y_test)} held-out rows: {search.score(X_test, y_test):.4f}")
print(f"the last fit is worth {best.effective_sample_size_:.0f} real rows")

# sphinx_gallery_thumbnail_path = "_static/inspection/weights.png"
