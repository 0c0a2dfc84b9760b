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
from etl.strip.reading import read
from etl.text import word_spans

Mode = Literal["whole", "edge", "label", "start", "lead", "names", "holds"]
Words = tuple[str, ...]
_Row = tuple[Words, str, Mode]  # phrase, section, mode
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


class Index:
    """Phrases by their words: looking one up costs the same however many there are."""

    def __init__(self, rows: Iterable[_Row]) -> None:
        grouped: defaultdict[Words, list[tuple[str, Mode]]] = defaultdict(list)
        for phrase, section, mode in sorted(rows):
            grouped[phrase].append((section, mode))
        self._rows = dict(grouped)
        self._lengths: dict[str, list[int]] = {}  # first word -> words of the phrases that it opens, ascending
        for first, length in sorted({(phrase[0], len(phrase)) for phrase in grouped}):
            self._lengths.setdefault(first, []).append(length)

    def may_open(self, line: Words) -> bool:
        """Return whether a line begins with the first word of a phrase."""
        return line[0] in self._lengths

    def may_hold(self, line: Words) -> bool:
        """Return whether the first word of a phrase stands anywhere in a line."""
        return not self._lengths.keys().isdisjoint(line)

    def at(self, line: Words, start: int) -> Iterable[_Row]:
        """Yield the phrases that stand in a line from this word on, the shortest first."""
        for length in self._lengths.get(line[start], ()):
            if start + length > len(line):
                return
            phrase = line[start : start + length]
            for section, mode in self._rows.get(phrase, ()):
                yield phrase, section, mode

    def anywhere(self, line: Words) -> Iterable[_Row]:
        """Yield the phrases that stand anywhere in a line, in its order."""
        for start, word in enumerate(line):
            if word in self._lengths:
                yield from self.at(line, start)


@dataclass(frozen=True, slots=True)
class Phrases:
    """All languages together."""

    opening: Index  # phrases that a line is or begins with
    holding: Index  # phrases that may stand anywhere in it
    vocabulary: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)  # (section, key) -> entries

    def hits(self, text: str) -> tuple[Hit, ...]:
        """Return every phrase that a line is, is labelled with, begins with or, where it is short, holds."""
        row = read(text).words
        if not 0 < len(row) <= _LONGEST_PROMPT_WORDS:
            return ()
        line = numbered(row)
        found = list(self._opened(line, text)) if self.opening.may_open(line) else []
        if len(line) <= _LONGEST_HOLDING_WORDS and self.holding.may_hold(line) and not _QUOTED.search(text):
            held = self.holding.anywhere(line)
            found.extend(Hit(section, mode, " ".join(phrase), False) for phrase, section, mode in held)
        return tuple(found)

    def _opened(self, line: Words, text: str) -> Iterable[Hit]:
        for phrase, section, mode in self.opening.at(line, 0):
            if _fits(mode, len(phrase), len(line), text) and not (section == "source" and _is_told(text)):
                whole = len(phrase) == len(line) or (mode == "lead" and ":" not in text)
                yield Hit(section, mode, " ".join(phrase), whole)

    def entries(self, section: str, key: str) -> frozenset[str]:
        """Return one list of a section, of all languages together."""
        return self.vocabulary.get((section, key), frozenset())


def numbered(line: Sequence[str]) -> Words:
    """Return the words with each number as "#"."""
    return tuple(["#" if w.isdigit() else w for w in line] if any(map(str.isdigit, line)) else line)


def _is_told(text: str) -> bool:
    """Return whether a line goes on as a sentence behind its label: "Sources: bank to cut jobs" is a headline."""
    told = text.partition(":")[2].strip()
    return told[:1].islower() and " " in told


def _fits(mode: Mode, phrase_words: int, line_words: int, text: str) -> bool:
    if mode in ("whole", "edge"):
        return line_words == phrase_words
    if mode == "label":
        return line_words <= _LONGEST_LABELLED_WORDS and _label_words(text) == phrase_words
    if mode == "lead":
        return line_words <= _LONGEST_LEAD_WORDS and text.rstrip()[-1].isalnum()
    if mode == "names" and not _is_high(text, phrase_words):
        return False
    return line_words <= _LONGEST_PROMPT_WORDS and not _SAID.match(text)


def _label_words(text: str) -> int:
    """Return the words in front of a colon; 0: there is none."""
    front, colon, _ = text.partition(":")
    return len(read(front).words) if colon else 0


def _is_high(text: str, index: int) -> bool:
    """Return whether the text has a word with this index, and it begins with a capital."""
    spans = word_spans(text)
    return index < len(spans) and text[spans[index][1]].isupper()


@cache
def load() -> Phrases:
    """Return the phrases that ship with newsfold. Read once."""
    rows: set[_Row] = set()
    vocabulary: _Vocabulary = defaultdict(set)
    folder = seeds() / "phrases"
    for file in sorted(folder.glob("??.toml")):
        for section, lists in tomllib.loads(file.read_text("utf-8")).items():
            _add(section, lists, rows, vocabulary)
    return Phrases(
        Index(row for row in rows if row[2] != "holds"),
        Index(row for row in rows if row[2] == "holds"),
        {key: frozenset(entries) for key, entries in vocabulary.items()},
    )


def _add(section: str, lists: Mapping[str, list[str]], rows: set[_Row], vocabulary: _Vocabulary) -> None:
    for key, entries in lists.items():
        for entry in entries:
            line = numbered(read(entry.replace("#", "0")).words)
            if key in _MODES and line:
                rows.add((line, section, key))
            vocabulary[section, key].add(" ".join(line) if key in _MODES else entry)
