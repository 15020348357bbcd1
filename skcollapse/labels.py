"""Strategies that label synthetic rows: ``labels=`` takes one of them, or its name."""

from skcollapse._recursive_mix import BaseLabeller, Corrected, Joint, Labelled, Predict, Sample

__all__ = ["BaseLabeller", "Corrected", "Joint", "Labelled", "Predict", "Sample"]
