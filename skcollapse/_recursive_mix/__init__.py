"""Meta-estimators that learn recursively on real and synthetic rows.

Other rooms import from here only.
"""

from skcollapse._recursive_mix._checks import (
    check_workflow_lam,
    positive_rows,
    split_into_batches,
)
from skcollapse._recursive_mix._classifier import RecursiveMixClassifier
from skcollapse._recursive_mix._regressor import RecursiveMixRegressor
from skcollapse._recursive_mix._stream import StreamEstimator, check_parameters
from skcollapse._recursive_mix._synthesizer import RecursiveMixSynthesizer
from skcollapse._recursive_mix._watch import watch
from skcollapse._recursive_mix.fitting import stay_in_process
from skcollapse._recursive_mix.labelling import (
    LABELLERS,
    BaseLabeller,
    Labelled,
    make_labeller,
)
from skcollapse._recursive_mix.recursion import n_rows_to_draw

__all__ = [
    "LABELLERS",
    "BaseLabeller",
    "Labelled",
    "RecursiveMixClassifier",
    "RecursiveMixRegressor",
    "RecursiveMixSynthesizer",
    "StreamEstimator",
    "check_parameters",
    "check_workflow_lam",
    "make_labeller",
    "n_rows_to_draw",
    "positive_rows",
    "split_into_batches",
    "stay_in_process",
    "watch",
]
