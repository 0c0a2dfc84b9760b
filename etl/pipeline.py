"""The stages above the database, in order: raw documents in, folded or rejected ones out.

Pure: what comes out depends on the documents and on `known` alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from etl.errors import Reject
from etl.fingerprint import fingerprint
from etl.parse import parse
from etl.records import CleanArticle, Folded, KnownParagraphs, ParsedDocument, RawDocument, Rejected
from etl.strip import strip

T = TypeVar("T")

FINGERPRINT_CHUNK = 64  # articles hashed in one sweep: their shingles stay in the processor's cache


@dataclass(slots=True)
class Clock:
    """Processor seconds of this thread by stage, summed while a batch runs."""

    seconds: dict[str, float] = field(default_factory=dict)

    def measure(self, stage: str, work: Callable[[], T]) -> T:
        start = time.thread_time()
        try:
            return work()
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.thread_time() - start


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A document after parse and strip."""

    raw: RawDocument
    charset: str
    article: CleanArticle
    seconds: float  # of one core


def clean(raw: RawDocument, known: KnownParagraphs, clock: Clock) -> Cleaned | Rejected:
    """Parse and strip one document. Whatever goes wrong with it ends as a rejection."""
    stage = "parse"
    start = time.thread_time()
    try:
        document = clock.measure("parse", lambda: parse(raw))
        stage = "strip"
        article = clock.measure("strip", lambda: _strip(document, known))
    except Reject as err:
        return Rejected(raw.uri, err.stage, err.reason, err.detail, raw)
    except Exception as err:  # noqa: BLE001 - a fault of ours with one document must not cost the others
        return Rejected(raw.uri, stage, "fault", _one_line(err), raw)
    return Cleaned(raw, document.charset, article, time.thread_time() - start)


def _strip(document: ParsedDocument, known: KnownParagraphs) -> CleanArticle:
    """Strip one document. What is known of its site may shorten an article, never refuse one."""
    try:
        return strip(document, known)
    except Reject:
        if not known.of(document.metadata.publisher):
            raise
        return strip(document, KnownParagraphs())


def fold_batch(
    raws: Iterable[RawDocument], known: KnownParagraphs, clock: Clock | None = None
) -> Iterator[Folded | Rejected]:
    """Take documents through all stages above the database.

    Yields one result a document; rejections may overtake articles that wait for their chunk.
    """
    clock = clock or Clock()
    waiting: list[Cleaned] = []
    for raw in raws:
        result = clean(raw, known, clock)
        if isinstance(result, Rejected):
            yield result
            continue
        waiting.append(result)
        if len(waiting) == FINGERPRINT_CHUNK:
            yield from _sign(waiting, clock)
            waiting = []
    yield from _sign(waiting, clock)


def fold(raw: RawDocument, known: KnownParagraphs) -> Folded | Rejected:
    """Take one document through all stages above the database."""
    return next(fold_batch([raw], known))


def _sign(cleaned: Sequence[Cleaned], clock: Clock) -> Iterator[Folded | Rejected]:
    """Fingerprint articles together; if that fails, one by one, so that only the culprit is rejected."""
    if not cleaned:
        return
    try:
        prints = clock.measure("fingerprint", lambda: fingerprint([c.article for c in cleaned]))
    except Exception as err:  # noqa: BLE001 - as in clean()
        if len(cleaned) == 1:
            yield Rejected(cleaned[0].raw.uri, "fingerprint", "fault", _one_line(err), cleaned[0].raw)
        else:
            for one in cleaned:
                yield from _sign([one], clock)
        return
    for one, made in zip(cleaned, prints, strict=True):
        yield Folded(one.raw, one.charset, one.article, made, one.seconds)


def _one_line(err: Exception) -> str:
    return " ".join(f"{type(err).__name__}: {err}".split())[:500]
