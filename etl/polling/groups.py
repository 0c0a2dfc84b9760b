"""Storing what comes in groups as it comes, while more of it is on its way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TypeVar

T = TypeVar("T")


async def groups(coming: AsyncIterator[T], most: int) -> AsyncGenerator[list[T], None]:
    """Yield whatever has come since the last time, at least one and at most `most`.

    Close it (`contextlib.aclosing`) where it is not read to its end. raises  what `coming` raises.
    """
    come: asyncio.Queue[T | None] = asyncio.Queue()

    async def pump() -> None:
        try:
            async for one in coming:
                come.put_nowait(one)
        finally:
            come.put_nowait(None)

    pumping = asyncio.create_task(pump())
    try:
        ended = False
        while not ended:
            group = [await come.get()]
            while not come.empty() and len(group) < most:
                group.append(come.get_nowait())
            ended = group[-1] is None
            if found := [one for one in group if one is not None]:
                yield found
        await pumping  # what it raised is raised here
    finally:
        pumping.cancel()
        await asyncio.gather(pumping, return_exceptions=True)
