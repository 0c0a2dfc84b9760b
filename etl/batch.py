"""One batch of documents: a reference that travels, and what a worker does with it.

A batch may be executed again at any time, by anyone: repeat safety comes from natural keys in the database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from typing import Protocol

from etl import sources
from etl.accounts import SLOWEST, BatchReport, Slow
from etl.db.connect import Database, open_engine
from etl.db.known import known_paragraphs
from etl.db.load import Also, known_documents, store
from etl.db.pages import Page, save_pages
from etl.download import Download, download
from etl.fingerprint import SCHEME
from etl.pipeline import Clock, fold_batch
from etl.records import Folded, RawDocument, Rejected
from etl.refold import Refold, refold_job
from etl.sources import Ref
from etl.strip import RULE_VERSION

KNOWN_BEFORE = "known from an earlier run"  # stands among the reasons for what was rejected then


@dataclass(frozen=True, slots=True)
class Job:
    """A reference to one batch: small, picklable, the same for every worker."""

    database_url: str
    run_id: int
    source: str
    refs: tuple[Ref, ...]
    max_document_bytes: int

    @property
    def label(self) -> str:
        """What a person would call it."""
        return f"{sum(ref.documents for ref in self.refs)} from {self.refs[0].uri}" if self.refs else "nothing"


class Errand(Protocol):
    """A batch of another kind, which knows what it does."""

    @property
    def label(self) -> str: ...

    def do(self) -> BatchReport: ...


AnyJob = Job | Download | Refold | Errand


@dataclass(frozen=True, slots=True)
class _Arrived:
    """What the references of a job stood for, and what the database knows of it."""

    count: int
    raws: Mapping[tuple[str, str], RawDocument]  # by natural key: the same bytes twice are one document
    unread: Sequence[Rejected]
    known: Mapping[tuple[str, str], str]  # natural key -> loaded or rejected, by an earlier run
    pages: Sequence[Page] = ()  # where they came from, if that was the web

    @property
    def rejected_before(self) -> int:
        return sum(outcome == "rejected" for outcome in self.known.values())

    @property
    def bytes_read(self) -> int:
        return sum(len(raw.body) for raw in self.raws.values())


def settled_report(job: Job) -> BatchReport | None:
    """Return the report of a batch that holds nothing new, or None where there is work to do.

    Reading, hashing and one query are all that a rerun costs: too little for a worker.
    raises  Transient when the same call may work in a moment.
    """
    arrived = _read(job, Clock())
    if arrived.unread or len(arrived.known) < len(arrived.raws):
        return None
    before = arrived.rejected_before
    return BatchReport(
        read=arrived.count,
        unchanged=arrived.count - before,
        rejected=before,
        bytes_read=arrived.bytes_read,
        reasons=_reasons([], before, 0),
    )


def fold_job(job: AnyJob) -> BatchReport:
    """Do one batch, of new documents or of stored ones. Safe to repeat, safe to run beside others.

    raises  Transient when the same call may work in a moment.
    """
    if isinstance(job, Refold):
        return refold_job(job, engine_of(job.database_url))
    return _fold_new(job) if isinstance(job, Job | Download) else job.do()


def _fold_new(job: Job | Download) -> BatchReport:
    """Read, fold and load one batch."""
    clock = Clock()
    arrived = _fetch(job, clock) if isinstance(job, Download) else _read(job, clock)
    return _fold(engine_of(job.database_url), job.run_id, arrived, clock)


def fold_documents(
    engine: Database, run_id: int, documents: Sequence[RawDocument | Rejected], also: Also
) -> BatchReport:
    """Fold and load documents that are at hand; `also` is written with them. raises Transient as `fold_job` does."""
    clock = Clock()
    return _fold(engine, run_id, _arrived(documents, engine, clock), clock, also)


def _fold(engine: Database, run_id: int, arrived: _Arrived, clock: Clock, also: Also | None = None) -> BatchReport:
    """Fold and load what arrived and is not known."""
    new = [raw for key, raw in arrived.raws.items() if key not in arrived.known]
    results = list(fold_batch(new, known_paragraphs(engine), clock)) if new else []
    folded = [r for r in results if isinstance(r, Folded)]
    rejected = [*arrived.unread, *(r for r in results if isinstance(r, Rejected))]
    stored = clock.measure("load", lambda: store(engine, run_id, folded, rejected, SCHEME, RULE_VERSION, also=also))
    save_pages(engine, arrived.pages)
    before = arrived.rejected_before
    return BatchReport(
        read=arrived.count,
        loaded=stored.loaded,
        unchanged=arrived.count - stored.loaded - stored.rejected - before,
        rejected=stored.rejected + before,
        bytes_read=arrived.bytes_read,
        reasons=_reasons(rejected, before, stored.rejected),
        rules=dict(sorted(Counter(block.rule for f in folded for block in f.article.removed).items())),
        seconds=clock.seconds,
        slowest=tuple(Slow(f.seconds, f.raw.uri) for f in nlargest(SLOWEST, folded, key=lambda f: f.seconds)),
    )


def _read(job: Job, clock: Clock) -> _Arrived:
    arrived = clock.measure("read", lambda: list(sources.read(job.refs, job.source, job.max_document_bytes)))
    return _arrived(arrived, engine_of(job.database_url), clock)


def _arrived(arrived: Sequence[RawDocument | Rejected], engine: Database, clock: Clock) -> _Arrived:
    raws = {(raw.uri, raw.sha256): raw for raw in arrived if isinstance(raw, RawDocument)}
    known = clock.measure("load", lambda: known_documents(engine, list(raws), RULE_VERSION))
    return _Arrived(len(arrived), raws, [r for r in arrived if isinstance(r, Rejected)], known)


def _fetch(job: Download, clock: Clock) -> _Arrived:
    engine = engine_of(job.database_url)
    found = clock.measure("read", lambda: download(job, engine))
    raws = {(raw.uri, raw.sha256): raw for raw in found.changed}
    known = clock.measure("load", lambda: known_documents(engine, [*raws, *found.same], RULE_VERSION))
    return _Arrived(len(job.urls), raws, found.refused, known, found.pages)


def _reasons(rejected: Sequence[Rejected], before: int, total: int) -> dict[str, int]:
    """Count rejections by stage and reason; those of earlier runs and of loading have names of their own."""
    counts = Counter(f"{r.stage}/{r.reason}" for r in rejected)
    counts[KNOWN_BEFORE] = before
    counts["load/database"] = max(0, total - len(rejected))
    return {name: count for name, count in sorted(counts.items()) if count}


@lru_cache(maxsize=4)
def engine_of(database_url: str) -> Database:
    """Return this process's engine for a database: connections are made once, not once a batch."""
    return open_engine(database_url)
