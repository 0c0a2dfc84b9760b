"""A batch of items that lists have named: each page is fetched where the batch is done, then folded and loaded.

An item is done when its document is stored, one small group after the other as they come. So a worker that is
killed in the middle has lost a moment's work, and what was read is not read again.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import timedelta

from etl.accounts import BatchReport
from etl.batch import engine_of, fold_documents
from etl.db.connect import Database
from etl.db.items import DONE, PENDING, Ended, Item, end_items, items
from etl.db.pages import Page, known_pages, save_pages
from etl.download import gate_of
from etl.fetch import Clock, Fetched, Policy, Refused, Request, SystemClock, fetch_all
from etl.parse.address import host
from etl.polling import entries
from etl.polling.groups import groups
from etl.records import RawDocument, Rejected

TRIES = 4  # of a page that cannot be had for a passing reason, before the list's own text stands in for it
FIRST_WAIT = timedelta(minutes=15)  # doubled at each try
SAME_PAGE = "same-page"
LARGEST_GROUP = 32  # pages stored at once where they come faster than that

Outcome = Fetched | Refused


@dataclass(frozen=True, slots=True)
class Visits:
    """A reference to one batch of items: small, picklable, the same for every worker."""

    database_url: str
    run_id: int
    item_ids: tuple[int, ...]
    policy: Policy
    clock: Clock = field(default_factory=SystemClock)

    @property
    def label(self) -> str:
        """What a person would call it."""
        return f"{len(self.item_ids)} items of feeds"

    def do(self) -> BatchReport:
        """Read, fold and load the pages of the batch. raises Transient where the database is busy."""
        engine = engine_of(self.database_url)
        return asyncio.run(_Visiting(self, engine).all(items(engine, self.item_ids)))


@dataclass(frozen=True, slots=True)
class _Visiting:
    """One batch while it is done."""

    job: Visits
    engine: Database

    async def all(self, found: Sequence[Item]) -> BatchReport:
        """Do all items: those without a page of their own first, then the pages in the order they come."""
        paged: dict[str, Item] = {}
        for item in found:
            if item.url and _is_allowed(item.url, item.allow):
                paged.setdefault(item.url, item)
        alone = [(item, _unasked(item)) for item in found if paged.get(item.url or "") is not item]
        total = self._finish(alone, {})
        before = known_pages(self.engine, paged)
        requests = [_request(url, before.get(url)) for url in paged]
        policy, clock = self.job.policy, self.job.clock
        async with (
            aclosing(fetch_all(requests, policy, gate_of(policy, self.engine, clock), clock)) as outcomes,
            aclosing(groups(outcomes, LARGEST_GROUP)) as come,
        ):
            async for group in come:
                pairs = [(paged[outcome.url], _readable(outcome)) for outcome in group]
                total = total.plus(await asyncio.to_thread(self._finish, pairs, before))
        return total

    def _finish(self, pairs: Sequence[tuple[Item, Outcome]], before: Mapping[str, Page]) -> BatchReport:
        """Store what came of some items, and mark them in the same transaction: none is lost, none read again."""
        if not pairs:
            return BatchReport()
        again = {item.item_id: later for item, outcome in pairs if (later := self._again(item, outcome))}
        now = [(item, outcome) for item, outcome in pairs if item.item_id not in again]
        same = [outcome for _, outcome in now if _is_same(outcome)]
        documents = [self._document(item, outcome) for item, outcome in now if not _is_same(outcome)]
        done = [Ended(item.item_id, DONE, _note(outcome)) for item, outcome in now]
        ended, at = [*again.values(), *done], self.job.clock.now()
        report = fold_documents(self.engine, self.job.run_id, documents, lambda conn: end_items(conn, ended, at))
        save_pages(self.engine, [page for _, outcome in now if (page := _page(outcome, before))])
        return report.plus(BatchReport(read=len(same), unchanged=len(same)))

    def _again(self, item: Item, outcome: Outcome) -> Ended | None:
        """Return when to try an item again, None where there is nothing to wait for."""
        if isinstance(outcome, Fetched) or outcome.retry_at is None or item.tries + 1 >= TRIES:
            return None
        at = max(self.job.clock.now() + FIRST_WAIT * 2**item.tries, outcome.retry_at)
        return Ended(item.item_id, PENDING, _note(outcome), item.tries + 1, at)

    def _document(self, item: Item, outcome: Outcome) -> RawDocument | Rejected:
        """Return the document of an item: its page, else its own text, else why there is neither."""
        if isinstance(outcome, Fetched):
            return entries.page_document(item.record, item.source, outcome)
        why, now = _note(outcome) or "", self.job.clock.now()
        own = entries.own_document(item.list_url, item.record, why, now, item.source)
        uri = item.url or entries.own_uri(item.list_url, item.record)
        return own or Rejected(uri, "read", outcome.reason, outcome.detail)


def _request(url: str, page: Page | None) -> Request:
    return Request(url, page.etag, page.last_modified, page.sha256) if page else Request(url)


def _unasked(item: Item) -> Refused:
    """Return why no page is read for an item."""
    if not item.url:
        return Refused("", "no-address", "the list names no address")
    if not _is_allowed(item.url, item.allow):
        return Refused(item.url, "not-allowed", f"only pages of {', '.join(item.allow)} are read for this source")
    return Refused(item.url, SAME_PAGE, "its page is read for another item of this batch")


def _is_allowed(url: str, allow: Sequence[str]) -> bool:
    """Tell whether an address is on one of these hosts, or on a host inside one of these domains; none: all are."""
    name = host(url) or ""
    return not allow or any(name == each or name.endswith(f".{each}") for each in allow)


def _readable(outcome: Outcome) -> Outcome:
    """Refuse what is neither a page nor a text: a PDF behind a link has no words for us."""
    if isinstance(outcome, Refused) or outcome.unchanged:
        return outcome
    kind = outcome.media_type
    if kind in ("", "application/xhtml+xml", "application/xml") or kind.startswith("text/"):
        return outcome
    return Refused(outcome.url, "media-type", f"{kind} is neither a page nor a text")


def _is_same(outcome: Outcome) -> bool:
    """Tell whether nothing new came: the page is as it was, or another item of the batch brings it."""
    return outcome.unchanged if isinstance(outcome, Fetched) else outcome.reason == SAME_PAGE


def _page(outcome: Outcome, before: Mapping[str, Page]) -> Page | None:
    """Return what is to be known of an address the next time; None where nothing came of it."""
    if isinstance(outcome, Refused):
        return None
    at, etag, last_modified = outcome.fetched_at, outcome.etag, outcome.last_modified
    if outcome.unchanged and outcome.url in before:
        return replace(before[outcome.url], checked_at=at, etag=etag, last_modified=last_modified)
    digest = hashlib.sha256(outcome.body).hexdigest()
    return Page(outcome.url, outcome.final_url, digest, etag, last_modified, at, at)


def _note(outcome: Outcome) -> str | None:
    return f"{outcome.reason}: {outcome.detail}" if isinstance(outcome, Refused) else None
