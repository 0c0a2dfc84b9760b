from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import replace

import pytest

from etl.fetch import Fetched, Gate, MemoryGate, Policy, Refused, Request, fetch_all
from tests.clock import SimulatedClock
from tests.newsroom import Newsroom

# Short limits: the server is on this machine.
QUICK = Policy(
    user_agent="newsfold/0 (+mailto:desk@paper.example)",
    host_interval_s=0.0,
    robots=False,
    allow_private=True,
    connect_s=2.0,
    read_s=0.3,
    whole_s=0.6,
    max_wire_bytes=1 << 20,
    max_body_bytes=2 << 20,
)
Fetch = Callable[..., Fetched | Refused]


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with Newsroom() as opened:
        yield opened


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


def fetch_many(requests, clock, gate: Gate | None = None, resolve=None, **policy) -> dict[str, Fetched | Refused]:
    """What comes of requests, by address."""

    async def run():
        options = {"resolve": resolve} if resolve else {}
        chosen = replace(QUICK, **policy)
        opened = gate or MemoryGate(clock, chosen.longest_wait_s)
        async with aclosing(fetch_all(requests, chosen, opened, clock, **options)) as outcomes:
            return [outcome async for outcome in outcomes]

    outcomes = asyncio.run(run())
    assert len(outcomes) == len(list(requests))
    return {outcome.url: outcome for outcome in outcomes}


@pytest.fixture
def fetch(clock) -> Fetch:
    """Fetch one address, or one request."""

    def one(asked, **options):
        request = Request(asked) if isinstance(asked, str) else asked
        [outcome] = fetch_many([request], options.pop("clock", clock), **options).values()
        return outcome

    return one


@pytest.fixture
def many(clock):
    return lambda requests, **options: fetch_many(requests, options.pop("clock", clock), **options)
