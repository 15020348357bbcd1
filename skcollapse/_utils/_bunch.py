"""The record with named fields that scikit-learn returns, for floors without scikit-learn."""

from sklearn.utils import Bunch

__all__ = ["Bunch"]
