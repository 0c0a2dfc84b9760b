"""Turns with hosts, kept in the database: they hold for all tasks and processes that read from the web.

A turn is a lease: whoever takes it pushes `next_at_ms` beyond the longest time that a request may take, and gives
it back at the end of its request. A worker that was killed gives nothing back; its lease runs out by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy import Engine, select, update

from etl.db.connect import reading, writing
from etl.db.prepare import storable
from etl.db.rows import insert, insert_new
from etl.db.schema import host as hosts
from etl.db.schema import robots as robots_table
from etl.fetch import Clock, Held, KeptRobots

LOOK_AGAIN_S = 0.5  # at a host that another worker is busy with: it may be done long before its lease ends
LEASE_MARGIN_S = 10.0  # for what is done around the request
LONGEST_REST_MS = 25 * 3600 * 1000  # more than any host is given


class DatabaseGate:
    """A gate for all processes that share a database; see `etl.fetch.Gate`."""

    def __init__(self, engine: Engine, clock: Clock, request_s: float, longest_wait_s: float) -> None:
        """request_s: the longest that one request may take; longest_wait_s: of a rest that is waited for."""
        self._engine, self._clock = engine, clock
        self._lease_ms = round((request_s + LEASE_MARGIN_S) * 1000)
        self._longest_wait_ms = round(longest_wait_s * 1000)

    @asynccontextmanager
    async def turn(self, host: str, interval_s: float) -> AsyncIterator[None]:
        """Wait for a turn with the host, and hold it. raises Held, Transient."""
        lease = await self._taken(host, round(interval_s * 1000))
        try:
            yield
        finally:
            await asyncio.to_thread(self._give_back, host, lease, self._now() + round(interval_s * 1000))

    async def hold(self, host: str, until: datetime) -> None:
        """Give a host a rest; one that is longer already stays. raises Transient."""
        await asyncio.to_thread(self._hold, host, _ms(until))

    async def robots(self, origin: str) -> KeptRobots | None:
        """Return the latest robots.txt of an origin. raises Transient."""
        return await asyncio.to_thread(self._robots, origin)

    async def keep_robots(self, origin: str, robots: KeptRobots) -> None:
        """Keep a robots.txt for everyone. raises Transient."""
        await asyncio.to_thread(self._keep_robots, origin, robots)

    async def _taken(self, host: str, interval_ms: int = 0) -> int:
        """Return the lease on a host as soon as it is ours."""
        longest_ms = 2 * max(self._lease_ms, interval_ms)
        while True:
            next_at, held_until = await asyncio.to_thread(self._standing, host)
            now = self._now()
            if next_at > now + longest_ms or held_until > now + LONGEST_REST_MS:  # the clock was set back
                await asyncio.to_thread(self._forget, host, next_at, held_until)
            elif held_until - now > self._longest_wait_ms:
                raise Held(datetime.fromtimestamp(held_until / 1000, UTC))
            elif (wait := max(next_at, held_until) - now) > 0:
                await self._clock.sleep(min(wait / 1000, LOOK_AGAIN_S))
            elif await asyncio.to_thread(self._take, host, now):
                return now + self._lease_ms

    def _standing(self, host: str) -> tuple[int, int]:
        with reading(self._engine) as conn:
            row = conn.execute(select(hosts.c.next_at_ms, hosts.c.held_until_ms).where(hosts.c.name == host)).first()
        return (row.next_at_ms, row.held_until_ms) if row else (0, 0)

    def _forget(self, host: str, next_at: int, held_until: int) -> None:
        """Drop what was read of a host, unless somebody has written since."""
        same = (hosts.c.name == host, hosts.c.next_at_ms == next_at, hosts.c.held_until_ms == held_until)
        with writing(self._engine) as conn:
            conn.execute(update(hosts).where(*same).values(next_at_ms=0, held_until_ms=0))

    def _take(self, host: str, now: int) -> bool:
        """Take the turn unless someone was faster: one statement decides, on both engines."""
        free = update(hosts).where(hosts.c.name == host, hosts.c.next_at_ms <= now, hosts.c.held_until_ms <= now)
        with writing(self._engine) as conn:
            insert_new(conn, hosts, [{"name": host, "next_at_ms": 0, "held_until_ms": 0}])
            return conn.execute(free.values(next_at_ms=now + self._lease_ms)).rowcount == 1

    def _give_back(self, host: str, lease: int, next_at: int) -> None:
        """End a turn; one whose lease ran out may be another's by now, and is left alone."""
        mine = update(hosts).where(hosts.c.name == host, hosts.c.next_at_ms == lease)
        with writing(self._engine) as conn:
            conn.execute(mine.values(next_at_ms=next_at))

    def _hold(self, host: str, until: int) -> None:
        with writing(self._engine) as conn:
            insert_new(conn, hosts, [{"name": host, "next_at_ms": 0, "held_until_ms": 0}])
            longer = update(hosts).where(hosts.c.name == host, hosts.c.held_until_ms < until)
            conn.execute(longer.values(held_until_ms=until))

    def _robots(self, origin: str) -> KeptRobots | None:
        with reading(self._engine) as conn:
            row = conn.execute(select(robots_table).where(robots_table.c.origin == origin)).first()
        return KeptRobots(row.text, row.status, row.fetched_at) if row else None

    def _keep_robots(self, origin: str, robots: KeptRobots) -> None:
        row = {"status": robots.status, "text": storable(robots.text), "fetched_at": robots.fetched_at}
        with writing(self._engine) as conn:
            statement = insert(conn, robots_table).values(origin=origin, **row)
            conn.execute(statement.on_conflict_do_update(index_elements=["origin"], set_=row))

    def _now(self) -> int:
        return _ms(self._clock.now())


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
