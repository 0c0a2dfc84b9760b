"""Which text of an article is the current one, and what the earlier ones are. A function of the set of its texts.

Nothing here depends on the order in which the texts arrived.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from etl.text import words

_UNKNOWN = datetime.min.replace(tzinfo=UTC)  # sorts before every date


@dataclass(frozen=True, slots=True)
class Text:
    """One text of an article, as one document gave it."""

    document_id: int
    uri: str
    sha256: str
    headline: str | None
    body: str
    text_hash: int
    modified_at: datetime | None  # UTC, to the second
    version_at: datetime | None  # modified_at, else when it was published
    fetched_at: datetime
    rule_version: str
    reason: str = "changed"

    @property
    def order(self) -> tuple[object, ...]:
        """Sort key: the greatest is the current text. What older rules made of a document stands before it."""
        by_rules = (self.is_said, len(self.rule_version), self.rule_version)
        return (self.version_at or _UNKNOWN, self.fetched_at, self.sha256, self.uri, *by_rules)

    @property
    def is_said(self) -> bool:
        """Whether a document says so by the rules it was cleaned with last; what it said by older ones is kept too."""
        return self.reason == "changed"

    @property
    def key(self) -> tuple[int, str]:
        return (self.document_id, self.rule_version)

    @property
    def said(self) -> tuple[int, str | None]:
        """Two documents that agree in this say the same: no version, just another document."""
        return (self.text_hash, self.headline)


@dataclass(frozen=True, slots=True)
class Version:
    """A text that is not the current one, and what the next did to it."""

    text: Text
    replaced_at: datetime
    words_added: int
    words_removed: int


@dataclass(frozen=True, slots=True)
class Chain:
    """All texts of one article."""

    current: Text
    earlier: tuple[Version, ...]  # oldest first


def chain(texts: Iterable[Text], at_hand: Collection[int]) -> Chain:
    """Return the current text and the earlier ones; of those that say the same the greatest stands for all.

    texts    at least one, from different documents; besides, what older rules made of some of them.
    at_hand  documents whose metadata and blocks are there too: only these can be current. It leaves one out
             only while an article is cleaned again document by document.
    """
    greatest: dict[tuple[int, str | None], Text] = {}
    for text in sorted(texts, key=lambda t: (t.is_said, *t.order)):
        greatest[text.said] = text
    ordered = sorted(greatest.values(), key=lambda t: t.order)
    current = [text for text in ordered if text.is_said and text.document_id in at_hand][-1]
    ordered.remove(current)
    pairs = zip(ordered, [*ordered[1:], current], strict=False)
    return Chain(current, tuple(_version(text, following) for text, following in pairs))


def _version(text: Text, following: Text) -> Version:
    before, after = Counter(words(text.body)), Counter(words(following.body))
    return Version(
        text,
        replaced_at=following.modified_at or following.fetched_at,
        words_added=(after - before).total(),
        words_removed=(before - after).total(),
    )
