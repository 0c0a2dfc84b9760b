"""The language of a document: what it declares, unless its words are plainly those of another."""

from __future__ import annotations

import re

from etl.parse import identifier
from etl.records import Block
from etl.text import words

_TAG = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]+)*", re.IGNORECASE)
_RENAMED = {"iw": "he", "in": "id", "ji": "yi", "sh": "sr", "mo": "ro"}  # codes that ISO 639 has withdrawn
_FEWEST_WORDS = 20
_SAMPLE_BLOCKS = 8
_SAMPLE_CHARS, _GLANCE_CHARS = 800, 80
# The words that a text of a language cannot do without. The identifier takes a fifth of a millisecond a page:
# most texts tell by these words alone.
_COMMON = {
    language: frozenset(row.split())
    for language, row in {
        "en": "the of to and in that is for on with was said it from has have are be by as at his her they",
        "de": "der die und das den von mit ist im auf für nicht ein eine dem des sich auch es an als zu hat wird",
        "fr": "le la les des et en du une un que dans pour est qui par sur pas au plus avec ce il sont a",
        "es": "el la los de que y en las del por con una se un para es no su al lo como más pero",
        "it": "di che la il e per un una del con della non sono da in si è al le ha dei nel",
        "pt": "o de que e a do da em um para uma com não os no na se por mais as dos ao foi",
        "nl": "de het een van en in dat op voor met is zijn niet aan te die er ook om door maar",
        "pl": "w i na nie się z do że jest od o to jak po za przez są oraz ale dla",
        "ru": "в и на не что с по как это из за он а к для от его но был до или",
        "uk": "в і на не що з до за та про це у й від як для його але був або",
        "sv": "och att det som en på är av för den med till inte om ett har de",
        "no": "og i det som en på er av for med til å ikke har de den at om fra seg men",
        "da": "og i at det er en af på til med den der for ikke har de som et om sig fra",
        "tr": "ve bir bu için ile de da olarak çok daha olan gibi sonra en ne",
    }.items()
}
_WITH = {  # a common word -> the languages that have it
    word: [language for language, common in _COMMON.items() if word in common]
    for word in frozenset().union(*_COMMON.values())
}
# Scripts that one language of the press is written in; Japanese by its syllables, a third of its letters at least.
_SCRIPTS = {
    "ja": re.compile("[\u3040-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7a3]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
}
_SCRIPT_SHARE = 0.3
_CLEAR_SHARE, _CLEAR_TIMES = 0.15, 1.6
_SOME_SHARE = 0.03
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
    sample = _sample(blocks)
    return _clear(sample) or next(iter(_scores(sample)), None)


def _clear(sample: str, declared: str | None = None) -> str | None:
    """Return the language that the commonest words speak for: enough of them, and far more than for any other.

    For a language that is declared it is enough that no other has more.
    """
    spoken = words(sample)
    if len(spoken) < _FEWEST_WORDS:
        return None
    if script := _written_in(sample):
        return script
    counts = dict.fromkeys(_COMMON, 0)
    for word in filter(_WITH.__contains__, spoken):
        for language in _WITH[word]:
            counts[language] += 1
    first, second = sorted(counts, key=counts.__getitem__, reverse=True)[:2]
    if counts.get(declared or "", 0) == counts[first] >= _SOME_SHARE * len(spoken):
        return declared
    is_clear = counts[first] >= _CLEAR_SHARE * len(spoken) and counts[first] >= _CLEAR_TIMES * counts[second]
    return first if is_clear else None


def _written_in(sample: str) -> str | None:
    """Return the language whose own script a text is in."""
    if sample.isascii():
        return None
    enough = _SCRIPT_SHARE * sum(map(str.isalpha, sample))
    return next((language for language, script in _SCRIPTS.items() if len(script.findall(sample)) > enough), None)


def contradicted(declared: str, blocks: tuple[Block, ...]) -> str | None:
    """Return the language of the longest blocks where it is plainly not the declared one, else None."""
    sample = _sample(blocks)
    plain = _clear(sample, declared)
    if plain and (plain == declared or declared in _COMMON):
        return plain if plain != declared else None
    # A glance at the beginning is enough for nearly all pages; the identifier's time goes by characters.
    if identifier.classify(sample[:_GLANCE_CHARS]) == declared:
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
    return {name: score for name, score in identifier.rank(sample) if len(name) == 2}
