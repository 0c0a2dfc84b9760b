"""A poll without Prefect and without waiting: in this process, by a clock that a test moves on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from etl.accounts import RunReport
from etl.polling.poll import poll
from etl.settings import Settings, read_settings
from etl.workers import local_pool
from tests.clock import SimulatedClock
from tests.newsroom import Newsroom


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with Newsroom() as opened:
        yield opened


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
def settings(database_url: str) -> Settings:
    return read_settings(database_url=database_url, allow_private=True, host_interval_s=0, robots=False)


@pytest.fixture
def look(settings: Settings, clock: SimulatedClock):
    """Poll what is due, or what is named."""

    def run(*names: str, everything: bool = False) -> RunReport:
        return poll(settings, local_pool(1), names=names, everything=everything, clock=clock)

    return run
