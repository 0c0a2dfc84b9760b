"""A whole document as the rules see it: its lines, where its prose is, its headline, its body."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from etl.records import KnownParagraphs, Metadata, ParsedDocument
from etl.strip.body import Choice
from etl.strip.facts import HEADINGS, Line, lines_of
from etl.strip.head import Head, find_head
from etl.strip.lines.decide import told
from etl.strip.lines.model import LineModel
from etl.strip.voices import Sight, look, settle


@dataclass(frozen=True, slots=True)
class Page:
    """Everything a rule may know. Rules read it and see nothing of one another."""

    plain: bool  # a text dump: one element, lines
    lines: tuple[Line, ...]
    near: tuple[Line, ...]  # those that were read in full; what stands far from the story has no phrases
    metadata: Metadata  # given or found by parse
    head: Head
    choice: Choice
    first_prose: int  # index of the first line of firm prose in the body; len(lines) if there is none
    last_prose: int  # index of the last one; -1
    known: frozenset[int]
    saying: Mapping[str, Sequence[Line]]  # section of phrases -> the near lines with one of them
    parts: Mapping[str, Sequence[int]]  # rule -> lines in elements whose names say that they belong to it

    def before(self, index: int) -> bool:
        """Return whether a line stands in front of the prose."""
        return index < self.first_prose

    def after(self, index: int) -> bool:
        """Return whether a line stands behind the prose."""
        return index > self.last_prose

    def at_edge(self, index: int) -> bool:
        """Return whether a line stands before or after the prose, not between two paragraphs."""
        return not self.first_prose <= index <= self.last_prose

    def in_body(self, index: int) -> bool:
        """Return whether a line is inside the chosen body; in plain text all are that the model does not leave out."""
        return index in self.choice.body

    def in_reach(self, index: int) -> bool:
        """Return whether a line is inside the body or close enough to it for the story's own byline."""
        return index in self.choice.body or index in self.choice.beside

    def is_heading(self, line: Line) -> bool:
        """Return whether a line is marked as a heading."""
        return line.kind == "heading" or line.tag in HEADINGS


def survey(document: ParsedDocument, known: KnownParagraphs) -> Page:
    """Return the page of a document whose inline leftovers were cut loose."""
    return survey_near(document, known, look(document))


def survey_near(
    document: ParsedDocument, known: KnownParagraphs, sight: Sight | None, model: LineModel | None = None
) -> Page:
    """Return the page of such a document; where the model has seen its story, only what is near is read in full.

    model  that chooses the lines of a plain text; None: the one that ships with newsfold.
    """
    lines = lines_of(document.blocks, document.elements, sight.near if sight else None)
    plain = document.media_type == "text/plain"
    choice = told(lines, document.metadata.headline, model) if plain else settle(document, lines, sight)
    head = find_head(document, lines, choice)
    first, last = _prose_span(lines, choice, head)
    near = lines if sight is None else tuple(x for x in lines if x.index in sight.near)
    return Page(
        plain,
        lines,
        near,
        document.metadata,
        head,
        choice,
        first,
        last,
        known.of(document.metadata.publisher),
        _by_section(near),
        _by_family(choice),
    )


def _by_section(lines: Iterable[Line]) -> Mapping[str, Sequence[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        for section in {hit.section for hit in line.hits}:
            found.setdefault(section, []).append(line)
    return found


def _by_family(choice: Choice) -> Mapping[str, Sequence[int]]:
    found: dict[str, list[int]] = {}
    for index, family in sorted(choice.family_of.items()):
        found.setdefault(family, []).append(index)
    return found


def _prose_span(lines: Sequence[Line], choice: Choice, head: Head) -> tuple[int, int]:
    beside = {*head.headline_at, *head.standfirst_at}
    prose = [x.index for x in lines if x.firm and x.index in choice.body and x.index not in beside]
    return (prose[0], prose[-1]) if prose else (len(lines), -1)
