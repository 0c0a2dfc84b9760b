"""Candidate pairs compared on their text, and stories made of those that match."""

from etl.match.compare import compare
from etl.match.group import JOINING, group

__all__ = ["JOINING", "compare", "group"]
