"""Blocks of a document -> the article, and every block that is none of it, each with its rule."""

from __future__ import annotations

from etl.strip.stage import strip
from etl.strip.version import RULE_VERSION

__all__ = ["RULE_VERSION", "strip"]
