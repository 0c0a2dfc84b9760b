"""A clock that hours can pass on in a moment: sleeping moves it on."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta


class SimulatedClock:
    """Time that passes only while someone sleeps. Those who sleep at the same time sleep through the same time."""

    def __init__(self, start: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)) -> None:
        self._now = start
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        target = self._now + timedelta(seconds=max(seconds, 0))
        self.slept.append(seconds)
        await asyncio.sleep(0)
        self._now = max(self._now, target)

    def forward(self, **time: float) -> None:
        """Let time pass: forward(hours=1)."""
        self._now += timedelta(**time)
