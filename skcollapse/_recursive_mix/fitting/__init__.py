"""Rows with weights, and fits to them."""

from skcollapse._recursive_mix.fitting._blending import blend_rows, class_copies, proportional_lam
from skcollapse._recursive_mix.fitting._dask import stay_in_process
from skcollapse._recursive_mix.fitting._folds import (
    MIN_ROWS,
    FoldModels,
    assign_folds,
    assign_folds_of_copies,
    fit_folds,
    fit_folds_or_none,
)
from skcollapse._recursive_mix.fitting._rows import WeightedRows, join_rows, stack_arrays, subset
from skcollapse._recursive_mix.fitting._seeds import seed_parameters
from skcollapse._recursive_mix.fitting._synthesizers import draw_rows, fit_synthesizer
from skcollapse._recursive_mix.fitting._weighted import fit_weighted, weight_parameter

__all__ = [
    "MIN_ROWS",
    "FoldModels",
    "WeightedRows",
    "assign_folds",
    "assign_folds_of_copies",
    "blend_rows",
    "class_copies",
    "draw_rows",
    "fit_folds",
    "fit_folds_or_none",
    "fit_synthesizer",
    "fit_weighted",
    "join_rows",
    "proportional_lam",
    "seed_parameters",
    "stack_arrays",
    "stay_in_process",
    "subset",
    "weight_parameter",
]
