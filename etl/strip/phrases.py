"""The phrases of seeds/phrases: what leftovers of a page say of themselves, in all languages at once.

A page mixes languages (a Ukrainian story under an English share bar), so every line is held against
every language. Lines and phrases meet in the normal form of `etl.text`, with each number as "#".
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from etl.resources import seeds
from etl.text import word_spans, words

Mode = Literal["whole", "edge", "label", "start", "lead", "names", "holds"]
_ByFirst = defaultdict[str, set[tuple[tuple[str, ...], str, Mode]]]
_Vocabulary = defaultdict[tuple[str, str], set[str]]
_MODES: tuple[Mode, ...] = ("whole", "edge", "label", "start", "lead", "names", "holds")

# A line that only begins with a phrase is a prompt; a paragraph that does is prose with bad luck.
_LONGEST_PROMPT_WORDS = 45
_LONGEST_LABELLED_WORDS = 30
_LONGEST_LEAD_WORDS = 8
_LONGEST_HOLDING_WORDS = 24
_SAID = re.compile('["“„«].*["”“»].')  # a prompt does not begin with a quotation
_QUOTED = re.compile('["“”„«»]')  # what people say may hold any phrase


@dataclass(frozen=True, slots=True)
class Hit:
    """One phrase found in a line."""

    section: str
    mode: Mode
    phrase: str
    whole: bool  # the phrase is all there is to the line


@dataclass(frozen=True, slots=True)
class Phrases:
    """All languages together, indexed by the first word of each phrase."""

    by_first: Mapping[str, tuple[tuple[tuple[str, ...], str, Mode], ...]]
    vocabulary: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)  # (section, key) -> entries

    def hits(self, text: str) -> tuple[Hit, ...]:
        """Return every phrase that a line is, is labelled with, begins with or, where it is short, holds."""
        line = numbered(words(text))
        if not line:
            return ()
        front, colon, rest = text.partition(":")
        label = len(words(front)) if colon else 0
        found = []
        for phrase, section, mode in self.by_first.get(line[0], ()):
            if mode == "holds" or line[: len(phrase)] != phrase:
                continue
            if _fits(mode, len(phrase), len(line), label, text) and not (section == "source" and _is_told(rest)):
                whole = len(phrase) == len(line) or (mode == "lead" and ":" not in text)
                found.append(Hit(section, mode, " ".join(phrase), whole))
        if len(line) <= _LONGEST_HOLDING_WORDS and not _QUOTED.search(text):
            found.extend(self._held(line))
        return tuple(found)

    def _held(self, line: tuple[str, ...]) -> Iterable[Hit]:
        for at, first in enumerate(line):
            for phrase, section, mode in self.by_first.get(first, ()):
                if mode == "holds" and line[at : at + len(phrase)] == phrase:
                    yield Hit(section, mode, " ".join(phrase), False)

    def entries(self, section: str, key: str) -> frozenset[str]:
        """Return one list of a section, of all languages together."""
        return self.vocabulary.get((section, key), frozenset())


def numbered(line: Sequence[str]) -> tuple[str, ...]:
    """Return the words with each number as "#"."""
    return tuple("#" if w[0].isdigit() and w.isdigit() else w for w in line)


def _is_told(rest: str) -> bool:
    """Return whether a line goes on as a sentence behind its label: "Sources: bank to cut jobs" is a headline."""
    told = rest.strip()
    return told[:1].islower() and " " in told


def _fits(mode: Mode, phrase_words: int, line_words: int, label_words: int, text: str) -> bool:
    if mode in ("whole", "edge"):
        return line_words == phrase_words
    if mode == "label":
        return label_words == phrase_words and line_words <= _LONGEST_LABELLED_WORDS
    if mode == "lead":
        return line_words <= _LONGEST_LEAD_WORDS and text.rstrip()[-1].isalnum()
    if mode == "names" and not _is_high(text, phrase_words):
        return False
    return line_words <= _LONGEST_PROMPT_WORDS and not _SAID.match(text)


def _is_high(text: str, index: int) -> bool:
    """Return whether the text has a word with this index, and it begins with a capital."""
    spans = word_spans(text)
    return index < len(spans) and text[spans[index][1]].isupper()


@cache
def load() -> Phrases:
    """Return the phrases that ship with newsfold. Read once."""
    by_first: _ByFirst = defaultdict(set)
    vocabulary: _Vocabulary = defaultdict(set)
    folder = seeds() / "phrases"
    for file in sorted(folder.glob("??.toml")):
        for section, lists in tomllib.loads(file.read_text("utf-8")).items():
            _add(section, lists, by_first, vocabulary)
    return Phrases(
        {first: tuple(sorted(rows)) for first, rows in by_first.items()},
        {key: frozenset(entries) for key, entries in vocabulary.items()},
    )


def _add(section: str, lists: Mapping[str, list[str]], by_first: _ByFirst, vocabulary: _Vocabulary) -> None:
    for key, entries in lists.items():
        for entry in entries:
            line = numbered(words(entry.replace("#", "0")))
            if key in _MODES and line:
                by_first[line[0]].add((line, section, key))
            vocabulary[section, key].add(" ".join(line) if key in _MODES else entry)
