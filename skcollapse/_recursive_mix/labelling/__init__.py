"""Label synthetic rows: one strategy a file."""

# One line a strategy. Its option is the name of its class in lower snake case.
from skcollapse._recursive_mix.labelling._base import MEASURED as MEASURED
from skcollapse._recursive_mix.labelling._base import BaseLabeller as BaseLabeller
from skcollapse._recursive_mix.labelling._base import Labelled as Labelled
from skcollapse._recursive_mix.labelling._corrected import Corrected as Corrected
from skcollapse._recursive_mix.labelling._joint import Joint as Joint
from skcollapse._recursive_mix.labelling._no_labels import NoLabels as NoLabels
from skcollapse._recursive_mix.labelling._predict import Predict as Predict
from skcollapse._recursive_mix.labelling._sample import Sample as Sample


def _options(names):
    """Return the strategies among `names`, by option; `NoLabels` is for tables without targets."""
    strategies = [
        item
        for item in names
        if isinstance(item, type) and issubclass(item, BaseLabeller)
        if item not in (BaseLabeller, NoLabels)
    ]
    return {
        "".join(f"_{c.lower()}" if c.isupper() else c for c in item.__name__)[1:]: item
        for item in strategies
    }


LABELLERS = _options(list(globals().values()))


def make_labeller(labels):
    """Return the strategy of a name; an object is its own strategy."""
    return labels if isinstance(labels, BaseLabeller) else LABELLERS[labels]()


__all__ = sorted(name for name in globals() if not name.startswith("_"))
