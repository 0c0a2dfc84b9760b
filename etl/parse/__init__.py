"""Bytes of a page, a text or a JSON line -> metadata and blocks in reading order."""

from __future__ import annotations

from etl.parse.document import parse

__all__ = ["parse"]
