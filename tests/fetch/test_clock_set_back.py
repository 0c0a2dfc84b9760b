"""A clock that is set back: what was written before lies ahead, and holds nothing up."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from etl.db.hosts import DatabaseGate
from etl.fetch import KeptRobots
from etl.fetch.robots import is_fresh
from etl.schedule import SourceState, is_due, unchanged
from tests.clock import SimulatedClock

INTERVAL_S = 5.0
HOST = "paper.example"


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=400)])
def test_a_host_is_asked_again_at_once(engine, back):
    clock = SimulatedClock()
    gate = DatabaseGate(engine, clock, 30.0, 120.0)

    async def ask() -> None:
        async with gate.turn(HOST, INTERVAL_S):
            pass

    asyncio.run(ask())
    clock.forward(seconds=-back.total_seconds())
    asyncio.run(ask())
    asyncio.run(ask())
    assert sum(clock.slept) < 3 * INTERVAL_S


def test_a_rest_from_ahead_is_none(engine):
    clock = SimulatedClock()
    gate = DatabaseGate(engine, clock, 30.0, 120.0)
    asyncio.run(gate.hold(HOST, clock.now() + timedelta(hours=1)))
    clock.forward(days=-3)

    async def ask() -> None:
        async with gate.turn(HOST, INTERVAL_S):
            pass

    asyncio.run(ask())
    assert sum(clock.slept) < INTERVAL_S


def test_a_source_is_due_and_no_robots_txt_is_kept_for_years():
    clock = SimulatedClock()
    looked, kept = unchanged(SourceState(), clock.now(), None), KeptRobots("", 200, clock.now())
    for seconds in (1.0, -120.0):  # clocks of two machines differ a little
        near = clock.now() + timedelta(seconds=seconds)
        assert (is_due(looked, near), is_fresh(kept, near)) == (False, True)
    clock.forward(days=-400)
    assert (is_due(looked, clock.now()), is_fresh(kept, clock.now())) == (True, False)
