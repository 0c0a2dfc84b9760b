"""A batch of addresses: fetched where the batch is done, in turn with all other workers, and only what changed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from importlib.metadata import version

from etl.db.connect import Database
from etl.db.hosts import DatabaseGate
from etl.db.pages import Page, known_pages
from etl.fetch import Clock, Fetched, Gate, MemoryGate, Policy, Refused, Request, SystemClock, fetch_all
from etl.fetch.policy import PRODUCT
from etl.records import RawDocument, Rejected
from etl.settings import Settings
from etl.sources.wanted import EVERYTHING, Wanted


@dataclass(frozen=True, slots=True)
class Download:
    """A reference to one batch of addresses: small, picklable, the same for every worker."""

    database_url: str
    run_id: int
    source: str
    urls: tuple[str, ...]
    policy: Policy
    wanted: Wanted = EVERYTHING

    @property
    def label(self) -> str:
        """What a person would call it."""
        return f"{len(self.urls)} from {self.urls[0]}" if self.urls else "nothing"


@dataclass(frozen=True, slots=True)
class Downloaded:
    """What came of a batch of addresses; each address is in one of the first three."""

    changed: Sequence[RawDocument]
    same: Sequence[tuple[str, str]]  # natural keys of the documents that are still what the address gives
    refused: Sequence[Rejected]
    pages: Sequence[Page]  # to be kept once the documents are stored


def policy_of(settings: Settings) -> Policy:
    """Return how a deployment behaves on the network."""
    contact = f" (+{settings.contact})" if settings.contact else ""
    return Policy(
        user_agent=f"{PRODUCT}/{version(PRODUCT)}{contact}",
        host_interval_s=settings.host_interval_s,
        robots=settings.robots,
        allow_private=settings.allow_private,
        max_body_bytes=settings.max_document_mb << 20,
    )


def download(job: Download, engine: Database) -> Downloaded:
    """Fetch a batch of addresses. raises Transient where the database is busy."""
    before = known_pages(engine, job.urls)
    requests = [_request(url, before.get(url)) for url in job.urls]
    outcomes = asyncio.run(_all(requests, job.policy, engine))
    return _sorted_out(outcomes, before, job.source)


async def _all(requests: Sequence[Request], policy: Policy, engine: Database) -> list[Fetched | Refused]:
    clock = SystemClock()
    async with aclosing(fetch_all(requests, policy, gate_of(policy, engine, clock), clock)) as outcomes:
        return [outcome async for outcome in outcomes]


def gate_of(policy: Policy, engine: Database, clock: Clock) -> Gate:
    """Return a gate that all workers share; where hosts are not paced there is nothing to share."""
    if policy.host_interval_s > 0:
        return DatabaseGate(engine, clock, policy.whole_s, policy.longest_wait_s)
    return MemoryGate(clock, policy.longest_wait_s)


def _request(url: str, page: Page | None) -> Request:
    return Request(url, page.etag, page.last_modified, page.sha256) if page else Request(url)


def _sorted_out(outcomes: Sequence[Fetched | Refused], before: dict[str, Page], source: str) -> Downloaded:
    changed, same, refused, pages = list[RawDocument](), list[tuple[str, str]](), list[Rejected](), list[Page]()
    for outcome in sorted(outcomes, key=lambda o: o.url):
        if isinstance(outcome, Refused):
            refused.append(rejected(outcome))
        elif outcome.unchanged:
            page = before[outcome.url]
            pages.append(
                replace(page, etag=outcome.etag, last_modified=outcome.last_modified, checked_at=outcome.fetched_at)
            )
            same.append((page.uri, page.sha256))
        else:
            raw = document(outcome, source)
            at = outcome.fetched_at
            pages.append(Page(outcome.url, raw.uri, raw.sha256, outcome.etag, outcome.last_modified, at, at))
            changed.append(raw)
    return Downloaded(changed, same, refused, pages)


def document(fetched: Fetched, source: str) -> RawDocument:
    """Return what was fetched as a document; it goes by the address where the redirects ended."""
    return RawDocument(
        fetched.final_url,
        fetched.body,
        _media_type(fetched.media_type),
        fetched.fetched_at,
        source,
        fetched.charset,
        fetched.robots,
        tuple((hop.status, hop.to) for hop in fetched.redirects),
    )


def rejected(refused: Refused) -> Rejected:
    """Return why an address gave no document."""
    again = f"; not before {refused.retry_at:%Y-%m-%d %H:%M:%S} UTC" if refused.retry_at else ""
    return Rejected(refused.url, "read", refused.reason, refused.detail + again)


def _media_type(declared: str) -> str:
    if "html" in declared:
        return "text/html"
    return "application/json" if declared in ("application/json", "application/ld+json") else "text/plain"
