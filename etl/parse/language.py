"""The language of a document: what it declares, unless its words are plainly those of another."""

from __future__ import annotations

import re

import py3langid

from etl.records import Block
from etl.text import words

_TAG = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]+)*", re.IGNORECASE)
_RENAMED = {"iw": "he", "in": "id", "ji": "yi", "sh": "sr", "mo": "ro"}  # codes that ISO 639 has withdrawn
_FEWEST_WORDS = 20
_SAMPLE_BLOCKS = 8
_SAMPLE_CHARS, _GLANCE_CHARS = 800, 80
# The identifier's score of the declared language over that of the likeliest, both logarithms. Kindred languages and
# dialects stay under 1.1, a page with the wrong tag is over 1.3.
_PLAINLY = 1.25


def code(tag: str | None) -> str | None:
    """Return the ISO 639-1 code of a language tag ("en-GB", "pt_BR"), or None where it holds none."""
    match = _TAG.fullmatch((tag or "").strip())
    if match is None:
        return None
    found = match[1].lower()
    return _RENAMED.get(found, found)


def detect(blocks: tuple[Block, ...]) -> str | None:
    """Return the language of the longest blocks, or None where there are too few words to tell."""
    return next(iter(_scores(_sample(blocks))), None)


def contradicted(declared: str, blocks: tuple[Block, ...]) -> str | None:
    """Return the language of the longest blocks where it is plainly not the declared one, else None."""
    sample = _sample(blocks)
    # A glance at the beginning is enough for nearly all pages; the identifier's time goes by characters.
    if py3langid.classify(sample[:_GLANCE_CHARS])[0] == declared:
        return None
    scores = _scores(sample)
    return next(iter(scores), None) if _doubt(declared, scores) >= _PLAINLY else None


def _doubt(declared: str, scores: dict[str, float]) -> float:
    """Return the score of a language over that of the likeliest, from 1; nothing is said of one that is not known."""
    return scores[declared] / next(iter(scores.values())) if declared in scores else 1.0


def _sample(blocks: tuple[Block, ...]) -> str:
    """Return the longest blocks in reading order, as far as is needed of them."""
    texts = [block.text for block in blocks if not block.hidden]
    longest = sorted(range(len(texts)), key=[*map(len, texts)].__getitem__, reverse=True)[:_SAMPLE_BLOCKS]
    return " ".join([texts[place] for place in sorted(longest)])[:_SAMPLE_CHARS]


def _scores(sample: str) -> dict[str, float]:
    """Return languages with an ISO 639-1 code and their scores, likeliest first; empty where words are too few."""
    if len(words(sample)) < _FEWEST_WORDS:
        return {}
    return {str(name): float(score) for name, score in py3langid.rank(sample) if len(name) == 2}
