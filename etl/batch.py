"""One batch of documents: a reference that travels, and what a worker does with it.

A batch may be executed again at any time, by anyone: repeat safety comes from natural keys in the database.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from heapq import nlargest
from pathlib import Path
from typing import Protocol

from etl import log, sources
from etl.accounts import SLOWEST, BatchReport, Slow
from etl.db.connect import Database, open_engine
from etl.db.load import Also, Stored, known_documents
from etl.db.pages import Page, save_pages
from etl.db.ranges import Finished, finish_range
from etl.download import Download, download
from etl.errors import Transient, Unreachable
from etl.loading import Loader
from etl.pipeline import Clock
from etl.records import RawDocument, Rejected
from etl.refold import Refold, refold_job
from etl.sources import Passed, Ref
from etl.sources.ref import file_state, is_object
from etl.sources.wanted import EVERYTHING, OUTSIDE, Wanted
from etl.strip import RULE_VERSION

PORTION_DOCUMENTS = 500  # in memory at the same time, of a batch that turns out larger than it seemed
PORTION_BYTES = 16 << 20  # likewise; what is made of them takes several times as much
KNOWN_BEFORE = "known from an earlier run"  # stands among the reasons for what was rejected then


@dataclass(frozen=True, slots=True)
class Job:
    """A reference to one batch: small, picklable, the same for every worker."""

    database_url: str
    run_id: int
    source: str
    refs: tuple[Ref, ...]
    max_document_bytes: int
    wanted: Wanted = EVERYTHING

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
    """A portion of what the references of a job stand for, and what the database knows of it."""

    times: Counter[tuple[str, str]]  # natural key -> how often: the same bytes twice are one document
    raws: Mapping[tuple[str, str], RawDocument]  # by natural key
    unread: Sequence[Rejected]
    known: Mapping[tuple[str, str], str]  # natural key -> loaded or rejected, by an earlier run
    passed: Mapping[str, int] = field(default_factory=dict)
    pages: Sequence[Page] = ()  # where they came from, if that was the web

    @property
    def any(self) -> bool:
        return bool(self.times or self.unread or self.passed)

    @property
    def count(self) -> int:
        return self.times.total() + len(self.unread)

    @property
    def rejected_before(self) -> int:
        return sum(outcome == "rejected" for outcome in self.known.values())

    @property
    def bytes_read(self) -> int:
        return sum(len(raw.body) for raw in self.raws.values())


def settled_report(job: Job) -> BatchReport | None:
    """Return the report of a batch of single files that holds nothing new, or None where there is work to do.

    Reading, hashing and one query are all that a rerun costs: too little for a worker.
    raises  Transient when the same call may work in a moment.
    """
    if any(is_resumable(ref) or is_object(ref.uri) for ref in job.refs):
        return None  # of a large file what is finished was left out already; an object is not fetched twice for it
    stream, total = sources.read(job.refs, job.source, job.max_document_bytes, job.wanted.columns), BatchReport()
    engine = engine_of(job.database_url)
    while (arrived := _next_portion(stream, engine, Clock())).any:
        if arrived.unread or len(arrived.known) < len(arrived.raws):
            return None
        total = total.plus(_nothing_new(arrived))
    return total


def _nothing_new(arrived: _Arrived) -> BatchReport:
    before = arrived.rejected_before
    return BatchReport(
        read=arrived.count,
        unchanged=arrived.count - before,
        rejected=before,
        bytes_read=arrived.bytes_read,
        reasons=_reasons([], before, Stored(0, 0)),
        passed=_positive(arrived.passed),
    )


def fold_job(job: AnyJob) -> BatchReport:
    """Do one batch, of new documents or of stored ones. Safe to repeat, safe to run beside others.

    raises  Transient when the same call may work in a moment.
    """
    if isinstance(job, Refold):
        return refold_job(job, engine_of(job.database_url))
    return _fold_new(job) if isinstance(job, Job | Download) else job.do()


def _fold_new(job: Job | Download) -> BatchReport:
    return _fold_download(job) if isinstance(job, Download) else _fold_read(job)


def _fold_read(job: Job) -> BatchReport:
    """Read, fold and load one batch: each range of a large file by itself, so that it can be told finished."""
    plain = [ref for ref in job.refs if not is_resumable(ref)]
    total = _fold_refs(job, plain)[0] if plain else BatchReport()
    for ref in (ref for ref in job.refs if is_resumable(ref)):
        report, whole = _fold_refs(job, [ref])
        total = total.plus(replace(report, bytes_read=ref.end - ref.start))
        if whole and file_state(Path(ref.path)) == ref.state:
            done = Finished(ref.start, ref.end, report.read, report.rejected, report.passed)
            finish_range(engine_of(job.database_url), job.run_id, ref.uri, range_state(job, ref.state), done)
    return total


def is_resumable(ref: Ref) -> bool:
    """Return whether a reference is a range of a file that stays where it is."""
    return bool(ref.state) and ref.uri.startswith("file:")


def range_state(job: Job, file_state_: str) -> str:
    """Return a hash of all that decides what becomes of a range."""
    told = (file_state_, RULE_VERSION, job.max_document_bytes, job.wanted, job.source)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def _fold_refs(job: Job, refs: Sequence[Ref]) -> tuple[BatchReport, bool]:
    """Fold what references stand for, a portion at a time, and tell whether all of it could be read."""
    stream = sources.read(refs, job.source, job.max_document_bytes, job.wanted.columns)
    engine = engine_of(job.database_url)
    total, whole = BatchReport(), True
    while True:
        clock = Clock()
        arrived = _next_portion(stream, engine, clock)
        if not arrived.any:
            return total, whole
        total = total.plus(_fold(engine, job.run_id, job.wanted, arrived, clock))
        whole = whole and not any(one.reason == "unreadable" for one in arrived.unread)


def _fold_download(job: Download) -> BatchReport:
    """Fetch, fold and load one batch of addresses."""
    clock, engine = Clock(), engine_of(job.database_url)
    found = clock.measure("read", lambda: download(job, engine))
    raws = {(raw.uri, raw.sha256): raw for raw in found.changed}
    times = Counter([*((raw.uri, raw.sha256) for raw in found.changed), *found.same])
    known = clock.measure("load", lambda: known_documents(engine, [*raws, *found.same], RULE_VERSION))
    arrived = _Arrived(times, raws, found.refused, known, pages=found.pages)
    return _fold(engine, job.run_id, job.wanted, arrived, clock)


def fold_documents(
    engine: Database, run_id: int, documents: Sequence[RawDocument | Rejected], also: Also
) -> BatchReport:
    """Fold and load documents that are at hand; `also` is written with them. raises Transient as `fold_job` does."""
    clock = Clock()
    return _fold(engine, run_id, EVERYTHING, _arrived(documents, engine, clock), clock, also)


def _fold(
    engine: Database, run_id: int, wanted: Wanted, arrived: _Arrived, clock: Clock, also: Also | None = None
) -> BatchReport:
    """Fold and load what arrived and is not known."""
    new = [raw for key, raw in arrived.raws.items() if key not in arrived.known]
    done = Loader(engine, run_id, wanted, clock).fold_and_load(new, arrived.unread, also)
    folded, stored = done.folded, done.stored
    save_pages(engine, arrived.pages)
    _log(run_id, arrived, done.rejected, stored)
    before = arrived.rejected_before
    read = arrived.count - sum(arrived.times[(f.raw.uri, f.raw.sha256)] for f in done.outside)
    undated = sum(f.article.metadata.published is None for f in folded) if wanted.narrows else 0
    return BatchReport(
        read=read,
        loaded=stored.loaded,
        unchanged=read - stored.loaded - stored.rejected - before,
        rejected=stored.rejected + before,
        bytes_read=arrived.bytes_read,
        reasons=_reasons(done.rejected, before, stored),
        rules=dict(sorted(Counter(block.rule for f in folded for block in f.article.removed).items())),
        seconds=clock.seconds,
        slowest=tuple(Slow(f.seconds, f.raw.uri) for f in nlargest(SLOWEST, folded, key=lambda f: f.seconds)),
        passed=_positive({**arrived.passed, OUTSIDE: arrived.count - read}),
        undated=undated,
        matched=done.matched,
    )


def _log(run_id: int, arrived: _Arrived, rejected: Sequence[Rejected], stored: Stored) -> None:
    for one in rejected:
        sha256 = one.raw.sha256 if one.raw else None
        named = {"document": log.address(one.uri), "sha256": sha256, "stage": one.stage, "reason": one.reason}
        log.info("document rejected", run_id=run_id, **named)
    log.info("batch done", run_id=run_id, read=arrived.count, loaded=stored.loaded, rejected=stored.rejected)


def _next_portion(stream: Iterator[RawDocument | Rejected | Passed], engine: Database, clock: Clock) -> _Arrived:
    """Read the next portion, and look up what the database knows of it; nothing has arrived at the end."""
    return _arrived(clock.measure("read", lambda: list(_portion(stream))), engine, clock)


def _arrived(taken: Sequence[RawDocument | Rejected | Passed], engine: Database, clock: Clock) -> _Arrived:
    raws = [raw for raw in taken if isinstance(raw, RawDocument)]
    keys = [(raw.uri, raw.sha256) for raw in raws]  # hashed once: a page takes a tenth of a millisecond
    by_key = dict(zip(keys, raws, strict=True))
    known = clock.measure("load", lambda: known_documents(engine, list(by_key), RULE_VERSION)) if by_key else {}
    return _Arrived(
        Counter(keys),
        by_key,
        [one for one in taken if isinstance(one, Rejected)],
        known,
        Counter(one.reason for one in taken if isinstance(one, Passed)),
    )


def _portion(stream: Iterator[RawDocument | Rejected | Passed]) -> Iterator[RawDocument | Rejected | Passed]:
    """Yield as much as is held in memory at the same time."""
    size = 0
    for one in itertools.islice(stream, PORTION_DOCUMENTS):
        yield one
        size += len(one.body) if isinstance(one, RawDocument) else 0
        if size >= PORTION_BYTES:
            return


def _positive(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in sorted(counts.items()) if count}


def _reasons(rejected: Sequence[Rejected], before: int, stored: Stored) -> dict[str, int]:
    """Count rejections by stage and reason; those of earlier runs and of loading have names of their own."""
    counts = Counter(f"{r.stage}/{r.reason}" for r in rejected)
    counts[KNOWN_BEFORE] = before
    counts["load/taken-down"] = stored.taken_down
    counts["load/database"] = max(0, stored.rejected - stored.taken_down - len(rejected))
    return {name: count for name, count in sorted(counts.items()) if count}


@lru_cache(maxsize=4)
def engine_of(database_url: str) -> Database:
    """Return this process's engine for a database: connections are made once, not once a batch.

    raises  Transient where nobody answers: the run has reached the database, so it may come back.
    """
    try:
        return open_engine(database_url)
    except Unreachable as err:
        raise Transient(str(err)) from err
