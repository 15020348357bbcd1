"""Label synthetic rows: one strategy a file. A new one is a file and a line here."""

from skcollapse._recursive_mix.labelling._base import MEASURED, BaseLabeller, Labelled
from skcollapse._recursive_mix.labelling._corrected import Corrected
from skcollapse._recursive_mix.labelling._joint import Joint
from skcollapse._recursive_mix.labelling._no_labels import NoLabels
from skcollapse._recursive_mix.labelling._predict import Predict
from skcollapse._recursive_mix.labelling._sample import Sample

__all__ = [
    "LABELLERS",
    "MEASURED",
    "BaseLabeller",
    "Corrected",
    "Joint",
    "Labelled",
    "NoLabels",
    "Predict",
    "Sample",
    "make_labeller",
]

LABELLERS = {
    "predict": Predict,
    "corrected": Corrected,
    "sample": Sample,
    "joint": Joint,
}


def make_labeller(labels):
    """Return the strategy of a name; an object is its own strategy."""
    return labels if isinstance(labels, BaseLabeller) else LABELLERS[labels]()
