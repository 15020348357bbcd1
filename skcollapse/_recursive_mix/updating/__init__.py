"""How the last estimator becomes the next one: one strategy a file."""

from skcollapse._recursive_mix.updating._base import BaseUpdate, Updated
from skcollapse._recursive_mix.updating._choose import UPDATES, choose_update
from skcollapse._recursive_mix.updating._correct import Correct
from skcollapse._recursive_mix.updating._mixed import Mixed
from skcollapse._recursive_mix.updating._refit import Refit
from skcollapse._recursive_mix.updating._scales import LogOddsScale, NumberScale
from skcollapse._recursive_mix.updating._staged import StagedClassifier, StagedRegressor

__all__ = [
    "UPDATES",
    "BaseUpdate",
    "Correct",
    "LogOddsScale",
    "Mixed",
    "NumberScale",
    "Refit",
    "StagedClassifier",
    "StagedRegressor",
    "Updated",
    "choose_update",
]
