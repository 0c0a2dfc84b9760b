"""The language of a document: what it declares, else what its words look like."""

from __future__ import annotations

import re

import py3langid

from etl.records import Block
from etl.text import words

_TAG = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]+)*", re.IGNORECASE)
_RENAMED = {"iw": "he", "in": "id", "ji": "yi", "sh": "sr", "mo": "ro"}  # codes that ISO 639 has withdrawn
_FEWEST_WORDS = 20
_SAMPLE_CHARS = 2000


def code(tag: str | None) -> str | None:
    """Return the ISO 639-1 code of a language tag ("en-GB", "pt_BR"), or None where it holds none."""
    match = _TAG.fullmatch((tag or "").strip())
    if match is None:
        return None
    found = match[1].lower()
    return _RENAMED.get(found, found)


def detect(blocks: tuple[Block, ...]) -> str | None:
    """Return the language of the longest blocks, or None where there are too few words to tell."""
    longest = sorted((b for b in blocks if not b.hidden), key=lambda b: (-len(b.text), b.position))[:8]
    sample = " ".join(block.text for block in sorted(longest, key=lambda b: b.position))[:_SAMPLE_CHARS]
    return str(py3langid.classify(sample)[0]) if len(words(sample)) >= _FEWEST_WORDS else None
