"""Asking sources for their lists: each at its address, conditionally, and a sitemap index for its sitemaps too.

What comes of it is a `Look` a source: what to remember, and the items of a list that changed. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from etl import schedule
from etl.db.sources import StoredSource
from etl.errors import Reject
from etl.feeds import Listing, read_listing
from etl.fetch import Clock, Fetched, Gate, Policy, Refused, Request, fetch_all
from etl.polling.entries import Entry, entry
from etl.polling.sitemaps import Parts, due, learned, refused_part, renewed, request_for, total_items
from etl.schedule import SourceState

ACCEPTED = "application/feed+json, application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Look:
    """What came of asking one source."""

    source: StoredSource
    state: SourceState  # to remember; its schedule is made by `after`
    entries: tuple[Entry, ...] | None = None  # of a list that was read; None: it is as it was, or was not read
    faults: tuple[str, ...] = ()
    refused: Refused | None = None
    parts: Parts | None = None  # of a sitemap index

    def after(self, new: int, now: datetime) -> SourceState:
        """Return the state to remember, once it is known how many of its items are new."""
        given = self.source.wanted.interval_seconds
        if self.refused:
            return schedule.failed(
                self.state, now, given, self.refused.reason, self.refused.detail, self.refused.retry_at
            )
        if self.entries is None:
            return schedule.unchanged(self.state, now, given)
        items = len(self.entries) if self.parts is None else total_items(self.parts)
        return schedule.changed(self.state, now, given, items, new, "; ".join(self.faults) or None)


async def look_at(
    sources: Sequence[StoredSource], policy: Policy, gate: Gate, clock: Clock
) -> AsyncGenerator[Look, None]:
    """Yield what comes of each source, in the order the answers come. raises what the gate raises."""
    asked: dict[str, list[StoredSource]] = {}
    for one in sources:
        asked.setdefault(_address(one), []).append(one)
    requests = [_request(url, of[0].state if len(of) == 1 else SourceState()) for url, of in asked.items()]
    indexes = list[Look]()
    async with aclosing(fetch_all(requests, policy, gate, clock)) as outcomes:
        async for outcome in outcomes:
            for one in asked[outcome.url]:
                look = _look(one, outcome)
                if look.parts is None:
                    yield look
                else:
                    indexes.append(look)
    async for look in _with_parts(indexes, policy, gate, clock):
        yield look


def _address(one: StoredSource) -> str:
    return one.state.moved_to or one.wanted.url


def _request(url: str, state: SourceState) -> Request:
    return Request(url, state.etag, state.last_modified, state.body_sha256, ACCEPTED)


def _look(one: StoredSource, outcome: Fetched | Refused) -> Look:
    """Return what an answer says of a source."""
    if isinstance(outcome, Refused):  # the next time at the address that its owner gave
        return Look(one, replace(one.state, moved_to=None), refused=outcome)
    state = replace(one.state, etag=outcome.etag, last_modified=outcome.last_modified)
    state = replace(state, moved_to=outcome.moved_to or state.moved_to)
    if outcome.unchanged:
        return Look(one, state, parts=one.parts or None)
    listing = _listing(outcome)
    if isinstance(listing, Refused):
        return Look(one, one.state, refused=listing)
    state = replace(state, body_sha256=sha256(outcome.body).hexdigest())
    parts = renewed(listing.children, one.parts) if listing.children else None
    return Look(one, state, _entries(listing, outcome), listing.faults, parts=parts)


def _listing(fetched: Fetched) -> Listing | Refused:
    try:
        return read_listing(fetched.body, fetched.final_url, fetched.fetched_at, fetched.charset)
    except Reject as err:
        return Refused(fetched.url, err.reason, err.detail)
    except Exception as err:  # noqa: BLE001 - a fault of ours with one list must not cost the others
        return Refused(fetched.url, "fault", " ".join(f"{type(err).__name__}: {err}".split())[:300])


def _entries(listing: Listing, fetched: Fetched) -> tuple[Entry, ...]:
    return tuple(entry(item, fetched.final_url) for item in listing.items)


async def _with_parts(indexes: Sequence[Look], policy: Policy, gate: Gate, clock: Clock) -> AsyncIterator[Look]:
    """Yield the looks at sitemap indexes together with what their sitemaps hold."""
    wanted = {url: at for at, look in enumerate(indexes) for url in due(look.parts or {})}
    requests = [replace(request_for(url, indexes[at].parts or {}), accept=ACCEPTED) for url, at in wanted.items()]
    async with aclosing(fetch_all(requests, policy, gate, clock)) as outcomes:
        found = [(wanted[outcome.url], outcome) async for outcome in outcomes]
    for at, look in enumerate(indexes):
        yield _joined(look, [outcome for of, outcome in sorted(found, key=lambda f: f[1].url) if of == at])


def _joined(look: Look, outcomes: Iterable[Fetched | Refused]) -> Look:
    """Return the look at an index with the items of those of its sitemaps that changed."""
    parts, faults = dict(look.parts or {}), list(look.faults)
    entries = list(look.entries or ())
    read = look.entries is not None
    for outcome in outcomes:
        found = outcome
        if isinstance(found, Fetched) and not found.unchanged:
            listing = _listing(found)
            if isinstance(listing, Listing):
                entries += _entries(listing, found)
                faults += listing.faults
                parts[found.url] = learned(parts[found.url], found, len(listing.items))
                read = True
                continue
            found = listing
        if isinstance(found, Refused):
            faults.append(f"{found.url}: {found.reason}: {found.detail}")
            parts[found.url] = refused_part(parts[found.url], final=found.retry_at is None)
        else:
            parts[found.url] = learned(parts[found.url], found, None)
    return replace(look, entries=tuple(entries) if read or faults else None, faults=tuple(faults), parts=parts)
