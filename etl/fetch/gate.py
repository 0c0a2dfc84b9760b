"""Whose turn it is with a host, and what its robots.txt said: in memory here, in the database in `etl.db.hosts`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from etl.fetch.clock import Clock


class Held(Exception):
    """The host is given a rest for longer than anyone wants to wait."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True, slots=True)
class KeptRobots:
    """An answer to /robots.txt."""

    text: str  # empty: there is none
    status: int  # of the answer; 0: unreachable
    fetched_at: datetime


class Gate(Protocol):
    """One request at a time to each host, an interval apart, whoever asks.

    host    "example.org", or "example.org:8080" where the port is not the usual one
    origin  "https://example.org"
    """

    def turn(self, host: str, interval_s: float) -> AbstractAsyncContextManager[None]:
        """Wait for a turn with the host and keep it for the block; the next one begins `interval_s` after its end.

        raises  Held where the host is held for longer than this gate waits.
        """
        ...

    async def hold(self, host: str, until: datetime) -> None:
        """Let nobody ask the host before `until`: it said so, or it is failing."""
        ...

    async def robots(self, origin: str) -> KeptRobots | None:
        """Return the latest robots.txt of an origin, however old."""
        ...

    async def keep_robots(self, origin: str, robots: KeptRobots) -> None: ...


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_at: datetime | None = None
    held_until: datetime | None = None


class MemoryGate:
    """A gate for one process."""

    def __init__(self, clock: Clock, longest_wait_s: float = 120.0) -> None:
        self._clock = clock
        self._longest_wait = timedelta(seconds=longest_wait_s)
        self._hosts: dict[str, _Host] = {}
        self._robots: dict[str, KeptRobots] = {}

    @asynccontextmanager
    async def turn(self, host: str, interval_s: float) -> AsyncIterator[None]:
        one = self._hosts.setdefault(host, _Host())
        async with one.lock:
            self._check(one)
            while (wait := self._wait(one)) > timedelta():
                await self._clock.sleep(wait.total_seconds())
                self._check(one)
            try:
                yield
            finally:
                one.next_at = self._clock.now() + timedelta(seconds=interval_s)

    async def hold(self, host: str, until: datetime) -> None:
        one = self._hosts.setdefault(host, _Host())
        one.held_until = max(until, one.held_until or until)

    async def robots(self, origin: str) -> KeptRobots | None:
        return self._robots.get(origin)

    async def keep_robots(self, origin: str, robots: KeptRobots) -> None:
        self._robots[origin] = robots

    def _check(self, one: _Host) -> None:
        if one.held_until and one.held_until - self._clock.now() > self._longest_wait:
            raise Held(one.held_until)

    def _wait(self, one: _Host) -> timedelta:
        now = self._clock.now()
        return max(one.next_at or now, one.held_until or now) - now
