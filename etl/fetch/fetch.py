"""Many requests at once, one after the other for each host."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from etl.fetch.clock import Clock
from etl.fetch.exchange import Fetched, Refused, Request
from etl.fetch.gate import Gate
from etl.fetch.policy import Policy

if TYPE_CHECKING:
    from etl.fetch.visit import Visitor
    from etl.fetch.wire import Resolve

Outcome = Fetched | Refused


async def fetch_all(
    requests: Iterable[Request], policy: Policy, gate: Gate, clock: Clock, resolve: Resolve | None = None
) -> AsyncGenerator[Outcome, None]:
    """Yield what comes of each request, in the order they end.

    Close the iterator (`contextlib.aclosing`) where it is not read to its end.
    resolve  from a host to its addresses; None: as the system does.
    raises   what the gate raises, such as Transient where it is kept in a database.
    """
    from etl.fetch import visit, wire  # they bring httpx: most runs read files, and every start would pay for it

    waiting = _by_host(requests)
    expected = sum(map(len, waiting))
    done: asyncio.Queue[Outcome | BaseException] = asyncio.Queue(policy.hosts_at_once)
    async with wire.open_pool(policy, resolve or wire.resolve) as pool:
        visitor = visit.Visitor(pool, policy, gate, clock)
        workers = [asyncio.create_task(_work(visitor, waiting, done)) for _ in range(policy.hosts_at_once)]
        try:
            for _ in range(expected):
                outcome = await done.get()
                if isinstance(outcome, BaseException):
                    raise outcome
                yield outcome
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)


async def _work(visitor: Visitor, waiting: deque[list[Request]], done: asyncio.Queue[Outcome | BaseException]) -> None:
    """Read from one host after the other."""
    try:
        while waiting:
            for request in waiting.popleft():
                await done.put(await visitor.fetch(request))
    except Exception as err:  # noqa: BLE001 - raised again where the outcomes are read
        await done.put(err)


def _by_host(requests: Iterable[Request]) -> deque[list[Request]]:
    """Return the requests of each host together, in the order they came."""
    hosts: dict[str, list[Request]] = {}
    for request in requests:
        hosts.setdefault(_netloc(request.url), []).append(request)
    return deque(hosts.values())


def _netloc(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:  # is refused when its turn comes
        return ""
