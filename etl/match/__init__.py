"""Candidate pairs compared on their text, and stories made of those that match."""

from etl.match.compare import compare, compare_all
from etl.match.group import group
from etl.match.version import MATCHER
from etl.records import JOINING

__all__ = ["JOINING", "MATCHER", "compare", "compare_all", "group"]
