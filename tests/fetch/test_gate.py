"""Turns with hosts: in memory, and in the database for many processes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import update

from etl.db.connect import open_engine, writing
from etl.db.hosts import DatabaseGate
from etl.db.schema import host as hosts
from etl.fetch import Held, KeptRobots, MemoryGate, SystemClock
from tests.newsroom import always

ROOT = Path(__file__).resolve().parents[2]
REQUEST_S = 60.0

WORKER = """
import asyncio, sys
from etl.db.connect import open_engine
from etl.db.hosts import DatabaseGate
from etl.fetch import Policy, Request, SystemClock, fetch_all

async def main(url, interval, *urls):
    clock = SystemClock()
    policy = Policy(host_interval_s=float(interval), allow_private=True)
    gate = DatabaseGate(open_engine(url), clock, policy.whole_s, policy.longest_wait_s)
    async for outcome in fetch_all(map(Request, urls), policy, gate, clock):
        print(getattr(outcome, "status", outcome))

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture(params=["memory", "database"])
def gate(request, engine, clock):
    return MemoryGate(clock) if request.param == "memory" else DatabaseGate(engine, clock, REQUEST_S, 120.0)


def run(work):
    return asyncio.run(work)


def test_turns_are_an_interval_apart_from_end_to_beginning(gate, clock):
    begun = []

    async def ask():
        async with gate.turn("paper.example", 5.0):
            begun.append(clock.now())
            clock.forward(seconds=2)

    async def all_at_once():
        await asyncio.gather(*(ask() for _ in range(4)))

    run(all_at_once())
    gaps = [(later - sooner).total_seconds() for sooner, later in pairwise(sorted(begun))]
    assert len(gaps) == 3
    assert all(7 <= gap <= 20 for gap in gaps)  # a busy database may cost a second look


def test_one_host_does_not_wait_for_another(gate, clock):
    async def ask():
        for number in range(20):
            async with gate.turn(f"{number}.example", 5.0):
                pass

    start = clock.now()
    run(ask())
    assert clock.now() == start


def test_a_turn_ends_also_where_the_request_failed(gate, clock):
    async def ask():
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                async with gate.turn("paper.example", 5.0):
                    raise ZeroDivisionError

    start = clock.now()
    run(ask())
    assert timedelta(seconds=5) <= clock.now() - start <= timedelta(seconds=6)


def test_a_rest_is_waited_for_where_it_is_short(gate, clock):
    until = clock.now() + timedelta(seconds=90)

    async def ask():
        await gate.hold("paper.example", until)
        await gate.hold("paper.example", until - timedelta(seconds=50))  # a shorter one changes nothing
        async with gate.turn("paper.example", 5.0):
            return clock.now()

    assert until <= run(ask()) <= until + timedelta(seconds=1)


def test_a_long_rest_is_said_at_once(gate, clock):
    until = clock.now() + timedelta(hours=3)

    async def ask():
        await gate.hold("paper.example", until)
        async with gate.turn("paper.example", 5.0):
            pass

    start = clock.now()
    with pytest.raises(Held) as err:
        run(ask())
    assert err.value.until == until
    assert clock.now() == start


def test_the_latest_robots_txt_is_kept_for_each_origin(gate):
    first = KeptRobots("Disallow: /ü", 200, datetime(2026, 3, 1, tzinfo=UTC))
    then = KeptRobots("", 404, datetime(2026, 3, 2, tzinfo=UTC))

    async def keep():
        assert await gate.robots("https://paper.example") is None
        await gate.keep_robots("https://paper.example", first)
        assert await gate.robots("https://paper.example") == first
        assert await gate.robots("http://paper.example") is None
        await gate.keep_robots("https://paper.example", then)
        return await gate.robots("https://paper.example")

    assert run(keep()) == then


def test_a_worker_that_was_killed_in_its_turn_is_waited_for_no_longer_than_a_request_takes(engine, clock):
    killed, other = (DatabaseGate(engine, clock, REQUEST_S, 120.0) for _ in range(2))

    async def ask():
        await killed._taken("paper.example")  # and never gives it back
        async with other.turn("paper.example", 5.0):
            return clock.now()

    start = clock.now()
    assert timedelta(seconds=REQUEST_S) <= run(ask()) - start <= timedelta(seconds=REQUEST_S + 20)


def test_a_turn_that_ran_out_does_not_end_that_of_another(engine, clock):
    gate = DatabaseGate(engine, clock, REQUEST_S, 120.0)

    async def ask():
        async with gate.turn("paper.example", 5.0):
            with writing(engine) as conn:  # someone else took it meanwhile
                conn.execute(update(hosts).values(next_at_ms=hosts.c.next_at_ms + 1))
        return await asyncio.to_thread(gate._standing, "paper.example")

    next_at, _ = run(ask())
    assert next_at > clock.now().timestamp() * 1000 + REQUEST_S * 1000


def test_four_processes_never_ask_a_host_twice_in_the_interval(room, database_url):
    """By the server's own log: each host is asked one thing at a time, an interval after the last answer."""
    interval, names = 0.3, ("127.0.0.1", "127.0.0.2", "127.0.0.3")
    pages = [f"/{number}" for number in range(5)]
    for page in pages:
        room.on(page, always("news"))
    everything = [room.url(page, name) for page in pages for name in names]
    arguments = [[database_url, str(interval), *everything[n::4]] for n in range(4)]
    workers = [
        subprocess.Popen([sys.executable, "-c", WORKER, *given], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for given in arguments
    ]
    said = [worker.communicate(timeout=120)[0].split() for worker in workers]
    assert [word for lines in said for word in lines] == ["200"] * len(everything)
    by_host = defaultdict(list)
    for entry in sorted(room.log, key=lambda e: e.at):
        by_host[entry.host].append(entry)
    assert set(by_host) == set(names)
    for entries in by_host.values():
        assert sorted(entry.path for entry in entries) == [*pages, "/robots.txt"]  # and that once for all
        assert all(later.at - sooner.ended >= interval - 0.05 for sooner, later in pairwise(entries))


def test_the_gate_keeps_time_by_the_real_clock_too(engine):
    clock = SystemClock()
    gate = DatabaseGate(engine, clock, REQUEST_S, 120.0)

    async def ask():
        begun = []
        for _ in range(3):
            async with gate.turn("paper.example", 0.1):
                begun.append(clock.now())
        return begun

    assert all(later - sooner >= timedelta(milliseconds=98) for sooner, later in pairwise(run(ask())))


def test_two_engines_of_one_database_share_the_turns(database_url, clock):
    one, two = (DatabaseGate(open_engine(database_url), clock, REQUEST_S, 120.0) for _ in range(2))

    async def ask():
        async with one.turn("paper.example", 5.0):
            pass
        before = clock.now()
        async with two.turn("paper.example", 5.0):
            return clock.now() - before

    assert run(ask()) >= timedelta(seconds=4.9)
