"""What a batch and a run did, as counts. Every document read ends in exactly one of three numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

Number = TypeVar("Number", int, float)

SLOWEST = 5  # documents named in a report
EXAMPLES = 10  # articles shown of those that change


@dataclass(frozen=True, slots=True)
class Slow:
    """One slow document."""

    seconds: float
    uri: str


@dataclass(frozen=True, slots=True)
class Example:
    """What cleaning again does to one article."""

    identity: str
    headline: str | None
    gone: tuple[str, ...]  # paragraphs that are in its text no more
    back: tuple[str, ...]  # paragraphs that were not


@dataclass(frozen=True, slots=True)
class Changes:
    """What cleaning stored documents again changes, or would change."""

    changed: int = 0  # articles with another text or other metadata
    unchanged: int = 0
    newly_rejected: int = 0  # articles whose document is refused now
    loaded: int = 0  # rejected documents that come through now
    pruned: int = 0  # documents whose bytes are gone: left as they are
    fields: dict[str, int] = field(default_factory=dict)  # column -> articles
    removed: dict[str, int] = field(default_factory=dict)  # rule -> paragraphs that go
    restored: dict[str, int] = field(default_factory=dict)  # rule that had removed them -> paragraphs that come back
    sites: dict[str, int] = field(default_factory=dict)  # publisher -> articles changed or newly rejected
    examples: tuple[Example, ...] = ()  # by identity, at most EXAMPLES

    def plus(self, other: Changes) -> Changes:
        """Return the sum of two."""
        return Changes(
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.newly_rejected + other.newly_rejected,
            self.loaded + other.loaded,
            self.pruned + other.pruned,
            _sum(self.fields, other.fields),
            _sum(self.removed, other.removed),
            _sum(self.restored, other.restored),
            _sum(self.sites, other.sites),
            tuple(sorted(self.examples + other.examples, key=lambda e: e.identity)[:EXAMPLES]),
        )


@dataclass(frozen=True, slots=True)
class Matched:
    """What matching and learning found."""

    compared: int = 0  # articles, each time that it was
    pairs: int = 0  # verified
    learned: int = 0  # paragraphs newly known to repeat across a site
    unlearned: int = 0  # paragraphs that are known so no more

    def plus(self, other: Matched) -> Matched:
        """Return the sum of two."""
        return Matched(
            self.compared + other.compared,
            self.pairs + other.pairs,
            self.learned + other.learned,
            self.unlearned + other.unlearned,
        )


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What one batch did. read = loaded + unchanged + rejected."""

    read: int = 0
    loaded: int = 0
    unchanged: int = 0  # stored by an earlier run, byte for byte
    rejected: int = 0
    bytes_read: int = 0  # of the input, packed as it is where it is read in ranges
    reasons: dict[str, int] = field(default_factory=dict)  # "stage/reason" -> documents
    rules: dict[str, int] = field(default_factory=dict)  # rule -> blocks removed
    seconds: dict[str, float] = field(default_factory=dict)  # stage -> seconds of one core
    slowest: tuple[Slow, ...] = ()  # slowest first, at most SLOWEST
    changes: Changes | None = None  # of a batch of stored documents
    passed: dict[str, int] = field(default_factory=dict)  # what was passed over, and is not counted as read -> number
    undated: int = 0  # documents read without a publication date, where dates were asked for
    matched: Matched = field(default_factory=Matched)  # by the batch itself, so that its later pages profit

    def plus(self, other: BatchReport) -> BatchReport:
        """Return the sum of two reports."""
        return BatchReport(
            self.read + other.read,
            self.loaded + other.loaded,
            self.unchanged + other.unchanged,
            self.rejected + other.rejected,
            self.bytes_read + other.bytes_read,
            _sum(self.reasons, other.reasons),
            _sum(self.rules, other.rules),
            _sum(self.seconds, other.seconds),
            tuple(sorted(self.slowest + other.slowest, key=lambda s: (-s.seconds, s.uri))[:SLOWEST]),
            self.changes.plus(other.changes) if self.changes and other.changes else self.changes or other.changes,
            _sum(self.passed, other.passed),
            self.undated + other.undated,
            self.matched.plus(other.matched),
        )


