"""What there is to say of two articles beside each other, whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass

from etl.records import ParagraphPair, Passage, Relation
from etl.report.side_by_side import Row
from etl.report.words import many


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two articles."""

    article_id: int
    headline: str | None
    publisher: str | None
    published: str | None  # ISO 8601, as far as it is known
    address: str
    story_id: int | None
    role: str | None
    words: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two articles, what they share and why that makes them one story or not. Shares are 0..1."""

    left: Side
    right: Side
    relation: Relation | None  # None: they share nothing worth a note
    stored: bool  # the pair stands in the database; else it was compared just now
    same_story: bool
    jaccard: float
    containment: float
    coverage: float
    shared_paragraphs: int
    reasons: tuple[str, ...]
    passages: tuple[Passage, ...]
    paragraphs: tuple[ParagraphPair, ...]
    rows: tuple[Row, ...]

    @property
    def verdict(self) -> str:
        """Return in one line what they are to each other."""
        joined = "in one story" if self.same_story else "not joined"
        return f"{(self.relation or 'nothing shared').replace('_', ' ')}, {joined}"

    @property
    def scores(self) -> str:
        """Return the numbers in one line."""
        return (
            f"contained {self.containment:.2f}, covered {self.coverage:.2f}, jaccard {self.jaccard:.2f}, "
            f"{many(len(self.passages), 'shared passage')}, {many(self.shared_paragraphs, 'equal paragraph')}"
        )
