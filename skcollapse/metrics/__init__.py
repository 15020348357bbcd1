"""Scores of a recursion beside its two reference points."""

from ._gap import gap_recovered

__all__ = ["gap_recovered"]