@dataclass(frozen=True, slots=True)
class BatchFailure:
    """A batch that could not be finished. Nothing is lost: a rerun takes it up again."""

    detail: str  # one line for people


@dataclass(frozen=True, slots=True)
class Trouble:
    """A source that does not do well."""

    name: str
    health: str  # failing, robots-refused, silent, shrinking; "faulty": read, but broken
    detail: str  # one line for people


@dataclass(frozen=True, slots=True)
class Polled:
    """What the sources of a run gave."""

    due: int = 0  # sources that were asked
    unchanged: int = 0  # those that were as they had been
    changed: int = 0
    failed: int = 0
    items_new: int = 0
    items_changed: int = 0
    items_waiting: int = 0  # whose page is still to be read: it could not be had, and is asked for again
    moved: tuple[tuple[str, str], ...] = ()  # name and the address it moved to for good
    troubles: tuple[Trouble, ...] = ()  # by name


@dataclass(frozen=True, slots=True)
class BigStory:
    """One of the largest stories of the database."""

    story_id: int
    headline: str | None
    articles: int


@dataclass(frozen=True, slots=True)
class StoryChange:
    """What matching again does to one story, or to a few."""

    kind: str  # split, merged, led by another
    before: tuple[BigStory, ...]
    after: tuple[BigStory, ...]


@dataclass(frozen=True, slots=True)
class Regrouping:
    """What matching again changes, or would change."""

    scheme: str = ""  # names of the scheme and the matcher by which it was done
    matcher: str = ""
    fingerprinted: int = 0  # articles whose fingerprint was of another scheme
    split: int = 0  # stories whose articles are in several now
    merged: int = 0  # stories that hold the articles of several
    led_by_another: int = 0  # stories of the same articles with another lead
    moved: int = 0  # articles in another story
    examples: tuple[StoryChange, ...] = ()  # of each kind at most EXAMPLES, the largest first


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a takedown removed."""

    articles: int = 0
    documents: int = 0  # with their bytes
    marks: int = 0  # hashes by which it is kept out


@dataclass(frozen=True, slots=True)
class Check:
    """One measure of what a run brought, against the history of its source."""

    source: str | None  # None: the whole database
    metric: str  # see v_quality
    documents: int  # that it was measured on
    value: float
    usual: float | None = None  # median of the history; None: too little of it
    alarm: bool = False
    fresh: bool = False  # an alarm that the check before was not


@dataclass(frozen=True, slots=True)
class RunReport:
    """What one run did: the sum of its batches, and what matching made of it."""

    run_id: int  # 0: a dry run, which leaves no row
    flow: str
    database: str  # address, secrets masked
    started_at: datetime  # UTC
    wall_seconds: float
    batches: BatchReport
    failed_batches: tuple[BatchFailure, ...] = ()
    ignored_files: int = 0  # files of other kinds in the folders that were read
    articles_matched: int = 0  # articles that were new or changed, and so compared
    pairs: int = 0  # verified pairs among them
    known_learned: int = 0  # paragraphs newly known to repeat across a site
    known_unlearned: int = 0  # paragraphs that were known so and are no more
    cleaned_again: int = 0  # articles of these sites that were cleaned again for it
    unsettled: int = 0  # articles still to be cleaned again when the run gave up; the next run goes on
    articles: int = 0  # in the database after the run
    stories: int = 0
    copies: int = 0
    largest: tuple[BigStory, ...] = ()
    oversized: int = 0  # stories of more articles than `story_size_alarm`
    story_size_alarm: int = 0
    regrouping: Regrouping | None = None  # of a run that matched everything again
    polled: Polled | None = None  # of a poll
    forgotten: Forgotten | None = None  # of a takedown
    alarms: tuple[Check, ...] = ()  # of the data: what is far from what is usual

    @property
    def status(self) -> str:
        """Return "done", or "failed" if a batch could not be finished."""
        return "failed" if self.failed_batches else "done"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is, for a progress bar."""

    phase: str  # fold, match, refold, fingerprint
    done_bytes: int
    total_bytes: int
    documents: int


def _sum(left: Mapping[str, Number], right: Mapping[str, Number]) -> dict[str, Number]:
    return {key: left.get(key, 0) + right.get(key, 0) for key in sorted({*left, *right})}
